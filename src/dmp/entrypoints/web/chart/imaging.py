"""The leaf of imaging: exams with their conclusion, one exam with its report, two of them side by side.

A report is read as any document is: it is traced, what must be warned of first is not shown here.

Source: ux rules of the project §7.3.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from markupsafe import Markup
from starlette.responses import Response

from dmp.acts.documents.retrieve_document import RetrieveDocument, retrieve_document
from dmp.domain.access.rules import Duty
from dmp.domain.documents.entry import DocumentEntry
from dmp.domain.errors import Reason, Refused
from dmp.entrypoints.web.chart.contents import Leaf
from dmp.entrypoints.web.chart.exams import CATEGORY, Exam, exams_of, likest
from dmp.entrypoints.web.chart.leaf import READS_AND_FINDS, documents_of, opened, page
from dmp.entrypoints.web.professional.patient import Patient, about_patient, render
from dmp.entrypoints.web.record import reading
from dmp.entrypoints.web.record.reading import Reading
from dmp.entrypoints.web.synthesis.professional import proofs_of, sheet_of
from dmp.entrypoints.web.synthesis.proofs import narrowed_by
from dmp.entrypoints.web.visit import Visit
from dmp.locale import translate

SHOWN_LIKE = 6
_WARNED = (Duty.WARN_NOT_ANNOUNCED, Duty.WARN_HIDDEN_FROM_REPRESENTATIVES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The report of an exam as a page shows it; `reading` is None where a warning comes before it."""

    path: str
    entry: DocumentEntry
    reading: Reading | None


async def _exams(visit: Visit, patient: Patient) -> tuple[Exam, ...]:
    opened(visit, patient, Leaf.IMAGING)
    sheet = await sheet_of(visit, patient)
    documents = await documents_of(visit, patient, (CATEGORY,))
    return exams_of(visit, sheet.imaging, documents)


def _kind(visit: Visit) -> str:
    """The kind of exams that the list was narrowed to, as links take it along: `examen=IRM`, or nothing."""
    asked = visit.asked("examen", 40)
    return narrowed_by({"examen": asked})


def _named(exams: tuple[Exam, ...], key: str) -> Exam:
    found = next((one for one in exams if one.key == key), None)
    if found is None:
        raise Refused(Reason.ADDRESS_UNKNOWN)
    return found


async def listed(visit: Visit, patient: Patient) -> Response:
    """Every exam, or those of one modality."""
    exams = await _exams(visit, patient)
    asked = visit.asked("examen", 40)
    kinds = dict.fromkeys(one.modality for one in exams if one.modality)
    shown = tuple(one for one in exams if not asked or one.modality == asked)
    return render(
        visit,
        "chart/imaging.html",
        translate("Imagerie de {patient}", patient=patient.status.record.traits.display),
        patient=patient,
        exams=shown,
        total=len(exams),
        kinds=[(kind, sum(one.modality == kind for one in exams)) for kind in kinds],
        asked=asked,
        before=_before(exams),
        proofs=proofs_of(patient, Leaf.IMAGING, visit),
        kind=_kind(visit),
    )


def _before(exams: tuple[Exam, ...]) -> dict[str, str]:
    """For each exam the newest earlier one of its kind: what it is compared with at once."""
    found: dict[str, str] = {}
    later: dict[tuple[str, str], str] = {}
    for one in exams:
        if one.kind in later and any(one.kind):
            found[later[one.kind]] = one.key
        later[one.kind] = one.key
    return found


async def exam(visit: Visit, patient: Patient) -> Response:
    """One exam: its conclusion, its report, and what it can be compared with."""
    exams = await _exams(visit, patient)
    one = _named(exams, visit.part("exam"))
    return render(
        visit,
        "chart/exam.html",
        translate(
            "{exam}, {patient}", exam=one.label, patient=patient.status.record.traits.display
        ),
        patient=patient,
        exam=one,
        report=await _report(visit, patient, one),
        others=likest(one, exams)[:SHOWN_LIKE],
        kind=_kind(visit),
        proofs=proofs_of(patient, f"{Leaf.IMAGING}/{one.key}", visit),
    )


async def compared(visit: Visit, patient: Patient) -> Response:
    """Two exams side by side, the older one on the left."""
    exams = await _exams(visit, patient)
    first, second = (_named(exams, visit.asked(name, 40)) for name in ("a", "b"))
    pair = sorted((first, second), key=lambda one: one.on)
    return render(
        visit,
        "chart/compared.html",
        translate(
            "Comparer deux examens de {patient}",
            patient=patient.status.record.traits.display,
        ),
        patient=patient,
        pair=[(one, await _report(visit, patient, one)) for one in pair],
        days=(pair[1].on - pair[0].on).days,
        kind=_kind(visit),
        proofs=proofs_of(patient, f"{Leaf.IMAGING}/comparer", visit),
    )


async def _report(visit: Visit, patient: Patient, one: Exam) -> Report | None:
    """The report of an exam, read for the page; None where there is none to read."""
    if one.report is None:
        return None
    request = RetrieveDocument(document=one.report, within=patient.ins)
    try:
        retrieved = await visit.do(retrieve_document, request)
    except Refused:
        # It may be listed and not read: the exam then stands without it.
        return None
    path = f"{patient.path}/documents/{retrieved.entry.document_id}"
    if any(duty in _WARNED for duty in retrieved.duties):
        return Report(path=path, entry=retrieved.entry, reading=None)
    shown = await reading.read_document(
        retrieved,
        patient.status.record.traits,
        whole=f"{path}/lecture",
        attachment=lambda number: f"{path}/pieces/{number}",
    )
    # Two reports on one page: an anchor stands once.
    html = Markup(str(shown.html).replace(' id="section-', f' id="{one.key}-'))  # noqa: S704  # ours
    return Report(path=path, entry=retrieved.entry, reading=replace(shown, html=html))


_ACTS = (*READS_AND_FINDS, retrieve_document)
PAGES = (
    page(Leaf.IMAGING, about_patient(listed), *READS_AND_FINDS),
    page(f"{Leaf.IMAGING}/comparer", about_patient(compared), *_ACTS),
    page(f"{Leaf.IMAGING}/{{exam}}", about_patient(exam), *_ACTS),
)
