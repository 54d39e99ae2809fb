"""Acts that show no health content, permitted to whoever may ask them; and heirs, by an officer."""

from __future__ import annotations

from dmp.domain.access.actions import Action
from dmp.domain.access.policy import Policy
from dmp.domain.access.rules.marks import only_on
from dmp.domain.access.rules.question import Question, Verdict
from dmp.domain.access.rules.scopes import everything
from dmp.domain.errors import Reason
from dmp.domain.identity.caller import Coordinator, Professional
from dmp.domain.record.health_record import ClosingMotive

_ADMINISTRATIVE = frozenset(
    {
        Action.INFORM_PERSON,
        Action.OPEN_RECORD,
        Action.REFUSE_RECORD,
        Action.SUSPEND_RECORD,
        Action.CLOSE_RECORD,
        Action.REOPEN_RECORD,
        Action.ASK_ERASURE,
        Action.CANCEL_ERASURE,
        Action.DESTROY_RECORD,
        Action.REACH_MAJORITY,
        Action.FOLLOW_ANNOUNCEMENT,
        Action.FEED_CLAIMS,
        Action.DERIVE_FINDINGS,
        Action.SEND_NOTICE,
        Action.TEST_EXISTENCE,
        Action.WITHDRAW_CONSENT,
        Action.DECLARE_ATTENDING_DOCTOR,
        Action.DECLARE_REPRESENTATIVE,
        Action.EXPLAIN_ACCESS,
        Action.REVIEW_EMERGENCY,
        Action.ANSWER_REPORT,
        Action.FILE_HEIR_REQUEST,
        Action.DECIDE_HEIR_REQUEST,
        Action.ISSUE_ACCESS_CODE,
        Action.KEEP_PASSKEYS,
        Action.NOTE_LOGIN,
    }
)

_GRANT, _RELEASE = Action.GRANT_CONSENT, Action.RELEASE_TO_HEIRS


@only_on(*_ADMINISTRATIVE, _GRANT)
def administrative_act_is_permitted(question: Question, _: Policy) -> Verdict | None:
    """Acts that show no health content, permitted to whoever may ask them."""
    if question.action in _ADMINISTRATIVE:
        return Verdict()
    if question.action is _GRANT and not isinstance(
        question.caller.who, Professional | Coordinator
    ):
        return Verdict()
    return None


@only_on(_RELEASE)
def heirs_receive_after_death_only(question: Question, _: Policy) -> Verdict | None:
    """Heirs are given documents of a record closed by death, unless the deceased objected."""
    record = question.record
    if question.action is not _RELEASE or record is None:
        return None
    closure = record.closure
    if closure is None or closure.motive is not ClosingMotive.DEATH:
        return Verdict(Reason.HEIRS_NOT_ENTITLED)
    if record.preferences.heirs_opposed:
        return Verdict(Reason.HEIRS_NOT_ENTITLED)
    return Verdict(scope=everything(question))
