"""Say that the statement of a month is not what a pharmacy expected; read what was said before.

Who: a pharmacist, for his pharmacy. The count here is what stands beside it, read at that moment: it is not
changed by what is said.

Source: ux rules of the project §7.4.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dmp.acts.act import Act, OfNothing, always
from dmp.acts.counter.read_statement import LONGEST
from dmp.acts.work import Work
from dmp.domain.access.actions import Action
from dmp.domain.counter.dispute import LONGEST_NOTE, StatementDispute, dispute_id
from dmp.domain.counter.opening import CountedOpening, statement_of, works_in_a_pharmacy
from dmp.domain.errors import Reason, Refused
from dmp.domain.identity.caller import Strength


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeStatement:
    """Of the month in which this day lies: how many openings were expected, and why."""

    month: date
    expected: int
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadDispute:
    """Of the month in which this day lies."""

    month: date


async def _dispute(request: DisputeStatement, work: Work) -> StatementDispute:
    owner = _pharmacy(work)
    if not 0 <= request.expected <= LONGEST:
        raise Refused(Reason.PARAMETER_INVALID, parameter="expected", detail="not a count")
    openings = await work.own_slips.of_owner(owner, CountedOpening, LONGEST)
    statement = statement_of(openings, request.month)
    slip_id = dispute_id(statement.month)
    await work.own_slips.one(owner, StatementDispute, slip_id)
    dispute = StatementDispute(
        slip_id=slip_id,
        month=statement.month,
        expected=request.expected,
        counted=statement.count,
        at=work.now,
        note=request.note.strip()[:LONGEST_NOTE],
    )
    work.own_slips.keep(owner, dispute)
    return dispute


async def _read(request: ReadDispute, work: Work) -> StatementDispute | None:
    slip_id = dispute_id(request.month.replace(day=1))
    return await work.own_slips.one(_pharmacy(work), StatementDispute, slip_id)


def _pharmacy(work: Work) -> str:
    structure = work.caller.structure
    if structure is None or not works_in_a_pharmacy(work.caller):
        raise Refused(Reason.ACT_NOT_ALLOWED)
    if work.caller.strength < Strength.INDIVIDUAL:
        raise Refused(Reason.INDIVIDUAL_AUTHENTICATION_REQUIRED)
    return structure.id_nat


dispute_statement = Act(
    name="dispute-statement",
    actions=always(Action.DISPUTE_STATEMENT),
    target=lambda _: OfNothing(),
    run=_dispute,
)

read_dispute = Act(
    name="read-dispute",
    actions=always(Action.READ_COUNTER),
    target=lambda _: OfNothing(),
    run=_read,
    reads=True,
)
