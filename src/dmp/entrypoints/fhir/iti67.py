"""ITI-67, Find Document References (TD3.1a, TD3.1b); and the reading of one DocumentReference."""

from __future__ import annotations

from dataclasses import replace

from starlette.requests import Request
from starlette.responses import Response

from dmp.acts.documents.find_documents import MAX_COUNT, FindDocuments, find_documents_ready
from dmp.acts.documents.retrieve_document import RetrieveDocument, read_metadata_ready
from dmp.entrypoints.fhir.addresses import document_in_path
from dmp.entrypoints.fhir.bodies import form_parameters, query_parameters
from dmp.entrypoints.fhir.door import Exchange, answer
from dmp.entrypoints.fhir.negotiation import preferred
from dmp.formats.fhir.document_reference import version_of
from dmp.formats.fhir.search.paging import (
    PAGE,
    Parameters,
    address,
    write_searchset,
    write_token,
)
from dmp.formats.fhir.search.parameters import DocumentSearch, read_search


async def search(exchange: Exchange) -> Response:
    """`GET DocumentReference?…`."""
    return await _found(exchange, query_parameters(exchange.request))


async def search_by_post(exchange: Exchange) -> Response:
    """`POST DocumentReference/_search`, so that no INS stands in an address."""
    return await _found(exchange, await form_parameters(exchange.request))


async def read(exchange: Exchange) -> Response:
    """`GET DocumentReference/[id]`, by the identifier of any version of the metadata."""
    document = document_in_path(exchange.request)
    ready = await exchange.perform(read_metadata_ready, RetrieveDocument(document=document))
    return answer(ready, headers={"etag": f'W/"{version_of(ready)}"'})


async def _found(exchange: Exchange, parameters: Parameters) -> Response:
    asked = _read(exchange, parameters)
    base = exchange.door.base_url
    page = await exchange.perform(
        find_documents_ready, FindDocuments(of=asked.of, query=asked.query, base_url=base)
    )
    entries = b"" if asked.count_only else page.entries
    own = base + "DocumentReference"
    understood = tuple(pair for pair in parameters if pair[0] not in asked.ignored)
    links = [("self", address(own, understood))]
    if page.next is not None and not asked.count_only:
        token = write_token(page.next, asked.criteria)
        first = tuple(pair for pair in understood if pair[0] != PAGE)
        links.append(("next", address(own, (*first, (PAGE, token)))))
    return answer(write_searchset(entries, page.total, links))


def _read(exchange: Exchange, parameters: Parameters) -> DocumentSearch:
    asked = read_search(
        parameters,
        test_mode=exchange.house.rules.test_mode,
        max_count=MAX_COUNT,
        lenient=_is_lenient(exchange.request),
    )
    if asked.count_only:
        return replace(asked, query=replace(asked.query, count=1))
    return asked


def _is_lenient(request: Request) -> bool:
    return "prefer" in request.headers and preferred(request, "handling") == "lenient"
