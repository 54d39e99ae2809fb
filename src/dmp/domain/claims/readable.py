"""The history as people read it: under which heading, in which words, by whom, filtered and by month.

Source: headings of Mon espace santé ("Mon histoire de santé") and sections of CNAM-HR 2021.01; long-term
conditions (ALD) have no section there and are read here all the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from dmp.domain.claims.history import VACCINES, code_of, medicine_of
from dmp.domain.claims.reimbursement import Kind, Reimbursement, System
from dmp.domain.clinical.knowledge.editions import ReferenceKind
from dmp.domain.clinical.knowledge.knowledge import UNKNOWN_LABEL, Knowledge


class Heading(StrEnum):
    """Under what a line is found; the values are those of the addresses of the pages."""

    MEDICINE = "medicaments"
    VACCINE = "vaccins"
    DEVICE = "dispositifs"
    STAY = "hospitalisations"
    CARE = "soins"
    IMAGING = "radiologie"
    BIOLOGY = "biologie"
    LONG_TERM = "ald"


_HEADING_OF: Final = {
    Kind.MEDICINE: Heading.MEDICINE,
    Kind.DEVICE: Heading.DEVICE,
    Kind.STAY: Heading.STAY,
    Kind.CARE: Heading.CARE,
    Kind.IMAGING: Heading.IMAGING,
    Kind.BIOLOGY: Heading.BIOLOGY,
    Kind.LONG_TERM: Heading.LONG_TERM,
}
_REFERENCE_OF: Final = {
    System.UCD: ReferenceKind.UCD,
    System.LPP: ReferenceKind.LPP,
    System.GHS: ReferenceKind.GHS,
    System.GHM: ReferenceKind.GHS,
    System.CCAM: ReferenceKind.CCAM,
    System.NABM: ReferenceKind.NABM,
    System.CIM10: ReferenceKind.CIM10,
}

PERSON: Final = "RPPS"
PLACE: Final = "FINESS"


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryEntry:
    """One line in words. `label` is "libellé inconnu" where no reference knows the code, which is kept.

    `until` is the last day of what lasts. Names stand where a directory knows them, else the identifier;
    empty where nobody is named. `group` is the therapeutic group of a medicine, what a vaccine protects from.
    """

    heading: Heading
    code: str
    label: str
    on: date
    until: date | None = None
    quantity: float = 1
    prescribed_on: date | None = None
    prescriber: str = ""
    prescriber_speciality: str = ""
    prescriber_place: str = ""
    performer: str = ""
    performer_speciality: str = ""
    place: str = ""
    group: str = ""

    @property
    def is_known(self) -> bool:
        """Whether a reference knows the code."""
        return self.label != UNKNOWN_LABEL


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """The entries of one month, newest first. `first` is its first day."""

    first: date
    entries: tuple[HistoryEntry, ...]


def entry_of(line: Reimbursement, knowledge: Knowledge, names: Mapping[str, str]) -> HistoryEntry:
    """A standing line in words."""
    medicine = medicine_of(line, knowledge)
    atc = medicine.atc if medicine is not None else ""
    heading = Heading.VACCINE if atc.startswith(VACCINES) else _HEADING_OF[line.kind]
    # A vaccine is told by what it protects from, a medicine by its therapeutic group. Source: CNAM-HR.
    group = atc if heading is Heading.VACCINE else atc[:3]
    return HistoryEntry(
        heading=heading,
        code=code_of(line).code,
        label=label_of(line, knowledge),
        on=line.start,
        until=line.end if line.end != line.start else None,
        quantity=line.quantity,
        prescribed_on=line.prescribed_on,
        prescriber=_named(line.prescriber, names, PERSON),
        prescriber_speciality=_speciality(line.prescriber_speciality, knowledge),
        prescriber_place=_named(line.prescriber_place, names, PLACE),
        performer=_named(line.performer, names, PERSON),
        performer_speciality=_speciality(line.performer_speciality, knowledge),
        place=_named(line.place, names, PLACE),
        group=knowledge.medicines.atc_label(group) if group else "",
    )


def label_of(line: Reimbursement, knowledge: Knowledge) -> str:
    """What a line is about, in French; "libellé inconnu" where no reference knows its code."""
    medicine = medicine_of(line, knowledge)
    if medicine is not None:
        return medicine.name
    if line.system is System.NGAP:
        return knowledge.label(ReferenceKind.NATURES, line.nature or line.code)
    kind = _REFERENCE_OF.get(line.system)
    return UNKNOWN_LABEL if kind is None else knowledge.label(kind, code_of(line).code)


def _named(identifier: str, names: Mapping[str, str], register: str) -> str:
    """The name, else the number with its register."""
    return names.get(identifier) or (f"{register} {identifier}" if identifier else "")


def _speciality(code: str, knowledge: Knowledge) -> str:
    """The speciality in words; nothing is better than a number."""
    if not code:
        return ""
    label = knowledge.label(ReferenceKind.SPECIALITIES, code)
    return "" if label == UNKNOWN_LABEL else label


def chosen(
    entries: Iterable[HistoryEntry],
    heading: Heading | None = None,
    start: date | None = None,
    end: date | None = None,
) -> tuple[HistoryEntry, ...]:
    """The entries of a heading, of a period with both its days; None does not restrict."""
    return tuple(
        entry
        for entry in entries
        if (heading is None or entry.heading is heading)
        and (end is None or entry.on <= end)
        and (start is None or (entry.until or entry.on) >= start)
    )


def by_month(entries: Sequence[HistoryEntry]) -> tuple[Month, ...]:
    """Entries newest first, month by month."""
    months: dict[date, list[HistoryEntry]] = {}
    for entry in entries:
        months.setdefault(entry.on.replace(day=1), []).append(entry)
    return tuple(
        Month(first=first, entries=tuple(found))
        for first, found in sorted(months.items(), reverse=True)
    )


def counted(entries: Iterable[HistoryEntry]) -> dict[Heading, int]:
    """How many entries stand under each heading, in the order of the screen; empty ones too."""
    counts = dict.fromkeys(Heading, 0)
    for entry in entries:
        counts[entry.heading] += 1
    return counts
