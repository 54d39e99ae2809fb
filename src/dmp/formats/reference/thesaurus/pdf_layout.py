"""The ANSM thesaurus from its PDF: the text with its layout, rebuilt from where each piece of print stands.

Headings begin at the margin, partners with their `+` just right of it, introductions a little further;
mechanisms fill the left column, levels and conducts the right one. The lines made here are those that
`printed` reads.

Source: the PDF of the editions since 2020, A4 portrait.
"""

from __future__ import annotations

from collections.abc import Iterator
from ctypes import c_double
from dataclasses import dataclass

import pypdfium2
from pypdfium2 import raw as pdfium

from dmp.formats.reference.faults import refused

MAX_PAGES = 1_000
_PARTNER_AT, _LEFT_AT, _RIGHT_AT = 35.5, 70.0, 290.0  # points from the left edge
_LEFT_END, _RIGHT_EDGE = (
    110.0,
    316.5,
)  # where lines of the left column begin at most, and never come
_RIGHT_COLUMN = 120  # characters: wider than any line of the left column
_SAME_LINE = 2.6  # points
_GAP = 13.5  # points from line to line: more is a blank line
_SAME_BASE = 1.0
_WIDE_GAP = 10.0  # points from one letter to the next: more is another column
_PAGE_DIGITS = 4


@dataclass(frozen=True, slots=True)
class _Piece:
    left: float
    base: float
    text: str


def layout_of(name: str, content: bytes) -> str:
    """The text of a PDF with its layout, pages separated by form feeds.

    Raises:
        FileRefused: no readable PDF, or too many pages.
    """
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError:
        raise refused(name, "unreadable PDF.") from None
    try:
        if len(document) > MAX_PAGES:
            raise refused(name, f"more than {MAX_PAGES} pages.")
        return "\f".join(
            "\n".join(_lines(_pieces(document, page))) for page in range(len(document))
        )
    except pypdfium2.PdfiumError:
        raise refused(name, "damaged PDF.") from None
    finally:
        document.close()


def _pieces(document: pypdfium2.PdfDocument, number: int) -> list[_Piece]:
    page = document[number]
    try:
        words = page.get_textpage()
        try:
            return list(_printed(words.raw))
        finally:
            words.close()
    finally:
        page.close()


def _printed(words: object) -> Iterator[_Piece]:
    """Letters that stand on one base line without a gap, as one piece."""
    x, y = c_double(), c_double()
    text, left, base, last = "", 0.0, 0.0, 0.0
    for place in range(pdfium.FPDFText_CountChars(words)):
        letter = chr(pdfium.FPDFText_GetUnicode(words, place))
        if letter in "\r\n" or not pdfium.FPDFText_GetCharOrigin(words, place, x, y):
            continue
        if letter in "\x02\xad\ufffe":
            letter = "-"  # how PDFium gives a hyphen at the end of a line
        apart = abs(y.value - base) > _SAME_BASE or not -1 < x.value - last < _WIDE_GAP
        beside = _LEFT_AT < left < _LEFT_END and last < _RIGHT_EDGE <= x.value
        if text and (apart or beside):
            yield from _piece(left, base, text)
            text = ""
        if not text:
            if letter.isspace():
                continue
            left, base = x.value, y.value
        text += letter
        last = x.value
    yield from _piece(left, base, text)


def _piece(left: float, base: float, text: str) -> Iterator[_Piece]:
    written = " ".join(text.split())
    page_number = written.isdigit() and left > _LEFT_AT and len(written) < _PAGE_DIGITS
    if written and not page_number:
        yield _Piece(left, base, written)


def _lines(pieces: list[_Piece]) -> Iterator[str]:
    """Pieces of one height as one line each, from the top down; a large gap is a blank line."""
    before: float | None = None
    line: list[_Piece] = []
    for piece in sorted(pieces, key=lambda p: -p.base):
        if line and line[0].base - piece.base > _SAME_LINE:
            yield from _written(line, before)
            before, line = line[0].base, []
        line.append(piece)
    if line:
        yield from _written(line, before)


def _written(line: list[_Piece], before: float | None) -> Iterator[str]:
    if before is not None and before - line[0].base > _GAP:
        yield ""
    text = ""
    for piece in sorted(line, key=lambda p: p.left):
        column = _column(piece.left)
        text += " " * max(column - len(text), 1 if text else 0) + piece.text
    yield text


def _column(left: float) -> int:
    """The column of characters in which what stands there begins."""
    if left < _PARTNER_AT:
        return 0
    if left < _LEFT_AT:
        return 1
    return 20 if left < _RIGHT_AT else _RIGHT_COLUMN
