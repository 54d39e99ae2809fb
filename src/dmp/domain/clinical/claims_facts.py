"""Facts of the lines of the health insurance that stand, each proved by the document of reimbursements.

A line says that something was paid for: a vaccine delivered is no injection, a test has no result.

Source: CI-SIS, CNAM-HR 2021.01; SNDS (a long-term condition is read from its CIM-10 code, which is more often
right than the number of the ALD).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from operator import attrgetter
from types import MappingProxyType
from typing import NamedTuple
from uuid import UUID

from dmp.domain.claims.history import VACCINES, standing
from dmp.domain.claims.reimbursement import Kind, Reimbursement, System
from dmp.domain.clinical.coding import ATC, CIM10, SYSTEM_OF_LINE
from dmp.domain.clinical.facts import (
    NOBODY,
    Agent,
    Device,
    Dispensed,
    Findings,
    Imaging,
    Performed,
    Problem,
    Provenance,
    Source,
    Stay,
    Vaccination,
)
from dmp.domain.clinical.knowledge.editions import ReferenceKind
from dmp.domain.clinical.knowledge.knowledge import UNKNOWN_LABEL, Knowledge
from dmp.domain.codes import Code
from dmp.domain.made_once import MadeOnce

_NOBODY_NAMED: Mapping[str, str] = MappingProxyType({})
INSURANCE = "Assurance maladie"
_NEVER = 2200
"""From this year on a day stands for no day."""
OFF_LIST = "hors liste"
"""What is said of a long-term condition whose number nothing gives."""

# In Python 3.11 each `Kind.MEDICINE` costs a tenth of a microsecond, six of them for each line.
_MEDICINE, _DEVICE, _STAY, _LONG_TERM, _IMAGING = (
    Kind.MEDICINE, Kind.DEVICE, Kind.STAY, Kind.LONG_TERM, Kind.IMAGING,
)  # fmt: skip
_CCAM, _CLAIMS = System.CCAM, Provenance.CLAIMS
_LABELS = {
    System.LPP: ReferenceKind.LPP,
    System.GHS: ReferenceKind.GHS,
    System.GHM: ReferenceKind.GHS,
    System.CCAM: ReferenceKind.CCAM,
    System.NABM: ReferenceKind.NABM,
    System.CIM10: ReferenceKind.CIM10,
}


def facts_of_lines(
    lines: Sequence[Reimbursement],
    document: UUID | None,
    knowledge: Knowledge,
    today: date,
    names: Mapping[str, str] = _NOBODY_NAMED,
) -> Findings:
    """What the lines say, cancelled ones left out. `document` is the document that proves them, `names` those
    of professionals and places by RPPS and FINESS.
    """
    return _Reading(document, knowledge, today, names).findings(standing(lines))


class _Delivered(NamedTuple):
    """What a code of a delivery stands for."""

    label: str
    codes: tuple[Code, ...]
    is_vaccine: bool
    atc: str


_LineCode = tuple[str, str, str]
"""System, code and nature of a line: a letter has the label of its nature."""
_prescriber_of = attrgetter("prescriber", "prescriber_speciality", "prescriber_place")
_performer_of = attrgetter("performer", "performer_speciality", "place")
# By the value of the word: hashing a member of an enumeration is a call of Python.
_code_of = attrgetter("system._value_", "code", "nature")
_new = tuple.__new__  # thousands of facts: their own constructor is a call of Python more for each


class _Reading:
    """One reading of lines: agents, sources and labels that come back are made once."""

    def __init__(
        self, document: UUID | None, knowledge: Knowledge, today: date, names: Mapping[str, str]
    ) -> None:
        self._names = names
        self._document = document
        self._knowledge = knowledge
        self._today = today
        self._sources = MadeOnce(self._source)
        self._agents = MadeOnce(self._agent)
        self._codes = MadeOnce(self._named_code)
        self._medicines = MadeOnce(self._delivered)

    def findings(self, lines: Iterable[Reimbursement]) -> Findings:
        """Every line in the kind of fact it is."""
        medicines, vaccines, devices, stays, long_term, exams, acts = (
            list[Reimbursement](), list[Reimbursement](), list[Reimbursement](), list[Reimbursement](),
            list[Reimbursement](), list[Reimbursement](), list[Reimbursement](),
        )  # fmt: skip
        delivered: list[_Delivered] = []
        known_exams = self._knowledge.imaging
        for line in lines:
            kind = line.kind
            if kind is _MEDICINE:
                product = self._medicines[_code_of(line)]
                if product.is_vaccine:
                    vaccines.append(line)
                else:
                    medicines.append(line)
                    delivered.append(product)
            elif kind is _DEVICE:
                devices.append(line)
            elif kind is _STAY:
                stays.append(line)
            elif kind is _LONG_TERM:
                long_term.append(line)
            elif line.system is _CCAM and (kind is _IMAGING or line.code in known_exams):
                exams.append(line)
            else:
                acts.append(line)
        return Findings(
            problems=tuple([self._long_term(line) for line in long_term]),
            dispensed=_boxes_summed(self._dispensed(medicines, delivered)),
            vaccinations=tuple([self._vaccination(line) for line in vaccines]),
            stays=tuple([self._stay(line) for line in stays]),
            imaging=tuple([self._imaging(line) for line in exams]),
            performed=self._performed(acts),
            devices=tuple([self._device(line) for line in devices]),
        )

    def _source(self, on: date) -> tuple[Source, ...]:
        said = (_CLAIMS, on, self._document, "", "Historique des remboursements", INSURANCE, "", "")
        return (_new(Source, said),)

    def _agent(self, numbers: tuple[str, str, str]) -> Agent:
        """Somebody by RPPS, speciality and FINESS: the name that a directory knows; else what else is known of
        him, a bare FINESS last.
        """
        number, speciality, place = numbers
        if numbers == ("", "", ""):
            return NOBODY
        known = self._known(ReferenceKind.SPECIALITIES, speciality)
        return Agent(
            name=self._names.get(number, ""),
            id=number,
            speciality=known,
            place=self._names.get(place, "") if known else self._place(place),
        )

    def _known(self, kind: ReferenceKind, code: str) -> str:
        """A label that is known, else nothing: an agent without a name is shown by what else is known."""
        label = self._knowledge.label(kind, code) if code else ""
        return "" if label == UNKNOWN_LABEL else label

    def _place(self, finess: str) -> str:
        return self._names.get(finess, "") or (f"FINESS {finess}" if finess else "")

    def _named_code(self, key: _LineCode) -> tuple[Code, str]:
        """The code with its label. A code that nothing names is shown with itself, never dropped."""
        word, number, nature = key
        system = System(word)
        kind = _LABELS.get(system)
        label = UNKNOWN_LABEL
        if kind is not None:
            label = self._knowledge.label(kind, number)
        elif system is System.NGAP:
            label = self._knowledge.label(ReferenceKind.NATURES, nature)
        shown = f"{number} ({UNKNOWN_LABEL})" if label == UNKNOWN_LABEL else label
        return Code(number, SYSTEM_OF_LINE[system], label), shown

    def _code(self, line: Reimbursement) -> Code:
        return self._codes[_code_of(line)][0]

    def _label(self, line: Reimbursement) -> str:
        return self._codes[_code_of(line)][1]

    def _delivered(self, key: _LineCode) -> _Delivered:
        code, label = self._codes[key]
        medicine = self._knowledge.medicines.by_codes((code,))
        return _Delivered(
            label if medicine is None else medicine.name,
            (code,),
            medicine is not None and medicine.atc.startswith(VACCINES),
            "" if medicine is None else medicine.atc,
        )

    def _dispensed(
        self, lines: Sequence[Reimbursement], delivered: Sequence[_Delivered]
    ) -> list[Dispensed]:
        """Deliveries column by column: they are many, and each column is had without a call of Python."""
        days = [line.start for line in lines]
        rows = zip(
            [one.label for one in delivered],
            days,
            [one.codes for one in delivered],
            [line.quantity for line in lines],
            [line.prescribed_on for line in lines],
            [self._agents[numbers] for numbers in map(_prescriber_of, lines)],
            [self._agents[numbers] for numbers in map(_performer_of, lines)],
            [self._sources[day] for day in days],
            strict=True,
        )
        return [_new(Dispensed, row) for row in rows]

    def _vaccination(self, line: Reimbursement) -> Vaccination:
        delivered = self._medicines[_code_of(line)]
        return Vaccination(
            label=delivered.label,
            on=line.start,
            codes=(*delivered.codes, Code(delivered.atc, ATC)),
            delivered_only=True,
            performer=NOBODY,
            sources=self._sources[line.start],
        )

    def _device(self, line: Reimbursement) -> Device:
        return Device(
            label=self._label(line),
            on=line.start,
            code=self._code(line),
            quantity=line.quantity,
            sources=self._sources[line.start],
        )

    def _stay(self, line: Reimbursement) -> Stay:
        diagnoses = tuple(
            Code(code, CIM10, self._knowledge.label(ReferenceKind.CIM10, code))
            for code in line.diagnoses
        )
        reason = self._known(ReferenceKind.CIM10, line.diagnoses[0]) if line.diagnoses else ""
        return Stay(
            place=self._place(line.place) or "établissement non précisé",
            start=line.start,
            end=_end_of(line),
            nature="Hospitalisation",
            reason=reason or self._code(line).display,
            codes=(self._code(line), *diagnoses),
            sources=self._sources[line.start],
        )

    def _imaging(self, line: Reimbursement) -> Imaging:
        act = self._knowledge.imaging.get(line.code)
        code, label = self._codes[_code_of(line)]
        return _new(
            Imaging,
            (
                label,
                line.start,
                code,
                "" if act is None else act.modality,
                "" if act is None else act.region,
                "",
                self._agents[_performer_of(line)],
                self._sources[line.start],
            ),
        )

    def _performed(self, lines: Sequence[Reimbursement]) -> tuple[Performed, ...]:
        """Acts column by column, as deliveries are."""
        named = [self._codes[key] for key in map(_code_of, lines)]
        days = [line.start for line in lines]
        rows = zip(
            [label for _, label in named],
            days,
            [code for code, _ in named],
            [line.quantity for line in lines],
            [self._agents[numbers] for numbers in map(_prescriber_of, lines)],
            [self._agents[numbers] for numbers in map(_performer_of, lines)],
            [self._sources[day] for day in days],
            strict=True,
        )
        return tuple([_new(Performed, row) for row in rows])

    def _long_term(self, line: Reimbursement) -> Problem:
        end = _end_of(line)
        return Problem(
            label=self._label(line),
            code=self._code(line),
            since=line.start,
            until=end,
            active=end is None or end >= self._today,
            long_term=long_term_number(line.code, self._knowledge.long_term_of) or OFF_LIST,
            sources=self._sources[line.start],
        )


def _end_of(line: Reimbursement) -> date | None:
    """The last day of a line; None where the insurer writes that nobody knows it (31/12/9999)."""
    return None if line.end is None or line.end.year >= _NEVER else line.end


def long_term_number(code: str, known: Mapping[str, str]) -> str:
    """The number of the ALD of a CIM-10 code, of its category where the code itself has none; else empty."""
    bare = code.replace(".", "").upper()
    for length in range(len(bare), 2, -1):
        number = known.get(bare[:length])
        if number:
            return number.lstrip("0")
    return ""


def _boxes_summed(dispensed: Sequence[Dispensed]) -> tuple[Dispensed, ...]:
    """One delivery per product, day and prescriber: what stands on several lines is one supply."""
    summed: dict[tuple[object, ...], Dispensed] = {}
    boxes: dict[tuple[object, ...], float] = {}
    for fact in dispensed:
        code = fact.codes[0]
        key: tuple[object, ...] = (
            code.code,
            code.system,
            fact.on,
            fact.prescriber.id,
            fact.prescribed_on,
        )
        if summed.setdefault(key, fact) is not fact:
            boxes[key] = boxes.get(key, summed[key].boxes) + fact.boxes
    for same, sum_of in boxes.items():
        summed[same] = summed[same]._replace(boxes=sum_of)
    return tuple(summed.values())
