"""Who may ask at all: known, of a kind that has this action on its list, acting where the law allows it,
and in the relation he claims.
"""

from __future__ import annotations

from dmp.domain.access.actions import BY_LEVEL, MAY_ASK, Action
from dmp.domain.access.policy import Policy
from dmp.domain.access.rules.marks import of_the_asker, only_of
from dmp.domain.access.rules.question import Question, Verdict
from dmp.domain.errors import Reason
from dmp.domain.identity.caller import (
    Carer,
    Holder,
    Professional,
    Representative,
    Strength,
)
from dmp.domain.identity.capacity import Capacity

_UNKNOWN, _IN_PERSON, _BARRED = Strength.NONE, Strength.INDIVIDUAL, Capacity.BARRED


@of_the_asker
def nobody_is_authenticated(question: Question, _: Policy) -> Verdict | None:
    """An unknown caller does nothing."""
    if question.caller.strength is _UNKNOWN:
        return Verdict(Reason.NOT_AUTHENTICATED)
    return None


@of_the_asker
def caller_may_not_ask_this(question: Question, _: Policy) -> Verdict | None:
    """Each kind of caller has its list of actions; what is not on it is refused."""
    if question.action not in MAY_ASK.get(type(question.caller.who), frozenset()):
        return Verdict(Reason.ACT_NOT_ALLOWED)
    return None


@of_the_asker
@only_of(Holder, Representative, Carer)
def person_is_not_proven(question: Question, _: Policy) -> Verdict | None:
    """A holder, a representative or a carer acts only when authenticated in person, whatever the act."""
    caller = question.caller
    if caller.strength < _IN_PERSON and isinstance(caller.who, Holder | Representative | Carer):
        return Verdict(Reason.INDIVIDUAL_AUTHENTICATION_REQUIRED)
    return None


@only_of(Professional)
def law_forbids_this_place_of_work(question: Question, _: Policy) -> Verdict | None:
    """Nobody acts from an insurer, an employer or the industry, even with the person's agreement."""
    who = question.caller.who
    if isinstance(who, Professional) and who.capacity is _BARRED:
        return Verdict(Reason.ACCESS_FORBIDDEN_BY_LAW)
    return None


@only_of(Holder)
def holder_opens_own_record_only(question: Question, _: Policy) -> Verdict | None:
    """A holder asks about himself; another person's record does not exist for him."""
    who = question.caller.who
    if not isinstance(who, Holder):
        return None
    about = question.record.ins if question.record is not None else question.about
    if about is not None and about != who.ins:
        return Verdict(Reason.RECORD_NOT_FOUND)
    return None


@only_of(Representative)
def representative_needs_the_relation(question: Question, policy: Policy) -> Verdict | None:
    """A representative acts while the relation is in force; a parent until majority, whatever is written."""
    who, record = question.caller.who, question.record
    if not isinstance(who, Representative):
        return None
    if record is not None and record.is_represented_by(
        who.ins.matricule, question.at, policy.majority_age
    ):
        return None
    return Verdict(Reason.RECORD_NOT_FOUND)


@only_of(Carer)
def carer_needs_the_relation(question: Question, policy: Policy) -> Verdict | None:
    """A carer does what the level he was given allows, while it lasts and where carers are admitted."""
    who, record = question.caller.who, question.record
    if not isinstance(who, Carer):
        return None
    if not policy.carers:
        return Verdict(Reason.RECORD_NOT_FOUND)
    if question.action is Action.ANSWER_INVITATION:
        return None
    caring = record.relations.carer(who.ins.matricule, question.at) if record is not None else None
    if caring is None:
        return Verdict(Reason.RECORD_NOT_FOUND)
    if question.action not in BY_LEVEL[caring.level]:
        return Verdict(Reason.ACT_NOT_ALLOWED)
    return None
