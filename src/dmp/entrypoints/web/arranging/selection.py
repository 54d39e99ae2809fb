"""Several documents at once: masked, shown again, put in a folder, taken along in one file.

One form of boxes, whole without JavaScript. Every document is looked up in the record of the address.
"""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from anyio import to_thread
from starlette.responses import Response

from dmp.acts.arranging.arrange_documents import arrange_documents, read_arrangement
from dmp.acts.documents.find_documents import FindDocuments, find_documents
from dmp.acts.documents.mask_documents import mask_documents
from dmp.acts.documents.retrieve_document import RetrieveDocument, retrieve_document
from dmp.acts.documents.update_metadata import update_metadata
from dmp.acts.keepers import DocumentPage
from dmp.acts.sharing.keep_from import keep_from, show_again
from dmp.domain.documents.query import DocumentQuery
from dmp.domain.errors import Reason, Refused
from dmp.entrypoints.web.arranging.bundle import archived
from dmp.entrypoints.web.arranging.folders import ABOUT_NAME, arranged_of, folder_choices, put
from dmp.entrypoints.web.holder.masking import Masking, do_masking
from dmp.entrypoints.web.holder.own_record import home_of, record_of
from dmp.entrypoints.web.page import Authentication, Page, form_page
from dmp.entrypoints.web.record import reading
from dmp.entrypoints.web.record.filing import STATES, criteria_of, listed
from dmp.entrypoints.web.refusals import STATUS
from dmp.entrypoints.web.visit import Visit
from dmp.entrypoints.web.wording import refusal, today

MAX_TAKEN = 50
"""Documents in one archive."""
MAX_OCTETS = 100_000_000
"""Octets of the documents in one archive."""
_MASKS = {"masquer": True, "montrer": False}


async def select(visit: Visit) -> Response:
    """The list with its boxes, and what is done with those that are ticked."""
    record_id = record_of(visit)
    errors: dict[str, str] = {}
    status = 200
    if visit.request.method == "POST":
        status = 400
        try:
            done = await _do(visit, errors)
            if done is not None:
                return done
        except Refused as refused:
            if refused.reason not in ABOUT_NAME:
                raise
            errors["nom"] = refusal(refused)
            status = STATUS[refused.category]

    async def find(query: DocumentQuery) -> DocumentPage:
        return await visit.do(find_documents, FindDocuments(of=record_id, query=query))

    arranged = None if visit.cares else await arranged_of(visit)
    return visit.render(
        "arranging/selection.html",
        "Choisir plusieurs documents",
        status=status,
        record_id=record_id,
        listing=await listed(criteria_of(visit), find),
        states=STATES,
        folder_choices=folder_choices(arranged) if arranged else [],
        ticked=set(visit.form.texts("documents")),
        chosen=visit.form.text("dossier"),
        typed=visit.form.text("nom"),
        path=f"{home_of(record_id)}/documents/selection",
        errors=errors,
    )


async def _do(visit: Visit, errors: dict[str, str]) -> Response | None:
    """Do what was chosen; None when something must be corrected first."""
    documents, choice = _uuids(visit.form.texts("documents")), visit.form.text("choix")
    home = home_of(record_of(visit))
    if not documents:
        errors["documents"] = "Cochez au moins un document."
        return None
    if choice in _MASKS:
        key = await do_masking(visit, Masking(masked=_MASKS[choice], documents=documents))
        return visit.go_to(f"{home}/confidentialite/resultat", {"fait": key})
    if choice == "ranger":
        arranged = await put(visit, documents, errors)
        if arranged is None:
            return None
        visit.notice("Documents rangés.")
        return visit.go_to(f"{home}/dossiers/{arranged.folder_id}")
    if choice != "telecharger":
        raise Refused(Reason.PARAMETER_INVALID, parameter="choix", detail="choix inconnu")
    if len(documents) > MAX_TAKEN:
        errors["documents"] = "Un fichier contient 50 documents au plus. Cochez-en moins."
        return None
    query = urlencode([("d", str(document)) for document in documents])
    return visit.go_to(f"{home}/documents/selection/archive?{query}")


def _uuids(texts: list[str]) -> tuple[UUID, ...]:
    try:
        return tuple(dict.fromkeys(UUID(text) for text in texts))
    except ValueError:
        raise Refused(Reason.DOCUMENT_NOT_FOUND) from None


async def archive(visit: Visit) -> Response:
    """The documents of the address in one file, each read and traced as when it is opened."""
    record_id = record_of(visit)
    documents = _uuids(visit.request.query_params.getlist("d"))
    if not documents or len(documents) > MAX_TAKEN:
        raise Refused(Reason.PARAMETER_INVALID, parameter="d", detail="choix inconnu")
    files: list[reading.ServedFile] = []
    octets = 0
    for document in documents:
        request = RetrieveDocument(document=document, within=record_id)
        retrieved = await visit.do(retrieve_document, request)
        octets += len(retrieved.content)
        if octets > MAX_OCTETS:
            visit.notice("Ces documents pèsent plus de 100 Mo ensemble. Cochez-en moins.")
            return visit.go_to(f"{home_of(record_id)}/documents/selection")
        files.append(reading.original_of(retrieved.entry, retrieved.content))
    name = f"documents-{today(visit.now).isoformat()}"
    made = await to_thread.run_sync(archived, files, name, visit.now)
    return reading.serve(visit, made, inline=False)


_HOLDER = Authentication.HOLDER
_PATH = "/espace/{record}/documents/selection"
PAGES = (
    *form_page(
        _PATH,
        select,
        _HOLDER,
        find_documents,
        read_arrangement,
        arrange_documents,
        mask_documents,
        update_metadata,
        keep_from,
        show_again,
    ),
    Page(path=_PATH + "/archive", view=archive, authentication=_HOLDER, acts=(retrieve_document,)),
)
