"""What a provider remembers: its client, the codes it gave out, the access tokens in use.

Source: OpenID Connect Core 1.0 §3.1; RFC 6749 §4.1 and §10.5 (a code is good once); RFC 7636 (PKCE).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

CODE_SECONDS: Final = 60
TOKEN_SECONDS: Final = 300
MOST: Final = 10_000
"""Grants kept at once; the oldest go first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """The one client a simulated provider knows. Addresses are compared character by character."""

    client_id: str
    client_secret: str = field(repr=False)
    redirect_uris: tuple[str, ...]
    post_logout_redirect_uris: tuple[str, ...] = ()

    def is_authentic(self, client_id: str, client_secret: str) -> bool:
        """Whether these credentials are the client's; compared in constant time."""
        same_id = hmac.compare_digest(client_id.encode(), self.client_id.encode())
        same_secret = hmac.compare_digest(client_secret.encode(), self.client_secret.encode())
        return same_id and same_secret


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What was authorised: for whom, and what the token request must match. Seconds since 1970."""

    subject: str
    redirect_uri: str
    challenge: str
    nonce: str
    scope: str
    at: float


class GrantRefused(Exception):
    """A token request that is not honoured; the text is the OAuth error code."""


@dataclass(slots=True)
class Grants:
    """Codes and access tokens of one provider, in the memory of one process."""

    now: Callable[[], float]
    _codes: dict[str, Grant] = field(default_factory=dict)
    _spent: dict[str, str] = field(default_factory=dict)  # code -> the access token it gave
    _tokens: dict[str, Grant] = field(default_factory=dict)

    def issue(self, grant: Grant) -> str:
        """A new code for this grant."""
        code = secrets.token_urlsafe(32)
        self._codes[code] = grant
        _bound(self._codes)
        return code

    def redeem(self, code: str, redirect_uri: str, verifier: str) -> tuple[str, Grant]:
        """Exchange a code for an access token, once.

        A code presented again takes back the token it gave. Raises GrantRefused.
        """
        grant = self._codes.pop(code, None)
        if grant is None:
            token = self._spent.pop(code, None)
            if token is not None:
                self._tokens.pop(token, None)
            raise GrantRefused("invalid_grant")
        in_time = self.now() - grant.at <= CODE_SECONDS
        same_place = hmac.compare_digest(redirect_uri.encode(), grant.redirect_uri.encode())
        if not (in_time and same_place and _proves(verifier, grant.challenge)):
            raise GrantRefused("invalid_grant")
        token = secrets.token_urlsafe(32)
        self._tokens[token] = grant
        self._spent[code] = token
        _bound(self._tokens)
        _bound(self._spent)
        return token, grant

    def of_token(self, token: str) -> Grant | None:
        """The grant behind an access token in its time."""
        grant = self._tokens.get(token)
        if grant is None or self.now() - grant.at > TOKEN_SECONDS:
            return None
        return grant


def _bound(kept: dict[str, object] | dict[str, Grant] | dict[str, str]) -> None:
    while len(kept) > MOST:
        del kept[next(iter(kept))]


def _proves(verifier: str, challenge: str) -> bool:
    if not 43 <= len(verifier) <= 128 or not verifier.isascii():
        return False
    return hmac.compare_digest(s256(verifier).encode(), challenge.encode())


def s256(verifier: str) -> str:
    """The PKCE challenge of a verifier."""
    digest = hashlib.sha256(verifier.encode("ascii")).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
