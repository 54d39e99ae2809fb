"""Imaging exams as the leaf of imaging has them: those that are known as facts, and reports that are read only.

Source: ux rules of the project §7.3.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from dmp.domain.clinical.facts import Imaging, Provenance, Source
from dmp.domain.documents.entry import DocumentEntry
from dmp.entrypoints.web.chart.leaf import key_of
from dmp.entrypoints.web.visit import Visit
from dmp.entrypoints.web.wording import author, local

CATEGORY = "RADIO_SC"
MODALITIES: dict[str, str] = {
    "CT": "Scanner",
    "MR": "IRM",
    "US": "Échographie",
    "DX": "Radiographie",
    "CR": "Radiographie",
    "MG": "Mammographie",
    "NM": "Scintigraphie",
    "PT": "TEP",
    "XA": "Angiographie",
}
"""Words of the modalities of DICOM that people know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exam:
    """One exam. `report` is the document that is read for it; None where no report was sent.

    `modality` and `region` are in words, empty where nothing says them.
    """

    key: str
    label: str
    on: date
    modality: str = ""
    region: str = ""
    conclusion: str = ""
    performer: str = ""
    sources: tuple[Source, ...] = ()
    report: UUID | None = None

    @property
    def kind(self) -> tuple[str, str]:
        """What two exams must share to be compared first."""
        return self.modality, self.region.casefold()


def exams_of(
    visit: Visit, known: Sequence[Imaging], documents: Iterable[DocumentEntry]
) -> tuple[Exam, ...]:
    """Every exam, the newest first: facts, then the reports of which no fact was read."""
    seen: dict[str, int] = {}
    found = []
    for one in known:
        told = (one.label, one.on, *sorted(str(source.document) for source in one.sources))
        base = key_of(visit, *told)
        rank = seen[base] = seen.get(base, 0) + 1
        found.append(_of_fact(one, base if rank == 1 else key_of(visit, *told, rank)))
    reported = {exam.report for exam in found}
    found += [_of_report(one) for one in documents if one.document_id not in reported]
    return tuple(sorted(found, key=lambda exam: (-exam.on.toordinal(), exam.label, exam.key)))


def _of_fact(one: Imaging, key: str) -> Exam:
    report = next(
        (
            source.document
            for source in one.sources
            if source.document is not None and source.provenance is not Provenance.CLAIMS
        ),
        None,
    )
    return Exam(
        key=key,
        label=one.label,
        on=one.on,
        modality=MODALITIES.get(one.modality, one.modality),
        region=one.region,
        conclusion=one.conclusion,
        performer=one.performer.display,
        sources=one.sources,
        report=report,
    )


def _of_report(entry: DocumentEntry) -> Exam:
    return Exam(
        key=f"d{entry.document_id.hex}",
        label=entry.title,
        on=local(entry.service_start).date(),
        performer=author(entry),
        report=entry.document_id,
    )


def likest(exam: Exam, others: Iterable[Exam]) -> tuple[Exam, ...]:
    """Other exams, those of the same kind first, then the newest: what one compares it with."""
    return tuple(
        sorted(
            (other for other in others if other.key != exam.key),
            key=lambda other: (
                other.kind != exam.kind or not any(exam.kind),
                other.modality != exam.modality,
                -other.on.toordinal(),
                other.label,
            ),
        )
    )
