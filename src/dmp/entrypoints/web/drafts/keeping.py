"""A form that comes after its session has ended, or from an older one: what was typed is kept for its author.

It is sealed with a key that stands in a cookie of this browser alone; the server holds the key's hash and the
sealed octets. The token of the form says whose it was without naming him, so that nobody else who logs in on
this device meets it.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from datetime import datetime, timedelta

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from starlette.responses import HTMLResponse, Response

from dmp.domain.errors import Refused
from dmp.entrypoints.web import seals
from dmp.entrypoints.web.drafts.refilling import refilled
from dmp.entrypoints.web.forms import came_from_elsewhere, named_in, read_form
from dmp.entrypoints.web.login.sessions import SessionKeeper, person_of, token_hash
from dmp.entrypoints.web.options import WebOptions
from dmp.entrypoints.web.visit import Visit
from dmp.locale import translate

LIFE = timedelta(hours=1)
_NOT_TYPED = frozenset({"jeton", "cle"})
_LENGTH = 43


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """The form of `address`: its fields in order, and whose it is, told by the token it carried."""

    address: str
    subject: str
    fields: dict[str, list[str]]
    token: str
    had_file: bool = False


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Draft)


def draft_cookie(options: WebOptions) -> str:
    """Name of the cookie that holds the key of a draft."""
    return "__Host-dmp-saisie" if options.is_secure else "dmp-saisie"


async def keep_draft(visit: Visit, response: Response) -> Response:
    """Keep what a form says whose session is over or locked; `response` leads to the login."""
    if visit.request.method != "POST" or not visit.page.needs_token or visit.own_address == "/":
        return response
    draft = await _typed(visit)
    if draft is None:
        return response
    key = secrets.token_urlsafe(32)
    await visit.door.keeper.put(key, _sealed(key, draft), visit.now + LIFE)
    response.set_cookie(
        draft_cookie(visit.options),
        key,
        max_age=int(LIFE.total_seconds()),
        path="/",
        secure=visit.options.is_secure,
        httponly=True,
        samesite="lax",
    )
    return response


async def _typed(visit: Visit) -> Draft | None:
    """What was typed, when the form is one of ours: of the session of the cookie, or of whoever is here now."""
    request, options = visit.request, visit.options
    token = request.cookies.get(visit.door.sessions.cookie, "")
    if len(token) != _LENGTH or came_from_elsewhere(request, options.origin):
        return None
    form = visit.form
    if not form.fields:
        try:
            form = await read_form(
                request, file_octets=options.max_document_octets if visit.page.takes_file else 0
            )
        except Refused:
            return None
    fields = {name: texts for name, texts in form.fields.items() if name not in _NOT_TYPED}
    given, subject = form.text("jeton"), named_in(request)
    ours = seals.is_form_of(given, options.secret, token_hash(token), subject)
    if not fields or not (ours or is_of_who_is_here(visit, given)):
        return None
    return Draft(
        address=visit.own_address,
        subject=subject,
        fields=fields,
        token=given,
        had_file=any(file.name for file in form.files.values()),
    )


def is_of_who_is_here(visit: Visit, given: str) -> bool:
    """Whether a form was written for whoever is logged in, about the same subject, in another session."""
    who = visit.session.state.who if visit.session else None
    record = named_in(visit.request)
    return who is not None and seals.is_form_by(given, visit.options.secret, record, person_of(who))


async def give_back(visit: Visit, response: Response) -> Response:
    """Put what was kept into the page of its form, once, when its author is back."""
    name = draft_cookie(visit.options)
    key = visit.request.cookies.get(name, "")
    who = visit.session.state.who if visit.session else None
    if len(key) != _LENGTH or who is None or visit.request.method != "GET":
        return response
    draft = await _kept(visit.door.keeper, key, visit.now)
    is_his = draft is not None and seals.is_form_by(
        draft.token, visit.options.secret, draft.subject, person_of(who)
    )
    if draft is not None and is_his:
        here = isinstance(response, HTMLResponse) and response.status_code == 200
        if visit.own_address.partition("?")[0] != draft.address or not here:
            return response
        response = _with_draft(response, draft)
    await visit.door.keeper.delete(key)
    response.delete_cookie(name, path="/", secure=visit.options.is_secure, httponly=True)
    return response


def _with_draft(response: Response, draft: Draft) -> Response:
    said = translate(
        "Votre session s’était fermée. Ce que vous aviez saisi est de nouveau dans le formulaire ; rien n’a "
        "encore été enregistré."
    )
    if draft.had_file:
        again = "Le fichier, lui, n’a pas été gardé : choisissez-le de nouveau avant d’envoyer."
        said = f"{said} {translate(again)}"
    page = refilled(bytes(response.body).decode(), draft.address, draft.fields, said)
    return response if page is None else HTMLResponse(page)


async def _kept(keeper: SessionKeeper, key: str, now: datetime) -> Draft | None:
    body = await keeper.get(key, now)
    if body is None:
        return None
    try:
        return _decoder.decode(AESGCM(_key_of(key)).decrypt(body[:12], body[12:], None))
    except (InvalidTag, ValueError):
        return None


def _sealed(key: str, draft: Draft) -> bytes:
    nonce = os.urandom(12)
    return nonce + AESGCM(_key_of(key)).encrypt(nonce, _encoder.encode(draft), None)


def _key_of(key: str) -> bytes:
    """The key that seals; not the hash under which the row is found."""
    return hashlib.sha256(b"draft:" + key.encode()).digest()
