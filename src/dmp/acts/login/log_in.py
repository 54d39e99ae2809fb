"""Log a holder in by her passkey, or by the code of a letter and her birth date; note that somebody logged in.

Who: the house itself, for nobody is known yet; the note, whoever logged in. What proves the person is
checked by whoever asks and by the act: an unknown key, a revoked one, a record that is no more or whose
holder died are one and the same refusal. The holder reads every attempt with a true key or code.

Source: ux rules of the project §6.1 C and D.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from dmp.acts.act import Act, OfNothing, OfPatient, OfRecord, Target, always
from dmp.acts.notices.security import tell_holder
from dmp.acts.relatives.invitation import digest_of
from dmp.acts.work import Work
from dmp.domain.access.actions import Action
from dmp.domain.arranging.access_code import AccessCode
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import Ins, RecordId
from dmp.domain.identity.caller import Caller, Door, Holder, Strength, SystemJob
from dmp.domain.identity.noted_login import LOGINS_KEPT, NotedLogin
from dmp.domain.identity.passkey import Passkey, credential_digest
from dmp.domain.identity.patient import Traits
from dmp.domain.record.health_record import ClosingMotive, HealthRecord, State
from dmp.domain.record.notice import NoticeKind

DOORKEEPER = Caller(
    who=SystemJob(name="login"), strength=Strength.INDIVIDUAL, door=Door.WEB, means="house"
)
"""Who asks before anybody is known."""


class NotProven(Exception):
    """An assertion that the public key does not confirm, or a counter that went back."""


Confirm = Callable[[Passkey], int]
"""Confirms an assertion with a public key, and tells the new count. Raises NotProven."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UsePasskey:
    """What the device says: which key, of whom; and what confirms it."""

    credential_id: str
    handle: str
    confirm: Confirm


@dataclass(frozen=True, slots=True, kw_only=True)
class UseAccessCode:
    """The code as it was typed, and the birth date."""

    code: str
    birth_date: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognised:
    """Who is logged in: the identity as the record holds it, and which record."""

    record_id: RecordId
    ins: Ins
    traits: Traits


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteLogin:
    """Of whom, None for whoever has no record; `means` is how it was proven."""

    means: str
    ins: Ins | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListLogins:
    """Of which record."""

    record_id: RecordId


async def _use_passkey(request: UsePasskey, work: Work) -> Recognised:
    found = await work.slips.by_code(credential_digest(request.credential_id), Passkey)
    if found is None:
        raise Refused(Reason.LOGIN_NOT_PROVEN)
    record, passkey = found
    work.traced_record = record.record_id
    if not _may_enter(record) or passkey.handle != request.handle:
        raise Refused(Reason.LOGIN_NOT_PROVEN)
    try:
        count = request.confirm(passkey)
    except NotProven:
        raise Refused(Reason.LOGIN_NOT_PROVEN) from None
    used = passkey.used(count, work.now)
    work.slips.keep(record.record_id, used, code_digest=used.digest)
    return _recognised(record)


async def _use_access_code(request: UseAccessCode, work: Work) -> Recognised | None:
    """None, and counted, when the birth date is another one: a refusal would not keep the count."""
    found = await work.slips.by_code(digest_of(request.code), AccessCode)
    if found is None:
        raise Refused(Reason.LOGIN_NOT_PROVEN)
    record, code = found
    work.traced_record = record.record_id
    if not _may_enter(record) or not code.may_be_used(work.now):
        raise Refused(Reason.LOGIN_NOT_PROVEN)
    if record.traits.birth_date != request.birth_date:
        work.slips.keep(record.record_id, code.tried_wrongly(), code_digest=code.code_digest)
        work.traced_detail = "another birth date"
        return None
    work.slips.keep(record.record_id, code.used(work.now))
    tell_holder(work, NoticeKind.LOGIN_BY_CODE, code.code_digest)
    return _recognised(record)


def _may_enter(record: HealthRecord) -> bool:
    """A closed record is entered to reopen it; not one that is destroyed, nor that of a deceased person."""
    died = record.closure is not None and record.closure.motive is ClosingMotive.DEATH
    return record.state is not State.DESTROYED and not died


def _recognised(record: HealthRecord) -> Recognised:
    return Recognised(record_id=record.record_id, ins=record.ins, traits=record.traits)


async def _note(request: NoteLogin, work: Work) -> NotedLogin | None:
    """The login before this one, or None when it is the first that is known."""
    login = NotedLogin(slip_id=work.new_uuid(), at=work.now, means=request.means)
    if not isinstance(work.caller.who, Holder):
        return await _note_own(login, work)
    if work.known_record is None:
        return None
    record_id = work.record.record_id
    known = _latest_first(await work.slips.of_record(record_id, NotedLogin))
    work.slips.keep(record_id, login)
    for old in known[LOGINS_KEPT - 1 :]:
        work.slips.remove(record_id, old)
    return known[0] if known else None


async def _note_own(login: NotedLogin, work: Work) -> NotedLogin | None:
    owner = work.caller.id
    known = _latest_first(await work.own_slips.of_owner(owner, NotedLogin, LOGINS_KEPT * 2))
    work.own_slips.keep(owner, login)
    for old in known[LOGINS_KEPT - 1 :]:
        work.own_slips.remove(owner, old)
    return known[0] if known else None


def _latest_first(found: Sequence[NotedLogin]) -> list[NotedLogin]:
    return sorted(found, key=lambda one: one.at, reverse=True)


async def _list(_: ListLogins, work: Work) -> tuple[NotedLogin, ...]:
    return tuple(_latest_first(await work.slips.of_record(work.record.record_id, NotedLogin)))


def _of_whom(request: NoteLogin) -> Target:
    return OfNothing() if request.ins is None else OfPatient(request.ins)


use_passkey = Act(
    name="use-passkey",
    actions=always(Action.LOG_IN),
    target=lambda _: OfNothing(),
    run=_use_passkey,
)

use_access_code = Act(
    name="use-access-code",
    actions=always(Action.LOG_IN),
    target=lambda _: OfNothing(),
    run=_use_access_code,
)

note_login = Act(
    name="note-login",
    actions=always(Action.NOTE_LOGIN),
    target=_of_whom,
    run=_note,
    detail=lambda request: request.means,
)

list_logins = Act(
    name="list-logins",
    actions=always(Action.KEEP_PASSKEYS),
    target=lambda request: OfRecord(request.record_id),
    run=_list,
    reads=True,
)
