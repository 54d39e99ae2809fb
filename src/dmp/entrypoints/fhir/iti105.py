"""ITI-105, Simplified Publish (TD2): one DocumentReference with its content in it."""

from __future__ import annotations

import orjson
from starlette.responses import Response

from dmp.acts.documents.provide_documents import provide_documents
from dmp.entrypoints.fhir.bodies import largest_deposit, read_resource
from dmp.entrypoints.fhir.door import Exchange, answer
from dmp.entrypoints.fhir.negotiation import preferred
from dmp.formats.fhir.deposit.bundle import read_simplified
from dmp.formats.fhir.document_reference import write_document_reference
from dmp.formats.fhir.outcome import remarks


async def publish(exchange: Exchange) -> Response:
    """`POST DocumentReference`: 201 with the resource, 200 when the same document was there already."""
    rules = exchange.house.rules
    # The resource is not kept: its base64 would lie beside the document until the answer.
    submission = read_simplified(
        await read_resource(exchange.request, largest_deposit(rules.max_document_octets)),
        test_mode=rules.test_mode,
        limit=rules.max_document_octets,
    )
    receipt = await exchange.perform(provide_documents, submission)
    provided = receipt.documents[0]
    entry = provided.entry
    headers = {
        "location": f"{exchange.door.base_url}DocumentReference/{entry.document_id}",
        "etag": f'W/"{entry.version}"',
    }
    match preferred(exchange.request, "return"):
        case "minimal":
            body = b""
        case "operationoutcome":
            body = orjson.dumps(remarks(provided.warnings))
        case _:
            body = write_document_reference(entry).encode("utf-8")
    return answer(body, 200 if provided.was_known else 201, headers)
