"""Delete or archive a document that one added oneself; what that means is said first.

A document of a professional is not deleted by its reader: he asks its author for a correction.
"""

from __future__ import annotations

from starlette.responses import Response

from dmp.acts.documents.retrieve_document import RetrieveDocument, read_metadata
from dmp.acts.documents.update_metadata import Change, UpdateMetadata, update_metadata
from dmp.domain.documents.entry import DocumentEntry
from dmp.entrypoints.web.holder.own_record import home_of, record_of
from dmp.entrypoints.web.page import Authentication, Page, form_page
from dmp.entrypoints.web.record.files import document_id_of
from dmp.entrypoints.web.visit import Visit

ARCHIVE, DELETE = "archiver", "supprimer"


def is_own(visit: Visit, entry: DocumentEntry) -> bool:
    """Whether whoever is logged in added this document; the rules have the last word."""
    return visit.caller.id in entry.owner_ids


async def remove(visit: Visit) -> Response:
    """The choice with its consequences, then the change."""
    record_id, document_id = record_of(visit), document_id_of(visit)
    documents = f"{home_of(record_id)}/documents"
    request = RetrieveDocument(document=document_id, within=record_id)
    entry = await visit.do(read_metadata, request)
    errors: dict[str, str] = {}
    if visit.request.method == "POST":
        choice = visit.form.text("choix")
        if choice == ARCHIVE:
            await _change(visit, Change.ARCHIVE)
            visit.notice("Document archivé. Il reste consultable parmi les documents archivés.")
            return visit.go_to(f"{documents}/{document_id}")
        if choice == DELETE and visit.form.checked("confirmation"):
            await _change(visit, Change.DELETE)
            visit.notice(
                "Document supprimé. Vous pouvez le rétablir pendant trente jours, sous « Documents supprimés »."
            )
            return visit.go_to(documents)
        if choice == DELETE:
            errors["confirmation"] = "Cochez la case pour confirmer la suppression."
        else:
            errors["choix"] = "Choisissez d’archiver ou de supprimer."
    return visit.render(
        "adding/remove.html",
        "Archiver ou supprimer",
        status=400 if errors else 200,
        record_id=record_id,
        entry=entry,
        is_own=is_own(visit, entry),
        chosen=visit.form.text("choix"),
        path=f"{documents}/{document_id}",
        errors=errors,
    )


async def _change(visit: Visit, change: Change) -> None:
    request = UpdateMetadata(
        document=document_id_of(visit), changes=(change,), within=record_of(visit)
    )
    await visit.do(update_metadata, request)


async def take_back(visit: Visit) -> Response:
    """Bring an archived document back into the list."""
    await _change(visit, Change.UNARCHIVE)
    visit.notice("Document désarchivé : il est de nouveau dans la liste.")
    return visit.go_to(f"{home_of(record_of(visit))}/documents/{document_id_of(visit)}")


_HOLDER = Authentication.HOLDER
_PATH = "/espace/{record}/documents/{document}/supprimer"
PAGES = (
    *form_page(_PATH, remove, _HOLDER, read_metadata, update_metadata),
    Page(
        path="/espace/{record}/documents/{document}/desarchiver",
        view=take_back,
        authentication=_HOLDER,
        method="POST",
        acts=(update_metadata,),
    ),
)
