"""Mail by SMTP, over TLS where the server is not on this machine.

Source: RFC 5321, RFC 5322, RFC 3207 (STARTTLS), RFC 3834 (automatic messages ask for no answer).
"""

from __future__ import annotations

import asyncio
import smtplib
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime

from dmp.acts.notices.send_notice import NotSent
from dmp.domain.record.outgoing import Message
from dmp.remote.post.words import SUBJECT, mail_text

TIMEOUT = 20
"""Seconds that one exchange with the mail server may take."""
_PERMANENT = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """Where mail is handed over. `security` is `tls`, `starttls` or `none` (loopback only)."""

    host: str
    port: int
    security: str
    user: str
    password: str
    sender: str
    service: str


async def send_mail(server: MailServer, message: Message) -> None:
    """Hand one message over.

    Raises:
        NotSent: the server refused it for good (5xx on the recipient or the content), or for now.
    """
    mail = composed(server, message, datetime.now(UTC))
    await asyncio.to_thread(_handed_over, server, mail, message.address)


def composed(server: MailServer, message: Message, at: datetime) -> EmailMessage:
    """The mail itself.

    Raises:
        NotSent: for good, when the address cannot stand in a header.
    """
    mail = EmailMessage()
    domain = server.sender.rpartition("@")[2]
    try:
        mail["From"] = f"Dossier médical partagé <{server.sender}>"
        mail["To"] = message.address
        mail["Subject"] = SUBJECT
        mail["Date"] = format_datetime(at)
        mail["Message-ID"] = f"<{message.message_id}@{domain}>"
        mail["Auto-Submitted"] = "auto-generated"
        mail["Content-Language"] = "fr"
    except ValueError:
        raise NotSent(for_good=True) from None
    mail.set_content(mail_text(message.kind, server.service))
    return mail


def _handed_over(server: MailServer, mail: EmailMessage, address: str) -> None:
    try:
        with _connected(server) as connection:
            connection.send_message(mail, to_addrs=[address])
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPResponseException) as refusal:
        raise NotSent(for_good=_is_permanent(refusal)) from None
    except (OSError, smtplib.SMTPException):
        # The reason may quote the address: it goes no further.
        raise NotSent(for_good=False) from None


def _connected(server: MailServer) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if server.security == "tls":
        connection: smtplib.SMTP = smtplib.SMTP_SSL(
            server.host, server.port, timeout=TIMEOUT, context=context
        )
    else:
        connection = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT)
        if server.security == "starttls":
            connection.starttls(context=context)
    if server.user:
        connection.login(server.user, server.password)
    return connection


def _is_permanent(refusal: smtplib.SMTPRecipientsRefused | smtplib.SMTPResponseException) -> bool:
    if isinstance(refusal, smtplib.SMTPAuthenticationError | smtplib.SMTPConnectError):
        return False  # ours to mend, not the recipient's fault
    if isinstance(refusal, smtplib.SMTPRecipientsRefused):
        return all(code >= _PERMANENT for code, _ in refusal.recipients.values())
    return refusal.smtp_code >= _PERMANENT
