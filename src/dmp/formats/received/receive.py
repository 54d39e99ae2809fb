"""From the octets of a file that somebody chose to a PDF that may enter a record.

Whatever it was, what is kept was written here: nothing of the sender's file is passed on as it came.
"""

from __future__ import annotations

from typing import Final

from dmp.domain.errors import Reason, Refused
from dmp.formats.pdf import check_pdf
from dmp.formats.received import pictures, written
from dmp.formats.received.kinds import PICTURES, Kind, check_name, kind_of
from dmp.formats.received.pdf_copy import copied

MAX_OCTETS: Final = 10_000_000
"""The largest file that is taken: 10 Mo."""


def receive(content: bytes, name: str, title: str) -> bytes:
    """A PDF without active content, made from a PDF, a picture or a text.

    Args:
        content: the octets of the file.
        name: the name it had, of which only the ending is looked at.
        title: stands at the head of the pages made of a text.

    Raises:
        Refused: CONTENT_EMPTY, CONTENT_TOO_LARGE, CONTENT_TYPE_UNSUPPORTED, CONTENT_TYPE_MISMATCH,
            CONTENT_UNREADABLE, CONTENT_DANGEROUS.
    """
    if len(content) > MAX_OCTETS:
        raise Refused(Reason.CONTENT_TOO_LARGE, size=len(content), limit=MAX_OCTETS)
    kind = kind_of(content)
    check_name(name, kind)
    if kind is Kind.PDF:
        return copied(content)
    made = (
        pictures.pages_of(content, kind)
        if kind in PICTURES
        else written.pages_of(content, kind, title)
    )
    check_pdf(made)
    return made
