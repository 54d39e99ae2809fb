"""DocumentEntry as DocumentReference: the text that is written once, stored, and sent as it is.

Source: PDSm 3.1.1 ComprehensiveDocumentReference; IHE MHD 4.2; docs/decisions on the identifier, the
dates, the hash and the address of the content.
"""

from __future__ import annotations

import base64
import re
from datetime import datetime
from functools import lru_cache
from typing import Final

import orjson

from dmp.domain.codes import HL7_CONFIDENTIALITY, TRE_A07_VISIBILITY, Code
from dmp.domain.documents.entry import Author, DocumentEntry, Reference, Status
from dmp.domain.value_sets import CONFIDENTIALITY, value_set
from dmp.formats.fhir.dates import write_instant
from dmp.formats.fhir.elements import coding, concept, ins_identifier, unique_identifier
from dmp.formats.fhir.participants import write_author
from dmp.formats.fhir.strict_json import Json, JsonObject
from dmp.formats.fhir.systems import URI, V2_0203, url_of

PDSM: Final = "https://interop.esante.gouv.fr/ig/fhir/pdsm/StructureDefinition"
COMPREHENSIVE: Final = f"{PDSM}/pdsm-comprehensive-document-reference"
IS_ARCHIVED: Final = f"{PDSM}/pdsm-ext-is-archived"
REPOSITORY_NAME: Final = "Dossier médical partagé"

STATUSES: Final[dict[Status, str]] = {
    Status.APPROVED: "current",
    Status.ARCHIVED: "current",
    Status.DEPRECATED: "superseded",
    Status.DELETED: "entered-in-error",
}


def write_document_reference(entry: DocumentEntry, last_updated: datetime | None = None) -> str:
    """The resource of one version of a document's metadata, as JSON.

    Args:
        entry: the metadata.
        last_updated: when this version was registered, in UTC; the submission for the first one.
    """
    if last_updated is None and entry.version == 1:
        last_updated = entry.submitted_at
    return _written(entry, last_updated)


@lru_cache(maxsize=256)
def _written(entry: DocumentEntry, last_updated: datetime | None) -> str:
    # A deposit asks twice for the same text: for the registry, then for the answer.
    contained, author_references, authenticator = _participants(entry)
    resource: JsonObject = {
        "resourceType": "DocumentReference",
        "id": str(entry.document_id),
        "meta": _meta(entry, last_updated),
        "contained": contained,
        "extension": [{"url": IS_ARCHIVED, "valueBoolean": entry.archived}],
        "masterIdentifier": unique_identifier(entry.unique_id),
        "identifier": _identifiers(entry),
        "status": STATUSES[entry.status],
        "type": concept(entry.type_code),
        "category": [concept(entry.class_code)],
        "subject": {"type": "Patient", "identifier": ins_identifier(entry.ins)},
        "date": write_instant(entry.created_at),
    }
    if author_references:
        resource["author"] = author_references
    if authenticator is not None:
        resource["authenticator"] = authenticator
    resource["custodian"] = {"type": "Organization", "display": REPOSITORY_NAME}
    if entry.replaces is not None or entry.replaces_unique_id is not None:
        resource["relatesTo"] = [{"code": "replaces", "target": _replaced(entry)}]
    if entry.comments:
        resource["description"] = entry.comments
    resource["securityLabel"] = [concept(code) for code in labels_of(entry)]
    resource["content"] = [_content(entry)]
    resource["context"] = _context(entry)
    return orjson.dumps(resource).decode("utf-8")


def labels_of(entry: DocumentEntry) -> list[Code]:
    """The security labels: the confidentiality first, then the restrictions."""
    known = value_set(CONFIDENTIALITY)
    wanted = [(entry.visibility.level, HL7_CONFIDENTIALITY)]
    wanted += [(one.value, TRE_A07_VISIBILITY) for one in entry.visibility.restrictions]
    return [known.find(code, system) or Code(code, system) for code, system in wanted]


_VERSION = re.compile(rb'"meta":\{"versionId":"([0-9]+)"')


def version_of(resource: bytes) -> int:
    """The version that a resource written here says, for its ETag.

    Raises:
        ValueError: the resource was not written here.
    """
    found = _VERSION.search(resource, 0, 200)
    if found is None:
        raise ValueError("a stored DocumentReference without version")
    return int(found.group(1))


