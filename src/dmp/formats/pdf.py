"""PDF documents: is it one, is it harmless, how many pages, which text.

A PDF that acts by itself (scripts, programs, attached files, actions on opening) is refused. Links
that a reader may follow are not actions: they stay.

Source: ISO 32000-1 §7.5 (file structure), §7.5.7 (object streams), §12.6 (actions).
"""

from __future__ import annotations

import re
import threading
import time
import unicodedata
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import islice
from typing import Final

import pypdfium2
from pypdfium2 import raw as pdfium

from dmp.domain.errors import Reason, Refused

MAX_INFLATED: Final = 32 * 1024 * 1024
MAX_OBJECT_STREAMS: Final = 20_000
MAX_AUTOMATIC_ACTIONS: Final = 1_000

_CHUNK = 64 * 1024
_REACH = 4096  # a dictionary that matters here is shorter than this

# PDFium is not made for threads: one caller at a time.
_ONE_AT_A_TIME = threading.Lock()


def _name(text: str) -> bytes:
    """A pattern for a PDF name in which any character may be written as `#hh`."""
    hexadecimal = ((c, f"{ord(c):02x}") for c in text)
    return "".join(
        f"(?:{re.escape(c)}|#{h[0]}[{h[1].lower()}{h[1].upper()}])" for c, h in hexadecimal
    ).encode()


_ACTIVE = {
    "JavaScript": "script",
    "Launch": "action that starts a program",
    "EmbeddedFile": "attached file",
    "EmbeddedFiles": "attached file",
    "RichMedia": "embedded media",
    "SubmitForm": "action that sends a form",
    "ImportData": "action that reads a file",
    "GoToE": "action that opens an attached file",
    "GoToR": "action that opens another file",
    "Rendition": "embedded media",
    "XFA": "XFA form",
}
_END = rb"(?=[\x00\t\n\x0c\r ()<>\[\]{}/%]|$)"
_ACTIVE_NAME = re.compile(
    b"/(?=[#JLERSIGX])(?:" + b"|".join(b"(" + _name(n) + b")" for n in _ACTIVE) + b")" + _END
)
_DETAILS = tuple(_ACTIVE.values())
_OBJECT_STREAM = re.compile(b"/" + _name("ObjStm") + _END)
_BY_ITSELF = re.compile(
    b"/(?:"
    + _name("OpenAction")
    + b"|"
    + _name("AA")
    + rb")\s{0,20}(?:(\d{1,10})\s{1,20}\d{1,5}\s{1,20}R|<<)"
)
_URI = re.compile(b"/" + _name("URI") + _END)
_DESTINATION = re.compile(rb"(?:^\s*|/D\s*)\[[^\]]*\]")  # a page to show: no action
_OBJECT = re.compile(rb"(?<!\d)(\d{1,10})\s{1,20}\d{1,5}\s{1,20}obj\b")
_INDEX = re.compile(rb"[\d\s]*")
_INSIDE = re.compile(rb"(\d{1,10})\s{1,20}\d{1,5}\s{1,20}R")
_FILTER = re.compile(b"/" + _name("Filter"))
_FLATE_ONLY = re.compile(
    b"/" + _name("Filter") + rb"\s*(?:\[\s*)?/" + _name("FlateDecode") + rb"\s*(?:\]|/|>>)"
)
_UNUSUAL = re.compile(b"/" + _name("DecodeParms"))


