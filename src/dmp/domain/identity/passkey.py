"""A passkey: a key pair of a person's device, of which the house keeps the public half.

Of a holder it is kept sealed in her record and found by the digest of its identifier; of a professional with
his own values. It says of nobody who she is. Source: W3C Web Authentication level 3.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Final
from uuid import NAMESPACE_OID, UUID, uuid5

MOST_KEPT: Final = 10
"""Passkeys that one person keeps at once."""
MAX_NAME: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Passkey:
    """`credential_id`, `public_key` (COSE) and `handle` are base64url without padding.

    `handle` is random and the same for all passkeys of one person: what her device shows to say whose key it
    is. `sign_count` is what the device last counted, 0 where it counts nothing.
    """

    slip_id: UUID
    credential_id: str
    public_key: str
    handle: str
    sign_count: int
    name: str
    created_at: datetime
    last_used_at: datetime | None = None

    @property
    def digest(self) -> str:
        """By what it is found."""
        return credential_digest(self.credential_id)

    def used(self, sign_count: int, at: datetime) -> Passkey:
        """After a login or an unlocking with it."""
        return replace(self, sign_count=sign_count, last_used_at=at)


def passkey_id(credential_id: str) -> UUID:
    """The identifier of a passkey here: one key is kept once."""
    return uuid5(NAMESPACE_OID, f"dmp-passkey/{credential_id}")


def credential_digest(credential_id: str) -> str:
    """SHA-256 of a credential's identifier, in hexadecimal."""
    return sha256(f"passkey/{credential_id}".encode()).hexdigest()


def clean_name(name: str) -> str:
    """The name that a person gives to a key, on one line; a usual one when she gives none."""
    text = " ".join("".join(c for c in name if c.isprintable()).split())[:MAX_NAME].strip()
    return text or "Clé d’accès"
