"""API tokens: the key pair of the data folder, what signs with it, what verifies."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from joserfc.jwk import ECKey, KeySet

from dmp.domain.identity.caller import Caller
from dmp.entrypoints.fhir.tokens import TokenVerifier, issue_token, verifier
from dmp.settings import Settings
from dmp.storage.keys.files import key_from


def token_key(settings: Settings) -> ECKey:
    """The key pair (P-256) with which `dmp token` signs; drawn at first use, private."""
    order = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
    seed = int.from_bytes(key_from(settings.data / "keys", "tokens.key"))
    private = ec.derive_private_key(seed % (order - 1) + 1, ec.SECP256R1())
    key = ECKey.import_key(private)
    return ECKey.import_key({**key.as_dict(private=True), "kid": key.thumbprint()})


def token_signer(settings: Settings) -> Callable[[Caller, int], str]:
    """What makes a token for a caller, valid so many seconds. Raises ValueError as it says."""
    key = token_key(settings)

    def signed(caller: Caller, seconds: int) -> str:
        return issue_token(
            caller,
            key=key,
            issuer=settings.token_issuer,
            audience=settings.token_audience,
            now=datetime.now(UTC),
            lifetime=timedelta(seconds=seconds),
        )

    return signed


def token_verifier(settings: Settings, now: Callable[[], datetime]) -> TokenVerifier:
    """What verifies API tokens: with the issuer's published keys, or with our own pair."""
    if settings.token_keys:
        keys = Path(settings.token_keys).read_text(encoding="utf-8")
    else:
        keys = json.dumps(KeySet([token_key(settings)]).as_dict(private=False))
    return verifier(
        keys,
        issuer=settings.token_issuer,
        audience=settings.token_audience,
        test_mode=settings.test_mode,
        now=now,
    )
