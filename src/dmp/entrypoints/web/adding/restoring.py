"""Documents of one's own that were deleted lately: each with the day until which that can be taken back."""

from __future__ import annotations

from uuid import UUID

from starlette.responses import Response

from dmp.acts.documents.restore_document import (
    ListDeletions,
    RestoreDocument,
    list_deletions,
    restore_document,
)
from dmp.domain.errors import Reason, Refused
from dmp.entrypoints.web.holder.own_record import home_of, record_of
from dmp.entrypoints.web.page import Authentication, form_page
from dmp.entrypoints.web.visit import Visit


async def deleted(visit: Visit) -> Response:
    """The list, or one document back in its place."""
    record_id = record_of(visit)
    documents = f"{home_of(record_id)}/documents"
    if visit.request.method == "POST":
        request = RestoreDocument(record_id=record_id, document=_document(visit))
        entry = await visit.do(restore_document, request)
        visit.notice("Document rétabli : il est de nouveau dans le dossier.")
        return visit.go_to(f"{documents}/{entry.document_id}")
    found = await visit.do(list_deletions, ListDeletions(record_id=record_id))
    return visit.render(
        "adding/deleted.html",
        "Documents supprimés",
        record_id=record_id,
        found=found,
        path=f"{documents}/supprimes",
        back=documents,
    )


def _document(visit: Visit) -> UUID:
    """Which document the form names. Raises Refused: DOCUMENT_NOT_FOUND."""
    try:
        return UUID(visit.form.text("document"))
    except ValueError:
        raise Refused(Reason.DOCUMENT_NOT_FOUND) from None


PAGES = form_page(
    "/espace/{record}/documents/supprimes",
    deleted,
    Authentication.HOLDER,
    list_deletions,
    restore_document,
)
