"""What a deposited content says of itself, whatever its format.

Source: PDSm and CI-SIS partage de documents: CDA R2 (text/xml, application/xslt+xml) and PDF.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from dmp.domain.documents.formats import format_of
from dmp.domain.documents.submission import ContentHeader
from dmp.domain.errors import Reason, Refused
from dmp.formats.cda.attachments import carried_pdfs, refuse_dangerous_attachments
from dmp.formats.cda.document import open_document
from dmp.formats.cda.findings.read import findings_of
from dmp.formats.cda.header import header_of
from dmp.formats.pdf import check_pdf
from dmp.formats.text.cda_text import PdfText
from dmp.formats.text.of_content import text_of_cda, text_of_pdf
from dmp.formats.text.pdf_words import pdf_words

PDF: Final = "application/pdf"
CDA_TYPES: Final = frozenset(
    ("text/xml", "application/xml", "application/xslt+xml", "application/hl7-cda+xml")
)


def read_header(content: bytes, content_type: str, pdf_text: PdfText = pdf_words) -> ContentHeader:
    """Check a content, read its header, what it states in structured form, and its text.

    A CDA gives its header, its findings, its text, and has the PDF it carries looked through; a plain PDF gives
    its media type, its format and its text.

    Args:
        content: the octets as deposited.
        content_type: the announced media type; its parameters play no part.
        pdf_text: reads the text of a PDF; raises nothing but `NotNow`.

    Raises:
        Refused: CONTENT_EMPTY, CONTENT_TOO_LARGE, CONTENT_UNREADABLE, CONTENT_DANGEROUS,
            CONTENT_TYPE_MISMATCH, CONTENT_TYPE_UNSUPPORTED.
    """
    media_type = content_type.partition(";")[0].strip().lower()
    if media_type == PDF:
        check_pdf(content)
        return ContentHeader(
            mime_type=PDF, format_code=format_of((), PDF), text=text_of_pdf(content, pdf_text)
        )
    if media_type not in CDA_TYPES:
        raise Refused(Reason.CONTENT_TYPE_UNSUPPORTED, content_type=media_type[:80])
    if content.startswith(b"%PDF-"):
        raise Refused(Reason.CONTENT_TYPE_MISMATCH, content_type=media_type)
    opened = open_document(content)
    carried = tuple(carried_pdfs(opened.element))
    refuse_dangerous_attachments(carried)
    return replace(
        header_of(opened),
        findings=findings_of(opened),
        text=text_of_cda(opened.element, pdf_text, carried),
    )
