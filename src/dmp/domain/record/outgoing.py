"""Notices on their way out, by mail or SMS: waiting, under way, sent, or given up.

Source: notices of Mon espace santé; RFC 5322 §3.6.4 (one Message-ID for one message, however often it is
tried).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from dmp.domain.identifiers import RecordId
from dmp.domain.record.former_contact import FormerContact
from dmp.domain.record.notice import NoticeKind
from dmp.domain.record.profile import Profile


class Channel(StrEnum):
    """By which way a notice leaves."""

    MAIL = "mail"
    SMS = "sms"


class Sending(StrEnum):
    """How far a notice is."""

    WAITING = "waiting"
    UNDER_WAY = "under-way"
    SENT = "sent"
    NOT_WANTED = "not-wanted"  # no address, or the holder does not want this channel
    GIVEN_UP = "given-up"


RETRIES: tuple[timedelta, ...] = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=8),
    timedelta(days=1),
    timedelta(days=2),
)
"""How long after each failed attempt the next one comes; after the last the notice stays in the service."""
STALE = timedelta(days=7)
"""A notice that could not be tried for so long is no news any more: it stays in the service."""
LEASE = timedelta(minutes=15)
"""How long an attempt may be under way: one that is older was cut off and is taken up again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """One notice by one channel. `attempts` counts those begun, the present one included."""

    record_id: RecordId
    notice_id: UUID
    channel: Channel
    attempts: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What leaves: to whom, what kind of thing happened, nothing more.

    `message_id` is the same for every attempt, so that a mailbox shows it once.
    """

    channel: Channel
    address: str
    kind: NoticeKind
    message_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What became of an attempt; `due_at` is when the next one comes, None when there is none."""

    outgoing: Outgoing
    state: Sending
    at: datetime
    due_at: datetime | None = None


def message_for(outgoing: Outgoing, kind: NoticeKind, profile: Profile | None) -> Message | None:
    """The message to the holder, or None when he has no address for the channel or does not want it."""
    if profile is None:
        return None
    wanted, address = (
        (profile.notices_by_mail, profile.email)
        if outgoing.channel is Channel.MAIL
        else (profile.notices_by_sms, profile.phone)
    )
    if not wanted or not address:
        return None
    if not profile.tells_of(kind, by_sms=outgoing.channel is Channel.SMS):
        return None
    return Message(
        channel=outgoing.channel,
        address=address,
        kind=kind,
        message_id=f"{outgoing.notice_id}.{outgoing.channel.value}",
    )


def message_to_former(
    outgoing: Outgoing, kind: NoticeKind, former: FormerContact | None
) -> Message | None:
    """The same message to where the holder was reached before, or None when it does not leave there."""
    if former is None:
        return None
    address = former.email if outgoing.channel is Channel.MAIL else former.phone
    if not address:
        return None
    return Message(
        channel=outgoing.channel,
        address=address,
        kind=kind,
        message_id=f"{outgoing.notice_id}.{outgoing.channel.value}.avant",
    )


def failed(outgoing: Outgoing, at: datetime, *, for_good: bool) -> Settled:
    """An attempt that failed: waiting for the next one, or given up."""
    if for_good or outgoing.attempts > len(RETRIES):
        return Settled(outgoing=outgoing, state=Sending.GIVEN_UP, at=at)
    due = at + RETRIES[max(outgoing.attempts, 1) - 1]
    return Settled(outgoing=outgoing, state=Sending.WAITING, at=at, due_at=due)
