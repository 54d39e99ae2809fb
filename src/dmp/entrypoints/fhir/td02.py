"""TD0.2, existence of a record and access to it: Patient by INS, or by its identifier here."""

from __future__ import annotations

import hashlib

from starlette.responses import Response

from dmp.acts.sharing.check_access import AccessStatus, CheckAccess, check_access
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import Ins
from dmp.domain.identity.caller import Professional
from dmp.entrypoints.fhir.addresses import record_in_path
from dmp.entrypoints.fhir.bodies import form_parameters, query_parameters
from dmp.entrypoints.fhir.door import Exchange, TracedRefusal, answer
from dmp.formats.fhir.patient import entry_of, write_patient
from dmp.formats.fhir.search.paging import Parameters, address, write_searchset

_PASSED_OVER = frozenset(
    {"_format", "_pretty", "_count", "_summary", "_total", "_sort", "_elements"}
)


async def search(exchange: Exchange) -> Response:
    """`GET Patient?identifier=system|INS`."""
    return await _found(exchange, query_parameters(exchange.request))


async def search_by_post(exchange: Exchange) -> Response:
    """`POST Patient/_search`, so that no INS stands in an address."""
    return await _found(exchange, await form_parameters(exchange.request))


async def read(exchange: Exchange) -> Response:
    """`GET Patient/[id]`."""
    record = record_in_path(exchange.request)
    status = await exchange.perform(check_access, CheckAccess(ins=record))
    patient = patient_of(exchange, status)
    return answer(patient, headers=version_header(patient))


async def _found(exchange: Exchange, parameters: Parameters) -> Response:
    ins = _ins(exchange, parameters)
    own = exchange.door.base_url + "Patient"
    links = [("self", address(own, parameters))]
    try:
        status = await exchange.perform(check_access, CheckAccess(ins=ins))
    except TracedRefusal as traced:
        if traced.refusal.reason is Reason.RECORD_NOT_FOUND:
            return answer(write_searchset(b"", 0, links))  # nobody: the answer of TD0.2
        raise
    entry = entry_of(patient_of(exchange, status), f"{own}/{status.record.record_id}")
    return answer(write_searchset(entry, 1, links))


def patient_of(exchange: Exchange, status: AccessStatus) -> bytes:
    """The Patient of a record, with what a professional is told of his own access."""
    asks_as_professional = isinstance(exchange.caller.who, Professional)
    return write_patient(
        status.record,
        status.authorisation,
        is_attending_doctor=status.is_attending_doctor if asks_as_professional else None,
    )


def version_header(patient: bytes) -> dict[str, str]:
    """The ETag of a Patient as this reader sees it."""
    return {"etag": f'W/"{hashlib.sha256(patient).hexdigest()[:16]}"'}


def _ins(exchange: Exchange, parameters: Parameters) -> Ins:
    found: Ins | None = None
    for name, value in parameters:
        if name == "identifier" and found is None:
            system, separator, matricule = value.partition("|")
            if not separator or "," in matricule:
                raise Refused(
                    Reason.PARAMETER_INVALID, parameter="identifier", detail="system|INS, one only"
                )
            found = Ins.parse(matricule, system, test_mode=exchange.house.rules.test_mode)
        elif name not in _PASSED_OVER:
            raise Refused(Reason.PARAMETER_UNKNOWN, parameter=name[:60])
    if found is None:
        raise Refused(Reason.PARAMETER_MISSING, parameter="identifier")
    return found
