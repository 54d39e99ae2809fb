"""Invite somebody to help with the record: a carer (proche aidant), at one of three levels, until a date.

Mon espace santé, module of the aidants; behind a setting. Who: the holder, his representative. The code
is shown once, to whoever invites; the invited person answers with it and with her own identity.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from dmp.acts.act import Act, OfRecord, always
from dmp.acts.notices.security import tell_holder
from dmp.acts.relatives.invitation import VALID_FOR, carers_are_admitted, digest_of, new_code
from dmp.acts.work import Work
from dmp.domain.access.actions import Action
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import RecordId
from dmp.domain.identity.patient import Traits, folded
from dmp.domain.record.calendar import LOCAL, majority_of, years_after
from dmp.domain.record.confidences import told_to
from dmp.domain.record.health_record import HealthRecord
from dmp.domain.record.notice import NoticeKind
from dmp.domain.record.relations import CarerLevel, Caring, Invitation


@dataclass(frozen=True, slots=True, kw_only=True)
class InviteCarer:
    """Who is invited, by the identity she will have to prove; to what, and until when, at most a year."""

    record_id: RecordId
    birth_name: str
    first_given_name: str
    birth_date: date
    level: CarerLevel
    end: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Invited:
    """The record with the invitation, and its code, which is told this once."""

    record: HealthRecord
    caring_id: UUID
    code: str


async def _invite(request: InviteCarer, work: Work) -> Invited:
    carers_are_admitted(work)
    _check(request, work)
    code = new_code()
    end = _end(request, work)
    caring = Caring(
        caring_id=work.new_uuid(),
        level=request.level,
        birth_name=request.birth_name.strip(),
        first_given_name=request.first_given_name.strip(),
        birth_date=request.birth_date,
        code_digest=digest_of(code),
        answer_by=min(work.now + VALID_FOR, end),
        start=work.now,
        end=end,
    )
    relations = work.record.relations
    record = replace(work.record, relations=replace(relations, carers=(*relations.carers, caring)))
    work.records.change(record)
    tell_holder(work, NoticeKind.CARER_INVITED, caring.caring_id)
    return Invited(record=told_to(record, work.caller), caring_id=caring.caring_id, code=code)


def _check(request: InviteCarer, work: Work) -> None:
    if not request.birth_name.strip() or not request.first_given_name.strip():
        raise Refused(Reason.PARAMETER_MISSING, parameter="name of the carer")
    if request.birth_date >= work.now.astimezone(LOCAL).date():
        raise Refused(
            Reason.PARAMETER_INVALID, parameter="birth date", detail="it lies in the future"
        )
    if request.end <= work.now:
        raise Refused(Reason.RELATION_ENDS_BEFORE_START)
    if request.end > years_after(work.now.astimezone(LOCAL), 1):
        raise Refused(Reason.RELATION_NOT_POSSIBLE, detail="a carer is named for a year at most")
    if _is_the_holder(request, work.record.traits):
        raise Refused(Reason.RELATION_NOT_POSSIBLE, detail="nobody is his own carer")
    if len(_counted(work)) >= work.policy.carers_at_most:
        raise Refused(Reason.TOO_MANY_CARERS, limit=work.policy.carers_at_most)


def _is_the_holder(request: InviteCarer, holder: Traits) -> bool:
    return (
        folded(request.birth_name) == folded(holder.birth_name)
        and folded(request.first_given_name) == folded(holder.first_given_name)
        and request.birth_date == holder.birth_date
    )


def _counted(work: Work) -> list[Caring]:
    """Carers in force, and invitations that may still be accepted."""
    open_ones = (Invitation.PENDING, Invitation.ACCEPTED)
    return [
        caring
        for caring in work.record.relations.carers
        if caring.in_force(work.now) and caring.invitation_at(work.now) in open_ones
    ]


def _end(request: InviteCarer, work: Work) -> datetime:
    """What is agreed for a minor ends at majority."""
    majority = majority_of(work.record.traits.birth_date, work.policy.majority_age)
    return min(request.end, majority) if work.now < majority else request.end


invite_carer = Act(
    name="invite-carer",
    actions=always(Action.INVITE_CARER),
    target=lambda request: OfRecord(request.record_id),
    run=_invite,
    detail=lambda request: request.level.value,
)
