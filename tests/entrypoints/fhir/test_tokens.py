"""Access tokens: what is signed by the issuer, for us, now; and nothing else."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OctKey, RSAKey

from dmp.domain.errors import Reason, Refused
from dmp.entrypoints.fhir import tokens
from dmp.entrypoints.fhir.tokens import TokenVerifier, issue_token, verifier
from dmp.formats.iua import claims_of
from tests.entrypoints.fhir.served import AUDIENCE, DOCTOR, ISSUER, KEY, OTHER_DOCTOR

NOW = datetime(2026, 6, 12, 8, 0, tzinfo=UTC)
RSA = RSAKey.generate_key(2048, parameters={"kid": "rsa"}, private=True)
STRANGER = ECKey.generate_key("P-256", parameters={"kid": "test"}, private=True)


class Clock:
    def __init__(self) -> None:
        self.at = NOW

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def verify(clock: Clock) -> TokenVerifier:
    keys = json.dumps(KeySet([KEY, RSA]).as_dict(private=False))
    return verifier(keys, issuer=ISSUER, audience=AUDIENCE, test_mode=True, now=clock)


def issued(
    key: ECKey | RSAKey = KEY,
    issuer: str = ISSUER,
    audience: str = AUDIENCE,
    now: datetime = NOW,
    lifetime: timedelta = timedelta(minutes=10),
) -> str:
    return issue_token(
        DOCTOR, key=key, issuer=issuer, audience=audience, now=now, lifetime=lifetime
    )


def part(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def claims() -> dict[str, object]:
    at = int(NOW.timestamp())
    return claims_of(DOCTOR) | {"iss": ISSUER, "aud": AUDIENCE, "iat": at, "exp": at + 600}


def signed_with_the_public_key() -> str:
    """HS256 with the public key as secret: the verifier must not be led by the header."""
    secret = OctKey.import_key(json.dumps(KEY.as_dict(private=False)))
    header = {"alg": "HS256", "kid": "test"}
    return jwt.encode(header, claims(), secret, algorithms=["HS256"])


def without(name: str) -> str:
    said = {key: value for key, value in claims().items() if key != name}
    return jwt.encode({"alg": "ES256", "kid": "test"}, said, KEY, algorithms=["ES256"])


def tampered() -> str:
    head, body, signature = issued().split(".")
    said = json.loads(base64.urlsafe_b64decode(body + "=="))
    said["extensions"]["ihe_iua"]["subject_name"] = "Somebody Else"
    return ".".join((head, part(said), signature))


def with_its_own_key() -> str:
    """The header brings the key with which the token is signed."""
    header = {"alg": "ES256", "jwk": STRANGER.as_dict(private=False), "kid": "test"}
    return jwt.encode(header, claims(), STRANGER, algorithms=["ES256"])


ATTACKS: dict[str, Callable[[], str]] = {
    "alg none": lambda: f"{part({'alg': 'none'})}.{part(claims())}.",
    "alg None with a capital": lambda: f"{part({'alg': 'None', 'kid': 'test'})}.{part(claims())}.",
    "no alg": lambda: f"{part({'kid': 'test'})}.{part(claims())}.e30",
    "HS256 with the public key": signed_with_the_public_key,
    "another key under the same kid": lambda: issued(STRANGER),
    "its own key": with_its_own_key,
    "unknown kid": lambda: issued(ECKey.generate_key("P-256", parameters={"kid": "x"})),
    "RSA header, EC key": lambda: f"{part({'alg': 'RS256', 'kid': 'test'})}.{part(claims())}.AAAA",
    "tampered": tampered,
    "wrong issuer": lambda: issued(issuer="urn:somebody"),
    "wrong audience": lambda: issued(audience="urn:somebody"),
    "expired": lambda: issued(now=NOW - timedelta(hours=1)),
    "not yet": lambda: issued(now=NOW + timedelta(minutes=5)),
    "no exp": lambda: without("exp"),
    "no iss": lambda: without("iss"),
    "no aud": lambda: without("aud"),
    "huge": lambda: "a" * 20_000,
    "not a token": lambda: "abc",
    "empty parts": lambda: "..",
    "four parts": lambda: issued() + ".x",
    "not ascii": lambda: "é.é.é",
    "deep claims": lambda: f"{part({'alg': 'ES256', 'kid': 'test'})}.{part([[[[]]]])}.AAAA",
    "critical header": lambda: (
        f"{part({'alg': 'ES256', 'kid': 'test', 'crit': ['x']})}.{part(claims())}.AAAA"
    ),
}


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS.keys())
def test_an_attack_is_refused(verify: TokenVerifier, attack: Callable[[], str]) -> None:
    with pytest.raises(Refused) as refused:
        verify.caller(f"Bearer {attack()}")
    assert refused.value.reason is Reason.TOKEN_INVALID


@pytest.mark.parametrize("header", [None, "", "Basic YTpi", "Bearer", "Bearer "])
def test_without_a_bearer_nobody_asks(verify: TokenVerifier, header: str | None) -> None:
    with pytest.raises(Refused) as refused:
        verify.caller(header)
    assert refused.value.reason is Reason.NOT_AUTHENTICATED


@pytest.mark.parametrize("key", [KEY, RSA], ids=["ES256", "RS256"])
def test_a_token_of_the_issuer_is_believed(verify: TokenVerifier, key: ECKey | RSAKey) -> None:
    assert verify.caller(f"Bearer {issued(key)}").who == DOCTOR.who


def test_a_token_is_remembered_until_it_expires(verify: TokenVerifier, clock: Clock) -> None:
    header = f"Bearer {issued(lifetime=timedelta(seconds=30))}"
    first = verify.caller(header)
    assert verify.caller(header) is first
    clock.at = NOW + timedelta(seconds=29)
    assert verify.caller(header) is first
    clock.at = NOW + timedelta(seconds=40)
    with pytest.raises(Refused):
        verify.caller(header)


def test_a_long_token_is_verified_again_after_a_minute(verify: TokenVerifier, clock: Clock) -> None:
    header = f"Bearer {issued()}"
    first = verify.caller(header)
    clock.at = NOW + timedelta(seconds=61)
    again = verify.caller(header)
    assert again == first
    assert again is not first


def test_what_is_remembered_is_bounded(
    verify: TokenVerifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tokens, "REMEMBERED", 3)
    headers = [f"Bearer {issued()}" for _ in range(5)]
    for header in headers:
        verify.caller(header)
    assert len(verify._known) == 3
    assert all(header.encode() not in verify._known for header in headers)


def test_tokens_of_two_callers_do_not_mix(verify: TokenVerifier) -> None:
    other = issue_token(
        OTHER_DOCTOR,
        key=KEY,
        issuer=ISSUER,
        audience=AUDIENCE,
        now=NOW,
        lifetime=timedelta(minutes=1),
    )
    assert verify.caller(f"Bearer {issued()}").who == DOCTOR.who
    assert verify.caller(f"bearer {other}").who == OTHER_DOCTOR.who


@pytest.mark.parametrize(
    "keys",
    ["{}", '{"keys":[]}', '{"keys":[{"kty":"oct","k":"QUFBQUFBQUFBQUFBQUFBQUFBQUE"}]}', "[]"],
)
def test_keys_that_sign_nothing_here_are_refused(keys: str) -> None:
    with pytest.raises(ValueError, match=r"tokens are signed|token issuer"):
        verifier(keys, issuer=ISSUER, audience=AUDIENCE, test_mode=True, now=Clock())
