"""TD1.1, opening of a record: a Patient with the consent; and TD0.3, the caller's authorisation."""

from __future__ import annotations

from dataclasses import replace

from starlette.responses import Response

from dmp.acts.life.open_record import OpenRecord, open_record
from dmp.acts.sharing.check_access import AccessStatus
from dmp.acts.sharing.grant_consent import GrantConsent, grant_consent
from dmp.acts.sharing.withdraw_consent import WithdrawConsent, withdraw_consent
from dmp.domain.identity.caller import Professional
from dmp.domain.record.health_record import HealthRecord
from dmp.entrypoints.fhir.addresses import record_in_path
from dmp.entrypoints.fhir.bodies import read_resource
from dmp.entrypoints.fhir.door import Exchange, answer
from dmp.entrypoints.fhir.td02 import patient_of, version_header
from dmp.formats.fhir.authorisation import AuthorisationAction, read_authorisation
from dmp.formats.fhir.patient import read_identity


async def open_for(exchange: Exchange) -> Response:
    """`POST Patient`: opens the record of this person, with her consent stated in the resource."""
    patient = await read_resource(exchange.request)
    ins, traits, consent = read_identity(patient, test_mode=exchange.house.rules.test_mode)
    record = await exchange.perform(
        open_record, OpenRecord(ins=ins, traits=traits, consent=consent)
    )
    status = _status(exchange, record)
    location = f"{exchange.door.base_url}Patient/{record.record_id}"
    return answer(
        patient_of(exchange, status), 201, {"location": location, **version_header(status)}
    )


async def authorise(exchange: Exchange) -> Response:
    """`POST Patient/[id]/$dmp-autorisation`: AJOUT or SUPPRESSION, for the caller or his team."""
    record_id = record_in_path(exchange.request)
    asked = read_authorisation(await read_resource(exchange.request))
    if asked.action is AuthorisationAction.ADD:
        record = await exchange.perform(
            grant_consent,
            GrantConsent(
                record_id=record_id, basis=asked.basis, to_team=asked.to_team, days=asked.days
            ),
        )
    else:
        record = await exchange.perform(withdraw_consent, WithdrawConsent(record_id=record_id))
    # The commit raised the version that the record was read with.
    status = _status(exchange, replace(record, version=record.version + 1))
    return answer(patient_of(exchange, status), headers=version_header(status))


def _status(exchange: Exchange, record: HealthRecord) -> AccessStatus:
    """How the caller stands towards the record now."""
    who = exchange.caller.who
    if not isinstance(who, Professional):
        return AccessStatus(record=record)
    return AccessStatus(
        record=record,
        authorisation=record.authorisation_of(
            who.id_nat, who.structure.id_nat, exchange.house.now()
        ),
        is_attending_doctor=record.relations.is_attending_doctor(who.id_nat),
    )
