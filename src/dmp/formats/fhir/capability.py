"""The CapabilityStatement: what the door does, no more and no less.

Source: FHIR R4 CapabilityStatement; PDSm `GestionnaireDePartageDeDocuments`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

import orjson

from dmp.formats.fhir.dates import write_instant
from dmp.formats.fhir.document_reference import COMPREHENSIVE, PDSM
from dmp.formats.fhir.patient import FR_CORE
from dmp.formats.fhir.strict_json import Json, JsonObject
from dmp.formats.fhir.systems import OURS

_R4: Final = "http://hl7.org/fhir/SearchParameter"
_PDSM_SEARCH: Final = "https://interop.esante.gouv.fr/ig/fhir/pdsm/SearchParameter"
_MHD_SEARCH: Final = "https://profiles.ihe.net/ITI/MHD/SearchParameter"

AUTHORISATION_OPERATION: Final = "dmp-autorisation"
MASKING_OPERATION: Final = "dmp-masquage"
BLOCKING_OPERATION: Final = "dmp-blocage"
ADMINISTRATION_OPERATION: Final = "dmp-administrateur"
CHOICES_OPERATION: Final = "dmp-choix"
SEEING_OPERATION: Final = "dmp-voir-comme"
TRACES_OPERATION: Final = "dmp-traces"
NOTICES_OPERATION: Final = "dmp-notifications"

# Operations of our own on Patient/[id], and what each does.
OPERATIONS: Final[tuple[tuple[str, str], ...]] = (
    (AUTHORISATION_OPERATION,
     "TD0.3: adds or removes the authorisation of the caller, his care team, or a named professional."),
    (MASKING_OPERATION,
     "Masks documents, a category or everything, from all, one profession or one professional."),
    (BLOCKING_OPERATION, "Shuts a professional out, or lets him ask again."),
    (ADMINISTRATION_OPERATION,
     "Gives a professional the attending doctor's rights, or takes them back."),
    (CHOICES_OPERATION, "GET reads the holder's switches and defaults, POST sets them."),
    (SEEING_OPERATION, "The record as somebody else sees it, today and after a change considered."),
    (TRACES_OPERATION, "GET: traces as AuditEvent, in pages."),
    (NOTICES_OPERATION, "GET: notices as Communication; also on the system, those to the caller."),
)  # fmt: skip

# Name, type, definition, and what a client must know.
SEARCH_PARAMETERS: Final[tuple[tuple[str, str, str, str], ...]] = (
    ("patient", "reference", f"{_R4}/clinical-patient",
     "Required, or patient.identifier=urn:oid:…|<INS>: the documents of one person."),
    ("status", "token", f"{_R4}/DocumentReference-status",
     "current (archived ones included, see isArchived) or superseded; both without it."),
    ("type", "token", f"{_R4}/clinical-type", ""),
    ("category", "token", f"{_R4}/DocumentReference-category", ""),
    ("facility", "token", f"{_R4}/DocumentReference-facility", ""),
    ("setting", "token", f"{_R4}/DocumentReference-setting", ""),
    ("format", "token", f"{_R4}/DocumentReference-format", ""),
    ("event", "token", f"{_R4}/DocumentReference-event", ""),
    ("security-label", "token", f"{_R4}/DocumentReference-security-label", ""),
    ("date", "date", f"{_R4}/DocumentReference-date",
     "The creation of the document; all prefixes but ap; may be given twice."),
    ("creation", "date", f"{_MHD_SEARCH}/DocumentReference-Creation", "The same instant as date."),
    ("period", "date", f"{_R4}/DocumentReference-period", "Overlap; eq, lt, le, gt, ge."),
    ("period-start", "date", f"{_PDSM_SEARCH}/PDSm-DocumentReference-period-start", ""),
    ("period-end", "date", f"{_PDSM_SEARCH}/PDSm-DocumentReference-period-end",
     "An act without end ends when it starts."),
    ("identifier", "token", f"{_R4}/clinical-identifier",
     "The producer's identifier, the stable one, or that of the current metadata."),
    ("related", "reference", f"{_R4}/DocumentReference-related",
     "By identifier: related:identifier=system|value, or the value alone."),
    ("relatesto", "reference", f"{_R4}/DocumentReference-relatesto", ""),
    ("author", "reference", f"{_R4}/DocumentReference-author",
     "As author.family, author.given or author.identifier."),
    ("isArchived", "token", f"{_PDSM_SEARCH}/PDSm-isArchived", ""),
    ("_id", "token", f"{_R4}/Resource-id", "Together with patient."),
    ("_lastUpdated", "date", f"{_R4}/Resource-lastUpdated", ""),
)  # fmt: skip


def write_capability_statement(base_url: str, version: str, at: datetime, limit: int) -> bytes:
    """The CapabilityStatement.

    Args:
        base_url: address of the door.
        version: of the software.
        at: when this statement became true: the start of the server.
        limit: the largest document taken, in octets.
    """
    statement: JsonObject = {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": write_instant(at),
        "kind": "instance",
        "software": {"name": "dmp", "version": version},
        "implementation": {"description": "Dossier médical partagé", "url": base_url},
        "fhirVersion": "4.0.1",
        "format": ["application/fhir+json"],
        "patchFormat": ["application/json-patch+json", "application/fhir+json"],
        "implementationGuide": ["https://interop.esante.gouv.fr/ig/fhir/pdsm/ImplementationGuide/ans.fhir.fr.pdsm"],
        "rest": [_rest(limit)],
    }  # fmt: skip
    return orjson.dumps(statement)


def _rest(limit: int) -> JsonObject:
    return {
        "mode": "server",
        "documentation": f"Documents up to {limit} octets: CDA R2 and PDF.",
        "security": {
            "cors": False,
            "service": [{"text": "IHE IUA, access token as JWT (ES256, RS256)"}],
            "description": "Authorization: Bearer, an access token of the form of IHE IUA.",
        },
        "resource": [_document_reference(), _binary(), _patient()],
        "interaction": [
            {"code": "transaction", "documentation": "ITI-65, one submission set per Bundle."}
        ],
        "operation": [_operation(NOTICES_OPERATION, "GET: notices addressed to the caller.")],
    }


def _interactions(*codes: str) -> list[Json]:
    return [{"code": code} for code in codes]


def _document_reference() -> JsonObject:
    parameters: list[Json] = []
    for name, kind, definition, documentation in SEARCH_PARAMETERS:
        parameter: JsonObject = {"name": name, "definition": definition, "type": kind}
        if documentation:
            parameter["documentation"] = documentation
        parameters.append(parameter)
    return {
        "type": "DocumentReference",
        "supportedProfile": [COMPREHENSIVE, f"{PDSM}/pdsm-simplified-publish"],
        "documentation": "ITI-67 (search), ITI-105 (create), TD3.3 (patch, also conditional).",
        "interaction": _interactions("read", "search-type", "create", "patch"),
        "versioning": "versioned-update",
        "readHistory": False,
        "conditionalCreate": False,
        "conditionalUpdate": True,
        "conditionalDelete": "not-supported",
        "referencePolicy": ["logical", "literal"],
        "searchParam": parameters,
    }


def _binary() -> JsonObject:
    return {
        "type": "Binary",
        "documentation": "ITI-68: the document as it is, or in a Binary with Accept: application/fhir+json.",
        "interaction": _interactions("read"),
    }


def _patient() -> JsonObject:
    return {
        "type": "Patient",
        "supportedProfile": [f"{FR_CORE}/fr-core-patient"],
        "documentation": "TD0.2 (search by INS), TD1.1 (create: opens the record).",
        "interaction": _interactions("read", "search-type", "create"),
        "searchParam": [
            {
                "name": "identifier",
                "definition": f"{_R4}/Patient-identifier",
                "type": "token",
                "documentation": "Required: system|INS.",
            }
        ],
        "operation": [_operation(name, told) for name, told in OPERATIONS],
    }


def _operation(name: str, documentation: str) -> JsonObject:
    return {
        "name": name,
        "definition": f"{OURS}:OperationDefinition:{name}",
        "documentation": documentation,
    }
