"""The requirements of CNAM-HR 2021.01, each as a check of its own over the XML, in our words.

A check takes the ClinicalDocument and says whether it holds. In the order header, sections, entries.
Source: CI-SIS, CNAM-HR 2021.01.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, cast

from lxml import etree

NAMESPACES = {"h": "urn:hl7-org:v3", "xsi": "http://www.w3.org/2001/XMLSchema-instance"}
Check = Callable[[etree._Element], bool]


def all_of(root: etree._Element, path: str) -> list[etree._Element]:
    """The elements at the end of a path."""
    return cast(list[etree._Element], root.xpath(path, namespaces=NAMESPACES))


def _has(path: str) -> Check:
    """Something stands at the path."""
    return lambda root: bool(all_of(root, path))


def _each(path: str, condition: str) -> Check:
    """Every element at the path, where there is one, fulfils the condition."""
    return lambda root: all(
        bool(element.xpath(f"boolean({condition})", namespaces=NAMESPACES))
        for element in all_of(root, path)
    )


_SECTION = "h:component/h:structuredBody/h:component/h:section"


def _section(template: str, translation: str = "") -> Check:
    coded = f"[h:code/h:translation/@code='{translation}']" if translation else ""
    return _has(f"{_SECTION}[h:templateId/@root='{template}']{coded}")


def _titled(template: str, title: str) -> Check:
    return _each(f"{_SECTION}[h:templateId/@root='{template}']", f"h:title = '{title}'")


_ROLE = "h:recordTarget/h:patientRole"
_SIGNER = "h:legalAuthenticator"
_ACT = "h:documentationOf/h:serviceEvent"
_RESPONSIBLE = "h:componentOf/h:encompassingEncounter/h:responsibleParty"
_DEVICE = "//*[h:templateId/@root='1.2.250.1.213.1.1.3.20']"
_STAY = "//*[h:templateId/@root='1.3.6.1.4.1.19376.1.5.3.1.4.14']"
_MEDICINE = "//*[h:templateId/@root='1.2.250.1.213.1.1.3.42']"
_VACCINE = "//*[h:templateId/@root='1.3.6.1.4.1.19376.1.5.3.1.4.12']"
_ACTS = "1.3.6.1.4.1.19376.1.5.3.1.1.13.2.11"
_UNNAMED = "h:performer/h:assignedEntity/h:id/@nullFlavor = 'UNK'"


def _supplied(template: str) -> str:
    supply = f"h:entryRelationship/h:supply[h:templateId/@root='{template}']"
    return f"not({supply}) or {supply}/{_UNNAMED}"


CHECKS: Final[dict[str, Check]] = {
    # Header
    "title": _has("self::*[h:title = 'Données de remboursement']"),
    "type": _has(
        "h:code[@code='REMB'][@displayName='Données de remboursement']"
        "[@codeSystem='1.2.250.1.213.1.1.4.12']"
    ),
    "template": _has("h:templateId[@root='1.2.250.1.213.1.1.1.36'][@extension='2021.01']"),
    "unknown address": _each(f"{_ROLE}/h:addr[@nullFlavor]", "@nullFlavor = 'NASK'"),
    "unknown telecom": _each(f"{_ROLE}/h:telecom[@nullFlavor]", "@nullFlavor = 'NASK'"),
    "unknown sex": _each(
        f"{_ROLE}/h:patient/h:administrativeGenderCode[@nullFlavor]", "@nullFlavor = 'NASK'"
    ),
    "unknown birth": _each(f"{_ROLE}/h:patient/h:birthTime[@nullFlavor]", "@nullFlavor = 'NASK'"),
    "signed at": _has(f"{_SIGNER}/h:time/@value"),
    "signer identified": _has(f"{_SIGNER}/h:assignedEntity/h:id[@root and @extension]"),
    "signer named": _has(
        f"{_SIGNER}/h:assignedEntity/h:assignedPerson/h:name[h:family = 'Assurance Maladie']"
    ),
    "period": _has(f"{_ACT}/h:effectiveTime[h:low/@value and h:high/@value]"),
    "performer identified": _each(f"{_ACT}/h:performer", "h:assignedEntity/h:id"),
    "performer named": _each(f"{_ACT}/h:performer/h:assignedEntity/h:assignedPerson", "h:name"),
    "responsible identified": _each(_RESPONSIBLE, "h:assignedEntity/h:id"),
    "responsible profession": _each(_RESPONSIBLE, "h:assignedEntity/h:code"),
    "responsible named": _each(_RESPONSIBLE, "h:assignedEntity/h:assignedPerson/h:name/h:family"),
    # Sections
    "usage": _section("1.3.6.1.4.1.19376.1.4.1.2.16"),
    "medicines": _section("1.3.6.1.4.1.19376.1.5.3.1.3.19"),
    "vaccinations": _section("1.3.6.1.4.1.19376.1.5.3.1.3.23"),
    "devices": _section("1.2.250.1.213.1.1.2.1"),
    "stays": _section("1.3.6.1.4.1.19376.1.5.3.1.1.5.3.3"),
    "care": _section(_ACTS, "67803-7"),
    "imaging": _section(_ACTS, "18726-0"),
    "biology": _section(_ACTS, "26436-6"),
    "usage titled": _titled("1.3.6.1.4.1.19376.1.4.1.2.16", "Usage et Responsabilités"),
    "devices titled": _titled("1.2.250.1.213.1.1.2.1", "Dispositifs médicaux"),
    "stays titled": _titled("1.2.250.1.213.1.1.2.76", "Hospitalisations"),
    "medicines once": _each(
        f"{_SECTION}[h:templateId/@root='1.3.6.1.4.1.19376.1.5.3.1.3.19']",
        "count(h:templateId[@root='1.3.6.1.4.1.19376.1.5.3.1.3.19']) = 1",
    ),
    "medicines titled": _titled("1.3.6.1.4.1.19376.1.5.3.1.3.19", "Médicaments"),
    "vaccinations titled": _titled("1.3.6.1.4.1.19376.1.5.3.1.3.23", "Vaccinations"),
    # Entries
    "device delivered by": _each(_DEVICE, f"not(h:performer) or {_UNNAMED}"),
    "stay coded": _each(_STAY, "h:code/@code = 'IMP' or h:code/@displayName = 'Aucun'"),
    "stay at": _each(_STAY, f"not(h:performer) or {_UNNAMED}"),
    "medicine administered normally": _each(
        _MEDICINE, "h:templateId/@root = '1.3.6.1.4.1.19376.1.5.3.1.4.7.1'"
    ),
    "medicine not dated": _each(
        _MEDICINE,
        "h:effectiveTime/h:low/@nullFlavor = 'UNK' and h:effectiveTime/h:high/@nullFlavor = 'UNK'",
    ),
    "medicine delivered by": _each(_MEDICINE, _supplied("1.3.6.1.4.1.19376.1.5.3.1.4.7.3")),
    "vaccine not identified": _each(_VACCINE, "h:id/@nullFlavor = 'UNK'"),
    "vaccine not dated": _each(_VACCINE, "h:effectiveTime/@nullFlavor = 'UNK'"),
    "vaccine delivered by": _each(_VACCINE, _supplied("1.2.250.1.213.1.1.3.44")),
}
"""By a name of our own; as many as the format states."""
