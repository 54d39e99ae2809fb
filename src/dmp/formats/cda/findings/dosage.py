"""How a medicine is taken, in French words: dose, frequency, duration, route.

Source: IHE PCC medications (1.3.6.1.4.1.19376.1.5.3.1.4.7) and its ways of dosing; HL7 data types PIVL_TS,
EIVL_TS, SXPR_TS; UCUM; HL7 vocabulary TimingEvent.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from lxml import etree

from dmp.formats.cda.document import along, child, v3
from dmp.formats.cda.findings.place import Place, shortened
from dmp.formats.cda.findings.statements import ADMINISTRATION, related
from dmp.formats.cda.findings.words import (
    HIGH,
    LOW,
    ORIGINAL_TEXT,
    TIME,
    TRANSLATION,
    TYPE,
    WIDTH,
    attribute,
    cut,
    number_of,
)

DOSAGE: Final = 400
"""Characters kept of a dosage."""

_TEXT, _DOSE, _ROUTE = v3("text"), v3("doseQuantity"), v3("routeCode")
_PERIOD, _COMP, _EVENT = v3("period"), v3("comp"), v3("event")
_MAXIMUM, _NUMERATOR, _DENOMINATOR = v3("maxDoseQuantity"), v3("numerator"), v3("denominator")
_UNITS: Final = {
    "tbl": "comprimé", "tablet": "comprimé", "capsule": "gélule", "drp": "goutte", "gtt": "goutte",
    "puff": "bouffée", "dose": "dose", "sachet": "sachet", "ampoule": "ampoule", "patch": "patch",
}  # fmt: skip
_PERIODS: Final = {
    "s": "seconde", "min": "minute", "h": "heure", "d": "jour", "wk": "semaine", "mo": "mois", "a": "an",
}  # fmt: skip
_EVENTS: Final = {
    "HS": "au coucher", "WAKE": "au réveil", "C": "aux repas", "CM": "au petit-déjeuner",
    "CD": "au déjeuner", "CV": "au dîner", "AC": "avant les repas", "ACM": "avant le petit-déjeuner",
    "ACD": "avant le déjeuner", "ACV": "avant le dîner", "PC": "après les repas",
    "PCM": "après le petit-déjeuner", "PCD": "après le déjeuner", "PCV": "après le dîner",
}  # fmt: skip


def dosage_of(place: Place, administration: etree._Element) -> str:
    """The dosage in words: those of the entry itself, else made of what is coded."""
    text = child(administration, _TEXT)
    if text is not None and text.text and text.text.strip():
        return cut(text.text, DOSAGE)
    steps = [
        step
        for one in (administration, *related(administration, ("COMP",), ADMINISTRATION))
        if (step := _joined(_step(place, one)))
    ]
    words = ", puis ".join(steps[:6])
    route = attribute(child(administration, _ROUTE), "displayName")
    details = (words, _maximum(administration), route[:1].lower() + route[1:])
    return shortened(", ".join(filter(None, details)), DOSAGE)


def _joined(pieces: Iterator[str]) -> str:
    """The pieces of one step; a producer's own words for the frequency may tell the duration already."""
    said = ""
    for piece in pieces:
        if not (piece.startswith("pendant") and "pendant" in said):
            said = f"{said}, {piece}" if said else piece
    return said


def _step(place: Place, administration: etree._Element) -> Iterator[str]:
    dose = _amount(place, child(administration, _DOSE))
    if dose:
        yield dose
    for time in administration.iterchildren(TIME):
        kind = time.get(TYPE, "").rpartition(":")[2]
        if kind == "SXPR_TS":
            comps = list(time.iterchildren(_COMP))
            # The frequency before the duration, in whatever order they are written.
            for part in sorted(comps, key=lambda comp: child(comp, _PERIOD) is None):
                yield from _when(place, part)
        else:
            yield from _when(place, time)


def _when(place: Place, time: etree._Element) -> Iterator[str]:
    period = child(time, _PERIOD)
    if period is not None:
        said = _said(place, period) or _every(period)
        if said:
            yield said
    event = child(time, _EVENT)
    if event is not None and event.get("code") in _EVENTS:
        yield _EVENTS[event.get("code", "")]
    width = child(time, WIDTH)
    if width is not None:
        count, unit = number_of(width.get("value")), _PERIODS.get(width.get("unit", ""))
        if count and unit:
            yield f"pendant {_plain(count)} {_plural(unit, count)}"


def _every(period: etree._Element) -> str:
    count, unit = number_of(period.get("value")), _PERIODS.get(period.get("unit", ""))
    if not count or unit is None or count < 0:
        return ""
    if count == 24 and unit == "heure":
        count, unit = 1, "jour"
    if count == 1:
        return f"1 fois par {unit}"
    feminine = "e" if unit in ("seconde", "minute", "heure", "semaine") else ""
    return f"{'toutes' if feminine else 'tous'} les {_plain(count)} {_plural(unit, count)}"


def _amount(place: Place, dose: etree._Element | None) -> str:
    if dose is None:
        return ""
    low, high = child(dose, LOW), child(dose, HIGH)
    first = low if low is not None else dose
    least = number_of(first.get("value"))
    if least is None:
        return _said(place, first)
    most = least if high is None else number_of(high.get("value")) or least
    unit = first.get("unit", "").strip("{}")
    word = _UNITS.get(unit.lower(), cut(unit, 30)) if unit != "1" else ""
    if unit.lower() in _UNITS:
        word = _plural(word, most)
    amount = _plain(least) if most == least else f"{_plain(least)} à {_plain(most)}"
    return f"{amount} {word}".strip()


def _maximum(administration: etree._Element) -> str:
    most = child(administration, _MAXIMUM)
    numerator = None if most is None else child(most, _NUMERATOR)
    if most is None or numerator is None:
        return ""
    count = number_of(numerator.get("value"))
    denominator = child(most, _DENOMINATOR)
    per = "" if denominator is None else _PERIODS.get(denominator.get("unit", ""), "")
    if not count:
        return ""
    unit = numerator.get("unit", "").strip("{}")
    amount = f"{_plain(count)} {cut(_UNITS.get(unit.lower(), unit), 30)}".strip()
    return f"au plus {amount} par {per}" if per else f"au plus {amount}"


def _said(place: Place, element: etree._Element) -> str:
    """The words that the producer prints for a quantity."""
    text = along(element, TRANSLATION, ORIGINAL_TEXT)
    return place.original(child(element, TRANSLATION)) if text is not None else ""


def _plain(number: float) -> str:
    return f"{number:g}".replace(".", ",")


def _plural(word: str, count: float) -> str:
    return word if count < 2 or word.endswith("s") else f"{word}s"
