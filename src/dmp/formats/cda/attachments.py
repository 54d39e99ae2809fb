"""What a CDA carries in base64: PDF and images.

Source: CDA R2, ED data type; CI-SIS, sections with a copy of the document (observationMedia).
"""

from __future__ import annotations

import binascii
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import cast

from lxml import etree

from dmp.domain.errors import Reason, Refused
from dmp.formats.cda.document import V3
from dmp.formats.pdf import check_pdf

# From the attribute to its element: elements that have none are not weighed one by one.
_CARRIERS = etree.XPath(
    "/descendant::h:*/@representation[. = 'B64']/..", namespaces={"h": V3}, smart_strings=False
)
_SIGNATURES = {
    "application/pdf": (b"%PDF-",),
    "image/png": (b"\x89PNG\r\n\x1a\n",),
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/gif": (b"GIF87a", b"GIF89a"),
}


@dataclass(frozen=True, slots=True)
class Attachment:
    """Octets carried by a document.

    `media_type` is what the first octets prove when they are a PDF, PNG, JPEG or GIF (producers
    announce one image for another), else what the document announces.
    """

    media_type: str
    content: bytes

    @property
    def can_be_shown(self) -> bool:
        """Whether it is proven to be of a kind that a reader may be given."""
        return _proven(self.content) == self.media_type


def _proven(content: bytes) -> str | None:
    return next((kind for kind, marks in _SIGNATURES.items() if content.startswith(marks)), None)


def media_type_of(carrier: etree._Element) -> str:
    """The announced media type, in lower case, without parameters."""
    return carrier.get("mediaType", "text/plain").partition(";")[0].strip().lower()


def read_attachment(carrier: etree._Element) -> Attachment | None:
    """The octets of a base64 element, or None when they cannot be decoded."""
    text = "".join(map(str, carrier.itertext()))
    try:
        content = binascii.a2b_base64(text)
    except (binascii.Error, ValueError):
        return None
    return Attachment(_proven(content) or media_type_of(carrier), content) if content else None


def carried_pdfs(document: etree._Element) -> Iterator[Attachment]:
    """Every PDF in the document, whatever media type is announced for it."""
    for carrier in cast(list[etree._Element], _CARRIERS(document)):
        attachment = read_attachment(carrier)
        if attachment is not None and attachment.content.lstrip()[:5] == b"%PDF-":
            yield attachment


def refuse_dangerous_attachments(carried: Iterable[Attachment]) -> None:
    """Refuse a document that carries a PDF with active content.

    A carried PDF that is merely damaged is the producer's loss, not a danger: the document with its
    text is worth keeping.

    Args:
        carried: the PDF of the document, as `carried_pdfs` gives them.

    Raises:
        Refused: CONTENT_DANGEROUS.
    """
    for attachment in carried:
        try:
            check_pdf(attachment.content)
        except Refused as refusal:
            if refusal.reason is Reason.CONTENT_DANGEROUS:
                raise
