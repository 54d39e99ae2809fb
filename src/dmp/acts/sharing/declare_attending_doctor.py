"""Take over the attending doctor declared to the insurer; he sees everything by law.

CSS L162-5-3, CSP L1111-16. Who: the insurer, or the operator on behalf of its declaration.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from dmp.acts.act import Act, OfRecord, always
from dmp.acts.work import Work
from dmp.domain.access.actions import Action
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import RecordId
from dmp.domain.record.health_record import HealthRecord
from dmp.domain.record.relations import AttendingDoctor


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclareAttendingDoctor:
    """Who: PS_IdNat and name, until when; an empty identifier ends the declaration."""

    record_id: RecordId
    person_id: str
    name: str
    end: datetime | None = None


async def _declare(request: DeclareAttendingDoctor, work: Work) -> HealthRecord:
    if request.end is not None and request.end <= work.now:
        raise Refused(Reason.RELATION_ENDS_BEFORE_START)
    doctor = (
        AttendingDoctor(
            person_id=request.person_id, name=request.name, start=work.now, end=request.end
        )
        if request.person_id
        else None
    )
    record = replace(work.record, relations=replace(work.record.relations, attending_doctor=doctor))
    work.records.change(record)
    return record


declare_attending_doctor = Act(
    name="declare-attending-doctor",
    actions=always(Action.DECLARE_ATTENDING_DOCTOR),
    target=lambda request: OfRecord(request.record_id),
    run=_declare,
)
