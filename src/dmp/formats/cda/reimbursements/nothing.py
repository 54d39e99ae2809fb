"""The entry of a section without lines: the format asks for one, with codes that say there is nothing.

Source: CI-SIS, CNAM-HR 2021.01, sections sans information; HL7 IPS, absent or unknown data.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from lxml import etree

from dmp.domain.claims.readable import Heading
from dmp.domain.codes import Code
from dmp.formats.cda.reimbursements.entries import (
    DEVICE,
    ENCOUNTER,
    IMMUNISATION,
    MEDICATION,
    PROCEDURE,
    PRODUCT,
    begun,
    playing_device,
    refer,
    unknown_period,
)
from dmp.formats.cda.writing.elements import TYPE, add, add_code, add_templates

_ABSENT: Final = "2.16.840.1.113883.5.1150.1"
_WOLF: Final = "1.2.250.1.213.2.63"


def _no_medicine(section: etree._Element, anchor: str) -> None:
    statement = begun(section, "substanceAdministration", "SBADM", MEDICATION)
    add(statement, "id", nullFlavor="NA")
    none = Code("no-known-medications", _ABSENT, "Pas de traitement médicamenteux connu")
    add_code(statement, "code", none)
    refer(statement, anchor)
    add(statement, "statusCode", code="completed")
    unknown_period(statement)
    add(statement, "effectiveTime", operator="A")
    _no_product(statement)


def _no_vaccine(section: etree._Element, anchor: str) -> None:
    statement = begun(
        section, "substanceAdministration", "SBADM", IMMUNISATION, negationInd="false"
    )
    add(statement, "id", nullFlavor="UNK")
    none = Code("no-known-immunizations", _ABSENT, "Pas de vaccin connu")
    add_code(statement, "code", none)
    refer(statement, anchor)
    add(statement, "statusCode", code="completed")
    add(statement, "effectiveTime", nullFlavor="UNK")
    _no_product(statement)


def _no_product(statement: etree._Element) -> None:
    product = add(add(statement, "consumable", typeCode="CSM"), "manufacturedProduct")
    add_templates(product, PRODUCT)
    material = add(product, "manufacturedMaterial")
    add(material, "code", nullFlavor="NA")
    add(material, "name", nullFlavor="NA")


def _no_device(section: etree._Element, anchor: str) -> None:
    statement = begun(section, "supply", "SPLY", DEVICE)
    add(statement, "id", nullFlavor="NA")
    refer(statement, anchor)
    period = add(statement, "effectiveTime")
    period.set(TYPE, "IVL_TS")
    add(period, "low", nullFlavor="NA")
    none = Code("no-known-devices", _ABSENT, "Pas de dispositif médical connu")
    add_code(playing_device(statement), "code", none)


def _no_stay(section: etree._Element, anchor: str) -> None:
    statement = begun(section, "encounter", "ENC", ENCOUNTER)
    add(statement, "id", nullFlavor="NA")
    add_code(statement, "code", Code("02276797", _WOLF, "Aucun"))
    refer(statement, anchor)
    add(statement, "effectiveTime", nullFlavor="NA")


def _no_act(section: etree._Element, anchor: str) -> None:
    statement = begun(section, "procedure", "PROC", PROCEDURE)
    add(statement, "id", nullFlavor="NA")
    none = Code("no-known-procedures", _ABSENT, "Pas d'acte ou intervention connu")
    add_code(statement, "code", none)
    refer(statement, anchor)
    add(statement, "statusCode", code="completed")
    add(statement, "effectiveTime", nullFlavor="NA")


ABSENT_WRITERS: Final[dict[Heading, Callable[[etree._Element, str], None]]] = {
    Heading.MEDICINE: _no_medicine,
    Heading.VACCINE: _no_vaccine,
    Heading.DEVICE: _no_device,
    Heading.STAY: _no_stay,
    Heading.CARE: _no_act,
    Heading.IMAGING: _no_act,
    Heading.BIOLOGY: _no_act,
}
"""Who writes that a section has no lines, by its heading."""
