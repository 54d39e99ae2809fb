"""Notices leave: what is due is taken from the outbox, sent, and noted."""

from __future__ import annotations

from functools import partial

from dmp.acts.counter.issue_access_code import SendCode
from dmp.acts.notices.send_notice import NotSent, Post, SendNotice, send_notice
from dmp.acts.perform import perform
from dmp.acts.work import House
from dmp.domain.errors import Refused
from dmp.domain.identity.caller import Caller, Door, Strength, SystemJob
from dmp.domain.record.outgoing import Channel, Message
from dmp.remote.post.sms import SmsGateway, send_code, send_sms
from dmp.remote.post.smtp import MailServer, send_mail
from dmp.settings import Settings
from dmp.storage.postgres.commits.outbox import Outbox

BATCH = 50
SENDER = Caller(
    who=SystemJob(name="post"), strength=Strength.INDIVIDUAL, door=Door.JOB, means="house"
)


def post_of(settings: Settings) -> Post:
    """What hands messages over, as it is set. A channel that is not set refuses for good."""
    mail = MailServer(
        host=settings.smtp_host,
        port=settings.smtp_port,
        security=settings.smtp_security,
        user=settings.smtp_user,
        password=settings.smtp_password,
        sender=settings.smtp_sender,
        service=settings.address,
    )
    sms = _gateway(settings)

    async def post(message: Message) -> None:
        if message.channel is Channel.MAIL and mail.host:
            await send_mail(mail, message)
        elif message.channel is Channel.SMS and sms.url:
            await send_sms(sms, message)
        else:
            raise NotSent(for_good=True)

    return post


def code_sender(settings: Settings) -> SendCode | None:
    """What sends an access code by SMS; None where no gateway is set."""
    return partial(send_code, _gateway(settings)) if settings.sms_url else None


def _gateway(settings: Settings) -> SmsGateway:
    return SmsGateway(url=settings.sms_url, token=settings.sms_token, service=settings.address)


def once(post: Post) -> Post:
    """The post for one notice: an act that is begun again does not send again."""
    sent: set[str] = set()

    async def posted(message: Message) -> None:
        if message.message_id not in sent:
            await post(message)
            sent.add(message.message_id)

    return posted


async def send_due(house: House, outbox: Outbox, post: Post) -> int:
    """Send what is due; returns how many attempts were made.

    What is refused here (a record destroyed meanwhile) is not due again before its lease ends.
    """
    taken = await outbox.take(house.now(), BATCH)
    for outgoing in taken:
        request = SendNotice(outgoing=outgoing, post=once(post))
        try:
            await perform(house, send_notice, request, SENDER)
        except Refused:  # traced by the corridor
            continue
    return len(taken)
