"""Emergency: breaking the glass, and the regulation of SAMU. For sixty minutes, reading only."""

from __future__ import annotations

from dmp.domain.access.actions import Action
from dmp.domain.access.policy import Policy
from dmp.domain.access.rules.marks import of_the_asker
from dmp.domain.access.rules.question import Duty, Question, Verdict
from dmp.domain.access.rules.scopes import by_the_matrix
from dmp.domain.errors import Reason
from dmp.domain.identity.caller import Caller, Motive, Professional, Purpose
from dmp.domain.identity.capacity import Capacity

SHORTEST_REASON = 10
"""Characters of a reason in words that stands for itself, without a coded motive."""

_NORMAL = Purpose.NORMAL
_IN_EMERGENCY = frozenset(
    {Action.FIND_DOCUMENTS, Action.READ_DOCUMENT, Action.TEST_EXISTENCE, Action.DEPOSIT}
)


@of_the_asker
def emergency_changes_nothing(question: Question, _: Policy) -> Verdict | None:
    """In an emergency one reads, and feeds as always; nothing else."""
    if question.caller.purpose is _NORMAL or question.action in _IN_EMERGENCY:
        return None
    return Verdict(Reason.ACT_NOT_ALLOWED)


def emergency_access(question: Question, policy: Policy) -> Verdict | None:
    """Break-glass and SAMU regulation read without consent, unless the holder objected beforehand."""
    caller, record = question.caller, question.record
    if record is None or caller.purpose is _NORMAL:
        return None
    reason = _not_entitled(caller) or _not_justified(caller)
    if reason is not None:
        return Verdict(reason)
    since = caller.purpose_since
    if since is not None and question.at >= since + policy.emergency:
        return Verdict(Reason.EMERGENCY_ENDED)
    switches = record.preferences.emergency
    allowed = switches.regulation if caller.purpose is Purpose.REGULATION else switches.break_glass
    if not allowed:
        return Verdict(Reason.EMERGENCY_OPPOSED)
    scope = by_the_matrix(question, policy, masked=switches.masked_documents)
    return Verdict(scope=scope, duties=(Duty.NOTIFY_EMERGENCY,))


def _not_entitled(caller: Caller) -> Reason | None:
    """Health professionals break the glass, but not in occupational medicine; regulating doctors regulate."""
    who = caller.who
    if not isinstance(who, Professional) or who.capacity is Capacity.OCCUPATIONAL:
        return Reason.ACT_NOT_ALLOWED
    if caller.purpose is Purpose.REGULATION and not who.may_regulate:
        return Reason.ACT_NOT_ALLOWED
    return None


def _not_justified(caller: Caller) -> Reason | None:
    """Breaking the glass needs its motive: a coded one, or a reason in words."""
    if caller.purpose is not Purpose.BREAK_GLASS:
        return None
    if caller.motive in (Motive.LIFE_AT_RISK, Motive.CANNOT_EXPRESS_WILL):
        return None
    if len(caller.purpose_reason.strip()) >= SHORTEST_REASON:
        return None
    return Reason.EMERGENCY_REASON_MISSING
