"""The holder's history and her imaging exams, within what exists for whoever reads."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from starlette.responses import Response

from dmp.acts.documents.find_documents import FindDocuments, find_documents
from dmp.acts.synthesis.read_synthesis import ReadSynthesis, read_synthesis
from dmp.domain.documents.entry import DocumentEntry
from dmp.domain.documents.query import DocumentQuery
from dmp.entrypoints.web.history.asked import asked_of, shown_of
from dmp.entrypoints.web.history.exams import alike, exam_of, exams_of
from dmp.entrypoints.web.history.lines import WORDS, lines_of
from dmp.entrypoints.web.holder.own_record import home_of, record_of
from dmp.entrypoints.web.page import Authentication, Page
from dmp.entrypoints.web.synthesis.own_proofs import own_proofs
from dmp.entrypoints.web.visit import Visit
from dmp.entrypoints.web.wording import local
from dmp.locale import translate

READ, MOST_READ = 500, 5_000
_IMAGES = "IMG-KOS"
"""Type of a document that says where the images of an exam are kept. Source: TRE_A05."""
_WITHIN = timedelta(days=1)


async def history(visit: Visit) -> Response:
    """Everything that happened, by year and month, narrowed by kind and period."""
    record_id = record_of(visit)
    asked = asked_of(visit)
    synthesis = await visit.do(read_synthesis, ReadSynthesis(of=record_id))
    lines = lines_of(synthesis, await _documents(visit))
    path = f"{home_of(record_id)}/histoire"
    return visit.render(
        "history/history.html",
        "Mon histoire de santé"
        if visit.profile is None
        else translate("Histoire de santé de {name}", name=visit.profile_name),
        status=400 if asked.errors else 200,
        record_id=record_id,
        shown=shown_of(asked, lines),
        words=WORDS,
        path=path,
        exams={
            id(one.exam): f"{home_of(record_id)}/imagerie/{one.reference}"
            for one in exams_of(visit, synthesis.imaging)
        },
        proofs=own_proofs(visit, "histoire"),
        claims_until=synthesis.claims_until,
        errors=asked.errors,
    )


async def _documents(visit: Visit) -> tuple[DocumentEntry, ...]:
    """Every current document that exists for the reader."""
    query, found = DocumentQuery(count=READ), list[DocumentEntry]()
    while len(found) < MOST_READ:
        page = await visit.do(find_documents, FindDocuments(of=record_of(visit), query=query))
        found += page.entries
        if page.next is None:
            break
        query = replace(query, after=page.next)
    return tuple(found)


async def imaging(visit: Visit) -> Response:
    """Every imaging exam, newest first."""
    record_id = record_of(visit)
    synthesis = await visit.do(read_synthesis, ReadSynthesis(of=record_id))
    return visit.render(
        "history/imaging.html",
        "Mes examens d’imagerie"
        if visit.profile is None
        else translate("Examens d’imagerie de {name}", name=visit.profile_name),
        record_id=record_id,
        exams=exams_of(visit, synthesis.imaging),
        path=f"{home_of(record_id)}/imagerie",
        home=home_of(record_id),
        proofs=own_proofs(visit, "imagerie"),
        claims_until=synthesis.claims_until,
    )


async def exam(visit: Visit) -> Response:
    """One exam: the report first, then whether images are shared, then the exams of the same kind."""
    record_id = record_of(visit)
    synthesis = await visit.do(read_synthesis, ReadSynthesis(of=record_id))
    exams = exams_of(visit, synthesis.imaging)
    found = exam_of(exams, visit.part("exam"))
    request = FindDocuments(of=record_id, query=DocumentQuery(types=(_IMAGES,), count=READ))
    kept = (await visit.do(find_documents, request)).entries
    return visit.render(
        "history/exam.html",
        found.exam.label,
        record_id=record_id,
        one=found,
        others=alike(exams, found),
        images=[entry for entry in kept if _is_of(entry, found.exam.on)],
        path=f"{home_of(record_id)}/imagerie",
        documents=f"{home_of(record_id)}/documents",
        proofs=own_proofs(visit, f"imagerie/{found.reference}"),
    )


def _is_of(entry: DocumentEntry, on: date) -> bool:
    """Whether a reference to images is of an exam of that day, or of the day after."""
    return timedelta() <= local(entry.service_start).date() - on <= _WITHIN


_HOLDER = Authentication.HOLDER
_RECORD = "/espace/{record}"
_READ = (read_synthesis, find_documents)
PAGES = (
    Page(path=f"{_RECORD}/histoire", view=history, authentication=_HOLDER, acts=_READ),
    Page(path=f"{_RECORD}/imagerie", view=imaging, authentication=_HOLDER, acts=(read_synthesis,)),
    Page(path=f"{_RECORD}/imagerie/{{exam}}", view=exam, authentication=_HOLDER, acts=_READ),
)
