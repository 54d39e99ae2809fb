"""What came by mail and SMS, the newest first, bounded; and the two servers that take it."""

from __future__ import annotations

import asyncio
import hmac
from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from html import escape

from aiosmtpd.smtp import SMTP, Envelope, Session
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

KEPT = 200
LARGEST = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One message as it came."""

    at: datetime
    kind: str
    to: str
    subject: str
    text: str


class Mailbox:
    """Every message to whomever, by its identifier: one that comes twice is shown once."""

    def __init__(self) -> None:
        self._letters: OrderedDict[str, Letter] = OrderedDict()
        self.taken = 0

    def put(self, identifier: str, letter: Letter) -> None:
        """Keep a message."""
        self.taken += 1
        self._letters[identifier] = letter
        if len(self._letters) > KEPT:
            self._letters.popitem(last=False)

    def letters(self) -> list[Letter]:
        """What is kept, newest first."""
        return list(reversed(self._letters.values()))

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802  # aiosmtpd's name
        """Take one mail."""
        content = envelope.content or b""
        octets = content.encode() if isinstance(content, str) else content
        mail = message_from_bytes(octets, policy=policy.default)
        body = mail.get_body(("plain",))
        self.put(
            str(mail["Message-ID"] or len(self._letters)),
            Letter(
                at=datetime.now(UTC),
                kind="Courriel",
                to=", ".join(envelope.rcpt_tos),
                subject=str(mail["Subject"] or ""),
                text=str(body.get_content()) if body is not None else "",
            ),
        )
        return "250 Message accepted"


@asynccontextmanager
async def mail_server(mailbox: Mailbox, port: int = 0) -> AsyncIterator[int]:
    """A catch-all mail server on loopback until the end of the block; gives its port."""

    def protocol() -> SMTP:
        return SMTP(mailbox, data_size_limit=LARGEST, hostname="dmp.test", ident="dmp")

    server = await asyncio.get_running_loop().create_server(protocol, "127.0.0.1", port)
    async with server:
        yield int(server.sockets[0].getsockname()[1])


def post_office(mailbox: Mailbox, token: str) -> Starlette:
    """The SMS gateway and the page of what came."""

    async def gateway(request: Request) -> Response:
        if not hmac.compare_digest(request.headers.get("authorization", ""), f"Bearer {token}"):
            return JSONResponse({"error": "unauthorised"}, status_code=401)
        body = await request.json()
        if not isinstance(body, dict) or not all(
            isinstance(body.get(k), str) for k in ("to", "text", "id")
        ):
            return JSONResponse({"error": "to, text and id are needed"}, status_code=400)
        letter = Letter(
            at=datetime.now(UTC), kind="SMS", to=body["to"], subject="", text=body["text"][:1000]
        )
        mailbox.put(body["id"], letter)
        return JSONResponse({"id": body["id"]}, status_code=202)

    async def page(_: Request) -> Response:
        return HTMLResponse(_page(mailbox.letters()))

    return Starlette(
        routes=[Route("/", page), Route("/sms", gateway, methods=["POST"])],
    )


def _page(letters: list[Letter]) -> str:
    shown = "".join(
        f"<article><h2>{escape(one.kind)} à {escape(one.to)}, {one.at:%d/%m/%Y %H:%M:%S} UTC</h2>"
        f"<p><strong>{escape(one.subject)}</strong></p><pre>{escape(one.text)}</pre></article>"
        for one in letters
    )
    return (
        '<!DOCTYPE html><html lang="fr"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        "<title>Courrier de la démonstration</title></head><body><main>"
        "<h1>Courrier de la démonstration</h1>"
        "<p>Tous les courriels et SMS que le service envoie arrivent ici, quel que soit le destinataire.</p>"
        f"{shown or '<p>Rien n’est encore arrivé.</p>'}</main></body></html>"
    )
