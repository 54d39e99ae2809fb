"""Writing the body of a CDA: sections with narrative and structured entries, or octets as they are.

Source: CDA R2 (StructuredBody, NonXMLBody, clinical statements); IHE PCC and PaLM entry templates.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from lxml import etree

from dmp.domain.codes import LOINC, Code
from dmp.domain.documents.entry import Author
from dmp.formats.cda.clinical_document import (
    INTERPRETATION,
    Battery,
    Entry,
    Immunisation,
    Medication,
    Observation,
    Quantity,
    Section,
    Unstructured,
)
from dmp.formats.cda.hl7time import write_date
from dmp.formats.cda.narrative.blocks import Paragraph, Shown
from dmp.formats.cda.narrative.write import attachment_id, write_blocks
from dmp.formats.cda.writing.elements import TYPE, add, add_code, add_id, add_instant, add_templates

_INTERPRETATIONS: Final = {
    "N": "Normal",
    "H": "Au-dessus de la normale",
    "L": "Au-dessous de la normale",
    "HH": "Très au-dessus de la normale",
    "LL": "Très au-dessous de la normale",
    "A": "Anormal",
}
_LABORATORY_OBSERVATION = (("1.3.6.1.4.1.19376.1.3.1.6", ""),)
_LABORATORY_BATTERY = (("1.3.6.1.4.1.19376.1.3.1", ""),)
_MEDICATION = (
    ("2.16.840.1.113883.10.20.1.24", ""),
    ("1.3.6.1.4.1.19376.1.5.3.1.4.7", ""),
    ("1.3.6.1.4.1.19376.1.5.3.1.4.7.1", ""),
)
_IMMUNISATION = (("2.16.840.1.113883.10.20.1.24", ""), ("1.3.6.1.4.1.19376.1.5.3.1.4.12", ""))
_PRODUCT = (("2.16.840.1.113883.10.20.1.53", ""), ("1.3.6.1.4.1.19376.1.5.3.1.4.7.2", ""))
_ACT_CODES = "2.16.840.1.113883.5.4"


def write_unstructured(component: etree._Element, body: Unstructured) -> None:
    """Append a nonXMLBody with the octets in base64."""
    text = add(add(component, "nonXMLBody"), "text")
    text.set("mediaType", body.media_type)
    text.set("representation", "B64")
    text.text = b64encode(body.content).decode("ascii")


def write_sections(parent: etree._Element, sections: Iterable[Section], document_root: str) -> None:
    """Append the sections to a structuredBody; entries are numbered under `document_root`."""
    _Sections(document_root).write(parent, sections)


class _Sections:
    """Numbers attachments, narratives and entries in document order, over all sections."""

    def __init__(self, document_root: str) -> None:
        self._document_root = document_root
        self._attachments = 0
        self._narratives = 0
        self._entries = 0

    def write(self, parent: etree._Element, sections: Iterable[Section]) -> None:
        """Append each section as a component."""
        for section in sections:
            self._section(add(add(parent, "component"), "section"), section)

    def _section(self, element: etree._Element, section: Section) -> None:
        add_templates(element, section.templates)
        if section.code is not None:
            add_code(element, "code", section.code)
        add(element, "title", section.title)
        blocks = section.blocks
        number = self._attachments
        if section.pdf:
            blocks = (*blocks, Paragraph((Shown(number, section.title),)))
            self._attachments += 1
        narrative = f"texte-{self._narratives}"
        if blocks:
            write_blocks(add(element, "text", ID=narrative), blocks)
            self._narratives += 1
        for entry in section.entries:
            self._entries += 1
            place = _Place(self._document_root, f"entree-{self._entries}", narrative)
            _entry(element, entry, place)
        if section.pdf:
            _media(element, section.pdf, number)
        self.write(element, section.sections)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an entry stands: its identifier, and the narrative that says the same."""

    root: str
    extension: str
    narrative: str

    def identify(self, element: etree._Element) -> None:
        """Append the identifier of the entry."""
        add(element, "id", root=self.root, extension=self.extension)

    def refer(self, element: etree._Element, words: str = "") -> None:
        """Append the text of the entry: its words, and where people read it."""
        add(add(element, "text", words), "reference", value=f"#{self.narrative}")


