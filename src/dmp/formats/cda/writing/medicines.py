"""Writing medicines and vaccinations as entries.

Source: IHE PCC (medications 1.3.6.1.4.1.19376.1.5.3.1.4.7, immunizations …4.12); CI-SIS FR-Traitement,
FR-Vaccination.
"""

from __future__ import annotations

from typing import Final

from lxml import etree

from dmp.domain.clinical.facts import Agent
from dmp.domain.codes import LOINC, Code
from dmp.domain.documents.entry import Author
from dmp.formats.cda.clinical_document import Immunisation, Medication
from dmp.formats.cda.hl7time import write_date
from dmp.formats.cda.writing.elements import TYPE, add, add_code, add_id, add_templates
from dmp.formats.cda.writing.place import EntryPlace
from dmp.formats.cda.writing.statements import ABSENT, write_agent

_MEDICATION = (
    ("2.16.840.1.113883.10.20.1.24", ""),
    ("1.3.6.1.4.1.19376.1.5.3.1.4.7", ""),
    ("1.2.250.1.213.1.1.3.42", ""),
    ("1.3.6.1.4.1.19376.1.5.3.1.4.7.1", ""),
)
_IMMUNISATION = (
    ("2.16.840.1.113883.10.20.1.24", ""),
    ("1.3.6.1.4.1.19376.1.5.3.1.4.12", ""),
    ("1.2.250.1.213.1.1.3.45", ""),
)
_PRODUCT = (
    ("2.16.840.1.113883.10.20.1.53", ""),
    ("1.3.6.1.4.1.19376.1.5.3.1.4.7.2", ""),
    ("1.2.250.1.213.1.1.3.43", ""),
)
_INTERNAL_REFERENCE = (("1.3.6.1.4.1.19376.1.5.3.1.4.4.1", ""), ("1.2.250.1.213.1.1.3.36", ""))
_COMMENT = (
    ("2.16.840.1.113883.10.20.1.40", ""),
    ("1.3.6.1.4.1.19376.1.5.3.1.4.2", ""),
    ("1.2.250.1.213.1.1.3.32", ""),
)
_CIS: Final = "1.2.250.1.213.2.3.1"
"""The code system of products (BDPM): the only one that CI-SIS lets name a product by itself."""
_ACT_CODES: Final = "2.16.840.1.113883.5.4"


def write_medication(parent: etree._Element, one: Medication, place: EntryPlace) -> None:
    """One medicine, prescribed or taken."""
    element = add(
        parent,
        "substanceAdministration",
        classCode="SBADM",
        moodCode="INT" if one.is_order else "EVN",
    )
    add_templates(element, _MEDICATION)
    place.identify(element)
    add_code(element, "code", Code("DRUG", _ACT_CODES, "Médicament"))
    place.refer(element, one.dosage)
    add(element, "statusCode", code="completed")
    period = add(element, "effectiveTime")
    period.set(TYPE, "IVL_TS")
    for name, day in (("low", one.start), ("high", one.stop)):
        if day is not None:
            add(period, name, value=write_date(day))
        else:
            add(period, name, nullFlavor="UNK")
    if one.repeats:
        add(element, "repeatNumber", value=str(one.repeats))
    if one.dose is not None:
        add(element, "doseQuantity", value=one.dose.value, unit=one.dose.unit)
    _product(element, one.name, one.code, one.others, place)
    if one.prescriber.display:
        author = add(element, "author")
        add(author, "time", nullFlavor="UNK")
        write_agent(author, "assignedAuthor", one.prescriber)


def write_no_medication(parent: etree._Element, place: EntryPlace) -> None:
    """The entry of a list of treatments that says that there is none."""
    element = add(parent, "substanceAdministration", classCode="SBADM", moodCode="EVN")
    add_templates(element, _MEDICATION)
    place.identify(element)
    none = Code("no-known-medications", ABSENT, "Pas de traitement médicamenteux connu")
    place.original(add_code(element, "code", none))
    place.refer(element)
    add(element, "statusCode", code="completed")
    period = add(element, "effectiveTime")
    period.set(TYPE, "IVL_TS")
    add(period, "low", nullFlavor="NA")
    add(period, "high", nullFlavor="NA")
    product = add(add(element, "consumable"), "manufacturedProduct")
    add_templates(product, _PRODUCT)
    material = add(product, "manufacturedMaterial")
    add(material, "code", nullFlavor="NA")
    add(material, "name", nullFlavor="NA")