def check_pdf(content: bytes) -> None:
    """Accept a PDF that opens, has a page, is not encrypted and does nothing by itself.

    Raises:
        Refused: CONTENT_EMPTY; CONTENT_TYPE_MISMATCH for what is no PDF; CONTENT_UNREADABLE for a
            damaged or encrypted one; CONTENT_DANGEROUS for active content.
    """
    if not content:
        raise Refused(Reason.CONTENT_EMPTY)
    if not content.lstrip(b"\xef\xbb\xbf \t\r\n\0").startswith(b"%PDF-"):
        raise Refused(Reason.CONTENT_TYPE_MISMATCH, content_type="application/pdf")
    with opened(content) as document:
        if len(document) < 1:
            raise Refused(Reason.CONTENT_UNREADABLE, detail="PDF without a page")
        if pdfium.FPDF_GetSecurityHandlerRevision(document.raw) != -1:
            raise Refused(Reason.CONTENT_UNREADABLE, detail="encrypted PDF; send it without")
        if pdfium.FPDFDoc_GetJavaScriptActionCount(document.raw) > 0:
            raise _dangerous("script")
        if pdfium.FPDFDoc_GetAttachmentCount(document.raw) > 0:
            raise _dangerous("attached file")
    parts = [content, *_object_streams(content)]
    for part in parts:
        _refuse_active_names(part)
    _refuse_addresses_opened_by_themselves(parts)


def page_count(content: bytes) -> int:
    """Number of pages. Raises Refused CONTENT_UNREADABLE when it cannot be opened."""
    with opened(content) as document:
        return len(document)


def text(content: bytes, limit: int, *, pages: int = 10_000, seconds: float = 60) -> str:
    """The text of the pages, in their order, a blank line between them; at most `limit` characters.

    At most so many pages are read, and none is begun after so many seconds.

    Raises:
        Refused: CONTENT_UNREADABLE.
    """
    read: list[str] = []
    found = 0
    until = time.monotonic() + seconds
    with opened(content) as document:
        for number in range(min(len(document), pages)):
            if time.monotonic() > until:
                break
            page = document[number]
            try:
                page_text = page.get_textpage()
                try:
                    words = page_text.get_text_bounded().replace("\r\n", "\n").strip()
                finally:
                    page_text.close()
            except pypdfium2.PdfiumError:
                words = ""
            finally:
                page.close()
            read.append(words)
            found += len(words) + 2
            if found >= limit:
                break
    return "\n\n".join(filter(None, read))[:limit]


@contextmanager
def opened(content: bytes) -> Iterator[pypdfium2.PdfDocument]:
    """An open PDF, for one caller at a time. Raises Refused: CONTENT_UNREADABLE."""
    with _ONE_AT_A_TIME:
        try:
            document = pypdfium2.PdfDocument(content)
        except pypdfium2.PdfiumError as error:
            locked = getattr(error, "err_code", None) == pdfium.FPDF_ERR_PASSWORD
            detail = "encrypted PDF; send it without" if locked else "damaged PDF"
            raise Refused(Reason.CONTENT_UNREADABLE, detail=detail) from None
        try:
            yield document
        finally:
            document.close()


def _object_streams(content: bytes) -> Iterator[bytes]:
    """The objects that stand compressed in object streams, inflated within bounds.

    PDFium and browsers read them like any object, so they are looked through as well.
    """
    room = MAX_INFLATED
    for count, match in enumerate(_OBJECT_STREAM.finditer(content)):
        if count >= MAX_OBJECT_STREAMS:
            raise _dangerous("too many object streams")
        start = content.find(b"stream", match.end(), match.end() + _REACH)
        if start < 0:
            continue
        earliest = max(match.start() - _REACH, 0)
        dictionary = content[max(content.rfind(b"obj", earliest, match.start()), earliest) : start]
        if _FILTER.search(dictionary) is None:
            continue  # not compressed: its objects were seen in the open
        if _FLATE_ONLY.search(dictionary) is None or _UNUSUAL.search(dictionary):
            raise _dangerous("object stream in an unusual coding")
        begin = start + len(b"stream")
        begin += len(content[begin : begin + 2]) - len(content[begin : begin + 2].lstrip(b"\r\n"))
        part = _inflated(content, begin, room)
        room -= len(part)
        if room <= 0:
            raise _dangerous("object streams that inflate too much")
        yield part


