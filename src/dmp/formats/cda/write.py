"""Writing a CDA R2 document: the French header in the order of the schema, and the body.

Source: CDA R2 (POCD_MT000040); CI-SIS, volet structuration minimale des documents de santé.
"""

from __future__ import annotations

from typing import Final, cast

from lxml import etree

from dmp.domain.codes import HL7_CONFIDENTIALITY, LOINC, TRE_A00_AUTHOR_ROLE, Code
from dmp.domain.documents.entry import Author, AuthorKind, Reference
from dmp.domain.identifiers import UniqueId
from dmp.domain.identity.patient import Sex
from dmp.formats.cda.clinical_document import (
    UNSTRUCTURED_TEMPLATE,
    Act,
    CdaDocument,
    Encounter,
    Organisation,
    Participant,
    Patient,
    Unstructured,
)
from dmp.formats.cda.document import V3, XSI
from dmp.formats.cda.header import ACCESSION, DICOM_PS3_20, ORDER
from dmp.formats.cda.hl7time import write_date
from dmp.formats.cda.writing.body import write_sections, write_unstructured
from dmp.formats.cda.writing.elements import (
    add,
    add_code,
    add_id,
    add_instant,
    add_period,
    add_templates,
)

HEADER_TEMPLATES: Final = (("2.16.840.1.113883.2.8.2.1", ""), ("1.2.250.1.213.1.1.1.1", ""))
"""HL7 France, and the CI-SIS minimum header."""

# What a code of these systems says of an imaging act. Source: CI-SIS CR-IMG.
_QUALIFIED: Final = {
    "1.2.840.10008.2.16.4": Code("121139", "1.2.840.10008.2.16.4", "Modalité"),
    "2.16.840.1.113883.6.96": Code("39111-0", LOINC, "Localisation anatomique"),
}
_GENDER = "2.16.840.1.113883.5.1"
_GENDERS = {
    Sex.MALE: ("M", "Masculin"),
    Sex.FEMALE: ("F", "Féminin"),
    Sex.UNKNOWN: ("UN", "Inconnu"),  # JDV_J143: beside an INS the sex is always coded
}
# lxml takes None for the namespace without prefix, which its stubs do not know.
_NAMESPACES = cast(dict[str, str], {None: V3, "xsi": XSI, "ps3-20": DICOM_PS3_20})


def write(document: CdaDocument) -> bytes:
    """The document in UTF-8 with its XML declaration. The same values give the same octets."""
    root = header_of(document)
    body = add(root, "component")
    if isinstance(document.body, Unstructured):
        write_unstructured(body, document.body)
    else:
        root_id, _, _ = _parts(document.unique_id)
        write_sections(add(body, "structuredBody"), document.body, root_id)
    return octets(root)


def header_of(document: CdaDocument) -> etree._Element:
    """The ClinicalDocument with its header, to which the body is yet to be added."""
    root = etree.Element(f"{{{V3}}}ClinicalDocument", nsmap=_NAMESPACES)
    _identification(root, document)
    _record_target(root, document.patient)
    for author in document.authors:
        _author(root, author, document)
    _custodian(root, document.custodian)
    _legal_authenticator(root, document)
    for participant in document.participants:
        _participant(root, participant)
    _orders(root, document.references)
    for at, act in enumerate(document.acts):
        _service_event(root, act, is_main=at == 0)
    for replaced in document.replaces:
        related = add(root, "relatedDocument", typeCode="RPLC")
        _unique_id(add(related, "parentDocument"), replaced)
    _encounter(root, document.encounter)
    return root


