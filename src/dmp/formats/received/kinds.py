"""What a file is, by its first octets. The name and the type that were announced are never believed.

Source: ISO 32000-1 §7.5.2 (PDF); JPEG, PNG and TIFF 6.0 signatures; RTF 1.9.1;
ISO/IEC 23008-12 §10 (HEIC).
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from dmp.domain.errors import Reason, Refused


class Kind(StrEnum):
    """The kinds of files that are taken."""

    PDF = "pdf"
    JPEG = "jpeg"
    PNG = "png"
    TIFF = "tiff"
    RTF = "rtf"
    TEXT = "text"


PICTURES: Final = frozenset({Kind.JPEG, Kind.PNG, Kind.TIFF})
ACCEPTED: Final = ".pdf,.jpg,.jpeg,.png,.tif,.tiff,.txt,.rtf"
"""The endings of names, as a form field announces them. They only help to choose."""

HEIC: Final = "heic"
"""The content type in the refusal of a picture as recent telephones take them: what to do can be said."""

_SIGNATURES: Final = (
    (b"%PDF-", Kind.PDF),
    (b"\xff\xd8\xff", Kind.JPEG),
    (b"\x89PNG\r\n\x1a\n", Kind.PNG),
    (b"II*\0", Kind.TIFF),
    (b"MM\0*", Kind.TIFF),
    (b"{\\rtf", Kind.RTF),
)
_ENDINGS: Final = {
    "pdf": {Kind.PDF},
    "jpg": {Kind.JPEG},
    "jpeg": {Kind.JPEG},
    "png": {Kind.PNG},
    "tif": {Kind.TIFF},
    "tiff": {Kind.TIFF},
    "rtf": {Kind.RTF},
    "txt": {Kind.TEXT},
}
_MARKUP: Final = (b"<!doctype", b"<html", b"<svg", b"<?xml", b"<script", b"<!--", b"<?php")
_BOMS: Final = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_HEIC_BRANDS: Final = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1"})
_LOOKED_AT: Final = 4096
_NOT_IN_TEXT: Final = bytes(set(range(32)) - {9, 10, 12, 13}) + b"\x7f"


def kind_of(content: bytes) -> Kind:
    """What a file is.

    Raises:
        Refused: CONTENT_EMPTY; CONTENT_TYPE_UNSUPPORTED for everything that is not on the list, pages
            and pictures made of markup (HTML, SVG) and archives among them.
    """
    if not content:
        raise Refused(Reason.CONTENT_EMPTY)
    for signature, kind in _SIGNATURES:
        if content.startswith(signature):
            return kind
    if _is_text(content):
        return Kind.TEXT
    raise Refused(
        Reason.CONTENT_TYPE_UNSUPPORTED, content_type=HEIC if _is_heic(content) else "unknown"
    )


def _is_heic(content: bytes) -> bool:
    return content[4:8] == b"ftyp" and content[8:12] in _HEIC_BRANDS


def _is_text(content: bytes) -> bool:
    beginning = content
    for mark in _BOMS:
        beginning = beginning.removeprefix(mark)
    head = beginning[:_LOOKED_AT].lstrip().lower()
    if any(mark in head for mark in _MARKUP):
        return False
    if content.startswith(_BOMS[1:]):
        return True
    return not content.translate(None, delete=bytes(set(range(256)) - set(_NOT_IN_TEXT)))


def check_name(name: str, kind: Kind) -> None:
    """Refuse a file whose name promises another kind; a name without an ending promises nothing.

    Raises Refused: CONTENT_TYPE_MISMATCH, CONTENT_TYPE_UNSUPPORTED.
    """
    _, point, ending = name.rpartition(".")
    if not point:
        return
    promised = _ENDINGS.get(ending.lower())
    if promised is None:
        raise Refused(Reason.CONTENT_TYPE_UNSUPPORTED, content_type="unknown")
    if kind not in promised:
        raise Refused(Reason.CONTENT_TYPE_MISMATCH, content_type=ending.lower())
