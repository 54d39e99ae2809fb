"""The code of a sharing: drawn once, shown once, kept as its digest alone."""

from __future__ import annotations

import secrets
from hashlib import sha256

from dmp.acts.relatives.invitation import ALPHABET

LENGTH = 12
PART = 4
"""Characters between two hyphens."""


def new_code() -> str:
    """A code of 12 characters, about 59 bits."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def spaced(code: str) -> str:
    """A code as it is shown: `K7QM-2XHP-9RTV`."""
    return "-".join(code[at : at + PART] for at in range(0, len(code), PART))


def digest_of(code: str) -> str:
    """SHA-256 of a code as people type it, in hexadecimal: case, blanks and hyphens do not count.

    Another one than that of an invitation with the same letters.
    """
    plain = "".join(c for c in code.upper() if c.isalnum())[: LENGTH * 2]
    return sha256(f"share/{plain}".encode()).hexdigest()
