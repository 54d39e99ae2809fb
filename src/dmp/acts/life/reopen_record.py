"""Reactivate a closed record, with everything archived in it.

DMP TD1.2; CSP R1111-36. Who: the holder, the desk, a professional, with the recorded consent.
"""

from __future__ import annotations

from dataclasses import dataclass

from dmp.acts.act import Act, OfRecord, always
from dmp.acts.counter.counting import keep_operation
from dmp.acts.identity.marking import keep_mark
from dmp.acts.life.step import step_of
from dmp.acts.work import Work
from dmp.domain.access.actions import Action
from dmp.domain.counter.operation import Deed
from dmp.domain.identifiers import RecordId
from dmp.domain.record.health_record import HealthRecord, State, reopen


@dataclass(frozen=True, slots=True, kw_only=True)
class ReopenRecord:
    """Which record, and the consent as it was given, in words."""

    record_id: RecordId
    consent: str


async def _reopen_record(request: ReopenRecord, work: Work) -> HealthRecord:
    record = reopen(work.record, step_of(work, State.OPEN, request.consent))
    await keep_mark(work, record)
    await keep_operation(work, Deed.REOPENED)
    work.records.change(record)
    return record


reopen_record = Act(
    name="reopen-record",
    actions=always(Action.REOPEN_RECORD),
    target=lambda request: OfRecord(request.record_id),
    run=_reopen_record,
    transactions=("TD1.2",),
)