def _inflated(content: bytes, begin: int, room: int) -> bytes:
    """What the octets from `begin` inflate to, at most `room`; read by pieces to their own end."""
    stream = zlib.decompressobj()
    out = bytearray()
    try:
        while not stream.eof and begin < len(content) and len(out) < room:
            out += stream.decompress(
                stream.unconsumed_tail or content[begin : begin + _CHUNK], room - len(out)
            )
            begin += 0 if stream.unconsumed_tail else _CHUNK
    except zlib.error:
        raise Refused(Reason.CONTENT_UNREADABLE, detail="damaged PDF") from None
    return bytes(out)


def _refuse_active_names(part: bytes) -> None:
    found = _ACTIVE_NAME.search(part)
    if found is not None and found.lastindex is not None:
        raise _dangerous(_DETAILS[found.lastindex - 1])


def _refuse_addresses_opened_by_themselves(parts: list[bytes]) -> None:
    """Refuse `OpenAction` and `AA` that lead to an address, written in place or by reference."""
    every = ((part, match) for part in parts for match in _BY_ITSELF.finditer(part))
    found = list(islice(every, MAX_AUTOMATIC_ACTIONS + 1))
    if len(found) > MAX_AUTOMATIC_ACTIONS:
        raise _dangerous("too many actions that run by themselves")
    objects = _objects(parts) if found else {}
    for part, match in found:
        if match.group(1) is None:
            written = [part[match.end() : match.end() + 1024].partition(b"endobj")[0]]
        else:
            written = list(objects.get(int(match.group(1)), ()))
        # An additional action names its events; each may be a reference again: one step is enough.
        for body in tuple(written):
            for reference in _INSIDE.finditer(_DESTINATION.sub(b"", body)):
                written += objects.get(int(reference.group(1)), ())
        if any(_URI.search(body) for body in written):
            raise _dangerous("address that opens by itself")


def _objects(parts: list[bytes]) -> dict[int, list[bytes]]:
    """The beginnings of all objects by their numbers, from the file and from its object streams."""
    content, *inflated = parts
    found: dict[int, list[bytes]] = {}
    for match in _OBJECT.finditer(content):
        body = content[match.end() : match.end() + 1024].partition(b"endobj")[0]
        found.setdefault(int(match.group(1)), []).append(body)
    for part in inflated:
        index = _INDEX.match(part)
        first = index.end() if index else 0
        numbers = [int(word[:10]) for word in part[:first].split()]
        places = sorted(numbers[1::2])
        following = dict(zip(places, [*places[1:], len(part) - first], strict=True))
        for name, offset in zip(numbers[::2], numbers[1::2], strict=False):
            end = min(following[offset], offset + 1024)
            found.setdefault(name, []).append(part[first + offset : first + end])
    return found


def _dangerous(detail: str) -> Refused:
    return Refused(Reason.CONTENT_DANGEROUS, detail=f"PDF with {detail}")


_PAGE_WIDTH, _PAGE_HEIGHT, _MARGIN = 595, 842, 57  # A4 in points, margins of 2 cm
_SIZE, _LEADING, _TITLE_SIZE = 10.5, 15, 15
_ROWS = (_PAGE_HEIGHT - 2 * _MARGIN - 30) // _LEADING


