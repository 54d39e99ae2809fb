"""Review an emergency access: justified, or its author is asked to explain it.

Who: the operator. The verdict is traced in the record, where the holder reads of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from dmp.acts.act import Act, OfRecord, always
from dmp.acts.work import Work
from dmp.domain.access.actions import Action
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import RecordId
from dmp.domain.record.emergency_access import EmergencyAccess, Review


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewEmergency:
    """Which access, the verdict, and a remark: what is asked of the professional, or why it is right."""

    record_id: RecordId
    access_id: UUID
    verdict: Review
    remark: str = ""


async def _review(request: ReviewEmergency, work: Work) -> EmergencyAccess:
    access = await work.unit.emergencies.by_id(work.record.record_id, request.access_id)
    if access is None:
        raise Refused(Reason.REVIEW_NOT_POSSIBLE, detail="unknown")
    reviewed = access.reviewed(request.verdict, work.caller.id, work.now, request.remark)
    work.unit.emergencies.change(reviewed, access)
    return reviewed


review_emergency = Act(
    name="review-emergency",
    actions=always(Action.REVIEW_EMERGENCY),
    target=lambda request: OfRecord(request.record_id),
    run=_review,
    detail=lambda request: request.verdict.value,
)
