"""Answer an invitation to be somebody's carer: accept it or refuse it, once.

Who: the invited person, with the code and her own proven identity. An unknown code, another identity, an
invitation answered, withdrawn or expired: one and the same refusal, so that no code can be probed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from dmp.acts.act import Act, OfNothing, always
from dmp.acts.notices.telling import tell
from dmp.acts.relatives.invitation import carers_are_admitted, digest_of
from dmp.acts.work import Work
from dmp.domain.access.actions import Action
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import RecordId
from dmp.domain.identity.caller import Carer
from dmp.domain.identity.patient import Traits, folded
from dmp.domain.record.health_record import HealthRecord, State
from dmp.domain.record.notice import NoticeKind
from dmp.domain.record.relations import Caring, Invitation


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerInvitation:
    """The code as it was given, the identity as the login proves it, and the answer."""

    code: str
    traits: Traits
    accept: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AnsweredInvitation:
    """Whose record, and the relation as it is now."""

    record_id: RecordId
    holder_name: str
    caring: Caring


async def _answer(request: AnswerInvitation, work: Work) -> AnsweredInvitation:
    carers_are_admitted(work)
    who = work.caller.who
    if not isinstance(who, Carer):  # the rules let nobody else ask
        raise Refused(Reason.ACT_NOT_ALLOWED)
    digest = digest_of(request.code)
    record = await work.records.by_invitation(digest)
    if record is None:
        raise Refused(Reason.INVITATION_UNKNOWN)
    # The holder reads of every attempt with a true code.
    work.traced_record = record.record_id
    caring = _invitation(record, digest, request.traits, who, work)
    if request.accept:
        await _check_limit(who, record, work)
    answered = replace(
        caring,
        invitation=Invitation.ACCEPTED if request.accept else Invitation.REFUSED,
        matricule=who.ins.matricule,
        name=who.name,
    )
    work.records.change(_with(record, answered, work))
    about = answered.caring_id
    tell(work, NoticeKind.CARER_ANSWERED, record.record_id, about, by=answered.name)
    return AnsweredInvitation(
        record_id=record.record_id, holder_name=record.traits.display, caring=answered
    )


def _invitation(
    record: HealthRecord, digest: str, traits: Traits, who: Carer, work: Work
) -> Caring:
    """The invitation that may still be answered by this person. Raises Refused: INVITATION_UNKNOWN."""
    for caring in record.relations.carers:
        if (
            caring.code_digest == digest
            and record.state is State.OPEN
            and who.ins != record.ins
            and caring.in_force(work.now)
            and caring.invitation_at(work.now) is Invitation.PENDING
            and _is_invited(caring, traits)
        ):
            return caring
    raise Refused(Reason.INVITATION_UNKNOWN)


def _is_invited(caring: Caring, traits: Traits) -> bool:
    return (
        folded(caring.birth_name) == folded(traits.birth_name)
        and folded(caring.first_given_name) == folded(traits.first_given_name)
        and caring.birth_date == traits.birth_date
    )


async def _check_limit(who: Carer, asked: HealthRecord, work: Work) -> None:
    helped = sum(
        1
        for record in await work.records.in_whose_relations(who.ins.matricule)
        if record.record_id != asked.record_id
        and record.state is State.OPEN
        and record.relations.carer(who.ins.matricule, work.now) is not None
    )
    if helped >= work.policy.helped_at_most:
        raise Refused(Reason.TOO_MANY_CARERS, limit=work.policy.helped_at_most)


def _with(record: HealthRecord, answered: Caring, work: Work) -> HealthRecord:
    """The record with the answer; what the same person was before is over once she accepts anew."""

    def now(caring: Caring) -> Caring:
        if caring.caring_id == answered.caring_id:
            return answered
        again = answered.invitation is Invitation.ACCEPTED
        if again and caring.is_carer(answered.matricule, work.now):
            return replace(caring, end=caring.end_at(work.now))
        return caring

    carers = tuple(now(caring) for caring in record.relations.carers)
    return replace(record, relations=replace(record.relations, carers=carers))


answer_invitation = Act(
    name="answer-invitation",
    actions=always(Action.ANSWER_INVITATION),
    target=lambda _: OfNothing(),
    run=_answer,
    detail=lambda request: "accept" if request.accept else "refuse",
)
