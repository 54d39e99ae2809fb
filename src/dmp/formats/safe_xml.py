"""The one way in which XML of others is parsed here.

No entity is expanded, no network or file is opened, no document type is accepted, no stylesheet or
inclusion is followed. What is counted (octets, tags, attributes, depth) is bounded before or right
after the parse, so that a small message cannot cost a large tree.

Source: OWASP XML External Entity Prevention; libxml2 parser options; CVE-2003-1564 (entity bombs).
"""

from __future__ import annotations

import codecs
import re
from typing import Final

from lxml import etree

from dmp.domain.errors import Reason, Refused

MAX_OCTETS: Final = 20 * 1024 * 1024
MAX_DEPTH: Final = 256
MAX_TAGS: Final = 1_000_000
MAX_ATTRIBUTES: Final = 2_000_000
MAX_ATTRIBUTES_OF_ELEMENT: Final = 200
MAX_NAMESPACE_DECLARATIONS: Final = 50_000

# libxml2 refuses a text of more than 10 MB, and a depth of more than 256, unless told that the
# document may be huge.
_HUGE_FROM = 9_000_000
# Below this size there is no room for a bomb, and counting would cost as much as a quarter of the parse.
_COUNTED_FROM = 256_000

_ENCODINGS: Final = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "us-ascii": "ascii",
    "ascii": "ascii",
    "iso-8859-1": "iso-8859-1",
    "latin1": "iso-8859-1",
    "iso-8859-15": "iso-8859-15",
    "windows-1252": "cp1252",
    "utf-16": "utf-16",
    "utf-16le": "utf-16-le",
    "utf-16be": "utf-16-be",
}
_BLANKS = b" \t\r\n"
_BLANK_RUN = re.compile(rb"[ \t\r\n]+")
_DECLARATION = re.compile(
    rb"<\?xml\s[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z][A-Za-z0-9._-]{0,40})[\"'][^>]{0,100}?\?>"
)
_TOO_MANY_ATTRIBUTES = etree.XPath(f"boolean(//*[count(@*) > {MAX_ATTRIBUTES_OF_ELEMENT}])")
_TOO_DEEP = etree.XPath("boolean(" + "/*" * (MAX_DEPTH + 1) + ")")


def parse(content: bytes, *, limit: int = MAX_OCTETS) -> etree._Element:
    """The root element of `content`, comments and processing instructions left out.

    UTF-8 (with or without mark), UTF-16 with a mark, ASCII, ISO-8859-1, ISO-8859-15 and
    Windows-1252 are read; blanks before the declaration are forgiven.

    Args:
        content: the document as received.
        limit: largest size taken, in octets.

    Raises:
        Refused: CONTENT_EMPTY, CONTENT_TOO_LARGE, CONTENT_DANGEROUS, CONTENT_UNREADABLE.
    """
    if len(content) > limit:
        raise Refused(Reason.CONTENT_TOO_LARGE, size=len(content), limit=limit)
    text = _as_utf8(content)
    if not text:
        raise Refused(Reason.CONTENT_EMPTY)
    counted = len(text) > _COUNTED_FROM
    if counted:
        _refuse_bombs(text)
    _refuse_document_type(text)
    huge = len(text) > _HUGE_FROM
    try:
        root = etree.fromstring(text, _parser(huge=huge))
    except etree.XMLSyntaxError as error:
        raise _refusal_of(error) from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise _dangerous("document type declaration")
    if huge and _TOO_DEEP(root):
        raise _dangerous("elements nested too deeply")
    if counted and _TOO_MANY_ATTRIBUTES(root):
        raise _dangerous("too many attributes on one element")
    return root


def _parser(*, huge: bool) -> etree.XMLParser:
    # A parser belongs to one thread; a new one costs nothing that can be measured.
    return etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        huge_tree=huge,
        recover=False,
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
    )


def _as_utf8(content: bytes) -> bytes:
    """The same text in UTF-8 without mark or leading blanks; UTF-8 is not copied needlessly."""
    if content.startswith(codecs.BOM_UTF8):
        return content[3:].lstrip(_BLANKS)
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _decoded(content, "utf-16")
    if b"\0" in content[:8]:
        raise Refused(Reason.CONTENT_UNREADABLE, detail="encoding without its byte order mark")
    text = content.lstrip(_BLANKS)
    declared = _DECLARATION.match(text)
    if declared is None:
        return text
    name = declared.group(1).decode("ascii").lower()
    encoding = _ENCODINGS.get(name)
    if encoding is None:
        raise Refused(Reason.CONTENT_UNREADABLE, detail=f"encoding {name} is not read; send UTF-8")
    if encoding in ("utf-8", "ascii"):
        return text
    if encoding.startswith("utf-16"):
        raise Refused(Reason.CONTENT_UNREADABLE, detail="announced as UTF-16, which it is not")
    return _decoded(text, encoding)


def _decoded(content: bytes, encoding: str) -> bytes:
    try:
        return content.decode(encoding).lstrip("\ufeff \t\r\n").encode("utf-8")
    except UnicodeError:
        raise Refused(
            Reason.CONTENT_UNREADABLE, detail=f"octets that are not {encoding.upper()}"
        ) from None


def _refuse_document_type(text: bytes) -> None:
    """Walk over the prolog: a document type can stand nowhere else.

    Looking for the letters in the whole content would refuse the comment that speaks of them.
    """
    at = 0
    size = len(text)
    while at < size:
        blanks = _BLANK_RUN.match(text, at)
        if blanks is not None:
            at = blanks.end()
        elif text.startswith(b"<?", at):
            end = text.find(b"?>", at + 2)
            at = size if end < 0 else end + 2
        elif text.startswith(b"<!--", at):
            end = text.find(b"-->", at + 4)
            at = size if end < 0 else end + 3
        elif text.startswith(b"<!", at):
            raise _dangerous("document type declaration")
        else:
            return


def _refuse_bombs(text: bytes) -> None:
    if text.count(b"<") > MAX_TAGS:
        raise _dangerous("too many elements")
    if text.count(b"=") > MAX_ATTRIBUTES:
        raise _dangerous("too many attributes")
    if text.count(b"xmlns") > MAX_NAMESPACE_DECLARATIONS:
        raise _dangerous("too many namespace declarations")


def _dangerous(detail: str) -> Refused:
    return Refused(Reason.CONTENT_DANGEROUS, detail=detail)


def _refusal_of(error: etree.XMLSyntaxError) -> Refused:
    # The parser's own message may quote the document: only the place is told.
    if "depth" in str(error.msg).lower():
        return _dangerous("elements nested too deeply")
    line, column = error.position
    return Refused(
        Reason.CONTENT_UNREADABLE, detail=f"not well-formed XML at line {line}, column {column}"
    )
