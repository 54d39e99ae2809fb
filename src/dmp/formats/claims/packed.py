"""Files that come packed: a CSV in gzip is read as it comes, within bounds; other packings are refused by name.

The octets that count (for the digest, for what is read) are those inside, so that a file packed and the same
one unpacked are known as the same.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from dmp.formats.claims.refusals import DeliveryRefused

GZIP: Final = b"\x1f\x8b"
_OTHERS: Final = (
    b"PK\x03\x04",
    b"\x28\xb5\x2f\xfd",
    b"BZh",
    b"\xfd7zXZ\x00",
    b"7z\xbc\xaf\x27\x1c",
    b"Rar!",
)
ARCHIVES: Final = frozenset(
    {".zip", ".7z", ".rar", ".tar", ".tgz", ".bz2", ".xz", ".zst", ".lz4", ".xlsx", ".xls"}
)
"""Ends of names of what is not read, and most likely holds what was meant."""
RATIO: Final = 200
"""More than this many octets out of one are a bomb: claims, which repeat themselves much, come to 30."""
FREE: Final = 32 * 1024 * 1024
"""So many octets may come out of any file."""
_PIECE: Final = 4 * 1024 * 1024


def is_gzip(beginning: bytes) -> bool:
    """Whether a file that begins so is packed by gzip."""
    return beginning[:2] == GZIP


def check_packing(path: Path, beginning: bytes) -> None:
    """Raises DeliveryRefused for a file that is packed in another way than gzip."""
    if beginning.startswith(_OTHERS):
        raise DeliveryRefused(
            f"{path.name} is compressed in a way that is not read; unpack it, or pack each CSV alone by gzip "
            "(ER_PRS_F.csv.gz)."
        )


def beginning_of(path: Path, octets: int) -> bytes:
    """The first octets of what a file holds, unpacked where it is packed.

    Raises:
        DeliveryRefused: damaged, or packed in a way that is not read.
        OSError: the file cannot be read.
    """
    with path.open("rb") as file:
        beginning = file.read(octets)
    check_packing(path, beginning)
    if not is_gzip(beginning):
        return beginning
    try:
        with gzip.open(path) as file:
            return file.read(octets)
    except (EOFError, gzip.BadGzipFile, zlib.error):
        raise _damaged(path) from None


def pieces_of(path: Path) -> Iterator[tuple[bytes, int]]:
    """What a file holds, piece by piece, with how many octets of the file were read meanwhile.

    Raises:
        DeliveryRefused: damaged, or far more comes out than is in it.
        OSError: the file cannot be read.
    """
    with path.open("rb") as raw:
        if not is_gzip(raw.read(2)):
            raw.seek(0)
            while piece := raw.read(_PIECE):
                yield piece, len(piece)
            return
        raw.seek(0)
        most = max(FREE, RATIO * path.stat().st_size)
        came = before = 0
        with gzip.GzipFile(fileobj=raw) as file:
            try:
                while piece := file.read(_PIECE):
                    came += len(piece)
                    if came > most:
                        raise DeliveryRefused(
                            f"{path.name} grows more than {RATIO} times when it is unpacked; unpack it, "
                            "look at it, and load what is inside."
                        )
                    place = raw.tell()
                    yield piece, place - before
                    before = place
            except (EOFError, gzip.BadGzipFile, zlib.error):
                raise _damaged(path) from None


def size_of(path: Path, *, packed: bool) -> int:
    """How many octets a file holds, unpacked where it is packed. Raises as `pieces_of`."""
    if not packed:
        return path.stat().st_size
    return sum(len(piece) for piece, _ in pieces_of(path))


def _damaged(path: Path) -> DeliveryRefused:
    return DeliveryRefused(f"{path.name} is cut or damaged: gzip cannot unpack it; send it again.")
