"""Calls of practice software: a signed token that names a patient and the professional who wants to see him.

Source: RFC 7515 and 7519 (JWS, JWT), RFC 8725 (algorithms listed, type, audience and times checked).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet, RSAKey

from dmp.domain.errors import Refused
from dmp.domain.identifiers import Ins, PersonId
from dmp.domain.identity.patient import Sex, Traits
from dmp.entrypoints.web.login.sessions import CallUnderWay

ALGORITHMS: Final = ("ES256", "RS256", "PS256")
TYPE: Final = "dmp-appel+jwt"
"""The `typ` of the header: no other token of the software is taken for a call."""
LONGEST: Final = 8192
LONGEST_LIFE: Final = timedelta(minutes=5)
LEEWAY: Final = 5
WAITS: Final = timedelta(minutes=10)
"""How long a verified call waits for its professional to log in."""


class CallInvalid(Exception):
    """A token that is no call for this service; the text says why, for the log, without its content."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallReader:
    """Reads calls: public keys of the software, by their `kid`; the audience that is ours."""

    keys: KeySet
    audience: str
    test_mode: bool

    def read(self, token: str, now: datetime) -> CallUnderWay:
        """The call of a token. Raises CallInvalid."""
        claims = self._claims(token, now)
        issued, expires = int(claims["iat"]), int(claims["exp"])
        if not 0 < expires - issued <= LONGEST_LIFE.total_seconds():
            raise CallInvalid("it lives too long")
        patient = claims["patient"]
        if not isinstance(patient, dict):
            raise CallInvalid("no patient")
        try:
            ins = Ins.parse(_text(patient, "ins"), _text(patient, "root"), test_mode=self.test_mode)
            professional = PersonId.parse(_text(claims, "sub"), test_mode=self.test_mode)
            traits = (
                _text(patient, "birth_name"),
                _text(patient, "given_names"),
                _text(patient, "sex"),
                _text(patient, "birth_date"),
                str(patient.get("birth_place") or "")[:10],
            )
            traits_of_call(traits)
        except (Refused, ValueError):
            raise CallInvalid("an identity is malformed") from None
        return CallUnderWay(
            professional=professional.value,
            matricule=ins.matricule,
            root=ins.root.value,
            traits=traits,
            call_id=_text(claims, "jti"),
            software=_text(claims, "iss"),
            until=now + WAITS,
        )

    def _claims(self, token: str, now: datetime) -> dict[str, Any]:
        if not 0 < len(token) <= LONGEST or not token.isascii():
            raise CallInvalid("too long, or empty")
        registry = jwt.JWTClaimsRegistry(
            now=int(now.timestamp()),
            leeway=LEEWAY,
            aud={"essential": True, "value": self.audience},
            iss={"essential": True},
            sub={"essential": True},
            jti={"essential": True},
            iat={"essential": True},
            exp={"essential": True},
            patient={"essential": True},
        )
        try:
            decoded = jwt.decode(token, self.keys, algorithms=ALGORITHMS)
            registry.validate(decoded.claims)
        except JoseError as fault:
            raise CallInvalid(fault.error) from None
        except (ValueError, TypeError, KeyError, RecursionError):
            # Hostile headers and keys make the library fail in more ways than its own.
            raise CallInvalid("no token of a known software") from None
        if decoded.header.get("typ") != TYPE:
            raise CallInvalid("another kind of token")
        return dict(decoded.claims)


def call_reader(jwks: str, audience: str, *, test_mode: bool) -> CallReader | None:
    """What reads calls signed with the keys of a JWK set, as JSON; None without keys.

    Raises:
        ValueError: the text is no JWK set, or holds a key that signs no call here.
    """
    if not jwks:
        return None
    try:
        keys = KeySet.import_key_set(json.loads(jwks))
    except (JoseError, KeyError, TypeError) as fault:
        raise ValueError("the keys of practice software are no JWK set") from fault
    if not keys.keys or not all(isinstance(key, ECKey | RSAKey) for key in keys.keys):
        raise ValueError("calls are signed with EC or RSA keys only")
    return CallReader(keys=keys, audience=audience, test_mode=test_mode)


def traits_of_call(traits: tuple[str, str, str, str, str]) -> Traits:
    """The traits that the software knows. Raises Refused: TRAITS_INCOMPLETE; ValueError."""
    birth_name, given_names, sex, birth_date, birth_place = traits
    return Traits(
        birth_name=birth_name,
        given_names=given_names,
        sex=Sex(sex),
        birth_date=date.fromisoformat(birth_date),
        birth_place=birth_place,
    )


def _text(claims: dict[str, Any], name: str) -> str:
    value = claims.get(name)
    if not isinstance(value, str) or not value.strip() or len(value) > 200:
        raise CallInvalid(f"{name} is missing")
    return value.strip()
