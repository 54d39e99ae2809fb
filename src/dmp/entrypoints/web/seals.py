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


def form_token(secret: bytes, session_key: bytes, record: str = "", person: str = "") -> str:
    """The token that every form of a session carries; on a holder's record it is of that record.

    Its second half says whose form it is, to whoever knows the person and the record: it outlives the session,
    and allows nothing but to show what was typed again.
    """
    about = _text(_mac(secret, "form", session_key + record.encode()))
    return f"{about}.{_author(secret, record, person)}"


def is_form_token(
    given: str, secret: bytes, session_key: bytes, record: str = "", person: str = ""
) -> bool:
    """Whether a form's token belongs to the session, record and person, compared in constant time."""
    right = form_token(secret, session_key, record, person)
    return hmac.compare_digest(given.encode(), right.encode())


def is_form_of(given: str, secret: bytes, session_key: bytes, record: str = "") -> bool:
    """Whether a token was written in this session, for this record; whoever was in it."""
    about = given.partition(".")[0]
    right = _text(_mac(secret, "form", session_key + record.encode()))
    return hmac.compare_digest(about.encode(), right.encode())


def is_form_by(given: str, secret: bytes, record: str, person: str) -> bool:
    """Whether a token was written for this person, on this record, in whatever session."""
    author = given.partition(".")[2]
    return hmac.compare_digest(author.encode(), _author(secret, record, person).encode())


def _author(secret: bytes, record: str, person: str) -> str:
    about = hashlib.sha256(record.encode()).digest() + person.encode()
    return _text(_mac(secret, "author", about))


def _mac(secret: bytes, purpose: str, about: bytes) -> bytes:
    return hmac.new(_derived(secret, purpose), about, hashlib.sha256).digest()


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
