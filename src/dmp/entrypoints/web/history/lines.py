"""The lines of a history: what a synthesis and a list of documents tell, each thing once, newest first.

Only what exists for the reader comes in, so nothing here hides anything. What is many and small (boxes of a
pharmacy, values of a laboratory, one's own measures) is one line of its day or month.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from dmp.domain.clinical.coding import KIND_OF
from dmp.domain.clinical.facts import Imaging, Provenance, Result, Source, Vaccination
from dmp.domain.clinical.synthesis import Synthesis
from dmp.domain.documents.entry import DocumentEntry
from dmp.domain.record.declared.measures import SCALES, Measured
from dmp.entrypoints.web.figures.curve import is_declared
from dmp.entrypoints.web.wording import author, local
from dmp.locale import sentence, translate

MOST_NAMES = 6
"""So many names stand in one summarised line; the others are counted."""
_OF_LABORATORIES = frozenset({Measured.GLUCOSE, Measured.HBA1C})
_VITAL = frozenset(
    code
    for what, scale in SCALES.items()
    if what not in _OF_LABORATORIES
    for code in (scale.code, scale.second.code if scale.second else "")
)
"""Codes of LOINC of what is measured without a laboratory."""


class Kind(StrEnum):
    """Of what a line is; the value is the word of the address."""

    STAY = "sejours"
    CARE = "soins"
    IMAGING = "imagerie"
    LABORATORY = "biologie"
    MEDICINE = "medicaments"
    VACCINATION = "vaccins"
    PROBLEM = "problemes"
    DEVICE = "materiel"
    MEASURE = "mesures"
    DOCUMENT = "documents"


WORDS: dict[Kind, str] = {
    Kind.STAY: "Séjours à l’hôpital",
    Kind.CARE: "Consultations et soins",
    Kind.IMAGING: "Imagerie",
    Kind.LABORATORY: "Biologie",
    Kind.MEDICINE: "Médicaments",
    Kind.VACCINATION: "Vaccins",
    Kind.PROBLEM: "Problèmes de santé",
    Kind.DEVICE: "Matériel et appareils",
    Kind.MEASURE: "Mesures",
    Kind.DOCUMENT: "Documents",
}
"""What each kind is called in lists."""
_RANK = {kind: rank for rank, kind in enumerate(Kind)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One thing of a day, of days until `until`, or of a whole month (`of_month`).

    `title` may be empty: the word of the kind then stands. `sources` prove it, the best first.
    `document` is the document that it is, for a document; `exam` the exam, for one of imaging.
    """

    kind: Kind
    on: date
    title: str
    until: date | None = None
    of_month: bool = False
    details: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()
    document: UUID | None = None
    exam: Imaging | None = None

    def is_within(self, start: date | None, end: date | None) -> bool:
        """Whether something of it is in a period, both days included; None does not restrict."""
        return (end is None or self.on <= end) and (
            start is None or (self.until or self.on) >= start
        )


def lines_of(synthesis: Synthesis, entries: Iterable[DocumentEntry]) -> tuple[Line, ...]:
    """Everything, newest first. Documents that prove another line are among them as well (`once`)."""
    found = [
        *_events(synthesis),
        *_care(synthesis),
        *_laboratory(synthesis),
        *_medicines(synthesis),
        *_measures(synthesis),
        *(_document(entry) for entry in entries),
    ]
    return tuple(
        sorted(found, key=lambda line: (-line.on.toordinal(), _RANK[line.kind], line.title))
    )


def once(lines: Iterable[Line]) -> tuple[Line, ...]:
    """The lines without the documents that prove another line: where everything is shown, each thing once."""
    everything = tuple(lines)
    proving = {
        source.document
        for line in everything
        if line.kind is not Kind.DOCUMENT
        for source in line.sources
    }
    return tuple(
        line for line in everything if line.document is None or line.document not in proving
    )


def _events(synthesis: Synthesis) -> Iterator[Line]:
    """What has a day of its own: stays, exams, vaccines, the beginning of a problem, devices."""
    for stay in synthesis.stays:
        told = tuple(part for part in (stay.reason, stay.nature) if part)
        title = stay.place or (told[0] if told else "")
        yield Line(
            kind=Kind.STAY,
            on=stay.start,
            until=stay.end if stay.end != stay.start else None,
            title=title,
            details=tuple(part for part in told if part != title),
            sources=stay.sources,
        )
    for exam in synthesis.imaging:
        told = tuple(part for part in (exam.conclusion, exam.performer.display) if part)
        yield Line(
            kind=Kind.IMAGING,
            on=exam.on,
            title=exam.label,
            details=told,
            sources=exam.sources,
            exam=exam,
        )
    for one in synthesis.vaccinations:
        yield Line(
            kind=Kind.VACCINATION,
            on=one.on,
            title=one.label,
            details=tuple(_about(one)),
            sources=one.sources,
        )
    for problem in (*synthesis.problems, *synthesis.past):
        if problem.since is not None:
            yield Line(
                kind=Kind.PROBLEM,
                on=problem.since,
                title=translate("Début : {what}", what=problem.label),
                sources=problem.sources,
            )
    for device in synthesis.devices:
        yield Line(kind=Kind.DEVICE, on=device.on, title=device.label, sources=device.sources)


