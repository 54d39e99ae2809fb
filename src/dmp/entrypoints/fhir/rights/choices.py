"""`Patient/[id]/$dmp-choix`: read the holder's choices, or say some of them anew."""

from __future__ import annotations

from starlette.responses import Response

from dmp.acts.sharing import read_choices as reading
from dmp.acts.sharing.set_preferences import SetPreferences, set_preferences
from dmp.domain.record.health_record import HealthRecord
from dmp.entrypoints.fhir.addresses import record_in_path
from dmp.entrypoints.fhir.bodies import read_resource
from dmp.entrypoints.fhir.door import Exchange, answer
from dmp.formats.fhir.rights.choices import read_choices, write_choices


async def read(exchange: Exchange) -> Response:
    """`GET`: switches, defaults, masks to some, blocks."""
    record_id = record_in_path(exchange.request)
    record = await exchange.perform(reading.read_choices, reading.ReadChoices(of=record_id))
    return _told(exchange, record)


async def change(exchange: Exchange) -> Response:
    """`POST`: what is not said stays as it is."""
    record_id = record_in_path(exchange.request)
    asked = read_choices(await read_resource(exchange.request))
    record = await exchange.perform(reading.read_choices, reading.ReadChoices(of=record_id))
    before = record.preferences
    masks_new = asked.mask_new_documents
    changed = SetPreferences(
        record_id=record_id,
        mask_new_documents=before.mask_new_documents if masks_new is None else masks_new,
        emergency=asked.emergency(before.emergency),
        masked_categories=asked.masked_categories,
        heirs_opposed=asked.heirs_opposed,
    )
    return _told(exchange, await exchange.perform(set_preferences, changed))


def _told(exchange: Exchange, record: HealthRecord) -> Response:
    return answer(write_choices(record.preferences, exchange.house.now()))
