"""The code of an invitation: drawn once, given to the holder, kept as its digest alone."""

from __future__ import annotations

import secrets
from datetime import timedelta
from hashlib import sha256

from dmp.acts.work import Work
from dmp.domain.errors import Reason, Refused

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Characters that are not taken for one another, read aloud or by hand."""
LENGTH = 10
VALID_FOR = timedelta(days=7)


def new_code() -> str:
    """A code of 10 characters, about 49 bits."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def digest_of(code: str) -> str:
    """SHA-256 of a code as people type it, in hexadecimal: case, blanks and hyphens do not count."""
    plain = "".join(c for c in code.upper() if c.isalnum())
    return sha256(plain.encode("utf-8")).hexdigest()


def carers_are_admitted(work: Work) -> None:
    """The module of carers is open here. Raises Refused: ACT_NOT_ALLOWED."""
    if not work.policy.carers:
        raise Refused(Reason.ACT_NOT_ALLOWED)
