"""What the record itself allows: it exists, it is open, its holder is of the age that a session needs."""

from __future__ import annotations

from dmp.domain.access.actions import NEEDS_NO_RECORD, NEEDS_OPEN_RECORD
from dmp.domain.access.policy import Policy
from dmp.domain.access.rules.question import Question, Verdict
from dmp.domain.errors import Reason
from dmp.domain.identity.caller import Professional
from dmp.domain.record.health_record import State

_OPEN, _DESTROYED = State.OPEN, State.DESTROYED


def record_is_unknown(question: Question, _: Policy) -> Verdict | None:
    """No record, or a destroyed one: nothing to act on, unless the action can begin one."""
    if question.record is not None and question.record.state is not _DESTROYED:
        return None
    if question.action in NEEDS_NO_RECORD:
        return Verdict(scope=None)
    return Verdict(Reason.RECORD_NOT_FOUND)


_NOT_OPEN = {
    State.CLOSED: Reason.RECORD_CLOSED,
    State.ERASURE_PENDING: Reason.RECORD_CLOSED,
    State.SUSPENDED: Reason.RECORD_SUSPENDED,
    State.REFUSED: Reason.RECORD_REFUSED,
    State.INFORMED: Reason.RECORD_NOT_OPEN,
}


def record_is_not_open(question: Question, _: Policy) -> Verdict | None:
    """A record that is not open takes nothing and shows nothing."""
    record = question.record
    if record is None or record.state is _OPEN or question.action not in NEEDS_OPEN_RECORD:
        return None
    reason = _NOT_OPEN.get(record.state)
    return Verdict(reason) if reason else None


def secret_session_is_not_possible(question: Question, policy: Policy) -> Verdict | None:
    """A secret session is a professional's with a minor, from the age set nationally."""
    if not question.caller.secret:
        return None
    record, who = question.record, question.caller.who
    if (
        record is None
        or not policy.minors
        or not isinstance(who, Professional)
        or not record.is_minor(question.at, policy.majority_age)
        or record.is_minor(question.at, policy.secret_from_age)
    ):
        return Verdict(Reason.SECRET_SESSION_NOT_POSSIBLE)
    return None
