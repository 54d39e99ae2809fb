"""Laboratory results and vital signs.

Source: CI-SIS CR-BIO and IHE PaLM XD-LAB (observation 1.3.6.1.4.1.19376.1.3.1.6, organizers, battery,
isolate); IHE PCC vital signs (1.3.6.1.4.1.19376.1.5.3.1.4.13.1); HL7 ObservationInterpretation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from lxml import etree

from dmp.domain.clinical.facts import Performed, Result
from dmp.domain.codes import LOINC, Code
from dmp.formats.cda.document import along, child, v3
from dmp.formats.cda.findings.place import MAX_DEPTH, Place, is_negated, shortened
from dmp.formats.cda.findings.statements import (
    ACT,
    OBSERVATION,
    ORGANIZER,
    PROCEDURE,
    RELATION,
    STATUS,
    SUBJECT,
    concerns_another,
    is_called_off,
    is_gone,
    parts,
    related,
)
from dmp.formats.cda.findings.words import (
    CODE,
    HIGH,
    LOW,
    TIME,
    TYPE,
    VALUE,
    all_codes,
    attribute,
    coded,
    day_of,
    instant_of,
    name_of,
    number_of,
    unit_of,
    words_of,
)
from dmp.formats.cda.hl7time import PARIS

LABORATORY: Final = frozenset(
    ("18717-9", "18718-7", "18719-5", "18720-3", "18721-1", "18722-9", "18723-7", "18724-5", "18725-2",
     "18727-8", "18728-6", "18767-4", "18768-2", "18769-0", "26435-8", "26436-6", "26437-4", "26438-2",
     "56846-9", "57698-3", "18729-4", "27898-6")
)  # fmt: skip
"""LOINC chapters of a laboratory report."""
VITAL_SIGNS: Final = "8716-3"
NABM: Final = "1.2.250.1.213.2.7"
_IMAGING_ORGANIZER: Final = "18748-4"
_ATTACHED: Final = frozenset(("55107-7", "69764-9"))
# Qualifiers of another statement, comments and conclusions in words.
_NOT_RESULTS: Final = frozenset(
    (*_ATTACHED, "39111-0", "66455-7", "33999-4", "48767-8", "82606-5", "11323-3", "30973-2", "20228-3",
     "22637-3", "22634-0", "55112-7", "51848-0", "34109-9", "10218-6", "42349-1", "11348-0", "47519-4")
)  # fmt: skip
_REFERENCE_RANGE, _OBSERVATION_RANGE, _TEXT = (
    v3("referenceRange"),
    v3("observationRange"),
    v3("text"),
)
_INTERPRETATION = v3("interpretationCode")
_ISOLATE = (v3("specimen"), v3("specimenRole"), v3("specimenPlayingEntity"), CODE)
_MEASURED: Final = frozenset(
    ("PQ", "INT", "REAL", "IVL_PQ", "IVL_INT", "IVL_REAL", "RTO", "RTO_PQ_PQ")
)
_BETWEEN = re.compile(
    r"\(?\s*(?:(\d+(?:[.,]\d+)?)\s*(?:-|–|à)\s*(\d+(?:[.,]\d+)?)|([<>])\s*=?\s*(\d+(?:[.,]\d+)?))\s*\)?",
    re.ASCII,
)
_SENSITIVITY: Final = {"R": "résistant", "I": "intermédiaire", "S": "sensible"}


@dataclass(frozen=True, slots=True)
class _Around:
    """What the statements around an observation say for it."""

    at: datetime | None = None
    isolate: str = ""


def results(place: Place, statement: etree._Element) -> None:
    """Every result of an entry, however deep in batteries and organizers; NABM acts beside them."""
    stack: list[tuple[etree._Element, _Around, int]] = [(statement, _Around(), 0)]
    while stack:
        element, around, depth = stack.pop()
        if depth > MAX_DEPTH or not place.reading.found.spend():
            continue
        inside: _Around | None = None
        if element.tag == OBSERVATION:
            inside = around if _result(place, element, around) else None
        elif element.tag == PROCEDURE:
            _nabm_act(place, element)
        elif element.tag in (ACT, ORGANIZER):
            inside = _inside(element, around)
        if inside is not None:
            stack.extend((one, inside, depth + 1) for one in reversed(list(parts(element))))


def _inside(element: etree._Element, around: _Around) -> _Around | None:
    """What is said for the statements inside; None when none of them is a result."""
    code = child(element, CODE)
    if code is not None and code.get("code") in (*_ATTACHED, _IMAGING_ORGANIZER):
        return None
    if is_gone(element) or concerns_another(element):
        return None
    if element.tag != ORGANIZER:
        return around
    isolate = along(element, *_ISOLATE)
    at = instant_of(child(element, TIME))
    if isolate is None and at is None:
        return around
    name = "" if isolate is None else attribute(isolate, "displayName")
    return _Around(at or around.at, name.removesuffix(" (organism)") or around.isolate)


def _result(place: Place, observation: etree._Element, around: _Around) -> bool:
    """Keep an observation that is a result; whether something inside it may be one as well."""
    if is_negated(observation) or observation.get("moodCode", "EVN") != "EVN":
        return False
    # One walk over the children: a report holds hundreds of these.
    told: dict[str, etree._Element] = {}
    for one in observation:
        told.setdefault(one.tag, one)
    element, value = told.get(CODE), told.get(VALUE)
    if element is None or SUBJECT in told or is_called_off(told.get(STATUS)):
        return False
    code = _loinc_first(element)
    kind = "" if value is None else value.get(TYPE, "").rpartition(":")[2]
    if not _is_a_result(place, code, kind):
        return False
    number, text, unit = (None, "", "") if value is None else _read(place, value, kind)
    label = place.label(element, code, observation)
    holds_others = RELATION in told
    if not label or (number is None and not text):
        return holds_others
    mark = attribute(told.get(_INTERPRETATION), "code", 8)
    if mark in _SENSITIVITY:
        text = f"{_SENSITIVITY[mark]} ({text})" if text else _SENSITIVITY[mark]
    low, high = _range(observation) if _REFERENCE_RANGE in told else (None, None)
    at = instant_of(told.get(TIME)) or around.at or place.reading.at
    place.add(
        "results",
        Result(
            label=shortened(f"{label} — {around.isolate}" if around.isolate else label),
            at=at,
            code=code,
            value=number,
            text=text,
            unit=unit,
            low=low,
            high=high,
            interpretation=mark,
            sources=place.sources,
        ),
    )
    return holds_others


def _is_a_result(place: Place, code: Code | None, kind: str) -> bool:
    """In chapters of biology everything is one; elsewhere what is coded in LOINC, or measured."""
    if code is not None and code.code in _NOT_RESULTS:
        return False
    if place.code in LABORATORY or place.reading.is_laboratory:
        return True
    return (code is not None and code.system == LOINC) or kind in _MEASURED


def _loinc_first(element: etree._Element) -> Code | None:
    codes = all_codes(element)
    return next((code for code in codes if code.system == LOINC), codes[0] if codes else None)


def _read(place: Place, value: etree._Element, kind: str) -> tuple[float | None, str, str]:
    """Number, words and unit of a value."""
    if kind in ("CD", "CE", "CV", "CO"):
        return None, place.label(value) or words_of(value), ""
    if kind == "BL":
        return None, {"true": "oui", "false": "non"}.get(value.get("value", ""), ""), ""
    if kind in ("TS", "IVL_TS"):
        day = day_of(value.get("value"))
        return None, "" if day is None else f"{day:%d/%m/%Y}", ""
    number = number_of(value.get("value"))
    if number is not None:
        return number, "", unit_of(value)
    low, high = child(value, LOW), child(value, HIGH)
    if low is not None or high is not None:
        return None, _interval(low, high), ""
    if kind.startswith("RTO"):
        above, below = child(value, v3("numerator")), child(value, v3("denominator"))
        text = "/".join(
            filter(None, (attribute(above, "value", 20), attribute(below, "value", 20)))
        )
        return None, text, ""
    return None, place.original(value) or words_of(value), ""


def _interval(low: etree._Element | None, high: etree._Element | None) -> str:
    """An interval in words, its unit with it."""
    least = "" if low is None else attribute(low, "value", 20)
    most = "" if high is None else attribute(high, "value", 20)
    unit = next((unit_of(one) for one in (low, high) if one is not None and unit_of(one)), "")
    words = ""
    if least and most:
        words = f"{least} – {most}"
    elif least and low is not None:
        words = f"{'>' if low.get('inclusive') == 'false' else '≥'} {least}"
    elif most and high is not None:
        words = f"{'<' if high.get('inclusive') == 'false' else '≤'} {most}"
    return f"{words} {unit}".strip() if words else ""


def _range(observation: etree._Element) -> tuple[float | None, float | None]:
    """The range of normal values; a range that is said for another state is left."""
    for one in observation.iterchildren(_REFERENCE_RANGE):
        around = child(one, _OBSERVATION_RANGE)
        if around is None or attribute(child(around, _INTERPRETATION), "code", 8) not in ("", "N"):
            continue
        value = child(around, VALUE)
        if value is not None:
            low, high = child(value, LOW), child(value, HIGH)
            bounds = (
                None if low is None else number_of(low.get("value")),
                None if high is None else number_of(high.get("value")),
            )
        else:
            bounds = _printed_range(words_of(child(around, _TEXT), 60))
        if bounds != (None, None):
            return bounds
    return None, None


def _printed_range(text: str) -> tuple[float | None, float | None]:
    found = _BETWEEN.fullmatch(text)
    if found is None:
        return None, None
    low, high, sign, bound = found.groups()
    if sign is None:
        return number_of(low), number_of(high)
    return (None, number_of(bound)) if sign == "<" else (number_of(bound), None)


def _nabm_act(place: Place, procedure: etree._Element) -> None:
    code = coded(child(procedure, CODE))
    at = instant_of(child(procedure, TIME))
    if code is None or code.system != NABM or at is None or is_negated(procedure):
        return
    if procedure.get("moodCode", "EVN") == "EVN" and not is_gone(procedure):
        on = at.astimezone(PARIS).date()
        label = name_of(code) or code.code
        place.add("performed", Performed(label=label, on=on, code=code, sources=place.sources))


def imaging_observations(organizer: etree._Element) -> Iterator[etree._Element]:
    """The exams in an organizer of imaging results, as a patient summary lists them."""
    code = child(organizer, CODE)
    if organizer.tag == ORGANIZER and code is not None and code.get("code") == _IMAGING_ORGANIZER:
        for one in parts(organizer):
            if one.tag == OBSERVATION:
                yield one
    elif organizer.tag == ACT:
        for inner in related(organizer, ("COMP",), ORGANIZER):
            yield from imaging_observations(inner)
