"""Who and what takes part in an entry: people with their places, and products with their codes.

Source: CDA R2 (assignedAuthor, assignedEntity, manufacturedProduct) with the IHE Pharmacy extension
(urn:ihe:pharm:medication); CI-SIS, volet structuration minimale; code systems CIS, CIP (BDPM), UCD,
Medicabase, ATC.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from lxml import etree

from dmp.domain.clinical.facts import NOBODY, Agent
from dmp.domain.codes import Code
from dmp.domain.identifiers import STRUCTURE_ROOT
from dmp.formats.cda.document import along, child, v3
from dmp.formats.cda.findings.place import Place
from dmp.formats.cda.findings.words import (
    CODE,
    ORIGINAL_TEXT,
    TRANSLATION,
    all_codes,
    attribute,
    words_of,
)

AUTHOR, PERFORMER = v3("author"), v3("performer")
ASSIGNED_AUTHOR, ASSIGNED_ENTITY = v3("assignedAuthor"), v3("assignedEntity")
_PERSON, _NAME, _ID = v3("assignedPerson"), v3("name"), v3("id")
_FAMILY, _GIVEN = v3("family"), v3("given")
ORGANISATION: Final = v3("representedOrganization")

ATC: Final = "2.16.840.1.113883.6.73"
_PRODUCT, _MATERIAL = v3("manufacturedProduct"), v3("manufacturedMaterial")
_LOT = v3("lotNumberText")
_PHARMACY = "{urn:ihe:pharm:medication}"
_CLASS = (
    f"{_PHARMACY}asSpecializedKind",
    f"{_PHARMACY}generalizedMedicineClass",
    f"{_PHARMACY}code",
)
_BOX = (f"{_PHARMACY}asContent", f"{_PHARMACY}containerPackagedMedicine", f"{_PHARMACY}code")
_NO_PRODUCT = ("no-known-", "no-medication-info", "no-immunization-info")


def author_of(holder: etree._Element | None) -> Agent:
    """The first `author` of an element."""
    author = None if holder is None else child(holder, AUTHOR)
    return NOBODY if author is None else _agent(child(author, ASSIGNED_AUTHOR))


def performer_of(holder: etree._Element | None) -> Agent:
    """The first `performer` of an element."""
    performer = None if holder is None else child(holder, PERFORMER)
    return NOBODY if performer is None else _agent(child(performer, ASSIGNED_ENTITY))


def _agent(assigned: etree._Element | None) -> Agent:
    if assigned is None:
        return NOBODY
    person = child(assigned, _PERSON)
    name = "" if person is None else _person_name(child(person, _NAME))
    organisation = child(assigned, ORGANISATION)
    return Agent(
        name=name,
        id=_identifier(assigned),
        speciality=_speciality(child(assigned, CODE)),
        place="" if organisation is None else words_of(child(organisation, _NAME)),
    )


def _speciality(code: etree._Element | None) -> str:
    return attribute(code, "displayName") or words_of(
        None if code is None else child(code, ORIGINAL_TEXT)
    )


def _person_name(name: etree._Element | None) -> str:
    """`Prénom NOM`; a name that is not divided stays as it is."""
    if name is None:
        return ""
    given, family = words_of(child(name, _GIVEN), 80), words_of(child(name, _FAMILY), 80)
    if not given and not family:
        return words_of(name, 120)
    given = "" if given == "." else given  # a dot stands where a producer has no value
    return f"{given} {family.upper()}".strip()


def _identifier(assigned: etree._Element) -> str:
    for one in assigned.iterchildren(_ID):
        extension = attribute(one, "extension", 64)
        if extension and one.get("root") != STRUCTURE_ROOT:
            return extension
    return ""


@dataclass(frozen=True, slots=True)
class Product:
    """A product: what people call it, its codes, its lot, the name of its ATC class."""

    label: str
    codes: tuple[Code, ...]
    lot: str
    class_name: str


def product_of(place: Place, holder: etree._Element | None) -> Product | None:
    """The product in a `consumable` or `product`; None when it is not named."""
    material = None if holder is None else along(holder, _PRODUCT, _MATERIAL)
    if material is None:
        return None
    element = child(material, CODE)
    codes = dict.fromkeys(all_codes(element))
    for path in (_BOX, _CLASS):
        codes.update(dict.fromkeys(all_codes(along(material, *path))))
    name = words_of(child(material, _NAME))
    label = attribute(element, "displayName") or name
    label = label or place.original(element) or _first_name(codes)
    if not label:
        label = next((code.code for code in codes), "")
    if not label or any(code.code.startswith(_NO_PRODUCT) for code in codes):
        return None
    return Product(
        label=label,
        codes=tuple(codes),
        lot=words_of(child(material, _LOT), 60),
        class_name=_class_name(place, element, codes),
    )


def _first_name(codes: dict[Code, None]) -> str:
    return next((code.display for code in codes if code.display), "")


def _class_name(place: Place, element: etree._Element | None, codes: dict[Code, None]) -> str:
    for code in codes:
        if code.system == ATC:
            if code.display:
                return code.display
            if element is not None:
                for translation in element.iterchildren(TRANSLATION):
                    if translation.get("code") == code.code:
                        return place.original(translation)
    return ""
