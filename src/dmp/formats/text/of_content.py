"""The text of a deposited content, whatever its format. No content is refused for want of its text."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable

from lxml import etree

from dmp.domain.documents.text.readable import DocumentText, readable
from dmp.formats.cda.attachments import Attachment, carried_pdfs
from dmp.formats.text.cda_text import PdfText, cda_text
from dmp.formats.text.pdf_words import pdf_words

logger = logging.getLogger("dmp.text")


class NotNow(Exception):
    """The text cannot be read at present; it can be later."""


def text_of_pdf(content: bytes, words: PdfText = pdf_words) -> DocumentText | None:
    """The text of a PDF; None when it is to be read later."""
    return _had(lambda: words(content))


def text_of_cda(
    document: etree._Element,
    words: PdfText = pdf_words,
    carried: Iterable[Attachment] | None = None,
) -> DocumentText | None:
    """The text of an open CDA document; None when it is to be read later.

    `carried` are the PDF that it carries, where they were taken out already.
    """
    return _had(
        lambda: cda_text(document, carried_pdfs(document) if carried is None else carried, words)
    )


def _had(read: Callable[[], str]) -> DocumentText | None:
    try:
        return readable(read())
    except NotNow:
        return None
    except Exception as error:  # noqa: BLE001  # care comes first: the document is taken without its text
        logger.warning("the text of a document could not be read: %s", type(error).__name__)
        return DocumentText()
