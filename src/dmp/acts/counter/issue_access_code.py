"""Issue a code on a letter or by SMS: with it and her birth date the person logs in, once.

Who: an agent at a desk or a pharmacist, after having seen the person and her papers. The code is told this
once: on the letter, or by SMS and then not to the counter. A new one ends the one before. The holder is told.

Source: ux rules of the project §6.1 D, §7.4.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from dmp.acts.act import Act, OfPatient, always
from dmp.acts.counter.counting import keep_operation, stands_at_a_counter
from dmp.acts.notices.send_notice import NotSent
from dmp.acts.notices.telling import place_of, tell
from dmp.acts.relatives.invitation import digest_of, new_code
from dmp.acts.work import Work
from dmp.domain.access.actions import Action
from dmp.domain.arranging.access_code import BY_SMS_VALID_FOR, VALID_FOR, AccessCode
from dmp.domain.counter.operation import Deed
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import Ins
from dmp.domain.identity.caller import Strength
from dmp.domain.identity.matching import differences
from dmp.domain.identity.patient import Traits
from dmp.domain.record.notice import NoticeKind

SendCode = Callable[[str, str], Awaitable[None]]
"""Sends a code by SMS: (telephone number, code). Raises NotSent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeBySms:
    """To which number, and by what. An act that is begun again sends again: the last code is the good one."""

    number: str
    send: SendCode


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueAccessCode:
    """For whom, by the identity that was seen; on a letter, or by SMS."""

    ins: Ins
    traits: Traits
    by_sms: CodeBySms | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedCode:
    """The code, told this once and empty when it left by SMS, when it was issued and until when it opens."""

    code: str
    issued_at: datetime
    expires_at: datetime


async def _issue(request: IssueAccessCode, work: Work) -> IssuedCode:
    _check(request, work)
    record_id = work.record.record_id
    # Read first, so that two letters at once do not both open.
    await work.slips.of_record(record_id, AccessCode)
    plain = new_code()
    lasts = VALID_FOR if request.by_sms is None else BY_SMS_VALID_FOR
    code = AccessCode(code_digest=digest_of(plain), issued_at=work.now, expires_at=work.now + lasts)
    work.slips.keep(record_id, code, code_digest=code.code_digest)
    by = getattr(work.caller.who, "name", "")
    kind = NoticeKind.ACCESS_CODE_ISSUED
    tell(work, kind, record_id, code.code_digest, by=by, place=place_of(work))
    await keep_operation(work, Deed.CODE_ISSUED if request.by_sms is None else Deed.CODE_SENT)
    if request.by_sms is not None:
        await _sent(request.by_sms, plain)
        plain = ""
    return IssuedCode(code=plain, issued_at=code.issued_at, expires_at=code.expires_at)


async def _sent(by_sms: CodeBySms, code: str) -> None:
    """Raises Refused: PARAMETER_INVALID when the number takes no SMS, UNAVAILABLE when none leaves now."""
    try:
        await by_sms.send(by_sms.number, code)
    except NotSent as failure:
        if failure.for_good:
            raise Refused(
                Reason.PARAMETER_INVALID, parameter="phone", detail="no SMS reaches it"
            ) from None
        raise Refused(Reason.UNAVAILABLE) from None


def _check(request: IssueAccessCode, work: Work) -> None:
    caller, record = work.caller, work.record
    if not stands_at_a_counter(work) or record.preferences.blocked(caller.id, work.now):
        raise Refused(Reason.ACT_NOT_ALLOWED)
    if caller.strength < Strength.INDIVIDUAL:
        raise Refused(Reason.INDIVIDUAL_AUTHENTICATION_REQUIRED)
    if record.is_minor(work.now, work.policy.majority_age):
        raise Refused(Reason.ACT_NOT_ALLOWED)
    wrong = differences(record.traits, request.traits)
    if wrong:
        raise Refused(Reason.IDENTITY_MISMATCH, traits=", ".join(wrong))


issue_access_code = Act(
    name="issue-access-code",
    actions=always(Action.ISSUE_ACCESS_CODE),
    target=lambda request: OfPatient(request.ins),
    run=_issue,
    detail=lambda request: "letter" if request.by_sms is None else "sms",
)
