"""Access tokens: verified once, remembered for a minute; and issued, for the demo and for tests.

Source: RFC 7519, RFC 8725 (allow-list of algorithms, issuer and audience checked), RFC 9068; IHE IUA.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import uuid4

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet, RSAKey

from dmp.domain.errors import Reason, Refused
from dmp.domain.identity.caller import Caller
from dmp.formats.iua import caller_of, claims_of

ALGORITHMS: Final = ("ES256", "RS256")
MAX_TOKEN: Final = 16_384
REMEMBERED_FOR: Final = timedelta(seconds=60)
REMEMBERED: Final = 10_000
LEEWAY: Final = 5
"""Seconds by which the clocks of two machines may differ."""


@dataclass(slots=True)
class TokenVerifier:
    """Verifies access tokens of one issuer for this audience.

    `keys` are the issuer's public keys; `now` tells the present instant. What was verified is
    remembered by the hash of the token, never the token.
    """

    keys: KeySet
    issuer: str
    audience: str
    test_mode: bool
    now: Callable[[], datetime]
    _known: dict[bytes, tuple[Caller, datetime]] = field(default_factory=dict)

    def caller(self, authorization: str | None) -> Caller:
        """Who the `Authorization` header speaks for.

        Raises:
            Refused: NOT_AUTHENTICATED without a bearer token; TOKEN_INVALID.
        """
        if not authorization:
            raise Refused(Reason.NOT_AUTHENTICATED)
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise Refused(Reason.NOT_AUTHENTICATED)
        if len(token) > MAX_TOKEN or not token.isascii():
            raise _invalid("too long, or not a JWT")
        now = self.now()
        digest = hashlib.sha256(token.encode("ascii")).digest()
        known = self._known.get(digest)
        if known is not None and now < known[1]:
            return known[0]
        claims = self._claims(token.strip(), now)
        caller = caller_of(claims, test_mode=self.test_mode)
        self._remember(digest, caller, now, int(claims["exp"]))
        return caller

    def _claims(self, token: str, now: datetime) -> dict[str, Any]:
        registry = jwt.JWTClaimsRegistry(
            now=int(now.timestamp()),
            leeway=LEEWAY,
            iss={"essential": True, "value": self.issuer},
            aud={"essential": True, "value": self.audience},
            exp={"essential": True},
        )
        try:
            decoded = jwt.decode(token, self.keys, algorithms=ALGORITHMS)
            registry.validate(decoded.claims)
        except JoseError as fault:
            raise _invalid(_FAULTS.get(fault.error, "the signature cannot be verified")) from None
        except (ValueError, TypeError, KeyError, RecursionError):
            # Hostile headers and keys make the library fail in more ways than its own.
            raise _invalid("not a JWT of this service") from None
        return dict(decoded.claims)

    def _remember(self, digest: bytes, caller: Caller, now: datetime, expires: int) -> None:
        while len(self._known) >= REMEMBERED:
            del self._known[next(iter(self._known))]
        until = min(now + REMEMBERED_FOR, datetime.fromtimestamp(expires, now.tzinfo))
        self._known[digest] = (caller, until)


_FAULTS: Final = {
    "expired_token": "expired",
    "invalid_claim": "a claim is not the expected one (iss, aud, nbf or iat)",
    "missing_claim": "iss, aud or exp is missing",
}


def verifier(
    jwks: str,
    *,
    issuer: str,
    audience: str,
    test_mode: bool,
    now: Callable[[], datetime],
) -> TokenVerifier:
    """A verifier with the public keys of a JWK set, as JSON.

    Raises:
        ValueError: the text is no JWK set, or holds a key that signs no token here.
    """
    try:
        keys = KeySet.import_key_set(json.loads(jwks))
    except (JoseError, KeyError, TypeError) as fault:
        raise ValueError("the keys of the token issuer are no JWK set") from fault
    if not keys.keys or not all(isinstance(key, ECKey | RSAKey) for key in keys.keys):
        raise ValueError("tokens are signed with EC or RSA keys only")
    return TokenVerifier(keys, issuer, audience, test_mode, now)


def issue_token(
    caller: Caller,
    *,
    key: ECKey | RSAKey,
    issuer: str,
    audience: str,
    now: datetime,
    lifetime: timedelta,
) -> str:
    """A token that says this caller, signed.

    Args:
        caller: whom the token speaks for.
        key: the private key; its `kid` tells verifiers which public key to take.
        issuer: the `iss`.
        audience: the `aud`.
        now: the present instant.
        lifetime: how long it is valid.

    Raises:
        ValueError: this kind of caller has no token.
    """
    header = {"alg": "ES256" if isinstance(key, ECKey) else "RS256", "typ": "at+jwt"}
    if key.kid:
        header["kid"] = key.kid
    at = int(now.timestamp())
    claims = claims_of(caller) | {
        "iss": issuer,
        "aud": audience,
        "iat": at,
        "nbf": at,
        "exp": at + int(lifetime.total_seconds()),
        "jti": uuid4().hex,
    }
    return jwt.encode(header, claims, key, algorithms=[header["alg"]])


def _invalid(detail: str) -> Refused:
    return Refused(Reason.TOKEN_INVALID, detail=detail)
