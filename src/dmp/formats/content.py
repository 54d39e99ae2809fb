"""What a deposited content says of itself, whatever its format.

Source: PDSm and CI-SIS partage de documents: CDA R2 (text/xml, application/xslt+xml) and PDF.
"""

from __future__ import annotations

from typing import Final

from dmp.domain.documents.formats import format_of
from dmp.domain.documents.submission import ContentHeader
from dmp.domain.errors import Reason, Refused
from dmp.formats.cda.attachments import refuse_dangerous_attachments
from dmp.formats.cda.document import open_document
from dmp.formats.cda.header import header_of
from dmp.formats.pdf import check_pdf

PDF: Final = "application/pdf"
CDA_TYPES: Final = frozenset(
    ("text/xml", "application/xml", "application/xslt+xml", "application/hl7-cda+xml")
)


def read_header(content: bytes, content_type: str) -> ContentHeader:
    """Check a content and read its header.

    A CDA gives its header and has the PDF it carries looked through; a plain PDF gives its media
    type and format only.

    Args:
        content: the octets as deposited.
        content_type: the announced media type; its parameters play no part.

    Raises:
        Refused: CONTENT_EMPTY, CONTENT_TOO_LARGE, CONTENT_UNREADABLE, CONTENT_DANGEROUS,
            CONTENT_TYPE_MISMATCH, CONTENT_TYPE_UNSUPPORTED.
    """
    media_type = content_type.partition(";")[0].strip().lower()
    if media_type == PDF:
        check_pdf(content)
        return ContentHeader(mime_type=PDF, format_code=format_of((), PDF))
    if media_type not in CDA_TYPES:
        raise Refused(Reason.CONTENT_TYPE_UNSUPPORTED, content_type=media_type[:80])
    if content.startswith(b"%PDF-"):
        raise Refused(Reason.CONTENT_TYPE_MISMATCH, content_type=media_type)
    opened = open_document(content)
    refuse_dangerous_attachments(opened.element)
    return header_of(opened)
