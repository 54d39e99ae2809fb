"""Send one notice to the holder by mail or SMS: that something happened, never what.

Who: the house itself. The address comes from the sealed profile at that moment; where
it is the address that changed, the one before is told first. A message that the other side
took while the house was cut off before it noted so leaves again under the same identifier, which mailboxes show
once.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from dmp.acts.act import Act, OfRecord, always
from dmp.acts.work import Work
from dmp.domain.access.actions import Action
from dmp.domain.record.former_contact import FormerContact
from dmp.domain.record.outgoing import (
    Message,
    Outgoing,
    Sending,
    Settled,
    failed,
    message_for,
    message_to_former,
)


class NotSent(Exception):
    """The other side did not take a message. `for_good`: trying again would not help."""

    def __init__(self, *, for_good: bool) -> None:
        super().__init__("for good" if for_good else "for now")
        self.for_good = for_good


Post = Callable[[Message], Awaitable[None]]
"""Hands a message over to a mail server or an SMS gateway. Raises NotSent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SendNotice:
    """Which notice by which channel, and by what."""

    outgoing: Outgoing
    post: Post


async def _send(request: SendNotice, work: Work) -> Sending:
    outgoing = request.outgoing
    notice = await work.notices.by_id(outgoing.record_id, outgoing.notice_id)
    profile = await work.profiles.of(outgoing.record_id)
    messages = []
    if notice is not None:
        former = await work.slips.one(outgoing.record_id, FormerContact, outgoing.notice_id)
        both = (
            message_to_former(outgoing, notice.kind, former),
            message_for(outgoing, notice.kind, profile),
        )
        messages = [message for message in both if message is not None]
    if not messages:
        settled = Settled(outgoing=outgoing, state=Sending.NOT_WANTED, at=work.now)
    else:
        try:
            for message in _each_once(messages):
                await request.post(message)
            settled = Settled(outgoing=outgoing, state=Sending.SENT, at=work.now)
        except NotSent as failure:
            settled = failed(outgoing, work.now, for_good=failure.for_good)
    work.notices.settled(settled)
    work.traced_detail = f"{outgoing.channel.value}: {settled.state.value}"
    return settled.state


def _each_once(messages: list[Message]) -> list[Message]:
    """One message to one address: where the other channel changed, both are the same here."""
    return list({message.address: message for message in messages}.values())


send_notice = Act(
    name="send-notice",
    actions=always(Action.SEND_NOTICE),
    target=lambda request: OfRecord(request.outgoing.record_id),
    run=_send,
)
