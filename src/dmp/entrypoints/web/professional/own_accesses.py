"""What a professional did himself in a record: his own traces, in words for him.

Source: CSP R1111-43.
"""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from starlette.responses import Response

from dmp.acts.person.read_traces import LONGEST, ReadTraces, read_own_traces
from dmp.acts.sharing.check_access import check_access
from dmp.domain.errors import Reason, Refused
from dmp.domain.journal.event import Trace
from dmp.entrypoints.web import headers
from dmp.entrypoints.web.page import Authentication, Page
from dmp.entrypoints.web.professional.patient import Patient, about_patient, render
from dmp.entrypoints.web.record.journal import Line, Passage, line_of, passages
from dmp.entrypoints.web.visit import Visit
from dmp.entrypoints.web.wording import local
from dmp.formats.spreadsheet import write_sheet
from dmp.locale import translate

PAGE = 100
MOST_PAGES = 20
"""Pages of the longest kind that one sheet holds."""
HEADING = ("Date", "Heure", "Action", "Document", "Résultat", "Urgence", "Motif", "Référence")
_SAID_TO_HOLDERS = (
    ("votre dossier", "ce dossier"),
    ("votre accord", "l’accord du patient"),
    ("vos choix", "les choix du patient"),
    ("vos documents", "les documents du patient"),
    ("vos représentants", "les représentants du patient"),
    ("votre médecin traitant", "le médecin traitant"),
    ("votre profil", "le profil du patient"),
    ("ses propres actions", "vos propres actions"),
)


async def _own_accesses(visit: Visit, patient: Patient) -> Response:
    after = visit.asked("apres")
    request = ReadTraces(
        record_id=patient.status.record.record_id, limit=PAGE, after=_position(after)
    )
    page = await visit.do(read_own_traces, request)
    return render(
        visit,
        "professional/own_accesses.html",
        "Mes accès à ce dossier",
        patient=patient,
        passages=tuple(_told(one) for one in passages(page.traces, visit.caller.id)),
        next=str(page.next) if page.next else "",
        is_first=not after,
    )


async def _sheet(visit: Visit, patient: Patient) -> Response:
    """All his own accesses to this record, as CSV: page after page, within a bound."""
    record_id, after = patient.status.record.record_id, None
    rows: list[tuple[str, ...]] = []
    for _ in range(MOST_PAGES):
        request = ReadTraces(record_id=record_id, limit=LONGEST, after=after)
        page = await visit.do(read_own_traces, request)
        rows.extend(_row(visit, trace) for trace in page.traces)
        after = page.next
        if after is None:
            break
    octets = write_sheet([translate(name) for name in HEADING], rows)
    visit.policy = headers.FILE_POLICY
    name = headers.file_name(translate("Mes accès"), "csv")
    return Response(
        octets,
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": headers.disposition("attachment", name)},
    )


def _row(visit: Visit, trace: Trace) -> tuple[str, ...]:
    line, at = to_professional(line_of(trace, visit.caller.id)), local(trace.at)
    return (
        f"{at:%d/%m/%Y}",
        f"{at:%H:%M:%S}",
        line.sentence,
        line.title,
        translate("Refusé") if line.is_refused else translate("Fait"),
        line.emergency,
        line.emergency_reason,
        str(trace.trace_id),
    )


def _position(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        raise Refused(Reason.PARAMETER_INVALID, parameter="apres", detail="page inconnue") from None


def _told(passage: Passage) -> Passage:
    return replace(passage, lines=tuple(to_professional(line) for line in passage.lines))


def to_professional(line: Line) -> Line:
    """A line written for the holder, said to the professional whose action it is."""
    sentence = line.sentence
    for for_holder, for_him in _SAID_TO_HOLDERS:
        sentence = sentence.replace(for_holder, for_him)
    return replace(line, sentence=sentence)


PAGES = (
    Page(
        path="/pro/patients/{patient}/mes-acces",
        view=about_patient(_own_accesses),
        authentication=Authentication.READER,
        acts=(check_access, read_own_traces),
    ),
    Page(
        path="/pro/patients/{patient}/mes-acces.csv",
        view=about_patient(_sheet),
        authentication=Authentication.READER,
        acts=(check_access, read_own_traces),
    ),
)
