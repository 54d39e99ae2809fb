"""The digest of a delivery: what its files hold, whatever they are called and in whatever order they come."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from hashlib import sha256
from pathlib import Path

_PIECE = 4 * 1024 * 1024


def digest_of_file(path: Path, told: Callable[[int], None] = lambda _: None) -> str:
    """The SHA-256 of the content, in hexadecimal. `told` hears how many octets were read."""
    hashed = sha256()
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            hashed.update(piece)
            told(len(piece))
    return hashed.hexdigest()


def digest_of_delivery(contents: Iterable[tuple[str, str]]) -> str:
    """The digest of (table, digest of the content) of every file, in hexadecimal."""
    parts = sorted(f"{table} {digest}" for table, digest in contents)
    return sha256("\n".join(parts).encode("ascii")).hexdigest()
