"""TD1.1, opening of a record: a Patient with the consent; and TD0.3, the caller's authorisation."""

from __future__ import annotations

from dataclasses import replace

from starlette.responses import Response

from dmp.acts.life.open_record import OpenRecord, open_record
from dmp.acts.sharing.check_access import AccessStatus, standing
from dmp.acts.sharing.grant_consent import GrantConsent, grant_consent
from dmp.acts.sharing.withdraw_consent import WithdrawConsent, withdraw_consent
from dmp.domain.record.health_record import HealthRecord
from dmp.entrypoints.fhir.addresses import record_in_path
from dmp.entrypoints.fhir.bodies import read_resource
from dmp.entrypoints.fhir.door import Exchange, answer
from dmp.entrypoints.fhir.td02 import patient_of, version_header
from dmp.formats.fhir.patient import read_identity
from dmp.formats.fhir.rights.authorisation import (
    AuthorisationAction,
    AuthorisationRequest,
    read_authorisation,
)


async def open_for(exchange: Exchange) -> Response:
    """`POST Patient`: opens the record of this person, with her consent stated in the resource."""
    patient = await read_resource(exchange.request)
    ins, traits, consent = read_identity(patient, test_mode=exchange.house.rules.test_mode)
    record = await exchange.perform(
        open_record, OpenRecord(ins=ins, traits=traits, consent=consent)
    )
    status = _status(exchange, record)
    location = f"{exchange.door.base_url}Patient/{record.record_id}"
    opened = patient_of(exchange, status)
    return answer(opened, 201, {"location": location, **version_header(opened)})


async def authorise(exchange: Exchange) -> Response:
    """`POST Patient/[id]/$dmp-autorisation`: AJOUT or SUPPRESSION, for the caller, his team, or another."""
    record_id = record_in_path(exchange.request)
    resource = await read_resource(exchange.request)
    asked = read_authorisation(resource, test_mode=exchange.house.rules.test_mode)
    if asked.action is AuthorisationAction.ADD:
        granting = GrantConsent(
            record_id=record_id,
            basis=asked.basis,
            to_team=asked.to_team,
            grantee_id=asked.grantee_id,
            grantee_name=asked.grantee_name,
            days=asked.days,
            told=asked.told,
        )
        record = await exchange.perform(grant_consent, granting)
    else:
        withdrawing = WithdrawConsent(record_id=record_id, grantee_id=asked.grantee_id)
        record = await exchange.perform(withdraw_consent, withdrawing)
    patient = patient_of(exchange, _standing(exchange, record, asked))
    return answer(patient, headers=version_header(patient))


def _status(exchange: Exchange, record: HealthRecord) -> AccessStatus:
    """How the caller stands towards the record now."""
    return standing(record, exchange.caller, exchange.house.now())


def _standing(
    exchange: Exchange, record: HealthRecord, asked: AuthorisationRequest
) -> AccessStatus:
    """How the caller stands towards the record; to its holder, how whoever he named does."""
    own = _status(exchange, record)
    if own.authorisation is not None or not asked.grantee_id:
        return own
    person, team = ("", asked.grantee_id) if asked.to_team else (asked.grantee_id, "")
    now = exchange.house.now()
    return replace(own, authorisation=own.record.authorisation_of(person, team, now))
