"""Record a person's opposition to a record, before or during the six weeks.

Source: CSP L1111-13-1, R1111-28. Who: the person, the desk.
"""

from __future__ import annotations

from dataclasses import dataclass

from dmp.acts.act import Act, OfPatient, always
from dmp.acts.counter.counting import keep_operation
from dmp.acts.life.step import step_of
from dmp.acts.work import Work
from dmp.domain.access.actions import Action
from dmp.domain.counter.operation import Deed
from dmp.domain.identifiers import Ins, RecordId
from dmp.domain.identity.patient import Traits
from dmp.domain.record.health_record import HealthRecord, State, refuse, refused


@dataclass(frozen=True, slots=True, kw_only=True)
class RefuseRecord:
    """Who refuses."""

    ins: Ins
    traits: Traits


async def _refuse_record(request: RefuseRecord, work: Work) -> HealthRecord:
    await keep_operation(work, Deed.REFUSED)
    step = step_of(work, State.REFUSED)
    known = work.known_record
    if known is None:
        record = refused(RecordId(work.new_uuid()), request.ins, request.traits, step)
        work.records.create(record)
        work.traced_record = record.record_id
        return record
    record = refuse(known, step)
    work.records.change(record)
    return record


refuse_record = Act(
    name="refuse-record",
    actions=always(Action.REFUSE_RECORD),
    target=lambda request: OfPatient(request.ins),
    run=_refuse_record,
)
