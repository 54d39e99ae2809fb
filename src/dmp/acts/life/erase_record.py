"""Ask for the destruction of a record, take it back, and destroy what is due.

CSP R1111-36: ten years after closure, or within three months of the holder's request.
"""

from __future__ import annotations

from dataclasses import dataclass

from dmp.acts.act import Act, OfRecord, always
from dmp.acts.life.step import step_of
from dmp.acts.work import Work
from dmp.domain.access.actions import Action
from dmp.domain.identifiers import RecordId
from dmp.domain.record.health_record import (
    HealthRecord,
    State,
    ask_erasure,
    cancel_erasure,
    destroyed,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class EraseRecord:
    """Which record."""

    record_id: RecordId


async def _ask_erasure(_: EraseRecord, work: Work) -> HealthRecord:
    record = ask_erasure(work.record, step_of(work, State.ERASURE_PENDING))
    work.records.change(record)
    return record


async def _cancel_erasure(_: EraseRecord, work: Work) -> HealthRecord:
    record = cancel_erasure(work.record, step_of(work, State.CLOSED))
    work.records.change(record)
    return record


async def _destroy_record(_: EraseRecord, work: Work) -> HealthRecord:
    record = destroyed(work.record, step_of(work, State.DESTROYED))
    work.records.destroy(record)
    return record


ask_record_erasure = Act(
    name="ask-erasure",
    actions=always(Action.ASK_ERASURE),
    target=lambda request: OfRecord(request.record_id),
    run=_ask_erasure,
)

cancel_record_erasure = Act(
    name="cancel-erasure",
    actions=always(Action.CANCEL_ERASURE),
    target=lambda request: OfRecord(request.record_id),
    run=_cancel_erasure,
)

destroy_record = Act(
    name="destroy-record",
    actions=always(Action.DESTROY_RECORD),
    target=lambda request: OfRecord(request.record_id),
    run=_destroy_record,
)
