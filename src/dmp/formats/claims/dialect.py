"""How a file is written: CSV with its separator, quotes and encoding, or Parquet. Only its beginning is read.

A file is hostile until read: its header is bounded, and its words never become part of a statement.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from dmp.formats.claims.refusals import DeliveryRefused

HEADER_OCTETS = 256 * 1024
LOOKED_AT = 1024 * 1024
COLUMNS = 2_000
SEPARATORS = ";,\t|"


class Kind(StrEnum):
    """What a file is written as."""

    CSV = "csv"
    PARQUET = "parquet"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """One file: its columns in order (raised, without blanks), and how its rows are told apart.

    `padded`: fields may stand between blanks.
    """

    kind: Kind
    header: tuple[str, ...]
    separator: str = ";"
    quoted: bool = False
    padded: bool = True
    encoding: str = "utf-8"


def dialect_of(path: Path) -> Dialect:
    """How the file is written. Parquet is told by its first octets, the columns are filled in later.

    Raises:
        DeliveryRefused: empty, compressed, no header line, or no table at all.
        OSError: the file cannot be read.
    """
    with path.open("rb") as file:
        beginning = file.read(LOOKED_AT)
    if beginning[:4] == b"PAR1":
        return Dialect(kind=Kind.PARQUET, header=())
    if beginning[:2] == b"\x1f\x8b" or beginning[:4] in (b"PK\x03\x04", b"\x28\xb5\x2f\xfd"):
        raise DeliveryRefused(f"{path.name} is compressed; unpack it and load what is inside.")
    return _csv(path, beginning)


def _csv(path: Path, beginning: bytes) -> Dialect:
    if beginning[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise DeliveryRefused(f"{path.name} is written in UTF-16; save it as UTF-8.")
    content = beginning.removeprefix(b"\xef\xbb\xbf")
    encoding = "utf-8" if _is_utf8(content) else "latin-1"
    first, found, _ = content.partition(b"\n")
    if len(first) > HEADER_OCTETS or not first.strip() or (not found and len(content) >= LOOKED_AT):
        raise DeliveryRefused(f"{path.name} does not begin with a line of column names.")
    line = first.rstrip(b"\r").decode(encoding)
    separator = max(SEPARATORS, key=line.count)
    names = tuple(name.strip().upper() for name in next(csv.reader([line], delimiter=separator)))
    if len(names) > COLUMNS:
        raise DeliveryRefused(f"{path.name} has {len(names)} columns; {COLUMNS} at most are read.")
    return Dialect(
        kind=Kind.CSV,
        header=names,
        separator=separator,
        quoted=b'"' in content,
        padded=any(pad in content for pad in _padding(separator)),
        encoding=encoding,
    )


def _padding(separator: str) -> tuple[bytes, ...]:
    mark = separator.encode()
    return b" " + mark, mark + b" ", b" \n", b" \r", b"\n "


def _is_utf8(content: bytes) -> bool:
    for cut in range(4):  # the last character may have been cut
        try:
            content[: len(content) - cut].decode("utf-8")
        except UnicodeDecodeError:
            continue
        return True
    return False
