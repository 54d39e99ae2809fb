"""METADATA.XML: the documents of a medium and the submission that holds them, in ebRIM.

Source: IHE ITI TF-3 4.2.3 (DocumentEntry, SubmissionSet) and 4.2.4; OASIS ebXML RegRep 3.0.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from lxml import etree

from dmp.domain.codes import Code
from dmp.domain.documents.entry import Author, DocumentEntry, Status
from dmp.domain.identifiers import Ins
from dmp.domain.identity.patient import Traits
from dmp.formats.xdm.values import (
    coded,
    dtm,
    patient_cx,
    patient_info,
    person_xcn,
    structure_xon,
)

RIM = "urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0"
LCM = "urn:oasis:names:tc:ebxml-regrep:xsd:lcm:3.0"
_APPROVED = "urn:oasis:names:tc:ebxml-regrep:StatusType:Approved"
_STATUSES = {
    Status.APPROVED: _APPROVED,
    Status.DEPRECATED: "urn:oasis:names:tc:ebxml-regrep:StatusType:Deprecated",
    Status.ARCHIVED: "urn:asip:ci-sis:2010:StatusType:Archived",
}
_STABLE = "urn:uuid:7edca82f-054d-47f2-a032-9b2a5b5186c1"
_SET = "urn:uuid:a54d6aa5-d40d-43f9-88c5-b4633d873bdd"
_LEVELS = "2.16.840.1.113883.5.25"
_RESTRICTIONS = "1.2.250.1.213.1.1.4.13"
_PATIENTS_OWN = Code("EXP_PATIENT", "1.2.250.1.213.1.1.4.6", "Expression personnelle du patient")
_ENTRY_KEYS = (
    "urn:uuid:58a6f841-87b3-4a3e-92fd-a8ffeff98427", "urn:uuid:2e82c1f6-a085-4c72-9da3-8640a32e42ab",
)  # fmt: skip
_SET_KEYS = (
    "urn:uuid:6b5aea1a-874d-4603-a4bc-96a0a7b38446", "urn:uuid:96fdda7c-d067-4183-912e-bf5ee74998a8",
    "urn:uuid:554ac39e-e3fe-47fe-b233-965d2a147832",
)  # fmt: skip
_AUTHOR_OF_ENTRY = "urn:uuid:93606bcf-9494-43ec-9b4e-a7748d1a838d"
_AUTHOR_OF_SET = "urn:uuid:a7058bb9-b4e4-4307-ba5b-e3f0ab85e12d"
_CONTENT_TYPE = "urn:uuid:aa543740-bdda-424e-8c96-df4873be8500"


@dataclass(frozen=True, slots=True, kw_only=True)
class OnMedium:
    """A document with its file name on the medium, in the folder of the metadata."""

    entry: DocumentEntry
    uri: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Medium:
    """What is carried: whose documents, which, made when, as what. `copy_id` is new for each copy.

    `source_id` is the OID of the system that made it.
    """

    ins: Ins
    traits: Traits
    author: Author
    made_at: datetime
    copy_id: UUID
    source_id: str
    documents: Sequence[OnMedium]


def write_metadata(medium: Medium) -> bytes:
    """The metadata of a medium, in UTF-8."""
    root = etree.Element(f"{{{LCM}}}SubmitObjectsRequest", nsmap={"lcm": LCM, "rim": RIM})
    objects = _child(root, "RegistryObjectList")
    set_id = f"urn:uuid:{medium.copy_id}"
    _submission_set(objects, medium, set_id)
    present = {}
    for one in medium.documents:
        entry_id = f"urn:uuid:{one.entry.entry_uuid}"
        present[one.entry.document_id] = entry_id
        _document(objects, medium, one, entry_id)
    for number, one in enumerate(medium.documents, 1):
        _association(objects, medium, number, "HasMember", set_id, present[one.entry.document_id])
    for number, one in enumerate(medium.documents, len(medium.documents) + 1):
        before = present.get(one.entry.replaces) if one.entry.replaces is not None else None
        if before is not None:
            kind = "urn:ihe:iti:2007:AssociationType:RPLC"
            _association(objects, medium, number, kind, present[one.entry.document_id], before)
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return written


def _submission_set(parent: etree._Element, medium: Medium, set_id: str) -> None:
    package = _child(parent, "RegistryPackage", id=set_id, status=_APPROVED)
    _slot(package, "submissionTime", dtm(medium.made_at))
    _localized(package, "Name", "Copie du dossier médical partagé")
    _child(
        package, "Classification", id=_id(medium, "set"), classificationNode=_SET,
        classifiedObject=set_id, nodeRepresentation="",
    )  # fmt: skip
    _author(package, medium, set_id, "set-author", _AUTHOR_OF_SET, medium.author)
    _coded(package, medium, set_id, "set-content-type", _CONTENT_TYPE, _PATIENTS_OWN)
    values = (
        (patient_cx(medium.ins), "XDSSubmissionSet.patientId"),
        (f"2.25.{medium.copy_id.int}", "XDSSubmissionSet.uniqueId"),
        (medium.source_id, "XDSSubmissionSet.sourceId"),
    )
    for scheme, (value, name) in zip(_SET_KEYS, values, strict=True):
        _key(package, medium, set_id, scheme, value, name)


def _document(parent: etree._Element, medium: Medium, one: OnMedium, entry_id: str) -> None:
    entry = one.entry
    element = _child(
        parent, "ExtrinsicObject", id=entry_id, lid=f"urn:uuid:{entry.document_id}",
        objectType=_STABLE, mimeType=entry.mime_type, status=_STATUSES.get(entry.status, _APPROVED),
    )  # fmt: skip
    _slot(element, "creationTime", dtm(entry.created_at))
    _slot(element, "hash", entry.content.sha1)
    _slot(element, "size", str(entry.content.size))
    _slot(element, "URI", one.uri)
    _slot(element, "languageCode", entry.language)
    if entry.legal_authenticator is not None:
        _slot(element, "legalAuthenticator", person_xcn(entry.legal_authenticator))
    _slot(element, "serviceStartTime", dtm(entry.service_start))
    if entry.service_stop is not None:
        _slot(element, "serviceStopTime", dtm(entry.service_stop))
    _slot(element, "sourcePatientId", entry.source_patient_id or patient_cx(medium.ins))
    _slot(element, "sourcePatientInfo", *patient_info(medium.ins, medium.traits))
    _localized(element, "Name", entry.title)
    if entry.comments:
        _localized(element, "Description", entry.comments)
    _child(element, "VersionInfo", versionName=str(entry.version))
    for number, author in enumerate(entry.authors):
        name = f"{entry_id}-author-{number}"
        _author(element, medium, entry_id, name, _AUTHOR_OF_ENTRY, author)
    for number, (scheme, code) in enumerate(_codes(entry)):
        _coded(element, medium, entry_id, f"{entry_id}-code-{number}", scheme, code)
    values = (
        (patient_cx(medium.ins), "XDSDocumentEntry.patientId"),
        (entry.unique_id.value, "XDSDocumentEntry.uniqueId"),
    )
    for scheme, (value, name) in zip(_ENTRY_KEYS, values, strict=True):
        _key(element, medium, entry_id, scheme, value, name)


def _codes(entry: DocumentEntry) -> Iterable[tuple[str, Code]]:
    yield "urn:uuid:41a5887f-8865-4c09-adf7-e362475b143a", entry.class_code
    yield "urn:uuid:f4f85eac-e6cb-4883-b524-f2705394840f", Code(entry.visibility.level, _LEVELS)
    for restriction in entry.visibility.restrictions:
        yield (
            "urn:uuid:f4f85eac-e6cb-4883-b524-f2705394840f",
            Code(restriction.value, _RESTRICTIONS),
        )
    for event in entry.event_codes:
        yield "urn:uuid:2c6b8cb7-8b2a-4051-b291-b1ae6a575ef4", event
    yield "urn:uuid:a09d5840-386c-46f2-b5ad-9c3699a4309d", entry.format_code
    yield "urn:uuid:f33fb8ac-18af-42cc-ae0e-ed0b0bdb91e1", entry.facility_type
    yield "urn:uuid:cccf5598-8b07-4b77-a05e-ae952c785ead", entry.practice_setting
    yield "urn:uuid:f0306f51-975f-434e-a61c-c59651d33983", entry.type_code


def _id(medium: Medium, name: str) -> str:
    return f"urn:uuid:{uuid5(medium.copy_id, name)}"


def _child(parent: etree._Element, tag: str, **attributes: str) -> etree._Element:
    return etree.SubElement(parent, f"{{{RIM}}}{tag}", attributes)


def _slot(parent: etree._Element, name: str, *values: str) -> None:
    listed = _child(_child(parent, "Slot", name=name), "ValueList")
    for value in values:
        _child(listed, "Value").text = value


def _localized(parent: etree._Element, tag: str, text: str) -> None:
    _child(_child(parent, tag), "LocalizedString", value=text)


def _author(
    parent: etree._Element, medium: Medium, of: str, name: str, scheme: str, author: Author
) -> None:
    element = _child(
        parent, "Classification", id=_id(medium, name), classificationScheme=scheme,
        classifiedObject=of, nodeRepresentation="",
    )  # fmt: skip
    slots = (
        ("authorPerson", person_xcn(author)),
        ("authorInstitution", structure_xon(author)),
        ("authorRole", coded(author.role) if author.role is not None else ""),
        ("authorSpecialty", coded(author.specialty) if author.specialty is not None else ""),
    )
    for slot, value in slots:
        if value:
            _slot(element, slot, value)


def _coded(
    parent: etree._Element, medium: Medium, of: str, name: str, scheme: str, code: Code
) -> None:
    element = _child(
        parent, "Classification", id=_id(medium, name), classificationScheme=scheme,
        classifiedObject=of, nodeRepresentation=code.code,
    )  # fmt: skip
    _slot(element, "codingScheme", code.system)
    _localized(element, "Name", code.display or code.code)


def _key(
    parent: etree._Element, medium: Medium, of: str, scheme: str, value: str, name: str
) -> None:
    element = _child(
        parent, "ExternalIdentifier", id=_id(medium, f"{of}-{name}"), registryObject=of,
        identificationScheme=scheme, value=value,
    )  # fmt: skip
    _localized(element, "Name", name)


def _association(
    parent: etree._Element, medium: Medium, number: int, kind: str, source: str, target: str
) -> None:
    whole = (
        kind
        if kind.startswith("urn:")
        else f"urn:oasis:names:tc:ebxml-regrep:AssociationType:{kind}"
    )
    element = _child(
        parent, "Association", id=_id(medium, f"association-{number}"), associationType=whole,
        sourceObject=source, targetObject=target,
    )  # fmt: skip
    if kind == "HasMember":
        _slot(element, "SubmissionSetStatus", "Original")
