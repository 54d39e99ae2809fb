"""Open a sharing with its code, once; and read what it is.

Who: whoever bears the code. An unknown code, one that ran out or was stopped, one of a closed record: one
and the same refusal. A code that was used already is refused too, and the holder is told.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from hashlib import sha256
from uuid import UUID

from dmp.acts.act import Act, OfNothing, OfRecord, always
from dmp.acts.briefly.share_code import digest_of
from dmp.acts.work import Work
from dmp.domain.access.actions import Action
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import RecordId
from dmp.domain.identity.caller import CodeBearer
from dmp.domain.identity.patient import Traits
from dmp.domain.record.health_record import HealthRecord, State
from dmp.domain.record.notice import Notice, NoticeKind, notice_id
from dmp.domain.record.relations import Share


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenShare:
    """The code as it was typed."""

    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedShare:
    """Whose record, which sharing, and what this one browser holds from now on."""

    record_id: RecordId
    share: Share
    held: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadShare:
    """Which record."""

    record_id: RecordId


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareShown:
    """What the bearer is told: whose record, what was shared, until when."""

    traits: Traits
    share: Share


async def _open(request: OpenShare, work: Work) -> OpenedShare:
    digest = digest_of(request.code)
    record = await work.records.by_invitation(digest)
    share = None if record is None else _of_code(record, digest)
    if record is None or share is None:
        raise Refused(Reason.SHARE_UNKNOWN)
    # The holder reads of every attempt with a true code, under the name he gave; who acts for a minor does not,
    # where she gave the code herself.
    work.traced_record = record.record_id
    work.traced_secret = _is_a_minors_own(record, share, work)
    work.caller = replace(work.caller, who=CodeBearer(share_id=share.share_id, name=share.given_to))
    if record.state is not State.OPEN or not share.in_force(work.now):
        raise Refused(Reason.SHARE_UNKNOWN)
    if not share.by_holder and not record.is_represented_by(
        share.by.removeprefix("ins:"), work.now, work.policy.majority_age
    ):
        raise Refused(Reason.SHARE_UNKNOWN)
    if share.opened_at is not None:
        work.alarms = (_notice(NoticeKind.SHARE_CODE_AGAIN, record, share, work, work.now.date()),)
        raise Refused(Reason.SHARE_USED)
    held = secrets.token_urlsafe(32)
    opened = replace(share, opened_at=work.now, reader_digest=held_digest(held))
    work.records.change(replace(record, relations=record.relations.with_share(opened)))
    work.notices.add(_notice(NoticeKind.SHARE_OPENED, record, share, work))
    return OpenedShare(record_id=record.record_id, share=opened, held=held)


def held_digest(held: str) -> str:
    """SHA-256, in hexadecimal, of what the reader's browser holds."""
    return sha256(held.encode("utf-8")).hexdigest()


def _of_code(record: HealthRecord, digest: str) -> Share | None:
    return next((one for one in record.relations.shares if one.code_digest == digest), None)


def _is_a_minors_own(record: HealthRecord, share: Share, work: Work) -> bool:
    """What a minor shared herself is not told to those who act for her."""
    return share.by_holder and record.is_minor(work.now, work.policy.majority_age)


def _notice(
    kind: NoticeKind, record: HealthRecord, share: Share, work: Work, *about: object
) -> Notice:
    return Notice(
        notice_id=notice_id(kind, "", record.record_id, share.share_id, *about),
        record_id=record.record_id,
        at=work.now,
        kind=kind,
        by=share.given_to,
        secret=_is_a_minors_own(record, share, work),
    )


async def _read(_: ReadShare, work: Work) -> ShareShown:
    who = work.caller.who
    share_id = who.share_id if isinstance(who, CodeBearer) else UUID(int=0)
    share = work.record.relations.share(share_id)
    if share is None:
        raise Refused(Reason.RECORD_NOT_FOUND)
    return ShareShown(traits=work.record.traits, share=share)


open_share = Act(
    name="open-share",
    actions=always(Action.OPEN_SHARE),
    target=lambda _: OfNothing(),
    run=_open,
)

read_share = Act(
    name="read-share",
    actions=always(Action.FIND_DOCUMENTS),
    target=lambda request: OfRecord(request.record_id),
    run=_read,
    reads=True,
)
