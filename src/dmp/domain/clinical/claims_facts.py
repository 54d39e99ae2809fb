"""Facts of the lines of the health insurance that stand, each proved by the document of reimbursements.

A line says that something was paid for: a vaccine delivered is no injection, a test has no result.

Source: CI-SIS, CNAM-HR 2021.01; SNDS (a long-term condition is read from its CIM-10 code, which is more often
right than the number of the ALD).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import NamedTuple
from uuid import UUID

from dmp.domain.claims.history import VACCINES, standing
from dmp.domain.claims.reimbursement import Kind, Reimbursement, System
from dmp.domain.clinical.coding import ATC, CIM10, CNAM_CCAM, SYSTEM_OF_LINE
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
_CCAM = System.CCAM
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


class _Reading:
    """One reading of lines: agents, sources and labels that come back are made once."""

    def __init__(
        self, document: UUID | None, knowledge: Knowledge, today: date, names: Mapping[str, str]
    ) -> None:
        self._names = names
        self._document = document
        self._knowledge = knowledge
        self._today = today
        self._sources: dict[date, tuple[Source, ...]] = {}
        self._agents: dict[tuple[str, str, str], Agent] = {}
        self._codes: dict[tuple[str, str, str], tuple[Code, str]] = {}
        self._medicines: dict[tuple[str, str], _Delivered] = {}

    def findings(self, lines: Iterable[Reimbursement]) -> Findings:
        """Every line in the kind of fact it is."""
        dispensed, vaccinations, devices, stays, imaging, performed, problems = (
            list[Dispensed](), list[Vaccination](), list[Device](), list[Stay](),
            list[Imaging](), list[Performed](), list[Problem](),
        )  # fmt: skip
        for line in lines:
            kind = line.kind
            if kind is _MEDICINE:
                delivered = self._delivered(line)
                if delivered.is_vaccine:
                    vaccinations.append(self._vaccination(line, delivered))
                else:
                    dispensed.append(self._dispensed(line, delivered))
            elif kind is _DEVICE:
                devices.append(self._device(line))
            elif kind is _STAY:
                stays.append(self._stay(line))
            elif kind is _LONG_TERM:
                problems.append(self._long_term(line))
            elif line.system is _CCAM and (
                kind is _IMAGING or line.code in self._knowledge.imaging
            ):
                imaging.append(self._imaging(line))
            else:
                performed.append(self._performed(line))
        return Findings(
            problems=tuple(problems),
            dispensed=_boxes_summed(dispensed),
            vaccinations=tuple(vaccinations),
            stays=tuple(stays),
            imaging=tuple(imaging),
            performed=tuple(performed),
            devices=tuple(devices),
        )

    def _source(self, on: date) -> tuple[Source, ...]:
        found = self._sources.get(on)
        if found is None:
            found = (
                Source(
                    provenance=Provenance.CLAIMS,
                    on=on,
                    document=self._document,
                    title="Historique des remboursements",
                    author=INSURANCE,
                ),
            )
            self._sources[on] = found
        return found

    def _agent(self, rpps: str, speciality: str, place: str) -> Agent:
        key = rpps, speciality, place
        found = self._agents.get(key)
        if found is None:
            found = NOBODY if key == ("", "", "") else self._named(rpps, speciality, place)
            self._agents[key] = found
        return found

    def _named(self, number: str, speciality: str, place: str) -> Agent:
        """The name that a directory knows; else what else is known of him, a bare FINESS last."""
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

    def _named_code(self, line: Reimbursement) -> tuple[Code, str]:
        """The code with its label. A code that nothing names is shown with itself, never dropped."""
        system = line.system
        key = system._value_, line.code, line.nature  # a letter has the label of its nature
        found = self._codes.get(key)
        if found is None:
            kind = _LABELS.get(system)
            label = UNKNOWN_LABEL
            if kind is not None:
                label = self._knowledge.label(kind, line.code)
            elif system is System.NGAP:
                label = self._knowledge.label(ReferenceKind.NATURES, line.nature)
            code = Code(line.code, SYSTEM_OF_LINE[system], label)
            shown = f"{line.code} ({UNKNOWN_LABEL})" if label == UNKNOWN_LABEL else label
            found = self._codes[key] = code, shown
        return found

    def _code(self, line: Reimbursement) -> Code:
        return self._named_code(line)[0]

    def _label(self, line: Reimbursement) -> str:
        return self._named_code(line)[1]

    def _delivered(self, line: Reimbursement) -> _Delivered:
        key = line.system._value_, line.code
        found = self._medicines.get(key)
        if found is None:
            code, label = self._named_code(line)
            medicine = self._knowledge.medicines.by_codes((code,))
            found = self._medicines[key] = _Delivered(
                label if medicine is None else medicine.name,
                (code,),
                medicine is not None and medicine.atc.startswith(VACCINES),
                "" if medicine is None else medicine.atc,
            )
        return found

    def _dispensed(self, line: Reimbursement, delivered: _Delivered) -> Dispensed:
        return Dispensed(
            label=delivered.label,
            on=line.start,
            codes=delivered.codes,
            boxes=line.quantity,
            prescribed_on=line.prescribed_on,
            prescriber=self._prescriber(line),
            pharmacy=self._agent(line.performer, line.performer_speciality, line.place),
            sources=self._source(line.start),
        )

    def _prescriber(self, line: Reimbursement) -> Agent:
        return self._agent(line.prescriber, line.prescriber_speciality, line.prescriber_place)

    def _vaccination(self, line: Reimbursement, delivered: _Delivered) -> Vaccination:
        return Vaccination(
            label=delivered.label,
            on=line.start,
            codes=(*delivered.codes, Code(delivered.atc, ATC)),
            delivered_only=True,
            performer=NOBODY,
            sources=self._source(line.start),
        )

    def _device(self, line: Reimbursement) -> Device:
        return Device(
            label=self._label(line),
            on=line.start,
            code=self._code(line),
            quantity=line.quantity,
            sources=self._source(line.start),
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
            sources=self._source(line.start),
        )

    def _imaging(self, line: Reimbursement) -> Imaging:
        act = self._knowledge.imaging.get(line.code)
        return Imaging(
            label=self._label(line),
            on=line.start,
            code=Code(line.code, CNAM_CCAM, self._code(line).display),
            modality="" if act is None else act.modality,
            region="" if act is None else act.region,
            performer=self._agent(line.performer, line.performer_speciality, line.place),
            sources=self._source(line.start),
        )

    def _performed(self, line: Reimbursement) -> Performed:
        code, label = self._named_code(line)
        return Performed(
            label=label,
            on=line.start,
            code=code,
            quantity=line.quantity,
            prescriber=self._prescriber(line),
            performer=self._agent(line.performer, line.performer_speciality, line.place),
            sources=self._source(line.start),
        )

    def _long_term(self, line: Reimbursement) -> Problem:
        end = _end_of(line)
        return Problem(
            label=self._label(line),
            code=self._code(line),
            since=line.start,
            until=end,
            active=end is None or end >= self._today,
            long_term=long_term_number(line.code, self._knowledge.long_term_of) or OFF_LIST,
            sources=self._source(line.start),
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
        summed[same] = _with_boxes(summed[same], sum_of)
    return tuple(summed.values())


def _with_boxes(fact: Dispensed, boxes: float) -> Dispensed:
    return Dispensed(
        label=fact.label,
        on=fact.on,
        codes=fact.codes,
        boxes=boxes,
        prescribed_on=fact.prescribed_on,
        prescriber=fact.prescriber,
        pharmacy=fact.pharmacy,
        sources=fact.sources,
    )
