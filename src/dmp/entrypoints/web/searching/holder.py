"""The holder searches inside his documents."""

from __future__ import annotations

from starlette.responses import Response

from dmp.acts.documents.search_documents import SearchAnswer, SearchDocuments, search_documents
from dmp.domain.documents.query import DocumentQuery
from dmp.domain.documents.types import CATEGORIES
from dmp.entrypoints.web.holder.own_record import home_of, record_of
from dmp.entrypoints.web.page import Authentication, Page
from dmp.entrypoints.web.record.filing import STATES
from dmp.entrypoints.web.searching.looking import PAGE, looked_of, results_of
from dmp.entrypoints.web.visit import Visit


async def searched(visit: Visit) -> Response:
    """What was asked, and where it stands in the documents."""
    record_id = record_of(visit)

    async def search(words: str, query: DocumentQuery, first: int) -> SearchAnswer:
        request = SearchDocuments(of=record_id, words=words, query=query, first=first, count=PAGE)
        return await visit.do(search_documents, request)

    looked = looked_of(visit)
    results = await results_of(looked, search)
    return visit.render(
        "searching/holder.html",
        "Recherche dans les documents",
        status=400 if looked.errors else 200,
        record_id=record_id,
        looked=looked,
        results=results,
        errors=looked.errors,
        states=STATES,
        categories=tuple(CATEGORIES),
        path=f"{home_of(record_id)}/recherche",
        documents=f"{home_of(record_id)}/documents",
    )


PAGES = (
    Page(
        path="/espace/{record}/recherche",
        view=searched,
        authentication=Authentication.HOLDER,
        acts=(search_documents,),
    ),
)
