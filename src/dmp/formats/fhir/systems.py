"""Code and identifier systems: the OID of the registry and the URL of FHIR, one table for both ways.

Source: NOS (nomenclatures des objets de santé) as published in FHIR by the ANS; HL7 terminology.
"""

from __future__ import annotations

from typing import Final

from dmp.domain.codes import (
    ACCESS_MODE,
    HL7_CONFIDENTIALITY,
    LOINC,
    TRE_A00_AUTHOR_ROLE,
    TRE_A01_PRACTICE,
    TRE_A02_SPECIALTY,
    TRE_A03_CLASS,
    TRE_A05_TYPE,
    TRE_A06_FORMAT,
    TRE_A07_VISIBILITY,
    TRE_A11_IHE_FORMAT,
    TRE_G15_PROFESSION,
    TRE_R01_KNOW_HOW,
    TRE_R02_SECTOR,
)

URI: Final = "urn:ietf:rfc:3986"
"""The system of identifiers that are URIs themselves."""
OURS: Final = "urn:dmp"
"""Root of the few definitions of our own, where no norm has any."""
IHE_FORMATS: Final = "http://ihe.net/fhir/ihe.formatcode.fhir/CodeSystem/formatcode"
V2_0203: Final = "https://hl7.fr/ig/fhir/core/CodeSystem/fr-core-cs-v2-0203"


def nos(table: str) -> str:
    """The URL of a NOS table, e.g. `TRE_A03-ClasseDocument`."""
    return f"https://mos.esante.gouv.fr/NOS/{table}/FHIR/{table.replace('_', '-')}"


SYSTEMS: Final[dict[str, str]] = {
    LOINC: "http://loinc.org",
    HL7_CONFIDENTIALITY: "http://terminology.hl7.org/CodeSystem/v3-Confidentiality",
    TRE_A00_AUTHOR_ROLE: nos("TRE_A00-ProducteurDocNonPS"),
    TRE_A01_PRACTICE: nos("TRE_A01-CadreExercice"),
    TRE_A02_SPECIALTY: nos("TRE_A02-ProfessionSavFaire-CISIS"),
    TRE_A03_CLASS: nos("TRE_A03-ClasseDocument"),
    TRE_A05_TYPE: nos("TRE_A05-TypeDocComplementaire"),
    TRE_A06_FORMAT: nos("TRE_A06-FormatCodeComplementaire"),
    TRE_A07_VISIBILITY: nos("TRE_A07-StatutVisibiliteDocument"),
    TRE_A11_IHE_FORMAT: nos("TRE_A11-IheFormatCode"),
    TRE_R02_SECTOR: nos("TRE_R02-SecteurActivite"),
    TRE_G15_PROFESSION: nos("TRE_G15-ProfessionSante"),
    TRE_R01_KNOW_HOW: nos("TRE_R01-EnsembleSavoirFaire-CISIS"),
    "2.16.840.1.113883.6.96": "http://snomed.info/sct",
    "2.16.840.1.113883.6.3": "http://hl7.org/fhir/sid/icd-10",
    "2.16.840.1.113883.5.4": "http://terminology.hl7.org/CodeSystem/v3-ActCode",
    "2.16.840.1.113883.5.8": "http://terminology.hl7.org/CodeSystem/v3-ActReason",
    "2.16.840.1.113883.5.110": "http://terminology.hl7.org/CodeSystem/v3-RoleClass",
    "1.2.840.10008.2.16.4": "http://dicom.nema.org/resources/ontology/DCM",
    ACCESS_MODE: f"urn:oid:{ACCESS_MODE}",
    "URN": URI,
}
"""OID → URL. An OID that is not here is written `urn:oid:`."""

_ALIASES: Final[dict[str, str]] = {
    # Published examples spell the visibility table with "Status".
    nos("TRE_A07-StatusVisibiliteDocument"): TRE_A07_VISIBILITY,
    nos("TRE_A08-HL7Confidentiality"): HL7_CONFIDENTIALITY,
    nos("TRE_A04-Loinc"): LOINC,
    IHE_FORMATS: TRE_A11_IHE_FORMAT,
    "https://profiles.ihe.net/fhir/ihe.formatcode.fhir/CodeSystem/formatcode": TRE_A11_IHE_FORMAT,
}
_OIDS: Final[dict[str, str]] = {url: oid for oid, url in SYSTEMS.items()} | _ALIASES


def url_of(system: str) -> str:
    """The FHIR form of a system: its URL, `urn:oid:…`, or the text itself when it is a URI."""
    known = SYSTEMS.get(system)
    if known is not None:
        return known
    return f"urn:oid:{system}" if system[:1].isdigit() else system


def oid_of(url: str) -> str:
    """The registry form of a system: an OID without prefix; an unknown URL stays as it is."""
    known = _OIDS.get(url)
    return known if known is not None else url.removeprefix("urn:oid:")
