"""SMS through a gateway by HTTPS: one POST of JSON for each message.

The gateway takes `{"to": "+33…", "text": "…", "id": "…"}` with a bearer token and answers 2xx; an `id` that it
took already is taken once. Gateways with another shape stand behind a small relay.
"""

from __future__ import annotations

import re
import ssl
from dataclasses import dataclass
from functools import cache
from uuid import uuid4

import httpx

from dmp.acts.notices.send_notice import NotSent
from dmp.domain.record.outgoing import Message
from dmp.remote.post.words import code_text, sms_text

TIMEOUT = 20
_FRENCH_MOBILE = re.compile(r"0[1-9][0-9]{8}")
_INTERNATIONAL = re.compile(r"\+[1-9][0-9]{7,14}")


@dataclass(frozen=True, slots=True, kw_only=True)
class SmsGateway:
    """Where SMS are handed over."""

    url: str
    token: str
    service: str


async def send_sms(gateway: SmsGateway, message: Message) -> None:
    """Hand one message over.

    Raises:
        NotSent: the gateway refused it for good (400, 404, 422: the number), or for now.
    """
    text = sms_text(message.kind, gateway.service)
    await _handed_over(gateway, message.address, text, message.message_id)


async def send_code(gateway: SmsGateway, phone: str, code: str) -> None:
    """Hand an access code over. It stands in this one text, and in no log.

    Raises:
        NotSent: the gateway refused it for good (400, 404, 422: the number), or for now.
    """
    await _handed_over(gateway, phone, code_text(code, gateway.service), uuid4().hex)


async def _handed_over(gateway: SmsGateway, phone: str, text: str, identifier: str) -> None:
    number = international(phone)
    if not number:
        raise NotSent(for_good=True)
    body = {"to": number, "text": text, "id": identifier}
    try:
        async with httpx.AsyncClient(
            timeout=TIMEOUT, follow_redirects=False, verify=_authorities()
        ) as client:
            answer = await client.post(
                gateway.url, json=body, headers={"authorization": f"Bearer {gateway.token}"}
            )
    except httpx.HTTPError:
        raise NotSent(for_good=False) from None
    if not answer.is_success:
        raise NotSent(for_good=answer.status_code in (400, 404, 422))


@cache
def _authorities() -> ssl.SSLContext:
    """Whom we believe about the name of the gateway. Reading them takes 30 ms: once, not for each message."""
    return httpx.create_ssl_context()


def international(phone: str) -> str:
    """The number as `+33612345678`; empty when it is none."""
    digits = re.sub(r"[\s.\-()]", "", phone)
    if _FRENCH_MOBILE.fullmatch(digits):
        return f"+33{digits[1:]}"
    return digits if _INTERNATIONAL.fullmatch(digits) else ""
