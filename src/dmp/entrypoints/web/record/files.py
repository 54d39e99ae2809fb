"""The files of a document wherever it is read: the original to view or to take, what it carries, its pages.

Holder, professional and bearer of a code read the same files; how each retrieves a document is his own
(`retrieve`), and what it refuses is refused before anything is served.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from uuid import UUID

from starlette.responses import Response

from dmp.acts.documents.retrieve_document import Retrieved
from dmp.domain.errors import Reason, Refused
from dmp.entrypoints.web.record import reading
from dmp.entrypoints.web.visit import Visit

Retrieve = Callable[[Visit], Awaitable[Retrieved]]


def document_id_of(visit: Visit) -> UUID:
    """The document of the address. Raises Refused: DOCUMENT_NOT_FOUND."""
    return reading.document_named(visit.part("document"))


async def view_file(visit: Visit, retrieve: Retrieve) -> Response:
    """A PDF, for the viewer in the page."""
    return await _original(visit, retrieve, inline=True)


async def download(visit: Visit, retrieve: Retrieve) -> Response:
    """The document exactly as deposited."""
    return await _original(visit, retrieve, inline=False)


async def _original(visit: Visit, retrieve: Retrieve, *, inline: bool) -> Response:
    retrieved = await retrieve(visit)
    file = reading.original_of(retrieved.entry, retrieved.content)
    return reading.serve(visit, file, inline=inline)


async def attachment(visit: Visit, retrieve: Retrieve) -> Response:
    """Something that a CDA carries. Raises Refused: DOCUMENT_NOT_FOUND."""
    text = visit.part("number")
    if not (text.isascii() and text.isdigit() and len(text) < 5):
        raise Refused(Reason.DOCUMENT_NOT_FOUND)
    retrieved = await retrieve(visit)
    return reading.serve(visit, await reading.attachment_of(retrieved, int(text)), inline=True)


async def picture(visit: Visit, retrieve: Retrieve) -> Response:
    """The picture of a page of a PDF. Raises Refused: DOCUMENT_NOT_FOUND."""
    number = reading.page_number(visit)
    retrieved = await retrieve(visit)
    return reading.serve(visit, await reading.picture_of(visit, retrieved, number), inline=True)
