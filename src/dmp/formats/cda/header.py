"""The header of a CDA document, read into what the registry compares with the metadata.

What is missing or malformed stays None, with a warning: the rules of submission decide, not the
reader.

Source: CDA R2; CI-SIS, volets structuration minimale and partage de documents (correspondence
between CDA header and DocumentEntry).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from lxml import etree

from dmp.domain.codes import Code
from dmp.domain.documents.entry import Reference
from dmp.domain.documents.formats import format_of
from dmp.domain.documents.submission import ContentHeader
from dmp.domain.errors import Refused
from dmp.domain.identifiers import UniqueId
from dmp.formats.cda.document import OpenedDocument, Path, child, open_document, plain_text, v3
from dmp.formats.cda.hl7time import read_instant
from dmp.formats.cda.participants import read_authenticator, read_author, read_code

ORDER: Final = "urn:ihe:iti:xds:2013:order"
ACCESSION: Final = "urn:ihe:iti:xds:2013:accession"
STUDY: Final = "urn:ihe:iti:xds:2016:studyInstanceUID"

DICOM_PS3_20: Final = "urn:dicom-org:ps3-20"
_ACCESSION_NUMBER = f"{{{DICOM_PS3_20}}}accessionNumber"
# Templates of imaging reports and requests: there the identifier of the act is that of the study.
_IMAGING_TEMPLATES = frozenset(
    ("1.2.840.10008.9.1", "1.2.840.10008.9.20", "1.2.250.1.213.1.1.1.45")
)

_ID, _SET_ID, _VERSION = v3("id"), v3("setId"), v3("versionNumber")
_TITLE, _CODE, _TEMPLATE = v3("title"), v3("code"), v3("templateId")
_TIME, _CONFIDENTIALITY, _LANGUAGE = (
    v3("effectiveTime"),
    v3("confidentialityCode"),
    v3("languageCode"),
)
_PATIENT_ROLE = Path("recordTarget/patientRole")
_PATIENT_NAME = Path("patient/name")
_FAMILY, _GIVEN = v3("family"), v3("given")
_AUTHOR, _LEGAL_AUTHENTICATOR = v3("author"), v3("legalAuthenticator")
_SERVICE_EVENT = Path("documentationOf/serviceEvent")
_TRANSLATION = v3("translation")
_PERFORMER, _LOW, _HIGH = v3("performer"), v3("low"), v3("high")
_SETTING = Path("assignedEntity/representedOrganization/standardIndustryClassCode")
_FACILITY = Path("componentOf/encompassingEncounter/location/healthCareFacility/code")
_ORDER = Path("inFulfillmentOf/order")
_RELATED, _PARENT_ID = v3("relatedDocument"), Path("parentDocument/id")
_BODY_TEXT = Path("component/nonXMLBody/text")


def read_cda_header(content: bytes) -> ContentHeader:
    """The header of a CDA document. Instants are in UTC.

    `set_id` is written `root` or `root^extension`; `patient_names` are `NOM PRÉNOMS` as written,
    the name of birth first, then the name in use when it differs.

    Raises:
        Refused: CONTENT_TYPE_MISMATCH when it is no CDA document; CONTENT_UNREADABLE,
            CONTENT_DANGEROUS, CONTENT_TOO_LARGE, CONTENT_EMPTY from the parser.
    """
    return header_of(open_document(content))


def header_of(opened: OpenedDocument) -> ContentHeader:
    """The header of a document that is open already; see `read_cda_header`."""
    root = opened.element
    notes = _Notes()
    acts = _SERVICE_EVENT.all(root)
    act = _main_act(acts)
    start, stop = notes.period(act)
    role = _PATIENT_ROLE.first(root)
    templates = [template.get("root", "") for template in root.iterchildren(_TEMPLATE)]
    authenticator = child(root, _LEGAL_AUTHENTICATOR)
    return ContentHeader(
        unique_id=notes.unique_id(child(root, _ID), "id"),
        set_id=_joined(child(root, _SET_ID)),
        version=notes.version(child(root, _VERSION)),
        title=plain_text(child(root, _TITLE)) or None,
        type_code=read_code(child(root, _CODE)),
        confidentiality=_value(child(root, _CONFIDENTIALITY), "code"),
        language=_value(child(root, _LANGUAGE), "code"),
        created_at=notes.instant(child(root, _TIME), "effectiveTime"),
        service_start=start,
        service_stop=stop,
        format_code=_format_code(root, templates),
        facility_type=read_code(_FACILITY.first(root)),
        practice_setting=_practice_setting(acts, act),
        patient_ids=_patient_ids(role),
        patient_names=_patient_names(role),
        authors=tuple(filter(None, map(read_author, root.iterchildren(_AUTHOR)))),
        legal_authenticator=None if authenticator is None else read_authenticator(authenticator),
        event_codes=_event_codes(acts),
        references=_references(root, templates, acts),
        replaces=_replaced(root, notes),
        mime_type=opened.mime_type,
        is_cda=True,
        warnings=tuple(notes.warnings),
    )


@dataclass(slots=True)
class _Notes:
    """Reads single values and collects what was malformed; a warning never quotes a value."""

    warnings: list[str] = field(default_factory=list)

    def unique_id(self, element: etree._Element | None, place: str) -> UniqueId | None:
        """The identifier an `id` element holds, or None."""
        if element is None:
            return None
        root, extension = element.get("root", "").strip(), element.get("extension", "").strip()
        if not root:
            return None
        try:
            if not extension and _is_uuid(root):
                return UniqueId.parse(f"urn:uuid:{root}")
            return UniqueId.of(root, extension)
        except Refused:
            self.warnings.append(f"{place} is not an OID with its extension")
            return None

    def version(self, element: etree._Element | None) -> int | None:
        """The number of the version, or None."""
        text = _value(element, "value")
        if text is None:
            return None
        if text.isascii() and text.isdigit() and len(text) < 10:
            return int(text)
        self.warnings.append("versionNumber is not a positive whole number")
        return None

    def instant(self, element: etree._Element | None, place: str) -> datetime | None:
        """The instant in the `value` of an element, or None."""
        text = _value(element, "value")
        if text is None:
            return None
        instant = read_instant(text)
        if instant is None:
            self.warnings.append(f"{place} is not an HL7 timestamp")
        return instant

    def period(self, act: etree._Element | None) -> tuple[datetime | None, datetime | None]:
        """Start and end of an act; an act at one instant starts then and has no end."""
        time = None if act is None else child(act, _TIME)
        if time is None:
            return None, None
        place = "serviceEvent/effectiveTime"
        start = self.instant(child(time, _LOW), place) or self.instant(time, place)
        return start, self.instant(child(time, _HIGH), place)


def _value(element: etree._Element | None, name: str) -> str | None:
    return (element.get(name, "").strip() or None) if element is not None else None


def _joined(element: etree._Element | None) -> str:
    if element is None:
        return ""
    return "^".join(filter(None, (element.get("root"), element.get("extension"))))


def _is_uuid(text: str) -> bool:
    if len(text) != 36:
        return False
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _main_act(acts: list[etree._Element]) -> etree._Element | None:
    """The act with a performer and a time; failing that with a time; failing that the first.

    CI-SIS describes the main act completely and the other ones by their code alone.
    """
    timed = [act for act in acts if child(act, _TIME) is not None]
    performed = [act for act in timed if child(act, _PERFORMER) is not None]
    return next(iter(performed or timed or acts), None)


def _practice_setting(acts: list[etree._Element], act: etree._Element | None) -> Code | None:
    candidates = [] if act is None else [act]
    candidates += [other for other in acts if other is not act]
    for candidate in candidates:
        for performer in candidate.iterchildren(_PERFORMER):
            setting = read_code(_SETTING.first(performer))
            if setting is not None:
                return setting
    return None


def _format_code(root: etree._Element, templates: list[str]) -> Code | None:
    body = _BODY_TEXT.first(root)
    media_type = "" if body is None else body.get("mediaType") or "text/plain"
    return format_of(templates, media_type)


def _patient_ids(role: etree._Element | None) -> tuple[tuple[str, str], ...]:
    if role is None:
        return ()
    pairs = (
        (i.get("root", "").strip(), i.get("extension", "").strip()) for i in role.iterchildren(_ID)
    )
    return tuple(pair for pair in pairs if all(pair))


def _patient_names(role: etree._Element | None) -> tuple[str, ...]:
    """`NOM PRÉNOMS`: birth first, then in use. Unqualified parts belong to the birth name."""
    if role is None:
        return ()
    found: dict[str, None] = {}
    for name in _PATIENT_NAME.all(role):
        families = [(f.get("qualifier", ""), plain_text(f)) for f in name.iterchildren(_FAMILY)]
        givens = [(g.get("qualifier", ""), plain_text(g)) for g in name.iterchildren(_GIVEN)]
        birth_given = _first(givens, "") or _first(givens, "BR")
        # Older documents qualify the only name by SP (spouse): better that name than none.
        birth_family = _first(families, "BR") or _first(families, "") or _first(families, "SP")
        used_family, used_given = _first(families, "CL"), _first(givens, "CL")
        for family, given in (
            (birth_family, birth_given),
            (used_family or birth_family, used_given or birth_given),
        ):
            if family:
                found[f"{family} {given}".strip()] = None
    return tuple(found)


def _first(parts: list[tuple[str, str]], qualifier: str) -> str:
    return next((text for kind, text in parts if kind == qualifier and text), "")


def _event_codes(acts: list[etree._Element]) -> tuple[Code, ...]:
    # The translations of an imaging act are its CCAM code, its modality and its region: events too.
    elements = (
        element
        for act in acts
        for code in act.iterchildren(_CODE)
        for element in (code, *code.iterchildren(_TRANSLATION))
    )
    codes = (read_code(element) for element in elements)
    return tuple(dict.fromkeys(code for code in codes if code is not None))


def _references(
    root: etree._Element, templates: list[str], acts: list[etree._Element]
) -> tuple[Reference, ...]:
    """Orders and accession numbers; for imaging the study as well."""
    found: dict[Reference, None] = {}
    for order in _ORDER.all(root):
        for element in order.iterchildren(_ID):
            found[_reference(element, ORDER)] = None
        for element in order.iterchildren(_ACCESSION_NUMBER):
            found[_reference(element, ACCESSION)] = None
    if _IMAGING_TEMPLATES.intersection(templates):
        for act in acts:
            for element in act.iterchildren(_ID):
                found[_reference(element, STUDY)] = None
    return tuple(reference for reference in found if reference.value)


def _reference(element: etree._Element, kind: str) -> Reference:
    root, extension = element.get("root", "").strip(), element.get("extension", "").strip()
    return Reference(value=extension or root, kind=kind, system=root if extension else "")


def _replaced(root: etree._Element, notes: _Notes) -> tuple[UniqueId, ...]:
    parents = (
        notes.unique_id(identifier, "relatedDocument/parentDocument/id")
        for related in root.iterchildren(_RELATED)
        if related.get("typeCode") == "RPLC"
        for identifier in _PARENT_ID.all(related)
    )
    return tuple(dict.fromkeys(parent for parent in parents if parent is not None))