def write_immunisation(parent: etree._Element, one: Immunisation, place: EntryPlace) -> None:
    """One vaccination done."""
    element = add(
        parent, "substanceAdministration", classCode="SBADM", moodCode="EVN", negationInd="false"
    )
    add_templates(element, _IMMUNISATION)
    place.identify(element)
    add_code(element, "code", Code("IMMUNIZ", _ACT_CODES, "Vaccination"))
    place.refer(element)
    add(element, "statusCode", code="completed")
    if one.given_on is None:
        add(element, "effectiveTime", nullFlavor="NAV")
    else:
        add(element, "effectiveTime", value=write_date(one.given_on))
    _product(element, one.vaccine, one.code, one.others, place, one.lot)
    if isinstance(one.performer, Agent):
        if one.performer.display:
            write_agent(add(element, "performer", typeCode="PRF"), "assignedEntity", one.performer)
    elif one.performer is not None:
        _performer(element, one.performer)
    if one.rank is not None:
        _rank(element, one.rank)
    elif one.targets:
        # CI-SIS lets reasons stand beside a rank or a comment only.
        _comment(element, one.rank_words, place)
    for target in one.targets:
        reason = add(element, "entryRelationship", typeCode="RSON", inversionInd="false")
        act = add(reason, "act", classCode="ACT", moodCode="EVN")
        add_templates(act, _INTERNAL_REFERENCE)
        place.identify(act)
        place.original(add(act, "code", nullFlavor="NA"), target)


def _comment(element: etree._Element, words: str, place: EntryPlace) -> None:
    relation = add(element, "entryRelationship", typeCode="SUBJ", inversionInd="true")
    comment = add(relation, "act", classCode="ACT", moodCode="EVN")
    add_templates(comment, _COMMENT)
    add_code(comment, "code", Code("48767-8", LOINC, "Commentaire"))
    place.refer(comment, words)
    add(comment, "statusCode", code="completed")


def _rank(element: etree._Element, number: int) -> None:
    relation = add(element, "entryRelationship", typeCode="SUBJ", inversionInd="false")
    rank = add(relation, "observation", classCode="OBS", moodCode="EVN")
    add_templates(rank, (("2.16.840.1.113883.10.20.1.46", ""), ("1.2.250.1.213.1.1.3.82", "")))
    add_code(rank, "code", Code("30973-2", LOINC, "Rang de la vaccination"))
    add(rank, "statusCode", code="completed")
    add(rank, "value", value=str(number)).set(TYPE, "INT")


def _product(
    parent: etree._Element,
    name: str,
    code: Code | None,
    others: tuple[Code, ...],
    place: EntryPlace,
    lot: str = "",
) -> None:
    product = add(add(parent, "consumable", typeCode="CSM"), "manufacturedProduct")
    add_templates(product, _PRODUCT)
    material = add(product, "manufacturedMaterial")
    codes = tuple(filter(None, (code, *others)))
    main = next((one for one in codes if one.system == _CIS), None)
    if main is None:
        element = add(material, "code", nullFlavor="NA")
    else:
        element = add_code(material, "code", Code(main.code, main.system, name))
    place.original(element)
    for other in codes:
        if other is not main:
            add_code(element, "translation", other)
    add(material, "name", name)
    if lot:
        add(material, "lotNumberText", lot)


def _performer(parent: etree._Element, who: Author) -> None:
    entity = add(add(parent, "performer", typeCode="PRF"), "assignedEntity")
    add_id(entity, who.id_root, who.id)
    if who.specialty is not None:
        add_code(entity, "code", who.specialty)
    if who.family or who.given:
        name = add(add(entity, "assignedPerson"), "name")
        add(name, "given", who.given)
        add(name, "family", who.family)
