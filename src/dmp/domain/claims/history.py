"""The history made of a record's lines: what stands, of which period, for the document and the readers.

Source: CI-SIS, volet historique des remboursements (CNAM-HR 2021.01); SNDS, rules of cleaning (rows with a
negative quantity cancel; identical rows are summed and what is strictly positive is kept).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256
from itertools import chain
from math import fsum
from operator import attrgetter
from types import MappingProxyType
from typing import Final

from dmp.domain.claims.reimbursement import Kind, Reimbursement, System
from dmp.domain.clinical.coding import SYSTEM_OF_LINE
from dmp.domain.clinical.knowledge.knowledge import Knowledge
from dmp.domain.clinical.knowledge.medicines import Medicine
from dmp.domain.codes import Code
from dmp.domain.identifiers import UniqueId
from dmp.domain.record.calendar import LOCAL, months_after
from dmp.domain.record.health_record import HealthRecord

VACCINES: Final = "J07"
"""ATC group of vaccines."""


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What the document of reimbursements is made of: lines that stand, newest first, of a period.

    `names` are those of professionals and places by RPPS and FINESS, as far as a directory knows them.
    """

    record: HealthRecord
    unique_id: UniqueId
    set_id: str
    version: int
    written_at: datetime
    start: date
    end: date
    lines: tuple[Reimbursement, ...]
    replaces: UniqueId | None = None
    names: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


def window(at: datetime, months: int) -> tuple[date, date]:
    """First and last local day in view at an instant: that many months back, and today."""
    local = at.astimezone(LOCAL)
    return months_after(local, -months).date(), local.date()


def is_in_view(line: Reimbursement, start: date, end: date) -> bool:
    """Whether some day of the line lies in the period, both days included.

    A long-term condition lasts until it is ended.
    """
    if line.kind is Kind.LONG_TERM and line.end is None:
        return line.start <= end
    return line.start <= end and (line.end or line.start) >= start


def standing(lines: Iterable[Reimbursement]) -> tuple[Reimbursement, ...]:
    """The lines that stand once everything is counted, newest first; the order in which they came is nothing.

    Identical lines are one, with the sum of their quantities; where that is not strictly positive nothing is
    left. Of identical lines the one that came last says the rest (prescription, specialities, end).
    """
    alone: dict[tuple[object, ...], Reimbursement] = {}  # nearly all are
    groups: dict[tuple[object, ...], list[Reimbursement]] = {}
    for line in lines:
        identity = _identity(line)
        first = alone.setdefault(identity, line)
        if first is not line:
            groups.setdefault(identity, [first]).append(line)
    for identity, group in groups.items():
        summed = _summed(group)
        if summed is None:
            del alone[identity]
        else:
            alone[identity] = summed
    return tuple(sorted([line for line in alone.values() if line.quantity > 0], key=_newest_first))


def _identity(line: Reimbursement) -> tuple[object, ...]:
    """What makes two lines the same care. Where nobody performed it, the place did."""
    performer = line.performer or line.place
    # The values of the words: hashing a member of an enumeration is a call of Python.
    kind, system = line.kind._value_, line.system._value_
    return kind, system, line.code, line.start, line.nature, performer, line.prescriber


def _summed(group: Sequence[Reimbursement]) -> Reimbursement | None:
    # fsum is exact, so that the order of the lines cannot matter; the rest of a sum of decimals is none.
    quantity = round(fsum(line.quantity for line in group), 6)
    positive = [line for line in group if line.quantity > 0]
    if quantity <= 0 or not positive:
        return None
    last = max(positive, key=lambda line: (line.flow or date.min, line.line_id))
    return last if last.quantity == quantity else last._replace(quantity=quantity)


_KINDS: Final = {kind.value: rank for rank, kind in enumerate(Kind)}


def _newest_first(line: Reimbursement) -> tuple[object, ...]:
    return -line.start.toordinal(), _KINDS[line.kind._value_], line.code, line.line_id


def digest_of(lines: Iterable[Reimbursement]) -> str:
    """A word for what standing lines say, the same for the same lines: is there something new to say?"""
    said = sha256()
    for line in lines:
        values = (
            line.kind, line.system, line.code, line.start, line.end, line.prescribed_on, line.nature,
            line.quantity, line.prescriber, line.prescriber_speciality, line.performer,
            line.performer_speciality, line.place, line.prescriber_place,
        )  # fmt: skip
        said.update("\x1f".join(map(str, values)).encode())
        said.update(b"\x1e")
    return said.hexdigest()


def code_of(line: Reimbursement) -> Code:
    """The code of a line in its code system; of laboratory acts without leading zeros."""
    code = line.code.lstrip("0") or line.code if line.system is System.NABM else line.code
    return Code(code, SYSTEM_OF_LINE[line.system])


def people_of(lines: Iterable[Reimbursement]) -> frozenset[str]:
    """RPPS and FINESS of everybody and every place that the lines name."""
    return frozenset(chain.from_iterable(set(map(_people, lines)))) - {""}


_people = attrgetter("prescriber", "performer", "place", "prescriber_place")


def medicine_of(line: Reimbursement, knowledge: Knowledge) -> Medicine | None:
    """The medicine of a delivery; None for another line, and when nothing is known of it."""
    if line.kind is not Kind.MEDICINE:
        return None
    return knowledge.medicines.by_codes((code_of(line),))


def is_vaccine(line: Reimbursement, knowledge: Knowledge) -> bool:
    """Whether a delivered medicine is a vaccine, by its ATC code."""
    medicine = medicine_of(line, knowledge)
    return medicine is not None and medicine.atc.startswith(VACCINES)
