"""An OpenID provider for the demonstration: discovery, keys, authorisation, token, userinfo, logout.

Source: OpenID Connect Core 1.0 §3.1, §5.3; Discovery 1.0; RP-Initiated Logout 1.0; RFC 9207 (iss).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import time
from collections.abc import Callable
from functools import cache
from typing import Any, Final
from urllib.parse import parse_qsl, unquote_plus, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from dmp.remote.simulated.oidc import identities
from dmp.remote.simulated.oidc.grants import TOKEN_SECONDS, Client, Grant, GrantRefused, Grants
from dmp.remote.simulated.oidc.identities import Identity
from dmp.remote.simulated.oidc.pages import Pages
from dmp.remote.simulated.territory.population import PEOPLE, SEED

LARGEST_FORM: Final = 32 * 1024
MOST_FIELDS: Final = 30


class RequestRefused(Exception):
    """A request that is not honoured: an OAuth error code and a sentence for developers."""

    def __init__(self, error: str, description: str, status: int = 400) -> None:
        self.error, self.description, self.status = error, description, status
        super().__init__(error)


class Provider:
    """The endpoints of one provider."""

    def __init__(
        self,
        *,
        issuer: str,
        client: Client,
        identities: Callable[[], tuple[Identity, ...]],
        title: str,
        key: ECKey | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._issuer = issuer.rstrip("/")
        self._client = client
        self._identities = cache(identities)
        self._by_key = cache(lambda: {found.key: found for found in self._identities()})
        self._key = key or ECKey.generate_key("P-256")
        self._kid = self._key.thumbprint()
        self._now = now
        self._grants = Grants(now)
        self._pages = Pages(title=title, path=urlsplit(self._issuer).path)

    def app(self) -> Starlette:
        """The ASGI application, to be mounted at the path of the issuer."""
        return Starlette(
            routes=[
                Route("/.well-known/openid-configuration", self.discovery),
                Route("/jwks", self.jwks),
                Route("/authorize", self.authorize, methods=["GET"]),
                Route("/authorize", self.choose, methods=["POST"]),
                Route("/token", self.token, methods=["POST"]),
                Route("/userinfo", self.userinfo, methods=["GET", "POST"]),
                Route("/logout", self.logout),
                Route("/style.css", self._pages.style),
            ]
        )

    async def discovery(self, _: Request) -> Response:
        """What the provider says of itself."""
        at = self._issuer
        return JSONResponse(
            {
                "issuer": at,
                "authorization_endpoint": f"{at}/authorize",
                "token_endpoint": f"{at}/token",
                "userinfo_endpoint": f"{at}/userinfo",
                "end_session_endpoint": f"{at}/logout",
                "jwks_uri": f"{at}/jwks",
                "response_types_supported": ["code"],
                "response_modes_supported": ["query"],
                "grant_types_supported": ["authorization_code"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["ES256"],
                "scopes_supported": ["openid", "profile", "scope_all"],
                "acr_values_supported": ["eidas1", "eidas2"],
                "code_challenge_methods_supported": ["S256"],
                "token_endpoint_auth_methods_supported": [
                    "client_secret_basic",
                    "client_secret_post",
                ],
                "authorization_response_iss_parameter_supported": True,
            }
        )

    async def jwks(self, _: Request) -> Response:
        """The public key with which ID tokens are signed."""
        public = {**self._key.as_dict(private=False), "kid": self._kid, "use": "sig"}
        return JSONResponse({"keys": [{**public, "alg": "ES256"}]})

    async def authorize(self, request: Request) -> Response:
        """Show who one can be. A request with a wrong client or address is answered on a page."""
        try:
            asked = _unique(list(request.query_params.multi_items()))
            self._check_client(asked)
        except RequestRefused as refused:
            return self._pages.refusal(refused.description)
        try:
            self._check_request(asked)
        except RequestRefused as refused:
            return self._back(asked, error=refused.error, error_description=refused.description)
        # Whoever comes from the page of the demonstration has chosen there.
        hinted = self._by_key().get(asked.get("login_hint", ""))
        if hinted is not None:
            return self._approved(asked, hinted)
        return self._pages.choice(self._identities(), asked)

    async def choose(self, request: Request) -> Response:
        """A person was chosen: go back with a code. `person` empty is a refusal to log in."""
        try:
            asked = _unique(await _form(request))
            self._check_client(asked)
        except RequestRefused as refused:
            return self._pages.refusal(refused.description)
        try:
            self._check_request(asked)
        except RequestRefused as refused:
            return self._back(asked, error=refused.error, error_description=refused.description)
        chosen = self._by_key().get(asked.get("person", ""))
        if chosen is None:
            return self._back(asked, error="access_denied")
        return self._approved(asked, chosen)

    def _approved(self, asked: dict[str, str], chosen: Identity) -> Response:
        grant = Grant(
            subject=chosen.key,
            redirect_uri=asked["redirect_uri"],
            challenge=asked["code_challenge"],
            nonce=asked.get("nonce", ""),
            scope=asked["scope"],
            at=self._now(),
        )
        return self._back(asked, code=self._grants.issue(grant))

    async def token(self, request: Request) -> Response:
        """Exchange a code for the ID token and an access token."""
        try:
            asked = _unique(await _form(request))
            self._authenticate(request, asked)
            if asked.get("grant_type") != "authorization_code":
                raise RequestRefused("unsupported_grant_type", "only authorization_code is known")
            access, grant = self._grants.redeem(
                asked.get("code", ""),
                asked.get("redirect_uri", ""),
                asked.get("code_verifier", ""),
            )
        except GrantRefused as refused:
            return _no_store(JSONResponse({"error": str(refused)}, 400))
        except RequestRefused as refused:
            body = {"error": refused.error, "error_description": refused.description}
            headers = {"WWW-Authenticate": "Basic"} if refused.status == 401 else {}
            return _no_store(JSONResponse(body, refused.status, headers))
        answer = {
            "access_token": access,
            "token_type": "Bearer",
            "expires_in": TOKEN_SECONDS,
            "scope": grant.scope,
            "id_token": self._id_token(grant, access),
        }
        return _no_store(JSONResponse(answer))

    async def userinfo(self, request: Request) -> Response:
        """The claims of the person behind an access token."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        grant = self._grants.of_token(token.strip()) if scheme.lower() == "bearer" else None
        if grant is None:
            headers = {"WWW-Authenticate": 'Bearer error="invalid_token"'}
            return _no_store(JSONResponse({"error": "invalid_token"}, 401, headers))
        return _no_store(JSONResponse(self._by_key()[grant.subject].claims))

    async def logout(self, request: Request) -> Response:
        """End of session. The provider keeps none, so it only leads back, to a known address."""
        back = request.query_params.get("post_logout_redirect_uri", "")
        if back in self._client.post_logout_redirect_uris:
            state = request.query_params.get("state", "")
            return RedirectResponse(_with(back, {"state": state} if state else {}), 303)
        return self._pages.goodbye()

    def _check_client(self, asked: dict[str, str]) -> None:
        if asked.get("client_id") != self._client.client_id:
            raise RequestRefused("invalid_client", "client_id inconnu de ce simulateur")
        if asked.get("redirect_uri") not in self._client.redirect_uris:
            raise RequestRefused("invalid_request", "redirect_uri non enregistrée pour ce client")

    def _check_request(self, asked: dict[str, str]) -> None:
        if asked.get("response_type") != "code":
            raise RequestRefused("unsupported_response_type", "only response_type=code is known")
        if "openid" not in asked.get("scope", "").split():
            raise RequestRefused("invalid_scope", "the scope must hold openid")
        if (
            asked.get("code_challenge_method") != "S256"
            or len(asked.get("code_challenge", "")) != 43
        ):
            raise RequestRefused("invalid_request", "PKCE with S256 is required")

    def _authenticate(self, request: Request, asked: dict[str, str]) -> None:
        header = request.headers.get("authorization", "")
        client_id, secret = asked.get("client_id", ""), asked.get("client_secret", "")
        if header:
            client_id, secret = _basic(header)
        if not self._client.is_authentic(client_id, secret):
            raise RequestRefused("invalid_client", "client authentication failed", 401)

    def _back(self, asked: dict[str, str], **answer: str) -> Response:
        answer["iss"] = self._issuer
        if asked.get("state"):
            answer["state"] = asked["state"]
        return _no_store(RedirectResponse(_with(asked["redirect_uri"], answer), 303))

    def _id_token(self, grant: Grant, access: str) -> str:
        now = int(self._now())
        half = hashlib.sha256(access.encode("ascii")).digest()[:16]
        claims: dict[str, Any] = {
            "iss": self._issuer,
            "sub": grant.subject,
            "aud": self._client.client_id,
            "iat": now,
            "exp": now + TOKEN_SECONDS,
            "auth_time": int(grant.at),
            "acr": "eidas1",
            "at_hash": base64.urlsafe_b64encode(half).rstrip(b"=").decode(),
        }
        if grant.nonce:
            claims["nonce"] = grant.nonce
        return jwt.encode({"alg": "ES256", "kid": self._kid}, claims, self._key)