def octets(root: etree._Element) -> bytes:
    """A whole ClinicalDocument in UTF-8 with its XML declaration."""
    etree.cleanup_namespaces(root, keep_ns_prefixes=["xsi"])
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _identification(root: etree._Element, document: CdaDocument) -> None:
    unstructured = isinstance(document.body, Unstructured)
    add(root, "realmCode", code="FR")
    add(root, "typeId", root="2.16.840.1.113883.1.3", extension="POCD_HD000040")
    add_templates(root, HEADER_TEMPLATES)
    add_templates(root, (UNSTRUCTURED_TEMPLATE,) if unstructured else ())
    add_templates(root, document.templates)
    _unique_id(root, document.unique_id)
    add_code(root, "code", document.type_code)
    add(root, "title", document.title)
    add_instant(root, "effectiveTime", document.created_at)
    add_code(
        root,
        "confidentialityCode",
        Code(
            document.confidentiality, HL7_CONFIDENTIALITY, _LEVELS.get(document.confidentiality, "")
        ),
    )
    add(root, "languageCode", code=document.language)
    set_root, _, set_extension = document.set_id.partition("^")
    if set_root:
        add(root, "setId", root=set_root, extension=set_extension)
    else:
        unique_root, _, unique_extension = _parts(document.unique_id)
        add(root, "setId", root=unique_root, extension=unique_extension)
    add(root, "versionNumber", value=str(document.version))


_LEVELS = {"N": "Normal", "R": "Restreint", "V": "Très restreint"}


def _parts(unique_id: UniqueId) -> tuple[str, str, str]:
    return unique_id.value.removeprefix("urn:uuid:").partition("^")


def _unique_id(parent: etree._Element, unique_id: UniqueId) -> None:
    root, _, extension = _parts(unique_id)
    add(parent, "id", root=root, extension=extension)


def _record_target(root: etree._Element, patient: Patient) -> None:
    role = add(add(root, "recordTarget"), "patientRole")
    add_id(role, patient.ins.root.value, patient.ins.matricule)
    for identifier in patient.local_ids:
        add_id(role, *identifier)
    add(role, "addr", nullFlavor="NASK")
    add(role, "telecom", nullFlavor="NASK")
    person = add(role, "patient")
    name = add(person, "name")
    traits = patient.traits
    add(name, "family", traits.birth_name, qualifier="BR")
    add(name, "given", traits.given_names)
    add(name, "given", traits.first_given_name, qualifier="BR")
    if traits.used_name:
        add(name, "family", traits.used_name, qualifier="CL")
    if traits.used_given_name:
        add(name, "given", traits.used_given_name, qualifier="CL")
    gender, shown = _GENDERS[traits.sex]
    add_code(person, "administrativeGenderCode", Code(gender, _GENDER, shown))
    add(person, "birthTime", value=write_date(traits.birth_date))
    if traits.birth_place or patient.birth_city:
        address = add(add(add(person, "birthplace"), "place"), "addr")
        if traits.birth_place:
            add(address, "county", traits.birth_place)
        if patient.birth_city:
            add(address, "city", patient.birth_city)


def _author(root: etree._Element, author: Author, document: CdaDocument) -> None:
    element = add(root, "author")
    role_stands_as_code = _role_stands_as_code(author)
    if author.role is not None and not role_stands_as_code:
        add_code(element, "functionCode", author.role)
    add_instant(element, "time", document.created_at)
    _assigned(add(element, "assignedAuthor"), author, author.role if role_stands_as_code else None)


def _role_stands_as_code(author: Author) -> bool:
    """A role of those who are no professionals stands in the place of the specialty."""
    return (
        author.role is not None
        and author.specialty is None
        and author.role.system == TRE_A00_AUTHOR_ROLE
    )


def _assigned(assigned: etree._Element, author: Author, code: Code | None = None) -> None:
    """The inside of an assignedAuthor or assignedEntity."""
    add_id(assigned, author.id_root, author.id)
    if author.specialty is not None or code is not None:
        add_code(assigned, "code", author.specialty or code)
    add(assigned, "addr", nullFlavor="NASK")
    add(assigned, "telecom", nullFlavor="NASK")
    if author.kind is AuthorKind.DEVICE:
        device = add(assigned, "assignedAuthoringDevice")
        add(device, "manufacturerModelName", author.given or ".")
        add(device, "softwareName", author.family)
    elif author.family or author.given:
        _person(add(assigned, "assignedPerson"), author)
    if author.structure_id or author.structure_name:
        _represented(assigned, author)


def _person(person: etree._Element, author: Author) -> None:
    name = add(person, "name")
    if author.given:
        add(name, "given", author.given)
    if author.family:
        add(name, "family", author.family)


def _represented(assigned: etree._Element, author: Author, setting: Code | None = None) -> None:
    organisation = add(assigned, "representedOrganization")
    if author.structure_id:
        add_id(organisation, author.structure_root, author.structure_id)
    if author.structure_name:
        add(organisation, "name", author.structure_name)
    if setting is not None:
        add_code(organisation, "standardIndustryClassCode", setting)