def _about(one: Vaccination) -> Iterator[str]:
    if one.undated:
        yield translate("date exacte non connue")
    if one.delivered_only:
        yield translate("délivré, injection non confirmée")
    if one.lot:
        yield translate("lot {lot}", lot=one.lot)


def _care(synthesis: Synthesis) -> Iterator[Line]:
    """Consultations and procedures: the same one by the same person on one day is one line."""
    groups: dict[tuple[date, str, str], list[tuple[Source, ...]]] = {}
    for one in synthesis.performed:
        if KIND_OF.get(one.code.system) != "nabm":
            key = one.on, one.label, one.performer.display
            groups.setdefault(key, []).append(one.sources)
    for (on, label, who), proofs in groups.items():
        times = (translate("{number} fois", number=len(proofs)),) if len(proofs) > 1 else ()
        yield Line(
            kind=Kind.CARE,
            on=on,
            title=label,
            details=(*((who,) if who else ()), *times),
            sources=proofs[0],
        )


def _laboratory(synthesis: Synthesis) -> Iterator[Line]:
    """One line for each day with tests: what documents say of it before what was reimbursed."""
    names: dict[date, dict[str, None]] = {}
    proofs: dict[date, dict[Source, None]] = {}
    reported: set[date] = set()
    for label, result in _results(synthesis):
        if _is_measure(result):
            continue
        day = local(result.at).date()
        reported.add(day)
        names.setdefault(day, {}).setdefault(label)
        proofs.setdefault(day, {}).update(dict.fromkeys(result.sources))
    for one in synthesis.performed:
        if KIND_OF.get(one.code.system) == "nabm":
            # What is reimbursed repeats what the report of that day tells in better words.
            if one.on not in reported:
                names.setdefault(one.on, {}).setdefault(one.label)
            proofs.setdefault(one.on, {}).update(dict.fromkeys(one.sources))
    for day, said in names.items():
        yield Line(
            kind=Kind.LABORATORY,
            on=day,
            title=translate("Analyses de biologie"),
            details=(enumerated(tuple(said)),),
            sources=tuple(proofs[day]),
        )


def _is_measure(result: Result) -> bool:
    """Whether no laboratory made it: a vital sign, or whatever the holder measured herself."""
    return (result.code is not None and result.code.code in _VITAL) or is_declared(result)


def _results(synthesis: Synthesis) -> Iterator[tuple[str, Result]]:
    for series in synthesis.series:
        for result in series.points:
            yield series.label, result


def _medicines(synthesis: Synthesis) -> Iterator[Line]:
    """One line for each month in which a pharmacy delivered medicines."""
    months: dict[date, dict[str, int]] = {}
    newest: dict[date, tuple[date, tuple[Source, ...]]] = {}
    for treatment in synthesis.treatments:
        for supply in treatment.supplies:
            month = supply.on.replace(day=1)
            times = months.setdefault(month, {})
            times[treatment.label] = times.get(treatment.label, 0) + 1
            if month not in newest or newest[month][0] < supply.on:
                newest[month] = supply.on, supply.sources
    for month, times in months.items():
        on, sources = newest[month]
        yield Line(
            kind=Kind.MEDICINE,
            on=on,
            of_month=True,
            title=translate("Médicaments remis par la pharmacie"),
            details=(enumerated(_counted(times)),),
            sources=sources,
        )


def _measures(synthesis: Synthesis) -> Iterator[Line]:
    """One line for each month in which something was measured, at home or by a professional."""
    months: dict[date, dict[str, int]] = {}
    newest: dict[date, tuple[date, tuple[Source, ...]]] = {}
    for label, result in _results(synthesis):
        if not _is_measure(result):
            continue
        on = local(result.at).date()
        month = on.replace(day=1)
        times = months.setdefault(month, {})
        said = sentence(label)
        times[said] = times.get(said, 0) + 1
        if month not in newest or newest[month][0] < on:
            newest[month] = on, result.sources
    for month, times in months.items():
        on, sources = newest[month]
        yield Line(
            kind=Kind.MEASURE,
            on=on,
            of_month=True,
            title=translate("Mesures notées"),
            details=(enumerated(_counted(times)),),
            sources=sources,
        )


def _counted(times: dict[str, int]) -> tuple[str, ...]:
    return tuple(
        label if number == 1 else translate("{what} ({number} fois)", what=label, number=number)
        for label, number in times.items()
    )


def enumerated(names: Sequence[str]) -> str:
    """The first names, and how many more there are."""
    shown = ", ".join(names[:MOST_NAMES])
    more = len(names) - MOST_NAMES
    return translate("{names} et {number} de plus", names=shown, number=more) if more > 0 else shown


def _document(entry: DocumentEntry) -> Line:
    on = local(entry.service_start).date()
    return Line(
        kind=Kind.DOCUMENT,
        on=on,
        title=entry.title,
        details=(author(entry), entry.type_code.display),
        document=entry.document_id,
        sources=(
            Source(
                provenance=Provenance.STRUCTURED,
                on=on,
                document=entry.document_id,
                title=entry.title,
                author=author(entry),
            ),
        ),
    )
