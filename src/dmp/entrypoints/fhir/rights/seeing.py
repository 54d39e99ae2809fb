"""`Patient/[id]/$dmp-voir-comme`: the record as somebody else sees it, today and after a change considered."""

from __future__ import annotations

from starlette.responses import Response

from dmp.acts.documents.see_as import SeeAs, see_as
from dmp.entrypoints.fhir.addresses import record_in_path
from dmp.entrypoints.fhir.bodies import read_resource
from dmp.entrypoints.fhir.door import Exchange, answer
from dmp.formats.fhir.rights.seeing import read_seeing, write_seen


async def see(exchange: Exchange) -> Response:
    """`POST`: nothing is changed, whatever is considered."""
    record_id = record_in_path(exchange.request)
    house = exchange.house
    resource = await read_resource(exchange.request)
    asked = read_seeing(resource, test_mode=house.rules.test_mode, at=house.now())
    request = SeeAs(record_id=record_id, reader=asked.reader, considered=asked.considered)
    seen = await exchange.perform(see_as, request)
    return answer(
        write_seen(seen.name, seen.today, seen.after, seen.reason_today, seen.reason_after)
    )
