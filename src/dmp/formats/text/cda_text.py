"""The text of a CDA document: title, narrative, coded terms left out of it, and the PDF it carries.

A row of a table is a line, its cells set apart, so that a result stands beside its value. Nothing here is ever
shown as markup.

Source: CDA R2 §4.3.5 (narrative), HL7 data types (displayName, originalText).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice
from typing import Final

from lxml import etree

from dmp.domain.documents.text.readable import MAX_CHARACTERS, fold
from dmp.formats.cda.attachments import Attachment
from dmp.formats.cda.document import Path, child, plain_text, v3
from dmp.formats.cda.entries import entry_lines

MAX_TERMS: Final = 2_000
MAX_PDFS: Final = 20
_BODY, _SECTION, _ENTRY = Path("component/structuredBody"), v3("section"), v3("entry")
_ORIGINAL_TEXT, _MATERIAL, _NAME = v3("originalText"), v3("manufacturedMaterial"), v3("name")
_TITLE, _CODE, _TEXT = v3("title"), v3("code"), v3("text")
_BODY_TEXT = Path("component/nonXMLBody/text")
_APART = " · "
_SIGNS = frozenset("+-±")
_LINE = "\0"
"""The end of a line while a narrative is read: no XML holds it."""
_LINES = frozenset(("text", "paragraph", "item", "tr", "caption", "list", "table", "br", "thead"))
_CELLS = frozenset(("td", "th"))

PdfText = Callable[[bytes], str]
"""The text of a PDF, empty when it cannot be had. It raises nothing."""


class _Around(dict[str, tuple[str, str]]):
    """What stands before and after the words of an element of the narrative, by its tag."""

    def __missing__(self, tag: str) -> tuple[str, str]:
        """Of a tag in another namespace: by its name alone."""
        name = str(tag).rpartition("}")[2]
        if name in _LINES:
            return _LINE, _LINE
        return ("", _APART) if name in _CELLS else ("", "")


_AROUND: Final = _Around()
_AROUND.update((v3(name), _AROUND[name]) for name in (*_LINES, *_CELLS, "content", "tbody", "col"))


def cda_text(document: etree._Element, carried: Iterable[Attachment], pdf_text: PdfText) -> str:
    """The text of an open document, its parts on lines of their own.

    Args:
        document: the ClinicalDocument.
        carried: the PDF that it carries.
        pdf_text: reads the PDF documents that it carries.
    """
    title = plain_text(child(document, _TITLE))
    parts = [title, *_sections(document)]
    body = _BODY_TEXT.first(document)
    if body is not None and body.get("representation") != "B64":
        parts.append("".join(map(str, body.itertext())))
    for attachment in islice(carried, MAX_PDFS):
        parts.append(pdf_text(attachment.content))
        if sum(map(len, parts)) > MAX_CHARACTERS:
            break
    said = "\n".join(filter(None, parts))
    terms = _terms_left_out(document, said)
    # The coded terms are few: they stay searchable when the rest is too long.
    room = MAX_CHARACTERS - sum(map(len, terms)) - 3 * len(terms)
    return "\n".join(filter(None, (said[: max(room, 0)], _APART.join(terms))))


def _sections(document: etree._Element) -> Iterator[str]:
    for section in _parts(document, _SECTION):
        code = child(section, _CODE)
        named = "" if code is None else code.get("displayName", "")
        yield plain_text(child(section, _TITLE)) or named
        text = child(section, _TEXT)
        written = "" if text is None else _narrative(text)
        yield written if written.strip() else "\n".join(entry_lines(section))


def _narrative(text: etree._Element) -> str:
    """The words of a narrative, in its order, blocks and rows on lines of their own."""
    pieces = [_LINE, text.text or ""]
    _gather(text, pieces)
    pieces.append(_LINE)
    written = "".join(pieces).replace("\n", " ").replace(_LINE, "\n")
    if _APART not in pieces:
        return written
    return "\n".join(map(_row, written.split("\n")))


def _gather(element: etree._Element, pieces: list[str]) -> None:
    """The words inside an element, piece by piece. The parser bounds how deep it goes."""
    for part in element:
        before, after = _AROUND[part.tag]
        pieces.append(before)
        words = part.text
        if words:
            pieces.append(words)
        if len(part):
            _gather(part, pieces)
        pieces.append(after)
        words = part.tail
        if words:
            pieces.append(words)


def _row(line: str) -> str:
    """A row without its empty cells; nothing for one without a word."""
    if _APART not in line:
        return line
    cells = (" ".join(cell.split()) for cell in line.split(_APART))
    return _APART.join(cell for cell in cells if any(c.isalnum() for c in cell) or cell in _SIGNS)


def _terms_left_out(document: etree._Element, said: str) -> list[str]:
    """Labels of the structured entries that stand nowhere in the text."""
    written = islice(_terms(document), 10 * MAX_TERMS)
    first = next(written, None)
    if first is None:
        return []
    text = " ".join(fold(said).split())
    found: dict[str, None] = {}
    for term in chain((first,), written):
        words = " ".join(term.split())[:200]
        if words and words not in found and " ".join(fold(words).split()) not in text:
            found[words] = None
            if len(found) == MAX_TERMS:
                break
    return list(found)


def _terms(document: etree._Element) -> Iterator[str]:
    """Labels of codes, original texts and names of products in the structured entries."""
    for entry in _parts(document, _ENTRY):
        for element in entry.iter(etree.Element):
            label = element.get("displayName")
            if label:
                yield label
            if element.tag == _ORIGINAL_TEXT:
                yield plain_text(element)
            elif element.tag == _MATERIAL:
                yield plain_text(child(element, _NAME))


def _parts(document: etree._Element, tag: str) -> Iterator[etree._Element]:
    """Elements of the body with this tag. A path with // costs the square of their number."""
    body = _BODY.first(document)
    return iter(()) if body is None else body.iter(tag)
