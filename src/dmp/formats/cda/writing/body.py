"""Writing the body of a CDA: sections with narrative and structured entries, or octets as they are.

Source: CDA R2 (StructuredBody, NonXMLBody, clinical statements); IHE PCC and PaLM entry templates.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from typing import Final

from lxml import etree

from dmp.domain.clinical.facts import Allergy, Device, Performed, Problem
from dmp.domain.codes import LOINC, Code
from dmp.formats.cda.clinical_document import (
    INTERPRETATION,
    Battery,
    Entry,
    Immunisation,
    Medication,
    NoneKnown,
    Observation,
    Quantity,
    Section,
    Unstructured,
)
from dmp.formats.cda.narrative.blocks import Paragraph, Shown
from dmp.formats.cda.narrative.write import attachment_id, write_blocks
from dmp.formats.cda.writing.elements import TYPE, add, add_code, add_instant, add_templates
from dmp.formats.cda.writing.medicines import (
    write_immunisation,
    write_medication,
    write_no_medication,
)
from dmp.formats.cda.writing.place import EntryPlace
from dmp.formats.cda.writing.statements import (
    write_allergy,
    write_device,
    write_none_known,
    write_problem,
    write_procedure,
)

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
        self._sections = 0
        self._attachments = 0
        self._narratives = 0
        self._entries = 0

    def write(self, parent: etree._Element, sections: Iterable[Section]) -> None:
        """Append each section as a component."""
        for section in sections:
            self._section(add(add(parent, "component"), "section"), section)

    def _section(self, element: etree._Element, section: Section) -> None:
        add_templates(element, section.templates)
        self._sections += 1
        add(element, "id", root=self._document_root, extension=f"section-{self._sections}")
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
            place = EntryPlace(self._document_root, f"entree-{self._entries}", narrative)
            _entry(element, entry, place)
        if section.pdf:
            _media(element, section.pdf, number)
        self.write(element, section.sections)


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


def _entry(section: etree._Element, entry: Entry, place: EntryPlace) -> None:
    element = add(section, "entry")
    match entry:
        case Observation():
            _observation(element, entry)
        case Battery():
            _battery(element, entry)
        case Medication():
            write_medication(element, entry, place)
        case Immunisation():
            write_immunisation(element, entry, place)
        case Problem():
            write_problem(element, entry, place)
        case Allergy():
            write_allergy(element, entry, place)
        case Performed():
            write_procedure(element, entry, place)
        case Device():
            write_device(element, entry, place)
        case NoneKnown.MEDICATIONS:
            write_no_medication(element, place)
        case NoneKnown():
            write_none_known(element, entry, place)


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
    if one.code.code:
        add_code(element, "code", one.code)
    else:
        add(add(element, "code", nullFlavor="UNK"), "originalText", one.code.display)
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
