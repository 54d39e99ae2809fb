"""The PIN with which a professional unlocks his own session: never a way to log in.

Source: RFC 7914 (scrypt); CNIL deliberation 2022-100 (a short secret, with the account blocked after a few
attempts).
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime
from hashlib import scrypt
from itertools import pairwise
from typing import Final
from uuid import UUID

PIN_ID: Final = UUID(int=0)
"""A person has one PIN."""
SHORTEST, LONGEST = 4, 8
MOST_TRIES: Final = 3
"""Wrong PINs after which the session ends."""
_COST, _BLOCK, _PARALLEL, _LENGTH = 2**14, 8, 1, 32


@dataclass(frozen=True, slots=True, kw_only=True)
class UnlockPin:
    """`salt` and `digest` in hexadecimal; the PIN itself is kept nowhere."""

    slip_id: UUID = PIN_ID
    salt: str
    digest: str
    chosen_at: datetime


def is_pin(text: str) -> bool:
    """Whether a text is a PIN at all: 4 to 8 digits."""
    return SHORTEST <= len(text) <= LONGEST and text.isascii() and text.isdigit()


def is_too_simple(pin: str) -> bool:
    """Whether a PIN is one of the first that anybody tries: one digit repeated, or digits in a row."""
    steps = {(int(b) - int(a)) % 10 for a, b in pairwise(pin)}
    return len(steps) == 1 and steps <= {0, 1, 9}


def pin_digest(pin: str, salt: str) -> str:
    """The scrypt digest of a PIN, in hexadecimal. It takes some fifty milliseconds: call it in a thread."""
    raw = scrypt(
        pin.encode(), salt=bytes.fromhex(salt), n=_COST, r=_BLOCK, p=_PARALLEL, dklen=_LENGTH
    )
    return raw.hex()


def is_the_pin(kept: UnlockPin, pin: str) -> bool:
    """Whether this is the PIN that was chosen, compared in constant time."""
    return is_pin(pin) and hmac.compare_digest(kept.digest, pin_digest(pin, kept.salt))
