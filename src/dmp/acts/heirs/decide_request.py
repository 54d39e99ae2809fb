"""Decide a request of heirs: granted or refused, with its grounds, by another officer than who filed it.

CSP L1110-4 V. Who: the operator. What the deceased objected to is not granted.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from dmp.acts.act import Act, OfRecord, always
from dmp.acts.heirs.file_request import closed_by_death
from dmp.acts.work import Work
from dmp.domain.access.actions import Action
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import RecordId
from dmp.domain.record.heirs import HeirDecision, HeirRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideHeirRequest:
    """Which request, the decision, and its grounds in words."""

    record_id: RecordId
    request_id: UUID
    decision: HeirDecision
    grounds: str


async def _decide(request: DecideHeirRequest, work: Work) -> HeirRequest:
    filed = await filed_request(request.request_id, work)
    decided = filed.decided(request.decision, work.caller.id, work.now, request.grounds)
    if decided.decision is HeirDecision.GRANTED:
        closed_by_death(work.record)
        if work.record.preferences.heirs_opposed:
            raise Refused(Reason.HEIRS_NOT_ENTITLED)
    work.unit.heirs.change(decided, filed)
    return decided


async def filed_request(request_id: UUID, work: Work) -> HeirRequest:
    """A request about this record. Raises Refused: REVIEW_NOT_POSSIBLE."""
    found = await work.unit.heirs.by_id(work.record.record_id, request_id)
    if found is None:
        raise Refused(Reason.REVIEW_NOT_POSSIBLE, detail="unknown")
    return found


decide_heir_request = Act(
    name="decide-heir-request",
    actions=always(Action.DECIDE_HEIR_REQUEST),
    target=lambda request: OfRecord(request.record_id),
    run=_decide,
    detail=lambda request: request.decision.value,
)
