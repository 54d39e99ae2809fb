"""Structured entries said in lines, for sections whose producer wrote no narrative.

Source: CDA R2 clinical statements; HL7 data types CD, PQ, IVL, ST, BL, TS.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Final

from lxml import etree

from dmp.formats.cda.document import XSI, plain_text, v3
from dmp.formats.cda.hl7time import PARIS, read_instant

MAX_LINES: Final = 500
MAX_STATEMENTS: Final = 10_000

_ENTRY = v3("entry")
_STATEMENTS = tuple(
    v3(name)
    for name in (
        "act", "encounter", "observation", "procedure", "substanceAdministration", "supply",
        "organizer",
    )
)  # fmt: skip
_CODE, _VALUE, _TIME = v3("code"), v3("value"), v3("effectiveTime")
_ORIGINAL_TEXT = v3("originalText")
_MATERIAL = v3("consumable/manufacturedProduct/manufacturedMaterial")
_NAME, _DOSE, _LOT = v3("name"), v3("doseQuantity"), v3("lotNumberText")
_LOW, _HIGH, _WIDTH, _CENTER = v3("low"), v3("high"), v3("width"), v3("center")
_INTERPRETATION = v3("interpretationCode")
_TYPE = f"{{{XSI}}}type"


def entry_lines(section: etree._Element) -> tuple[str, ...]:
    """One line for each statement of the section that says something, in document order."""
    lines: dict[str, None] = {}
    statements = (s for entry in section.iterfind(_ENTRY) for s in entry.iter(*_STATEMENTS))
    for statement in islice(statements, MAX_STATEMENTS):
        line = _line(statement)
        if line:
            lines[line] = None
        if len(lines) >= MAX_LINES:
            break
    return tuple(lines)


def _line(statement: etree._Element) -> str:
    subject = _material(statement) or _coded(statement.find(_CODE))
    said = [text for text in _values(statement) if text and text != subject]
    when = _instant(statement.find(_TIME))
    if not subject and not said:
        return ""
    line = " : ".join(filter(None, (subject, ", ".join(said))))
    return f"{line} ({when})" if when else line


def _values(statement: etree._Element) -> Iterator[str]:
    for value in statement.iterfind(_VALUE):
        yield _value(value)
    dose = statement.find(_DOSE)
    if dose is not None:
        yield _value(dose)
    interpretation = statement.find(_INTERPRETATION)
    if interpretation is not None:
        yield _coded(interpretation)


def _material(statement: etree._Element) -> str:
    material = statement.find(_MATERIAL)
    if material is None:
        return ""
    lot = plain_text(material.find(_LOT))
    name = plain_text(material.find(_NAME)) or _coded(material.find(_CODE))
    return f"{name}, lot {lot}" if name and lot else name


def _value(value: etree._Element) -> str:
    low, high, center = value.find(_LOW), value.find(_HIGH), value.find(_CENTER)
    if low is not None or high is not None:
        return " – ".join(_quantity(part) for part in (low, high) if part is not None)
    if center is not None:
        return _quantity(center)
    kind = value.get(_TYPE, "").rpartition(":")[2]
    if kind in ("TS", "IVL_TS"):
        return _instant(value)
    if kind == "BL":
        return {"true": "oui", "false": "non"}.get(value.get("value", ""), "")
    return _quantity(value) or _coded(value) or plain_text(value)


def _quantity(element: etree._Element) -> str:
    unit = element.get("unit", "")
    number = element.get("value", "")
    return f"{number} {unit}".strip() if unit != "1" else number


def _coded(element: etree._Element | None) -> str:
    if element is None:
        return ""
    written = element.get("displayName", "").strip() or plain_text(element.find(_ORIGINAL_TEXT))
    return written or element.get("code", "").strip()


def _instant(element: etree._Element | None) -> str:
    """A day, or a period from day to day, as people read it."""
    if element is None:
        return ""
    low, high = element.find(_LOW), element.find(_HIGH)
    if low is None and high is None:
        return _day(element)
    start, end = ("" if part is None else _day(part) for part in (low, high))
    if start and end and start != end:
        return f"du {start} au {end}"
    return start or end


def _day(element: etree._Element) -> str:
    instant = read_instant(element.get("value", ""))
    return "" if instant is None else f"{instant.astimezone(PARIS):%d/%m/%Y}"
