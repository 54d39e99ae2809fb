"""The digest of a delivery: what its files hold, whatever they are called and in whatever order they come."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from hashlib import sha256
from pathlib import Path

from dmp.formats.claims.packed import pieces_of


def digest_of_file(path: Path, told: Callable[[int], None] = lambda _: None) -> str:
    """The SHA-256 of the content, unpacked, in hexadecimal. `told` hears how many octets of the file were read.

    Raises DeliveryRefused for a packed file that is damaged, or far larger than it may be.
    """
    hashed = sha256()
    for piece, octets in pieces_of(path):
        hashed.update(piece)
        told(octets)
    return hashed.hexdigest()


def digest_of_delivery(contents: Iterable[tuple[str, str]]) -> str:
    """The digest of (table, digest of the content) of every file, in hexadecimal."""
    parts = sorted(f"{table} {digest}" for table, digest in contents)
    return sha256("\n".join(parts).encode("ascii")).hexdigest()
