"""Reading single values of clinical statements: bounded words, codes, days, quantities.

Documents of others are read here: whatever is missing or malformed gives None or the empty text, and
nothing costs more than what is kept of it.

Source: HL7 data types CD, PQ, IVL, TS, ED; LOINC (French display names).
"""

from __future__ import annotations

import math
import re
from datetime import date, datetime
from functools import lru_cache
from typing import Final

from lxml import etree

from dmp.domain.codes import LOINC, Code
from dmp.formats.cda.document import XSI, child, v3
from dmp.formats.cda.hl7time import PARIS, read_date, read_instant

LABEL: Final = 240
"""Characters kept of a label."""
TEXT: Final = 1200
"""Characters kept of a text, such as a conclusion."""

CODE, VALUE, TIME = v3("code"), v3("value"), v3("effectiveTime")
LOW, HIGH, CENTER, WIDTH = v3("low"), v3("high"), v3("center"), v3("width")
TRANSLATION, ORIGINAL_TEXT, REFERENCE = v3("translation"), v3("originalText"), v3("reference")
TYPE: Final = f"{{{XSI}}}type"
# Days of a life, with room for what is planned; others are mistakes, or worse.
_YEARS = range(1850, 2200)
_NUMBER = re.compile(r"[+-]?\d{1,15}(?:[.,]\d{1,15})?", re.ASCII)
_LOINC_NAME = re.compile(r"([^\[]+?) \[[^\]]*\] ?([^;]*)")
_AXES = 4  # colons in a LOINC name that lists its axes
_USUAL_SAMPLES = ("", "Sérum/Plasma", "Sang", "Sérum", "Plasma", "Sang/Sérum/Plasma", "Patient")


def attribute(element: etree._Element | None, name: str, limit: int = LABEL) -> str:
    """An attribute with its blanks made single, cut; empty when absent."""
    if element is None:
        return ""
    value = element.get(name)
    return "" if not value else cut(value, limit)


def cut(text: str, limit: int) -> str:
    """The words of a text, single blanks between them; a longer one ends with an ellipsis."""
    words = " ".join(text[: 4 * limit + 400].split())
    return words if len(words) <= limit else words[: limit - 1].rstrip() + "…"


def words_of(element: etree._Element | None, limit: int = LABEL) -> str:
    """The text under an element, cut: no more is gathered than is kept, however many the pieces."""
    if element is None:
        return ""
    if not len(element):
        return cut(element.text, limit) if element.text else ""
    gathered: list[str] = []
    size = 0
    for count, piece in enumerate(element.itertext()):
        text = str(piece)[: 4 * limit]
        gathered.append(text)
        size += len(text.strip())
        if size > 2 * limit or count > limit:
            break
    return cut(" ".join(gathered), limit)


def coded(element: etree._Element | None) -> Code | None:
    """The code of an element, else of its first translation that has one."""
    if element is None:
        return None
    code = _own_code(element)
    if code is None:
        for translation in element.iterchildren(TRANSLATION):
            code = _own_code(translation)
            if code is not None:
                break
    return code


def all_codes(element: etree._Element | None) -> tuple[Code, ...]:
    """The code of an element and those of its translations, without doubles."""
    if element is None:
        return ()
    found: dict[Code, None] = {}
    for one in (element, *element.iterchildren(TRANSLATION)):
        code = _own_code(one)
        if code is not None:
            found[code] = None
        if len(found) > 12:
            break
    return tuple(found)


def _own_code(element: etree._Element) -> Code | None:
    code = element.get("code")
    if not code or len(code) > 64 or not (code := code.strip()):
        return None
    system = element.get("codeSystem") or ""
    return Code(code, cut(system, 64), attribute(element, "displayName"))


def day_of(text: str | None) -> date | None:
    """The calendar day in a timestamp; of a month or a year alone its first day."""
    return _day(text) if text and len(text) <= 40 else None


# The entries of a document repeat its few instants.
@lru_cache(maxsize=1024)
def _day(text: str) -> date | None:
    day = read_date(text)
    if day is None:
        instant = _instant(text)
        day = None if instant is None else instant.astimezone(PARIS).date()
    return day if day is not None and day.year in _YEARS else None


@lru_cache(maxsize=1024)
def _instant(text: str) -> datetime | None:
    instant = read_instant(text)
    return instant if instant is not None and instant.year in _YEARS else None


def instant_of(element: etree._Element | None) -> datetime | None:
    """The instant of an effectiveTime: its value, else its end, else its beginning, else its centre."""
    if element is None:
        return None
    text = element.get("value")
    if text:
        return _instant(text) if len(text) <= 40 else None
    for tag in (HIGH, LOW, CENTER):
        one = child(element, tag)
        text = None if one is None else one.get("value")
        if text and len(text) <= 40:
            instant = _instant(text)
            if instant is not None:
                return instant
    return None


def period_of(element: etree._Element | None) -> tuple[date | None, date | None]:
    """First and last day of an effectiveTime; one instant is a beginning without end."""
    if element is None:
        return None, None
    low, high = child(element, LOW), child(element, HIGH)
    start = day_of(low.get("value")) if low is not None else day_of(element.get("value"))
    return start, None if high is None else day_of(high.get("value"))


def number_of(text: str | None) -> float | None:
    """A finite number as written with point or comma, or None."""
    if not text or _NUMBER.fullmatch(text := text.strip()) is None:
        return None
    number = float(text.replace(",", "."))
    return number if math.isfinite(number) else None


def unit_of(element: etree._Element) -> str:
    """The unit in UCUM; empty for the pure number."""
    unit = attribute(element, "unit", 40)
    return "" if unit == "1" else unit


def name_of(code: Code | None) -> str:
    """What people call a code; a LOINC name without its axes, with the sample when it is not blood."""
    if code is None:
        return ""
    # Laboratories give LOINC names to local codes as well.
    if code.system != LOINC and not ("[" in code.display and " ; " in code.display):
        return code.display
    if code.system == LOINC and code.display.count(":") >= _AXES:
        return code.display.partition(":")[0].strip()
    found = _LOINC_NAME.match(code.display)
    if found is None:
        return code.display
    name, sample = found.group(1).strip(), found.group(2).strip()
    return name if sample in _USUAL_SAMPLES else f"{name} ({sample.lower()})"
