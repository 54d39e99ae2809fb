"""`$dmp-blocage` and `$dmp-administrateur`: shut a professional out, or let him act as attending doctor."""

from __future__ import annotations

from starlette.responses import Response

from dmp.acts.sharing.appoint_administrator import (
    AppointAdministrator,
    DismissAdministrator,
    appoint_administrator,
    dismiss_administrator,
)
from dmp.acts.sharing.block_professional import (
    BlockProfessional,
    UnblockProfessional,
    block_professional,
    unblock_professional,
)
from dmp.domain.record.confidences import told_to
from dmp.domain.record.health_record import HealthRecord
from dmp.entrypoints.fhir.addresses import record_in_path
from dmp.entrypoints.fhir.bodies import read_resource
from dmp.entrypoints.fhir.door import Exchange, answer
from dmp.formats.fhir.rights.people import (
    AdministrationAction,
    BlockingAction,
    Named,
    read_administration,
    read_blocking,
    write_standing,
)


async def block(exchange: Exchange) -> Response:
    """`POST Patient/[id]/$dmp-blocage`: BLOQUER or DEBLOQUER; the answer tells how he stands now."""
    record_id = record_in_path(exchange.request)
    resource = await read_resource(exchange.request)
    action, person = read_blocking(resource, test_mode=exchange.house.rules.test_mode)
    if action is BlockingAction.BLOCK:
        blocking = BlockProfessional(
            record_id=record_id, person_id=person.person_id, name=person.name
        )
        record = await exchange.perform(block_professional, blocking)
    else:
        unblocking = UnblockProfessional(record_id=record_id, person_id=person.person_id)
        record = await exchange.perform(unblock_professional, unblocking)
    return _standing(exchange, record, person)


async def administer(exchange: Exchange) -> Response:
    """`POST Patient/[id]/$dmp-administrateur`: NOMMER or REVOQUER."""
    record_id = record_in_path(exchange.request)
    resource = await read_resource(exchange.request)
    test_mode = exchange.house.rules.test_mode
    action, person, days = read_administration(resource, test_mode=test_mode)
    if action is AdministrationAction.APPOINT:
        appointing = AppointAdministrator(
            record_id=record_id, person_id=person.person_id, name=person.name, days=days
        )
        record = await exchange.perform(appoint_administrator, appointing)
    else:
        dismissing = DismissAdministrator(record_id=record_id, person_id=person.person_id)
        record = await exchange.perform(dismiss_administrator, dismissing)
    return _standing(exchange, record, person)


def _standing(exchange: Exchange, record: HealthRecord, person: Named) -> Response:
    now = exchange.house.now()
    # What was agreed in a minor's secret session is not told to who acts for him, by a status neither.
    status = told_to(record, exchange.caller).authorisation_of(person.person_id, "", now)
    administrator = record.relations.is_administrator(person.person_id, now)
    return answer(write_standing(person, status, administrator=administrator))