def write_pdf(
    title: str, lines: Sequence[str], *, author: str = "", created_at: datetime | None = None
) -> bytes:
    """A PDF of text pages in A4: the title on each page, then the lines, wrapped.

    Letters outside Windows-1252 lose their accents or become `?`. The same arguments give the same
    octets.

    Args:
        title: shown on each page and as the title of the document.
        lines: one paragraph each; an empty one leaves a blank line.
        author: name for the properties of the document.
        created_at: instant for the properties; none is written without it.
    """
    rows = [row for line in lines for row in _wrapped(line)] or [""]
    pages = [rows[at : at + _ROWS] for at in range(0, len(rows), _ROWS)]
    kids = " ".join(f"{6 + 2 * n} 0 R" for n in range(len(pages)))
    font = "<< /Type /Font /Subtype /Type1 /BaseFont /{} /Encoding /WinAnsiEncoding >>"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R /Lang (fr-FR) >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        font.format("Helvetica").encode(),
        font.format("Helvetica-Bold").encode(),
        _properties(title, author, created_at),
    ]
    for number, page in enumerate(pages):
        drawn = zlib.compress(_drawn(title, page, f"{number + 1} / {len(pages)}"))
        objects += [
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {_PAGE_WIDTH} {_PAGE_HEIGHT}] "
            f"/Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> "
            f"/Contents {7 + 2 * number} 0 R >>".encode(),
            b"<< /Length %d /Filter /FlateDecode >>\nstream\n" % len(drawn)
            + drawn
            + b"\nendstream",
        ]
    return _assembled(objects)


def _assembled(objects: list[bytes]) -> bytes:
    out = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    places: list[int] = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R /Info 5 0 R >>\n" % (len(objects) + 1)
    return bytes(out + b"startxref\n%d\n%%%%EOF\n" % table)


def _properties(title: str, author: str, created_at: datetime | None) -> bytes:
    def unicode(value: str) -> str:
        return "<FEFF" + value.encode("utf-16-be", "replace").hex().upper() + ">"

    created = (
        ""
        if created_at is None
        else f"/CreationDate (D:{created_at.astimezone(UTC):%Y%m%d%H%M%S}Z) "
    )
    return (
        f"<< /Title {unicode(title)} /Author {unicode(author)} {created}/Producer (dmp) >>".encode()
    )


def _drawn(title: str, rows: list[str], foot: str) -> bytes:
    """The operators that set one page."""
    top = _PAGE_HEIGHT - _MARGIN
    heading = _wrapped(title, size=_TITLE_SIZE)[0]
    parts = [
        b"BT /F2 %d Tf %d %d Td (%s) Tj ET" % (_TITLE_SIZE, _MARGIN, top, _string(heading)),
        b"BT /F1 %.1f Tf %d TL %d %d Td" % (_SIZE, _LEADING, _MARGIN, top - 30),
        *(b"(%s) Tj T*" % _string(row) for row in rows),
        b"ET",
        b"BT /F1 8 Tf %d %d Td (%s) Tj ET" % (_PAGE_WIDTH // 2 - 10, _MARGIN // 2, foot.encode()),
    ]
    return b"\n".join(parts)


def _string(text: str) -> bytes:
    """The inside of a PDF string in Windows-1252."""
    out = bytearray()
    for character in text:
        octets = character.encode("cp1252", "ignore")
        if not octets:
            octets = unicodedata.normalize("NFKD", character).encode("ascii", "ignore") or b"?"
        out += octets
    for special in (b"\\", b"(", b")"):
        out = out.replace(special, b"\\" + special)
    return bytes(out)


def _width(text: str) -> float:
    """Width in em, a little too large rather than too small: exact metrics would need a font."""
    return sum(
        0.3
        if c in "iljtfI.,;:!|'()[] -"
        else 0.85
        if c in "mwMWÆŒ@%—…€"
        else 0.73
        if c.isupper()
        else 0.57
        for c in text
    )


def _wrapped(line: str, size: float = _SIZE) -> list[str]:
    """The line in rows that fit the page; a word that does not fit alone is cut."""
    room = (_PAGE_WIDTH - 2 * _MARGIN) / size
    rows: list[str] = []
    row = ""
    for word in line.split():
        while _width(word) > room:
            cut = int(room / 0.85)
            rows += [row, word[:cut]] if row else [word[:cut]]
            row, word = "", word[cut:]  # noqa: PLW2901  # what is left of the word goes on
        longer = f"{row} {word}" if row else word
        if row and _width(longer) > room:
            rows.append(row)
            row = word
        else:
            row = longer
    return [*rows, row]
