"""SMS through a gateway by HTTPS: one POST of JSON for each message.

The gateway takes `{"to": "+33…", "text": "…", "id": "…"}` with a bearer token and answers 2xx; an `id` that it
took already is taken once. Gateways with another shape stand behind a small relay.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import httpx

from dmp.acts.notices.send_notice import NotSent
from dmp.domain.record.outgoing import Message
from dmp.remote.post.words import sms_text

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
    number = international(message.address)
    if not number:
        raise NotSent(for_good=True)
    body = {
        "to": number,
        "text": sms_text(message.kind, gateway.service),
        "id": message.message_id,
    }
    try:
        async with httpx.AsyncClient(timeout=TIMEOUT, follow_redirects=False) as client:
            answer = await client.post(
                gateway.url, json=body, headers={"authorization": f"Bearer {gateway.token}"}
            )
    except httpx.HTTPError:
        raise NotSent(for_good=False) from None
    if not answer.is_success:
        raise NotSent(for_good=answer.status_code in (400, 404, 422))


def international(phone: str) -> str:
    """The number as `+33612345678`; empty when it is none."""
    digits = re.sub(r"[\s.\-()]", "", phone)
    if _FRENCH_MOBILE.fullmatch(digits):
        return f"+33{digits[1:]}"
    return digits if _INTERNATIONAL.fullmatch(digits) else ""
