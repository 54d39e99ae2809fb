"""The same lines for machines: one coded entry for each.

A claim knows when something was delivered, never how it was taken: the days of a treatment are not known
(nullFlavor UNK). Substances have no code in what is published, so they are said by name.

Source: CI-SIS, CNAM-HR 2021.01 (FR-Traitement, FR-Vaccination, FR-Dispositif-medical, FR-Rencontre, FR-Acte).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final
from uuid import UUID, uuid5

from lxml import etree

from dmp.domain.claims.history import code_of
from dmp.domain.claims.readable import Heading
from dmp.domain.claims.reimbursement import System
from dmp.domain.codes import Code
from dmp.formats.cda.hl7time import write_date
from dmp.formats.cda.reimbursements.people import (
    Names,
    write_delivery,
    write_laboratory,
    write_performer,
    write_place,
    write_prescriber,
)
from dmp.formats.cda.reimbursements.sections import Templates, Told, quantity
from dmp.formats.cda.writing.elements import TYPE, add, add_code, add_templates

ATC_GROUP: Final = "1.2.250.1.215.200.1.2.1"
ATC_SUBSTANCE: Final = "1.2.250.1.215.200.1.2.2"
SUBSTANCE: Final = "1.2.250.1.215.200.1.3.1"
ACT_CODES: Final = "2.16.840.1.113883.5.4"

MEDICATION: Final = (
    ("2.16.840.1.113883.10.20.1.24", ""),
    ("1.3.6.1.4.1.19376.1.5.3.1.4.7", ""),
    ("1.2.250.1.213.1.1.3.42", ""),
    ("1.3.6.1.4.1.19376.1.5.3.1.4.7.1", ""),
)
IMMUNISATION: Final = (
    ("2.16.840.1.113883.10.20.1.24", ""),
    ("1.3.6.1.4.1.19376.1.5.3.1.4.12", ""),
    ("1.2.250.1.213.1.1.3.45", ""),
)
PRODUCT: Final = (
    ("2.16.840.1.113883.10.20.1.53", ""),
    ("1.3.6.1.4.1.19376.1.5.3.1.4.7.2", ""),
    ("1.2.250.1.213.1.1.3.43", ""),
)
SUPPLY: Final = (
    ("2.16.840.1.113883.10.20.1.34", ""),
    ("1.3.6.1.4.1.19376.1.5.3.1.4.7.3", ""),
    ("1.2.250.1.213.1.1.3.44", ""),
)
DEVICE: Final = (("2.16.840.1.113883.10.20.1.34", ""), ("1.2.250.1.213.1.1.3.20", ""))
ENCOUNTER: Final = (
    ("2.16.840.1.113883.10.20.1.21", ""),
    ("1.3.6.1.4.1.19376.1.5.3.1.4.14", ""),
    ("1.2.250.1.213.1.1.3.58", ""),
)
PROCEDURE: Final = (
    ("2.16.840.1.113883.10.20.1.29", ""),
    ("1.3.6.1.4.1.19376.1.5.3.1.4.19", ""),
    ("1.2.250.1.213.1.1.3.62", ""),
)


def begun(
    section: etree._Element, name: str, kind: str, templates: Templates, **more: str
) -> etree._Element:
    """Append an entry with its statement, of which the templates are written."""
    statement = add(add(section, "entry"), name, classCode=kind, moodCode="EVN", **more)
    add_templates(statement, templates)
    return statement


def refer(statement: etree._Element, anchor: str) -> None:
    """Append where people read the same."""
    add(add(statement, "text"), "reference", value=f"#{anchor}")


def _medicine(section: etree._Element, told: Told, names: Names) -> None:
    statement = begun(section, "substanceAdministration", "SBADM", MEDICATION)
    _identified(statement, told.line.line_id)
    refer(statement, told.anchor)
    add(statement, "statusCode", code="completed")
    unknown_period(statement)
    add(statement, "effectiveTime", operator="A")
    _product(statement, told, ATC_GROUP, told.medicine.atc[:3] if told.medicine else "")
    _supplied(statement, told, names, with_quantity=True)


def _vaccine(section: etree._Element, told: Told, names: Names) -> None:
    statement = begun(
        section, "substanceAdministration", "SBADM", IMMUNISATION, negationInd="false"
    )
    add(statement, "id", nullFlavor="UNK")
    vaccination = Code("IMMUNIZ", ACT_CODES, "Vaccination sans autres précisions")
    add_code(statement, "code", vaccination)
    refer(statement, told.anchor)
    add(statement, "statusCode", code="completed")
    # The day of the injection is not known, only that of the delivery.
    add(statement, "effectiveTime", nullFlavor="UNK")
    _product(statement, told, ATC_SUBSTANCE, told.medicine.atc if told.medicine else "")
    _supplied(statement, told, names, with_quantity=False)


def unknown_period(statement: etree._Element) -> None:
    """Append the period of a treatment, of which nothing is known."""
    period = add(statement, "effectiveTime")
    period.set(TYPE, "IVL_TS")
    add(period, "low", nullFlavor="UNK")
    add(period, "high", nullFlavor="UNK")


def _product(statement: etree._Element, told: Told, group_system: str, group: str) -> None:
    consumable = add(statement, "consumable", typeCode="CSM")
    product = add(consumable, "manufacturedProduct")
    add_templates(product, PRODUCT)
    material = add(product, "manufacturedMaterial")
    code = add(material, "code")
    _original(code, told)
    add_code(code, "translation", _displayed(told))
    if group:
        add_code(code, "translation", Code(group, group_system, told.entry.group))
    if group_system == ATC_GROUP and told.medicine is not None and told.medicine.substances:
        substances = add(code, "translation")
        for name in told.medicine.substances:
            one = add(substances, "translation", nullFlavor="UNK", codeSystem=SUBSTANCE)
            add(one, "originalText", name)
    add(material, "name", told.entry.label)


def _supplied(statement: etree._Element, told: Told, names: Names, *, with_quantity: bool) -> None:
    relation = add(statement, "entryRelationship", typeCode="REFR", inversionInd="false")
    supply = add(relation, "supply", classCode="SPLY", moodCode="EVN")
    add_templates(supply, SUPPLY)
    _identified(supply, uuid5(told.line.line_id, "supply"))
    if with_quantity:
        add(supply, "quantity", value=quantity(told.line.quantity))
    write_delivery(supply, told, names)
    write_prescriber(supply, told, names)


def _device(section: etree._Element, told: Told, names: Names) -> None:
    statement = begun(section, "supply", "SPLY", DEVICE)
    _identified(statement, told.line.line_id)
    refer(statement, told.anchor)
    period = add(statement, "effectiveTime")
    period.set(TYPE, "IVL_TS")
    add(period, "low", nullFlavor="UNK")
    add(statement, "quantity", value=quantity(told.line.quantity))
    write_delivery(statement, told, names)
    write_prescriber(statement, told, names)
    code = add(playing_device(statement), "code")
    _original(code, told)
    add_code(code, "translation", _displayed(told))


def playing_device(statement: etree._Element) -> etree._Element:
    """Append the participant that is the device; returns the device."""
    participant = add(statement, "participant", typeCode="DEV")
    role = add(participant, "participantRole", classCode="MANU")
    return add(role, "playingDevice", classCode="DEV", determinerCode="INSTANCE")


def _stay(section: etree._Element, told: Told, names: Names) -> None:
    statement = begun(section, "encounter", "ENC", ENCOUNTER)
    _identified(statement, told.line.line_id)
    inpatient = Code("IMP", ACT_CODES, "Hospitalisation (établissement, y compris HAD)")
    code = add_code(statement, "code", inpatient)
    if told.line.system is not System.CIM10:
        add_code(add(code, "qualifier"), "value", _displayed(told))
    refer(statement, told.anchor)
    period = add(statement, "effectiveTime")
    add(period, "low", value=write_date(told.line.start))
    if told.entry.until is not None:
        add(period, "high", value=write_date(told.entry.until))
    if told.line.place:
        entity = add(add(statement, "performer", typeCode="PRF"), "assignedEntity")
        add(entity, "id", nullFlavor="UNK")
        write_place(entity, told.line.place, names)


def _act(section: etree._Element, told: Told, names: Names) -> None:
    write_performer(_procedure(section, told), told, names)


def _test(section: etree._Element, told: Told, names: Names) -> None:
    write_laboratory(_procedure(section, told), told, names)


def _procedure(section: etree._Element, told: Told) -> etree._Element:
    statement = begun(section, "procedure", "PROC", PROCEDURE)
    _identified(statement, told.line.line_id)
    add_code(statement, "code", _displayed(told))
    refer(statement, told.anchor)
    add(statement, "statusCode", code="completed")
    add(statement, "effectiveTime", value=write_date(told.line.start))
    return statement


def _displayed(told: Told) -> Code:
    """The code with its label; a label that no reference knows is not made up."""
    code = code_of(told.line)
    return Code(code.code, code.system, told.entry.label if told.entry.is_known else "")


def _original(code: etree._Element, told: Told) -> None:
    add(add(code, "originalText"), "reference", value=f"#{told.anchor}")


def _identified(statement: etree._Element, identifier: UUID) -> None:
    add(statement, "id", root=str(identifier).upper())


WRITERS: Final[dict[Heading, Callable[[etree._Element, Told, Names], None]]] = {
    Heading.MEDICINE: _medicine,
    Heading.VACCINE: _vaccine,
    Heading.DEVICE: _device,
    Heading.STAY: _stay,
    Heading.CARE: _act,
    Heading.IMAGING: _act,
    Heading.BIOLOGY: _test,
}
"""Who writes the entry of a line, by its heading."""
