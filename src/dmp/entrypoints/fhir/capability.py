"""`GET metadata`: what this door does. Open to everybody, as FHIR asks."""

from __future__ import annotations

from starlette.responses import Response

from dmp import __version__
from dmp.entrypoints.fhir.door import Exchange, FhirDoor, Handler, answer
from dmp.formats.fhir.capability import write_capability_statement


def capability_handler(door: FhirDoor) -> Handler:
    """The handler of `metadata`: the statement is written once."""
    statement = write_capability_statement(
        door.base_url.rstrip("/"),
        __version__,
        door.house.now(),
        door.house.rules.max_document_octets,
    )

    async def metadata(_: Exchange) -> Response:
        return answer(statement)

    return metadata
