"""How a file is written: CSV with its separator, quotes and encoding, or Parquet. Only its beginning is read.

A file is hostile until read: its header is bounded, and its words never become part of a statement.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from dmp.formats.claims.packed import beginning_of, is_gzip
from dmp.formats.claims.refusals import DeliveryRefused

HEADER_OCTETS = 256 * 1024
LOOKED_AT = 1024 * 1024
COLUMNS = 2_000
SEPARATORS = ";,\t|"

ISO_DAYS = "%Y-%m-%d"
_FORMS_OF_DAYS = (
    ("%d/%m/%Y", re.compile(rb"\b[0-9]{2}/[0-9]{2}/[0-9]{4}\b")),
    (ISO_DAYS, re.compile(rb"\b[0-9]{4}-[0-9]{2}-[0-9]{2}\b")),
    ("%d%b%Y", re.compile(rb"\b[0-9]{2}[A-Za-z]{3}[0-9]{4}\b")),
)
# A whole number with a decimal comma, alone in its field; with the comma as separator it stands in quotes.
_COMMAS = re.compile(rb'[0-9],0+["; \t|\r\n]')


class Kind(StrEnum):
    """What a file is written as."""

    CSV = "csv"
    PARQUET = "parquet"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """One file: its columns in order (raised, without blanks), and how its rows are told apart.

    `padded`: fields may stand between blanks. `commas`: whole numbers may be written `71,0`. `torn`: a quote in
    it is not closed, so that its lines are told apart by their ends alone. `packed`: by gzip. `days`: the form
    (of strptime) that its days are tried in first, as the first row has them.
    """

    kind: Kind
    header: tuple[str, ...]
    separator: str = ";"
    quoted: bool = False
    padded: bool = True
    commas: bool = False
    torn: bool = False
    encoding: str = "utf-8"
    packed: bool = False
    days: str = ISO_DAYS


def dialect_of(path: Path) -> Dialect:
    """How the file is written. Parquet is told by its first octets, the columns are filled in later.

    Raises:
        DeliveryRefused: empty, packed in a way that is not read, no header line, or no table at all.
        OSError: the file cannot be read.
    """
    with path.open("rb") as file:
        packed = is_gzip(file.read(2))
    beginning = beginning_of(path, LOOKED_AT)
    if beginning[:4] == b"PAR1":
        if packed:
            raise DeliveryRefused(f"{path.name} is a packed Parquet file; unpack it.")
        return Dialect(kind=Kind.PARQUET, header=())
    return replace(_csv(path, beginning), packed=packed)


def _csv(path: Path, beginning: bytes) -> Dialect:
    if beginning[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise DeliveryRefused(f"{path.name} is written in UTF-16; save it as UTF-8.")
    content = beginning.removeprefix(b"\xef\xbb\xbf")
    encoding = "utf-8" if _is_utf8(content) else "latin-1"
    first, found, rows = content.partition(b"\n")
    if len(first) > HEADER_OCTETS or not first.strip() or (not found and len(content) >= LOOKED_AT):
        raise DeliveryRefused(f"{path.name} does not begin with a line of column names.")
    line = first.rstrip(b"\r").decode(encoding)
    if "\r" in line:
        raise DeliveryRefused(
            f"{path.name} ends its lines as old Macintosh files do; save it with the line ends of Unix or "
            "Windows."
        )
    separator = max(SEPARATORS, key=line.count)
    try:
        header = next(csv.reader([line], delimiter=separator))
    except csv.Error:
        raise DeliveryRefused(f"the line of column names of {path.name} cannot be read.") from None
    names = tuple(name.strip().upper() for name in header)
    if len(names) > COLUMNS:
        raise DeliveryRefused(f"{path.name} has {len(names)} columns; {COLUMNS} at most are read.")
    return Dialect(
        kind=Kind.CSV,
        header=names,
        separator=separator,
        quoted=b'"' in content,
        padded=any(pad in content for pad in _padding(separator)),
        commas=_COMMAS.search(content) is not None,
        encoding=encoding,
        days=_form_of_days(rows.partition(b"\n")[0]),
    )


def _form_of_days(row: bytes) -> str:
    """The form that most days of a row have; any when it has none."""
    return max(_FORMS_OF_DAYS, key=lambda form: len(form[1].findall(row)))[0]


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
