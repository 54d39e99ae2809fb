"""The words of a PDF within bounds of pages, characters and time."""

from __future__ import annotations

from typing import Final

from dmp.domain.documents.text.readable import MAX_CHARACTERS
from dmp.domain.errors import Refused
from dmp.formats import pdf

MAX_PAGES: Final = 500
MAX_SECONDS: Final = 5.0
"""No further page is begun after this time: the rest is left out."""


def pdf_words(content: bytes) -> str:
    """The text of a PDF; empty when it cannot be had: damaged, locked, made of pictures."""
    try:
        return pdf.text(content, MAX_CHARACTERS, pages=MAX_PAGES, seconds=MAX_SECONDS)
    except Refused:
        return ""
