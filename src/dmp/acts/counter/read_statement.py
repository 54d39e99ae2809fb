"""The operations of an agent's day, and the statement of a pharmacy's openings.

Who: an agent at a desk and a pharmacist, their own day; a pharmacist, his pharmacy's month. Neither names a
person.

Source: ux rules of the project §7.4.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dmp.acts.act import Act, OfNothing, always
from dmp.acts.counter.counting import stands_at_a_counter
from dmp.acts.work import Work
from dmp.domain.access.actions import Action
from dmp.domain.counter.opening import (
    CountedOpening,
    Statement,
    statement_of,
    works_in_a_pharmacy,
)
from dmp.domain.counter.operation import MOST_IN_A_DAY, DeskOperation, is_of
from dmp.domain.errors import Reason, Refused
from dmp.domain.record.calendar import LOCAL

LONGEST = 50_000
"""Openings of one pharmacy that are counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListOperations:
    """Those of today, of whoever asks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadStatement:
    """Of the month in which this day lies; None is the present one."""

    month: date | None = None


async def _list_operations(_: ListOperations, work: Work) -> tuple[DeskOperation, ...]:
    if not stands_at_a_counter(work):
        raise Refused(Reason.ACT_NOT_ALLOWED)
    today = work.now.astimezone(LOCAL).date()
    kept = await work.own_slips.of_owner(work.caller.id, DeskOperation, MOST_IN_A_DAY)
    return tuple(one for one in kept if is_of(one, today))


async def _read_statement(request: ReadStatement, work: Work) -> Statement:
    structure = work.caller.structure
    if structure is None or not works_in_a_pharmacy(work.caller):
        raise Refused(Reason.ACT_NOT_ALLOWED)
    openings = await work.own_slips.of_owner(structure.id_nat, CountedOpening, LONGEST)
    month = request.month or work.now.astimezone(LOCAL).date()
    return statement_of(openings, month)


list_operations = Act(
    name="list-operations",
    actions=always(Action.READ_COUNTER),
    target=lambda _: OfNothing(),
    run=_list_operations,
    reads=True,
)

read_statement = Act(
    name="read-statement",
    actions=always(Action.READ_COUNTER),
    target=lambda _: OfNothing(),
    run=_read_statement,
    reads=True,
)
