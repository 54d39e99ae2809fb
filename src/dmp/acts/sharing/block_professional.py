"""Block a professional, or unblock him. A block ends his consents; unblocking gives none back.

CSP L1111-19. Who: the holder; the attending doctor and the administrators may block too, but not the
attending doctor, and only the holder unblocks.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from dmp.acts.act import Act, OfRecord, always
from dmp.acts.work import Work
from dmp.domain.access.actions import Action
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import RecordId
from dmp.domain.identity.caller import Professional
from dmp.domain.record.confidences import told_to
from dmp.domain.record.health_record import HealthRecord
from dmp.domain.record.preferences import Block, BlockedBy


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockProfessional:
    """Whom: PS_IdNat and the name the holder knows him by."""

    record_id: RecordId
    person_id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UnblockProfessional:
    """Whom."""

    record_id: RecordId
    person_id: str


async def _block_professional(request: BlockProfessional, work: Work) -> HealthRecord:
    if not request.person_id.strip():
        raise Refused(Reason.PARAMETER_MISSING, parameter="professional")
    by_professional = isinstance(work.caller.who, Professional)
    if by_professional:
        _check_reach(request.person_id, work)
    block = Block(
        person_id=request.person_id,
        name=request.name,
        start=work.now,
        by=work.caller.id,
        by_kind=BlockedBy.ATTENDING_DOCTOR if by_professional else BlockedBy.HOLDER,
    )
    record = replace(
        work.record,
        preferences=work.record.preferences.with_block(block),
        relations=work.record.relations.ended_for(request.person_id, work.now),
    )
    work.records.change(record)
    return told_to(record, work.caller)


def _check_reach(person_id: str, work: Work) -> None:
    """A professional blocks neither himself nor the attending doctor."""
    if person_id == work.caller.id or work.record.relations.is_attending_doctor(
        person_id, work.now
    ):
        raise Refused(
            Reason.RELATION_NOT_POSSIBLE, detail="only the holder blocks this professional"
        )


async def _unblock_professional(request: UnblockProfessional, work: Work) -> HealthRecord:
    record = replace(
        work.record, preferences=work.record.preferences.without_block(request.person_id, work.now)
    )
    work.records.change(record)
    return told_to(record, work.caller)


block_professional = Act(
    name="block-professional",
    actions=always(Action.BLOCK_PROFESSIONAL),
    target=lambda request: OfRecord(request.record_id),
    run=_block_professional,
    detail=lambda request: request.name,
)

unblock_professional = Act(
    name="unblock-professional",
    actions=always(Action.UNBLOCK_PROFESSIONAL),
    target=lambda request: OfRecord(request.record_id),
    run=_unblock_professional,
)
