"""Close a record: content shown to nobody, kept ten years. Or suspend it first, for the operator.

DMP TD1.4; CSP R1111-36. Who: the holder, his representative, the desk; the operator after suspension.
"""

from __future__ import annotations

from dataclasses import dataclass

from dmp.acts.act import Act, OfRecord, always
from dmp.acts.counter.counting import keep_operation
from dmp.acts.life.step import step_of
from dmp.acts.work import Work
from dmp.domain.access.actions import Action
from dmp.domain.counter.operation import Deed
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import RecordId
from dmp.domain.identity.caller import Holder, Representative
from dmp.domain.record.health_record import ClosingMotive, HealthRecord, State, close, suspend


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseRecord:
    """Which record, for which motive, with a reason in words if one is given."""

    record_id: RecordId
    motive: ClosingMotive = ClosingMotive.HOLDER_REQUEST
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SuspendRecord:
    """Which record is suspended."""

    record_id: RecordId


_OF_THE_PERSON = {
    Holder: frozenset({ClosingMotive.HOLDER_REQUEST}),
    Representative: frozenset({ClosingMotive.HOLDER_REQUEST, ClosingMotive.REPRESENTATIVE_REQUEST}),
}
"""What a person may give as a motive: a death or a fraud is established by others."""


async def _close_record(request: CloseRecord, work: Work) -> HealthRecord:
    allowed = _OF_THE_PERSON.get(type(work.caller.who))
    if allowed is not None and request.motive not in allowed:
        raise Refused(Reason.PARAMETER_INVALID, parameter="motive", detail=request.motive.value)
    step = step_of(work, State.CLOSED)
    record = close(work.record, step, request.motive, request.reason.strip())
    await keep_operation(work, Deed.CLOSED)
    work.records.change(record)
    return record


async def _suspend_record(_: SuspendRecord, work: Work) -> HealthRecord:
    record = suspend(work.record, step_of(work, State.SUSPENDED))
    work.records.change(record)
    return record


close_record = Act(
    name="close-record",
    actions=always(Action.CLOSE_RECORD),
    target=lambda request: OfRecord(request.record_id),
    run=_close_record,
    transactions=("TD1.4",),
    detail=lambda request: request.motive.value,
)

suspend_record = Act(
    name="suspend-record",
    actions=always(Action.SUSPEND_RECORD),
    target=lambda request: OfRecord(request.record_id),
    run=_suspend_record,
)
