"""Reading in person: the holder, who represents him, who cares for him."""

from __future__ import annotations

from dmp.domain.access.filter import Scope
from dmp.domain.access.policy import Policy
from dmp.domain.access.rules.marks import of_the_asker, only_of
from dmp.domain.access.rules.question import Question, Verdict
from dmp.domain.access.rules.scopes import own_ids
from dmp.domain.errors import Reason
from dmp.domain.identity.caller import Carer, Holder, Representative, Strength, StructureSystem

_IN_PERSON = Strength.INDIVIDUAL


@of_the_asker
def individual_authentication_is_missing(question: Question, _: Policy) -> Verdict | None:
    """Reading needs a person authenticated in person; a structure alone never reads."""
    caller = question.caller
    if caller.strength < _IN_PERSON or isinstance(caller.who, StructureSystem):
        return Verdict(Reason.INDIVIDUAL_AUTHENTICATION_REQUIRED)
    return None


@only_of(Holder)
def holder_sees_own_record(question: Question, _: Policy) -> Verdict | None:
    """The holder sees everything, but what waits for an announcement."""
    if isinstance(question.caller.who, Holder):
        return Verdict(
            scope=Scope(
                own_ids=own_ids(question),
                sees_masked=True,
                sees_hidden_from_representatives=True,
                at=question.at,
            )
        )
    return None


@only_of(Representative)
def representative_sees_as_holder(question: Question, _: Policy) -> Verdict | None:
    """A representative sees what the holder sees, less what is hidden from representatives."""
    if isinstance(question.caller.who, Representative):
        return Verdict(scope=Scope(own_ids=own_ids(question), sees_masked=True, at=question.at))
    return None


@only_of(Carer)
def carer_sees_as_representative(question: Question, _: Policy) -> Verdict | None:
    """A carer sees what a representative would: masks are for professionals, secrets are for nobody else."""
    if isinstance(question.caller.who, Carer):
        return Verdict(scope=Scope(own_ids=own_ids(question), sees_masked=True, at=question.at))
    return None
