"""The holder's documents: the list, one document, its files."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.responses import Response

from dmp.acts.arranging.arrange_documents import (
    FolderShown,
    ReadArrangement,
    read_arrangement,
)
from dmp.acts.documents.find_documents import FindDocuments, find_documents
from dmp.acts.documents.retrieve_document import (
    Retrieved,
    RetrieveDocument,
    retrieve_document,
    retrieve_page,
)
from dmp.acts.keepers import DocumentPage
from dmp.domain.documents.entry import DocumentEntry
from dmp.domain.documents.query import DocumentQuery
from dmp.entrypoints.web.holder.own_record import home_of, record_of
from dmp.entrypoints.web.login.identities import traits_of
from dmp.entrypoints.web.page import Authentication, Page
from dmp.entrypoints.web.record import files, reading
from dmp.entrypoints.web.record.around import around
from dmp.entrypoints.web.record.criteria import SORTS, VISIBILITIES
from dmp.entrypoints.web.record.files import document_id_of
from dmp.entrypoints.web.record.filing import STATES, Find, category_of, criteria_of, listed
from dmp.entrypoints.web.synthesis.proofs import way_back
from dmp.entrypoints.web.visit import Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """Where a document stands in the arrangement of its reader."""

    is_pinned: bool
    folders: tuple[FolderShown, ...]


async def documents(visit: Visit) -> Response:
    """All documents, by category, page by page."""
    record_id = record_of(visit)

    async def find(query: DocumentQuery) -> DocumentPage:
        return await visit.do(find_documents, FindDocuments(of=record_id, query=query))

    criteria = criteria_of(visit)
    listing = await listed(criteria, _finding(visit))
    arranged = await visit.do(read_arrangement, ReadArrangement(record_id=record_id))
    is_first = not (criteria.is_narrowed or criteria.goes_on)
    return visit.render(
        "holder/documents.html",
        "Documents",
        record_id=record_id,
        status=400 if criteria.errors else 200,
        listing=listing,
        pins=arranged.pins if is_first else (),
        folders=arranged.folders if is_first else (),
        states=STATES,
        sorts=SORTS,
        visibilities={} if visit.cares else VISIBILITIES,
        path=f"{home_of(record_id)}/documents",
        search_path=f"{home_of(record_id)}/recherche",
    )


def _finding(visit: Visit) -> Find:
    """The search for documents in the record of the address."""

    async def find(query: DocumentQuery) -> DocumentPage:
        return await visit.do(find_documents, FindDocuments(of=record_of(visit), query=query))

    return find


async def _retrieved(visit: Visit) -> Retrieved:
    request = RetrieveDocument(document=document_id_of(visit), within=record_of(visit))
    return await visit.do(retrieve_document, request)


async def _retrieved_for_a_page(visit: Visit) -> Retrieved:
    request = RetrieveDocument(document=document_id_of(visit), within=record_of(visit))
    return await visit.do(retrieve_page, request)


async def document(visit: Visit) -> Response:
    """One document, readable in the page."""
    retrieved = await _retrieved(visit)
    entry = retrieved.entry
    path = f"{home_of(entry.record_id)}/documents/{entry.document_id}"
    shown = await reading.read_document(
        retrieved,
        visit.profile.traits if visit.profile is not None else traits_of(visit.holder),
        whole=f"{path}/lecture",
        attachment=lambda number: f"{path}/pieces/{number}",
    )
    return visit.render(
        "holder/document.html",
        entry.title,
        record_id=entry.record_id,
        entry=entry,
        reading=shown,
        path=path,
        around=await around(entry, _finding(visit)),
        arranged=await _arranged(visit, entry),
        is_own=visit.caller.id in entry.owner_ids,
        category=category_of(entry),
        back=way_back(visit.asked("de"), home_of(entry.record_id), visit.asked("avec")),
    )


async def _arranged(visit: Visit, entry: DocumentEntry) -> Placed:
    """In which folders the document stands, and whether it is pinned."""
    request = ReadArrangement(record_id=entry.record_id)
    arranged = await visit.do(read_arrangement, request)
    named = entry.document_id
    return Placed(
        is_pinned=any(pin.document_id == named for pin in arranged.pins),
        folders=tuple(
            folder
            for folder in arranged.folders
            if any(one.document_id == named for one in folder.entries)
        ),
    )


async def picture(visit: Visit) -> Response:
    """The picture of a page of a PDF."""
    return await files.picture(visit, _retrieved_for_a_page)


async def view_file(visit: Visit) -> Response:
    """A PDF, for the viewer in the page."""
    return await files.view_file(visit, _retrieved)


async def download(visit: Visit) -> Response:
    """The document exactly as deposited."""
    return await files.download(visit, _retrieved)


async def attachment(visit: Visit) -> Response:
    """Something that a CDA carries."""
    return await files.attachment(visit, _retrieved)


_HOLDER = Authentication.HOLDER
_PATH = "/espace/{record}/documents"
_ONE = _PATH + "/{document}"
_READ = (retrieve_document,)
PAGES = (
    Page(
        path=_PATH,
        view=documents,
        authentication=_HOLDER,
        acts=(find_documents, read_arrangement),
    ),
    Page(
        path=_ONE,
        view=document,
        authentication=_HOLDER,
        acts=(*_READ, find_documents, read_arrangement),
    ),
    Page(
        path=_ONE + "/pages/{page}",
        view=picture,
        authentication=_HOLDER,
        acts=(retrieve_page,),
    ),
    Page(path=_ONE + "/lecture", view=view_file, authentication=_HOLDER, acts=_READ),
    Page(path=_ONE + "/original", view=download, authentication=_HOLDER, acts=_READ),
    Page(path=_ONE + "/pieces/{number}", view=attachment, authentication=_HOLDER, acts=_READ),
)
