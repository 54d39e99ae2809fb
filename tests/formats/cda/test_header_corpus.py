"""The header reader against real documents and the metadata their producers sent with them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Final

import pytest
from lxml import etree

from dmp.domain.codes import TRE_A06_FORMAT, TRE_A11_IHE_FORMAT, Code
from dmp.domain.documents.submission import ContentHeader
from dmp.domain.documents.types import document_types
from dmp.formats.cda.header import read_cda_header
from tests.formats.corpus import DOCUMENTS, GIVEN, PACKAGES, document, index, name_of, needs_corpus

pytestmark = needs_corpus

# Every difference between what the header says and what the producer announced, explained once.
OLD_CLASS = "the type moved from the reports to the syntheses; the package has the older class"
OLD_URN = "the model has a new format code since 2023; the package has the one of 2012"
SCHEME = "the format code is right, the package names the OID of another terminology"
DEVICE = "the package writes the dot that stands for no model name, and the role as a specialty"
BLANK = "the package keeps the blank that the header has after the given name"

CLASS_DIFFERENCES: Final = {
    "IMG_CR_IMG_2024.01_CDA-R2-Niveau-1": ("10", "31", "the type moved to the imaging class"),
    "OBP-SCM_2024.01": ("10", "11", OLD_CLASS),
    "OBP-SEM_2024.01": ("10", "11", OLD_CLASS),
    "OBP-SNE_2024.01": ("10", "11", OLD_CLASS),
    "OBP-SNM_2024.01": ("10", "11", OLD_CLASS),
}
FORMAT_DIFFERENCES: Final = {
    "OBP-SAP_2024.01": ("urn:asip:ci-sis:sap:2012", "urn:asip:ci-sis:obp-sap:2023", OLD_URN),
    "OBP-SCM_2024.01": ("urn:asip:ci-sis:scm:2012", "urn:asip:ci-sis:obp-scm:2023", OLD_URN),
    "OBP-SEM_2024.01": ("urn:asip:ci-sis:sce:2012", "urn:asip:ci-sis:obp-sem:2023", OLD_URN),
    "OBP-SNE_2024.01": ("urn:asip:ci-sis:sne:2012", "urn:asip:ci-sis:obp-sne:2023", OLD_URN),
    "OBP-SNM_2024.01": ("urn:asip:ci-sis:snm:2012", "urn:asip:ci-sis:obp-snm:2023", OLD_URN),
}
# Announced scheme → the scheme of the value set; the producers confuse them by family.
FORMAT_SCHEMES: Final = {
    "urn:asip:": (TRE_A06_FORMAT, {"1.2.250.1.213.1.1.4.12"}, SCHEME),
    "urn:ans:": (TRE_A06_FORMAT, {"1.2.250.1.213.1.1.4.328"}, SCHEME),
    "urn:ihe:": (TRE_A11_IHE_FORMAT, {TRE_A06_FORMAT, "1.2.250.1.213.1.1.4.12"}, SCHEME),
}
SELF_PRESENTING = (
    "application/xslt+xml"  # the index says text/xml for all: the packages do not know it
)

RIM = {"r": "urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0"}
EVENTS = "urn:uuid:2c6b8cb7-8b2a-4051-b291-b1ae6a575ef4"
AUTHORS = "urn:uuid:93606bcf-9494-43ec-9b4e-a7748d1a838d"


def header(package: str) -> ContentHeader:
    return read_cda_header(document(package))


def entry(package: str) -> etree._Element:
    """The metadata a producer sent with a document."""
    raw = (GIVEN / package / "METADATA.XML").read_bytes().strip()
    found = etree.fromstring(raw).find(".//r:ExtrinsicObject", RIM)
    assert found is not None
    return found


def slot(holder: etree._Element, name: str) -> list[str]:
    return [
        str(value.text)
        for value in holder.iterfind(f'r:Slot[@name="{name}"]/r:ValueList/r:Value', RIM)
    ]


def token(code: Code | None) -> str:
    return f"{code.code}^{code.system}" if code else ""


@pytest.mark.parametrize("package", PACKAGES)
def test_the_header_agrees_with_the_index(package: str) -> None:
    row, found = index()[package], header(package)
    assert found.type_code is not None
    columns: dict[str, tuple[str, str]] = {
        "docTitle": (found.title or "", " ".join(row["docTitle"].split())),
        "setId": (found.set_id, row["setId"].rstrip("|").replace("|", "^")),
        "version": (str(found.version or ""), row["version"]),
        "patientRoots": ("; ".join(root for root, _ in found.patient_ids), row["patientRoots"]),
        "loinc_or_type": (found.type_code.code, row["loinc_or_type"]),
        "typeCode": (token(found.type_code), row["typeCode"]),
        "hcfType": (token(found.facility_type), row["hcfType"]),
        "practiceSetting": (token(found.practice_setting), row["practiceSetting"]),
        "confidentiality": (found.confidentiality or "", row["confidentiality"].split("^")[0]),
        "relatedDocument": (str(bool(found.replaces)), str("RPLC" in row["relatedDocument"])),
        "mimeType": (
            found.mime_type,
            SELF_PRESENTING if row["selfpresenting"] else row["mimeType"],
        ),
        "body": ("N1" if "xds-sd" in token(found.format_code) else "N3", row["body"]),
    }
    assert {name: pair[0] for name, pair in columns.items()} == {
        name: pair[1] for name, pair in columns.items()
    }
    assert found.warnings == ()
    assert found.is_cda


@pytest.mark.parametrize("package", PACKAGES)
def test_the_class_derived_from_the_type_is_the_announced_one_or_explained(package: str) -> None:
    announced = index()[package]["classCode"].split("^")[0]
    code = header(package).type_code
    assert code is not None
    derived = document_types().get(code.code)
    if derived is None:
        assert code.code in {"60280-5", "78341-5"}, "a type of the CI-SIS outside the DMP table"
    elif package in CLASS_DIFFERENCES:
        assert (announced, derived.class_code.code) == CLASS_DIFFERENCES[package][:2]
    else:
        assert derived.class_code.code == announced


@pytest.mark.parametrize("package", PACKAGES)
def test_the_format_derived_from_the_templates_is_the_announced_one_or_explained(
    package: str,
) -> None:
    announced, announced_scheme = index()[package]["formatCode"].split("^")
    derived = header(package).format_code
    assert derived is not None
    if package in FORMAT_DIFFERENCES:
        assert (announced, derived.code) == FORMAT_DIFFERENCES[package][:2]
    else:
        assert derived.code == announced
    family = next(key for key in FORMAT_SCHEMES if derived.code.startswith(key))
    scheme, confused, _ = FORMAT_SCHEMES[family]
    assert derived.system == scheme
    assert announced_scheme in {scheme} | confused


@pytest.mark.parametrize("package", PACKAGES)
def test_instants_and_events_agree_with_the_metadata(package: str) -> None:
    sent, found = entry(package), header(package)

    def utc(instant: datetime | None) -> list[str]:
        return [instant.strftime("%Y%m%d%H%M%S")] if instant else []

    assert utc(found.created_at) == slot(sent, "creationTime")
    assert utc(found.service_start) == slot(sent, "serviceStartTime")
    assert utc(found.service_stop) == slot(sent, "serviceStopTime")
    assert [found.language] == slot(sent, "languageCode")
    events = [
        f"{event.get('nodeRepresentation')}^{slot(event, 'codingScheme')[0]}"
        for event in sent.iterfind(f'r:Classification[@classificationScheme="{EVENTS}"]', RIM)
    ]
    # A package repeats the modality for each act of an examination; here a code stands once.
    assert [token(code) for code in found.event_codes] == list(dict.fromkeys(events))


@pytest.mark.parametrize("package", PACKAGES)
def test_people_agree_with_the_metadata(package: str) -> None:
    sent, found = entry(package), header(package)
    announced = [
        (*_person(slot(author, "authorPerson")), *_structure(slot(author, "authorInstitution")))
        for author in sent.iterfind(f'r:Classification[@classificationScheme="{AUTHORS}"]', RIM)
    ]
    assert [
        (a.id, a.family, a.given, a.structure_id, a.structure_name) for a in found.authors
    ] == announced
    responsible = found.legal_authenticator
    assert responsible is not None
    assert (responsible.id, responsible.family, responsible.given) == _person(
        slot(sent, "legalAuthenticator")
    )
    pairs = {f"{extension}^^^&{root}&ISO" for root, extension in found.patient_ids}
    assert slot(sent, "sourcePatientId")[0].rpartition("^")[0] in pairs


def _person(values: list[str]) -> tuple[str, str, str]:
    """Identifier, family and given name of an XCN; see BLANK and DEVICE."""
    parts = [*values[0].split("^"), "", ""] if values else ["", "", ""]
    return parts[0], parts[1].strip(), "" if parts[2] == "." else parts[2].strip()


def _structure(values: list[str]) -> tuple[str, str]:
    parts = values[0].split("^") if values else [""]
    return (parts[-1] if len(parts) > 1 else "", parts[0])


def test_the_chains_of_replacement_are_followed() -> None:
    packages = [p for p in PACKAGES if "Microbiologie_V2" in p]
    assert packages, "the given folder holds a chain V1 → V2 → delete"
    for package in packages:
        assert header(package).replaces == (
            header("BIO-CR-BIO_2021.01_Microbiologie_V1").unique_id,
        )


MANDATORY: Final[tuple[tuple[str, Callable[[ContentHeader], object]], ...]] = (
    ("id", lambda h: h.unique_id),
    ("title", lambda h: h.title),
    ("code", lambda h: h.type_code),
    ("confidentialityCode", lambda h: h.confidentiality),
    ("languageCode", lambda h: h.language),
    ("effectiveTime", lambda h: h.created_at),
    ("serviceEvent time", lambda h: h.service_start),
    ("format", lambda h: h.format_code),
    ("healthCareFacility", lambda h: h.facility_type),
    ("standardIndustryClassCode", lambda h: h.practice_setting),
    ("patientRole/id", lambda h: h.patient_ids),
    ("patient name", lambda h: h.patient_names),
    ("author", lambda h: h.authors),
    ("legalAuthenticator", lambda h: h.legal_authenticator),
)


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_every_real_document_has_the_minimum_header(path: Path) -> None:
    found = read_cda_header(path.read_bytes())
    assert [name for name, part in MANDATORY if not part(found)] == []
