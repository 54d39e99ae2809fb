"""Rows for a spreadsheet: CSV in UTF-8 with its mark, separated by semicolons as French spreadsheets expect.

A cell that a spreadsheet would take for a formula is written with an apostrophe before it, so that nothing that
somebody typed runs where it is read. Source: RFC 4180; OWASP, CSV injection.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

MARK = "\ufeff"
"""The byte order mark, by which spreadsheets know UTF-8."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # wide forms


def cell(text: str) -> str:
    """A cell that is text wherever it is opened."""
    return f"'{text}" if text.lstrip(" \u00a0").startswith(_FORMULA) else text


def write_sheet(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """The sheet with its heading; every cell is quoted."""
    out = io.StringIO(newline="")
    out.write(MARK)
    writer = csv.writer(out, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([cell(text) for text in heading])
    for row in rows:
        writer.writerow([cell(text) for text in row])
    return out.getvalue().encode("utf-8")
