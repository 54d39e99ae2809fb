"""A note: typed in sections, looked at once more, deposited as a structured document.

Source: DMP TD2.1; CI-SIS, volet structuration minimale.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from anyio import to_thread
from starlette.responses import Response

from dmp.acts.documents.provide_documents import provide_documents
from dmp.acts.documents.retrieve_document import read_metadata
from dmp.acts.sharing.check_access import check_access
from dmp.domain.documents.entry import DocumentEntry
from dmp.domain.documents.submission import ClaimedDocument, Submission
from dmp.domain.errors import Reason, Refused
from dmp.entrypoints.web.page import Authentication, form_page
from dmp.entrypoints.web.professional import depositing
from dmp.entrypoints.web.professional.patient import Patient, about_patient, render
from dmp.entrypoints.web.professional.writing.kinds import KINDS, Kind
from dmp.entrypoints.web.professional.writing.own import own_document
from dmp.entrypoints.web.professional.writing.signed import frame_of
from dmp.entrypoints.web.refusals import STATUS
from dmp.entrypoints.web.visit import Visit
from dmp.entrypoints.web.wording import refusal, today
from dmp.formats.cda.write import write

LONGEST = 3900
_SENT_BY_THE_PAGE = frozenset({"jeton", "cle", "etape"})


def may_write(visit: Visit, patient: Patient, kind: Kind) -> bool:
    """Whether the page is offered: to whoever writes such notes and may read; the rules have the last word."""
    return kind.is_of(visit.caller.who) and not patient.in_emergency


def written_as(kind: Kind) -> Callable[[Visit, Patient], Awaitable[Response]]:
    """The view of one kind of note."""

    async def write_note(visit: Visit, patient: Patient) -> Response:
        return await _note(visit, patient, kind)

    return write_note


async def _note(visit: Visit, patient: Patient, kind: Kind) -> Response:
    """The form, then what will be deposited, then the deposit."""
    if not kind.is_of(visit.caller.who):
        raise Refused(Reason.ADDRESS_UNKNOWN if kind.professions else Reason.ACT_NOT_ALLOWED)
    if not may_write(visit, patient, kind):
        raise Refused(Reason.ACT_NOT_ALLOWED)
    if not patient.may_read:
        return visit.go_to(f"{patient.path}/acces")
    previous = await own_document(visit, patient, _replaced(visit))
    page = _Page(visit, patient, kind, previous)
    if visit.request.method != "POST":
        return page.form({})
    errors: dict[str, str] = {}
    texts = _texts(visit, kind, errors)
    start = depositing.day_of_act(visit.form.text("date"), visit.now, errors)
    asked = depositing.asked_of_representatives(visit, patient.ins, patient)
    restrictions = depositing.restrictions(visit, asked, errors)
    if errors or visit.form.text("etape") == "corriger":
        return page.form(errors)
    if visit.form.text("etape") != "deposer":
        return page.preview(texts)
    frame = frame_of(visit, patient, previous, start)
    claimed = ClaimedDocument(
        content=await to_thread.run_sync(lambda: write(kind.document(frame, texts))),
        content_type="text/xml",
        restrictions=restrictions,
        replaces=previous.unique_id if previous is not None else None,
    )
    try:
        submission = Submission(ins=patient.ins, documents=(claimed,))
        receipt = await visit.do(provide_documents, submission)
    except Refused as refused:
        return page.form({"": refusal(refused)}, STATUS[refused.category])
    return visit.go_to(depositing.receipt_address(visit, receipt.documents[0]))


def _replaced(visit: Visit) -> str:
    """The document in whose place the note is put, as the address or the form names it."""
    return visit.form.text("remplace") or visit.asked("remplace", 36)


def _texts(visit: Visit, kind: Kind, errors: dict[str, str]) -> dict[str, str]:
    """What was typed in each section; what must be corrected is said under each."""
    texts = {name: _printable(visit.form.text(name)) for name in kind.rubrics}
    for name, rubric in kind.rubrics.items():
        if len(texts[name]) > LONGEST:
            errors[name] = "Ce texte est trop long : 3 900 caractères au plus."
        elif rubric.is_needed and not texts[name]:
            errors[name] = "Remplissez cette rubrique."
    return texts


def _printable(text: str) -> str:
    """A text without the characters that no XML document may hold."""
    kept = (c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs", "Cn"))
    return "".join(kept).strip()


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip()]


@dataclass(frozen=True, slots=True)
class _Page:
    """The pages of one note: its form, and what it will be."""

    visit: Visit
    patient: Patient
    kind: Kind
    previous: DocumentEntry | None

    def form(self, errors: dict[str, str], status: int = 400) -> Response:
        """The form, with what was typed."""
        visit, patient = self.visit, self.patient
        asked = depositing.asked_of_representatives(visit, patient.ins, patient)
        return render(
            visit,
            "professional/note.html",
            self.kind.heading,
            status=status if errors else 200,
            patient=patient,
            kind=self.kind,
            previous=self.previous,
            longest=LONGEST,
            typed=visit.form,
            today=today(visit.now).isoformat(),
            visibilities=depositing.VISIBILITIES,
            representatives=[(value, *depositing.REPRESENTATIVES[value]) for value in asked],
            is_secret=visit.caller.secret,
            errors=errors,
        )

    def preview(self, texts: dict[str, str]) -> Response:
        """What will be deposited."""
        visit = self.visit
        said = visit.form.text("representants")
        rubrics = self.kind.rubrics
        return render(
            visit,
            "professional/note_preview.html",
            self.kind.check,
            patient=self.patient,
            kind=self.kind,
            previous=self.previous,
            date=visit.form.text("date"),
            sections=[(rubrics[name].title, _lines(text)) for name, text in texts.items() if text],
            visibility=depositing.VISIBILITIES[visit.form.text("visibilite")][0],
            representatives=depositing.REPRESENTATIVES[said][0] if said == "cache" else "",
            fields=[
                (name, value)
                for name, values in visit.form.fields.items()
                for value in values
                if name not in _SENT_BY_THE_PAGE
            ],
            errors={},
        )


PAGES = tuple(
    page
    for kind in KINDS
    for page in form_page(
        f"/pro/patients/{{patient}}/{kind.end}",
        about_patient(written_as(kind)),
        Authentication.PROFESSIONAL,
        check_access,
        read_metadata,
        provide_documents,
    )
)