def _meta(entry: DocumentEntry, last_updated: datetime | None) -> JsonObject:
    meta: JsonObject = {"versionId": str(entry.version)}
    if last_updated is not None:
        meta["lastUpdated"] = write_instant(last_updated)
    meta["profile"] = [COMPREHENSIVE]
    return meta


def _identifiers(entry: DocumentEntry) -> list[Json]:
    entry_uuid: JsonObject = {
        "use": "official",
        "system": URI,
        "value": f"urn:uuid:{entry.entry_uuid}",
    }
    logical_id: JsonObject = {
        "use": "usual",
        "system": URI,
        "value": f"urn:uuid:{entry.document_id}",
    }
    return [entry_uuid, logical_id]


def _replaced(entry: DocumentEntry) -> JsonObject:
    target: JsonObject = {}
    if entry.replaces is not None:
        target["reference"] = f"DocumentReference/{entry.replaces}"
    target["type"] = "DocumentReference"
    if entry.replaces_unique_id is not None:
        target["identifier"] = unique_identifier(entry.replaces_unique_id)
    return target


def _participants(
    entry: DocumentEntry,
) -> tuple[list[Json], list[Json], JsonObject | None]:
    """Contained resources, references to the authors, reference to the authenticator."""
    contained: list[Json] = [_source_patient(entry)]
    written: list[tuple[Author, JsonObject]] = []

    def refer(author: Author) -> JsonObject:
        for known, reference in written:
            if known == author:
                return reference
        name = f"p{len(written) + 1}"
        resources = write_author(author, name)
        contained.extend(resources)
        reference = {"reference": f"#{name}", "type": resources[0]["resourceType"]}
        if author.display:
            reference["display"] = author.display
        written.append((author, reference))
        return reference

    authors: list[Json] = [refer(author) for author in entry.authors]
    legal = entry.legal_authenticator
    return contained, authors, refer(legal) if legal is not None else None


def _source_patient(entry: DocumentEntry) -> JsonObject:
    return {
        "resourceType": "Patient",
        "id": "patient",
        "identifier": [_source_identifier(entry.source_patient_id) or ins_identifier(entry.ins)],
    }


def _source_identifier(cx: str) -> JsonObject | None:
    """`value^^^&root&ISO^type` as an identifier."""
    parts = cx.split("^")
    if not parts[0]:
        return None
    written: JsonObject = {}
    if len(parts) > 4 and parts[4]:
        written["type"] = {"coding": [{"system": V2_0203, "code": parts[4]}]}
    authority = parts[3].split("&") if len(parts) > 3 else []
    if len(authority) > 1 and authority[1]:
        written["system"] = url_of(authority[1])
    written["value"] = parts[0]
    return written


def _content(entry: DocumentEntry) -> JsonObject:
    return {
        "attachment": {
            "contentType": entry.mime_type,
            "language": entry.language,
            "url": f"Binary/{entry.document_id}",
            "size": entry.content.size,
            "hash": base64.b64encode(bytes.fromhex(entry.content.sha1)).decode("ascii"),
            "title": entry.title,
            "creation": write_instant(entry.created_at),
        },
        "format": coding(entry.format_code),
    }


def _context(entry: DocumentEntry) -> JsonObject:
    context: JsonObject = {}
    if entry.event_codes:
        context["event"] = [concept(code) for code in entry.event_codes]
    period: JsonObject = {"start": write_instant(entry.service_start)}
    if entry.service_stop is not None:
        period["end"] = write_instant(entry.service_stop)
    context["period"] = period
    context["facilityType"] = concept(entry.facility_type)
    context["practiceSetting"] = concept(entry.practice_setting)
    context["sourcePatientInfo"] = {"reference": "#patient", "type": "Patient"}
    if entry.references:
        context["related"] = [_related(reference) for reference in entry.references]
    return context


def _related(reference: Reference) -> JsonObject:
    identifier: JsonObject = {"type": {"coding": [{"system": URI, "code": reference.kind}]}}
    if reference.system:
        identifier["system"] = url_of(reference.system)
    identifier["value"] = reference.value
    return {"identifier": identifier}