def _media(section: etree._Element, pdf: bytes, number: int) -> None:
    media = add(
        add(section, "entry"),
        "observationMedia",
        classCode="OBS",
        moodCode="EVN",
        ID=attachment_id(number),
    )
    value = add(media, "value", mediaType="application/pdf", representation="B64")
    value.text = b64encode(pdf).decode("ascii")


def _entry(section: etree._Element, entry: Entry, place: _Place) -> None:
    element = add(section, "entry")
    if isinstance(entry, Observation):
        _observation(element, entry)
    elif isinstance(entry, Battery):
        _battery(element, entry)
    elif isinstance(entry, Medication):
        _medication(element, entry, place)
    else:
        _immunisation(element, entry, place)


def _battery(entry: etree._Element, battery: Battery) -> None:
    entry.set("typeCode", "DRIV")
    add_templates(entry, _LABORATORY_BATTERY)
    element = add(entry, "act", classCode="ACT", moodCode="EVN")
    add_code(element, "code", battery.code)
    add(element, "statusCode", code="completed")
    for one in battery.observations:
        _observation(add(element, "entryRelationship", typeCode="COMP"), one)


def _observation(parent: etree._Element, one: Observation) -> None:
    element = add(parent, "observation", classCode="OBS", moodCode="EVN")
    if isinstance(one.value, Quantity) and one.code.system == LOINC:
        add_templates(element, _LABORATORY_OBSERVATION)
    add_code(element, "code", one.code)
    add(element, "statusCode", code="completed")
    add_instant(element, "effectiveTime", one.at)
    if one.value is not None:
        _value(element, one.value)
    if one.interpretation:
        add_code(element, "interpretationCode", _interpretation(one.interpretation))
    if one.low is not None or one.high is not None:
        around = add(add(element, "referenceRange", typeCode="REFV"), "observationRange")
        value = add(around, "value")
        value.set(TYPE, "IVL_PQ")
        for name, bound in (("low", one.low), ("high", one.high)):
            if bound is not None:
                add(value, name, value=bound.value, unit=bound.unit)
        add_code(around, "interpretationCode", _interpretation("N"))


def _interpretation(code: str) -> Code:
    return Code(code, INTERPRETATION, _INTERPRETATIONS.get(code, ""))


def _value(parent: etree._Element, value: Quantity | Code | str) -> None:
    if isinstance(value, Quantity):
        add(parent, "value", value=value.value, unit=value.unit).set(TYPE, "PQ")
    elif isinstance(value, Code):
        add_code(parent, "value", value).set(TYPE, "CD")
    else:
        add(parent, "value", value).set(TYPE, "ST")


def _medication(parent: etree._Element, one: Medication, place: _Place) -> None:
    element = add(parent, "substanceAdministration", classCode="SBADM", moodCode="INT")
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
    _product(element, one.name, one.code)


def _immunisation(parent: etree._Element, one: Immunisation, place: _Place) -> None:
    element = add(
        parent, "substanceAdministration", classCode="SBADM", moodCode="EVN", negationInd="false"
    )
    add_templates(element, _IMMUNISATION)
    place.identify(element)
    add_code(element, "code", Code("IMMUNIZ", _ACT_CODES, "Vaccination"))
    place.refer(element)
    add(element, "statusCode", code="completed")
    add(element, "effectiveTime", value=write_date(one.given_on))
    _product(element, one.vaccine, one.code, one.lot)
    if one.performer is not None:
        _performer(element, one.performer)
    if one.rank is not None:
        relation = add(element, "entryRelationship", typeCode="SUBJ")
        rank = add(relation, "observation", classCode="OBS", moodCode="EVN")
        add_code(rank, "code", Code("30973-2", LOINC, "Rang de la dose"))
        add(rank, "statusCode", code="completed")
        add(rank, "value", value=str(one.rank)).set(TYPE, "INT")


def _product(parent: etree._Element, name: str, code: Code | None, lot: str = "") -> None:
    product = add(add(parent, "consumable"), "manufacturedProduct")
    add_templates(product, _PRODUCT)
    material = add(product, "manufacturedMaterial")
    add_code(material, "code", code)
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
