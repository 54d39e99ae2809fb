"""What goes out and must come back unchanged: form tokens, and references in addresses.

A reference hides an INS in the address of a page. It is sealed for one caller: in another's hands it
means nothing. The same person has the same reference for the same caller, so that pages keep their
address over sessions.
"""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

_LONGEST = 4096


def _derived(secret: bytes, purpose: str) -> bytes:
    return hmac.new(secret, purpose.encode(), hashlib.sha256).digest()


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def form_token(secret: bytes, session_key: bytes, record: str = "") -> str:
    """The token that every form of a session carries; on a holder's record it is of that record."""
    about = session_key + record.encode()
    return _text(hmac.new(_derived(secret, "form"), about, hashlib.sha256).digest())


def is_form_token(given: str, secret: bytes, session_key: bytes, record: str = "") -> bool:
    """Whether a form's token belongs to the session and record, compared in constant time."""
    return hmac.compare_digest(given.encode(), form_token(secret, session_key, record).encode())


def sealed(secret: bytes, kind: str, owner: str, value: str) -> str:
    """`value` as an address part that only `owner` can use, for one kind of thing."""
    cipher = AESSIV(_derived(secret, f"reference:{kind}"))
    return _text(cipher.encrypt(value.encode(), [owner.encode()]))


def unsealed(secret: bytes, kind: str, owner: str, reference: str) -> str | None:
    """The value of a reference, or None when it is not one of this owner and kind."""
    if not 1 <= len(reference) <= _LONGEST:
        return None
    cipher = AESSIV(_derived(secret, f"reference:{kind}"))
    try:
        raw = urlsafe_b64decode(reference + "=" * (-len(reference) % 4))
        # One reference has one spelling: stray bits of the last letter are refused.
        if _text(raw) != reference:
            return None
        return cipher.decrypt(raw, [owner.encode()]).decode()
    except (InvalidTag, ValueError):
        return None