def _custodian(root: etree._Element, custodian: Organisation) -> None:
    assigned = add(add(root, "custodian"), "assignedCustodian")
    organisation = add(assigned, "representedCustodianOrganization")
    add_id(organisation, custodian.root, custodian.id)
    add(organisation, "name", custodian.name)
    add(organisation, "telecom", nullFlavor="NASK")
    add(organisation, "addr", nullFlavor="NASK")


def _legal_authenticator(root: etree._Element, document: CdaDocument) -> None:
    element = add(root, "legalAuthenticator")
    add_instant(element, "time", document.authenticated_at or document.created_at)
    add(element, "signatureCode", code="S")
    _assigned(add(element, "assignedEntity"), document.legal_authenticator)


def _participant(root: etree._Element, participant: Participant) -> None:
    who = participant.who
    element = add(root, "participant", typeCode=participant.kind)
    if participant.function is not None:
        add_code(element, "functionCode", participant.function)
    add(element, "time", nullFlavor="NA")
    entity = add(element, "associatedEntity", classCode="PROV")
    add_id(entity, who.id_root, who.id)
    if who.specialty is not None:
        add_code(entity, "code", who.specialty)
    add(entity, "addr", nullFlavor="NASK")
    add(entity, "telecom", nullFlavor="NASK")
    if who.family or who.given:
        _person(add(entity, "associatedPerson"), who)
    if who.structure_id or who.structure_name:
        organisation = add(entity, "scopingOrganization")
        add_id(organisation, who.structure_root, who.structure_id)
        add(organisation, "name", who.structure_name)


def _orders(root: etree._Element, references: tuple[Reference, ...]) -> None:
    """An order for each order number; accession numbers stand with the order before them."""
    order: etree._Element | None = None
    for reference in references:
        if reference.kind == ORDER:
            order = add(add(root, "inFulfillmentOf"), "order")
            add_id(order, reference.system, reference.value)
        elif reference.kind == ACCESSION:
            if order is None:
                order = add(add(root, "inFulfillmentOf"), "order")
                add(order, "id", nullFlavor="UNK")
            number = etree.SubElement(order, f"{{{DICOM_PS3_20}}}accessionNumber")
            number.set("root", reference.system or reference.value)
            if reference.system:
                number.set("extension", reference.value)


def _service_event(root: etree._Element, act: Act, *, is_main: bool) -> None:
    event = add(add(root, "documentationOf"), "serviceEvent")
    if act.study_id:
        add(event, "id", root=act.study_id)
    if act.code is not None:
        code = add_code(event, "code", act.code)
        for other in act.others:
            _translation(code, other)
    if is_main or act.start is not None or act.stop is not None:
        add_period(event, act.start, act.stop)
    if act.performer is None and act.setting is None:
        return
    performer = add(event, "performer", typeCode="PRF")
    entity = add(performer, "assignedEntity")
    who = act.performer or Author(kind=AuthorKind.ORGANISATION)
    add_id(entity, who.id_root, who.id, "UNK" if act.performer else "NA")
    if who.specialty is not None:
        add_code(entity, "code", who.specialty)
    add(entity, "addr", nullFlavor="NASK")
    add(entity, "telecom", nullFlavor="NASK")
    if who.family or who.given:
        _person(add(entity, "assignedPerson"), who)
    _represented(entity, who, act.setting)


def _translation(code: etree._Element, other: Code) -> None:
    """The same act in another system, or its modality or region, which say that they are."""
    translation = add_code(code, "translation", other)
    if other.system in _QUALIFIED:
        add_code(add(translation, "qualifier"), "name", _QUALIFIED[other.system])


def _encounter(root: etree._Element, encounter: Encounter) -> None:
    element = add(add(root, "componentOf"), "encompassingEncounter")
    if encounter.code is not None:
        add_code(element, "code", encounter.code)
    add_period(element, encounter.start, encounter.stop, "NA")
    facility = add(add(element, "location"), "healthCareFacility")
    add_code(facility, "code", encounter.facility)
    if encounter.place:
        add(add(facility, "location"), "name", encounter.place)
