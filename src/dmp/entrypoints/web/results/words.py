"""Where a value stands, in words: beside the range of its laboratory, and beside the value before it.

Source: ux rules of the project §5 (a number line with words; numbers alone make people overestimate).
"""

from __future__ import annotations

from dmp.domain.clinical.facts import Result
from dmp.domain.clinical.results.series import trend_of
from dmp.domain.clinical.synthesis import Series, Trend
from dmp.entrypoints.web.figures.curve import measured
from dmp.entrypoints.web.wording import NBSP, day, measure, printed_unit
from dmp.locale import sentence, translate

ABNORMAL = frozenset({"A", "AA"})
"""Out of the range, without saying on which side. Source: HL7 ObservationInterpretation."""
_PLACES: dict[Trend, str] = {
    Trend.HIGH: "au-dessus des valeurs habituelles",
    Trend.LOW: "au-dessous des valeurs habituelles",
    Trend.NORMAL: "dans les valeurs habituelles",
}


def is_out(result: Result) -> bool:
    """Whether a value stands outside the range of its laboratory, or is marked so."""
    return trend_of(result) in (Trend.HIGH, Trend.LOW) or result.interpretation in ABNORMAL


def place(result: Result) -> str:
    """Where a value stands; empty where its laboratory says nothing."""
    trend = trend_of(result)
    if trend is not Trend.UNKNOWN:
        return sentence(_PLACES[trend])
    return translate("hors des valeurs habituelles") if result.interpretation in ABNORMAL else ""


def side(result: Result) -> str:
    """On which side of the range a value stands, in a word; for tables."""
    trend = trend_of(result)
    if trend is Trend.HIGH:
        return translate("au-dessus")
    return translate("au-dessous") if trend is Trend.LOW else translate("en dehors")


def usual(result: Result) -> str:
    """The range of the laboratory as one says it: `de 3,5 à 5,1 mmol/L`; empty where none was printed."""
    unit = f"{NBSP}{printed_unit(result.unit)}" if result.unit else ""
    low, high = result.low, result.high
    if low is not None and high is not None:
        return translate("de {low} à {high}", low=measure(low), high=f"{measure(high)}{unit}")
    if high is not None:
        return translate("jusqu’à {high}", high=f"{measure(high)}{unit}")
    if low is not None:
        return translate("à partir de {low}", low=f"{measure(low)}{unit}")
    return ""


def moved(series: Series) -> str:
    """How the last value stands to the one before; empty when there is none."""
    numbers = measured(series)
    if len(numbers) < 2 or numbers[-1] is not series.last:
        return ""
    before, now = numbers[-2], numbers[-1]
    if before.value is None or now.value is None:
        return ""
    return translate(
        "identique à la fois d’avant ({value}, le {at})"
        if now.value == before.value
        else "plus haut que la fois d’avant ({value}, le {at})"
        if now.value > before.value
        else "plus bas que la fois d’avant ({value}, le {at})",
        value=measure(before.value),
        at=day(before.at),
    )


def in_words(series: Series) -> str:
    """Where the last value stands, and how it moved since the one before."""
    return ", ".join(part for part in (place(series.last), moved(series)) if part)


def ranges_differ(series: Series) -> bool:
    """Whether laboratories printed several ranges for it."""
    printed = {(point.low, point.high) for point in series.points}
    return len(printed - {(None, None)}) > 1