def holders_app(
    *,
    issuer: str,
    client: Client,
    seed: int = SEED,
    people: int = PEOPLE,
    key: ECKey | None = None,
    now: Callable[[], float] = time.time,
) -> Starlette:
    """The holders' provider: the inhabitants of the territory made with this seed.

    Args:
        issuer: its address as clients see it; the application is mounted at its path.
        client: the one client it knows.
        seed: of the territory.
        people: how many inhabitants the territory has; 5000 at most are listed.
        key: the EC P-256 key that signs; None makes a new one.
        now: seconds since 1970.
    """
    return Provider(
        issuer=issuer,
        client=client,
        identities=lambda: identities.holders(seed, people),
        title="Identité numérique",
        key=key,
        now=now,
    ).app()


def professionals_app(
    *,
    issuer: str,
    client: Client,
    key: ECKey | None = None,
    now: Callable[[], float] = time.time,
) -> Starlette:
    """The provider of professionals and desk agents; the arguments are those of `holders_app`."""
    return Provider(
        issuer=issuer,
        client=client,
        identities=identities.professionals,
        title="Identité des professionnels",
        key=key,
        now=now,
    ).app()


def _with(address: str, added: dict[str, str]) -> str:
    if not added:
        return address
    return f"{address}{'&' if '?' in address else '?'}{urlencode(added)}"


def _unique(fields: list[tuple[str, str]]) -> dict[str, str]:
    found = dict(fields)
    if len(found) != len(fields):
        raise RequestRefused("invalid_request", "un paramètre est présent deux fois")
    return found


async def _form(request: Request) -> list[tuple[str, str]]:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_FORM:
            raise RequestRefused("invalid_request", "requête trop longue", 413)
    try:
        text = body.decode("ascii")
        return parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        raise RequestRefused("invalid_request", "formulaire illisible") from None


def _basic(header: str) -> tuple[str, str]:
    scheme, _, value = header.partition(" ")
    try:
        text = base64.b64decode(value, validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        text = ""
    if scheme.lower() != "basic" or ":" not in text:
        raise RequestRefused("invalid_client", "the Authorization header cannot be read", 401)
    client_id, _, secret = text.partition(":")
    return unquote_plus(client_id), unquote_plus(secret)


def _no_store(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response
