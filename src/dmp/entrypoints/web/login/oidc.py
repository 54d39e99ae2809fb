"""The OpenID Connect client: authorization code with PKCE, state and nonce; the ID token verified.

Source: OpenID Connect Core 1.0 §3.1; Discovery 1.0 §4; RFC 7636; RFC 9700 (best current practice).
"""

from __future__ import annotations

import hmac
import secrets
import ssl
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import httpx
import msgspec
from authlib.oauth2.client import OAuth2Client
from authlib.oauth2.rfc6749.parameters import prepare_token_request
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from dmp.entrypoints.web.login.sessions import LoginUnderWay
from dmp.entrypoints.web.options import Provider

TIMEOUT = 10.0
LEEWAY = 30
LARGEST_ANSWER = 256 * 1024
ALGORITHMS = ["RS256", "PS256", "ES256", "EdDSA"]


class LoginFailed(Exception):
    """A login that did not succeed: a French sentence with the cause, and who can mend it, for the person."""

    def __init__(self, cause: str, remedy: str = "") -> None:
        super().__init__(cause)
        self.remedy = remedy


class Metadata(msgspec.Struct, frozen=True):
    """What the provider says of itself."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str = ""
    end_session_endpoint: str = ""
    token_endpoint_auth_methods_supported: tuple[str, ...] = ("client_secret_basic",)


@dataclass(frozen=True, slots=True)
class Proof:
    """Who logged in, as the provider said: claims of the ID token and of userinfo together."""

    claims: dict[str, Any]


_UNREACHABLE = "Le service d’identification ne répond pas. Réessayez dans un moment."
_LATER = (
    "Rien n’est en cause chez vous. Réessayez dans quelques minutes ; si cela dure, la page « État du "
    "service » et l’exploitant en disent davantage."
)
_CARD = (
    "Si vous n’avez rien annulé, votre carte ou votre e-CPS est sans doute expirée, bloquée ou perdue : "
    "l’Agence du numérique en santé la renouvelle ou la débloque. En attendant, connectez-vous avec l’autre "
    "moyen."
)
_PASSING = frozenset({"temporarily_unavailable", "server_error"})
"""What a provider says that is down for a while. Source: RFC 6749 §4.1.2.1."""
_NOT_PROVEN = "La réponse du service d’identification n’a pas pu être vérifiée. Recommencez."
_STALE = "Cette tentative de connexion n’est plus valable. Recommencez depuis la page de connexion."


class OidcClient:
    """A client of one provider. What it discovers is kept; keys are read again when unknown."""

    def __init__(
        self,
        provider: Provider,
        redirect_uri: str,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._provider = provider
        self._redirect_uri = redirect_uri
        self._transport = transport
        self._metadata: Metadata | None = None
        self._keys: KeySet | None = None

    async def begin(
        self, face: str, then: str, *, shared: bool = False, persona: str = ""
    ) -> tuple[str, LoginUnderWay]:
        """The address to send the person to, and what must come back. `persona` is a hint to the provider.

        Raises:
            LoginFailed: the provider cannot be reached.
        """
        login = LoginUnderWay(
            face=face,
            state=secrets.token_urlsafe(32),
            nonce=secrets.token_urlsafe(32),
            verifier=secrets.token_urlsafe(48),
            then=then,
            shared=shared,
        )
        metadata = await self._discovered()
        extra = {"acr_values": self._provider.acr_values} if self._provider.acr_values else {}
        if persona:
            extra["login_hint"] = persona
        address, _ = self._authlib(metadata).create_authorization_url(
            metadata.authorization_endpoint,
            state=login.state,
            code_verifier=login.verifier,
            nonce=login.nonce,
            **extra,
        )
        return str(address), login

    async def finish(self, answer: dict[str, str], login: LoginUnderWay, now: datetime) -> Proof:
        """Exchange the code and verify who came back.

        Raises:
            LoginFailed: refused by the person or the provider, replayed, or not verifiable.
        """
        if not hmac.compare_digest(answer.get("state", "").encode(), login.state.encode()):
            raise LoginFailed(_STALE)
        if "iss" in answer and answer["iss"] != self._provider.issuer:
            raise LoginFailed(_NOT_PROVEN)
        if answer.get("error") == "access_denied":
            raise LoginFailed(
                "Vous avez annulé la connexion.", _CARD if login.face == "professional" else ""
            )
        if answer.get("error") in _PASSING:
            raise _unreachable()
        code = answer.get("code", "")
        if not code or "error" in answer:
            raise LoginFailed(_NOT_PROVEN)
        metadata = await self._discovered()
        tokens = await self._exchanged(metadata, code, login)
        claims = await self._verified(metadata, tokens, login, now)
        if metadata.userinfo_endpoint:
            about = await self._userinfo(metadata, tokens)
            if about.get("sub") != claims.get("sub"):
                raise LoginFailed(_NOT_PROVEN)
            claims = {**about, **claims}
        return Proof(claims)

    def _authlib(self, metadata: Metadata) -> OAuth2Client:
        supported = metadata.token_endpoint_auth_methods_supported
        method = "client_secret_basic"
        if not self._provider.client_secret:
            method = "none"
        elif method not in supported and "client_secret_post" in supported:
            method = "client_secret_post"
        return OAuth2Client(
            None,
            client_id=self._provider.client_id,
            client_secret=self._provider.client_secret,
            token_endpoint_auth_method=method,
            scope=self._provider.scope,
            redirect_uri=self._redirect_uri,
            code_challenge_method="S256",
        )

    async def _discovered(self) -> Metadata:
        if self._metadata is None:
            base = self._provider.issuer.rstrip("/")
            raw = await self._get(f"{base}/.well-known/openid-configuration")
            try:
                metadata = msgspec.convert(raw, Metadata)
            except msgspec.ValidationError:
                raise _unreachable() from None
            if metadata.issuer != self._provider.issuer:
                raise LoginFailed(_NOT_PROVEN)
            for address in (
                metadata.authorization_endpoint,
                metadata.token_endpoint,
                metadata.jwks_uri,
                metadata.userinfo_endpoint,
            ):
                if address and not _is_protected(address):
                    raise LoginFailed(_NOT_PROVEN)
            self._metadata = metadata
        return self._metadata

    async def _exchanged(
        self, metadata: Metadata, code: str, login: LoginUnderWay
    ) -> dict[str, Any]:
        authlib = self._authlib(metadata)
        body = prepare_token_request(
            "authorization_code",
            "",
            redirect_uri=self._redirect_uri,
            code=code,
            code_verifier=login.verifier,
        )
        auth = authlib.client_auth(authlib.token_endpoint_auth_method)
        headers = {
            "Accept": "application/json",
            "Content-Type": "application/x-www-form-urlencoded;charset=UTF-8",
        }
        address, headers, body = auth.prepare(  # type: ignore[no-untyped-call]  # Authlib's own
            "POST", metadata.token_endpoint, headers, body
        )
        return await self._send("POST", address, headers, body)

    async def _verified(
        self, metadata: Metadata, tokens: dict[str, Any], login: LoginUnderWay, now: datetime
    ) -> dict[str, Any]:
        token = tokens.get("id_token")
        if not isinstance(token, str):
            raise LoginFailed(_NOT_PROVEN)
        try:
            decoded = await self._decoded(metadata, token)
            claims = CodeIDToken(
                decoded.claims,
                decoded.header,
                options={
                    "iss": {"essential": True, "value": metadata.issuer},
                    "aud": {"essential": True, "value": self._provider.client_id},
                    "nonce": {"essential": True, "value": login.nonce},
                    "sub": {"essential": True},
                },
                params={
                    "nonce": login.nonce,
                    "client_id": self._provider.client_id,
                    "access_token": tokens.get("access_token"),
                },
            )
            claims.validate(now=int(now.timestamp()), leeway=LEEWAY)
        except (JoseError, ValueError, TypeError, KeyError):
            raise LoginFailed(_NOT_PROVEN) from None
        return dict(claims)

    async def _decoded(self, metadata: Metadata, token: str) -> jwt.Token:
        if self._keys is None:
            self._keys = await self._read_keys(metadata)
        try:
            return jwt.decode(token, self._keys, algorithms=ALGORITHMS)
        except (JoseError, ValueError):
            # Perhaps signed with a key newer than those we know.
            self._keys = await self._read_keys(metadata)
            return jwt.decode(token, self._keys, algorithms=ALGORITHMS)

    async def _read_keys(self, metadata: Metadata) -> KeySet:
        raw = await self._get(metadata.jwks_uri)
        try:
            return KeySet.import_key_set(raw)  # type: ignore[arg-type]  # checked by the import
        except (JoseError, ValueError, KeyError, TypeError):
            raise LoginFailed(_NOT_PROVEN) from None

    async def _userinfo(self, metadata: Metadata, tokens: dict[str, Any]) -> dict[str, Any]:
        access = tokens.get("access_token")
        if not isinstance(access, str) or not access.isascii() or not access.isprintable():
            raise LoginFailed(_NOT_PROVEN)
        return await self._get(metadata.userinfo_endpoint, {"Authorization": f"Bearer {access}"})

    async def _get(self, address: str, headers: dict[str, str] | None = None) -> dict[str, Any]:
        return await self._send("GET", address, {"Accept": "application/json", **(headers or {})})

    async def _send(
        self, method: str, address: str, headers: dict[str, str], body: str = ""
    ) -> dict[str, Any]:
        # Neither redirects nor proxies of the environment: the secret goes to the provider alone.
        client = httpx.AsyncClient(
            transport=self._transport,
            timeout=TIMEOUT,
            follow_redirects=False,
            trust_env=False,
            verify=_authorities(),
        )
        try:
            async with client:
                answer = await client.request(method, address, headers=headers, content=body)
        except httpx.HTTPError:
            raise _unreachable() from None
        if answer.status_code >= 500:
            raise _unreachable()
        if answer.status_code != 200 or len(answer.content) > LARGEST_ANSWER:
            raise LoginFailed(_NOT_PROVEN)
        try:
            found = msgspec.json.decode(answer.content, type=dict[str, Any])
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise LoginFailed(_NOT_PROVEN) from None
        return found


@cache
def _authorities() -> ssl.SSLContext:
    """Whom we believe about the names of providers. Reading them takes 30 ms: once, not at each question."""
    return httpx.create_ssl_context(trust_env=False)


def _unreachable() -> LoginFailed:
    return LoginFailed(_UNREACHABLE, _LATER)


def _is_protected(address: str) -> bool:
    """Whether an address is https, or on this machine."""
    parts = urlsplit(address)
    return parts.scheme == "https" or (
        parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost", "::1")
    )
