"""Values that must be seen at once, and values that speak against a treatment.

Source: INR, HAS, avril 2008, surdosages en AVK; DFG and metformine, EMA, 2016; DFG and AINS, dabigatran,
summaries of product characteristics, section 4.3; the other bounds are ours and wait for a clinician.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from dmp.domain.clinical.facts import Result
from dmp.domain.clinical.results.analytes import analyte_of
from dmp.domain.clinical.results.series import CRITICAL_MARKS
from dmp.domain.clinical.results.units import converted
from dmp.domain.clinical.synthesis import Series
from dmp.domain.clinical.treatments import Course
from dmp.domain.record.calendar import LOCAL

OURS = "Seuils de l'outil, à valider par un clinicien"
_HAS_AVK = "HAS, prise en charge des surdosages en AVK, avril 2008"
RECENT_DAYS = 90
"""A critical value older than this is history."""
FUNCTION_DAYS = 365
"""A renal function older than this says nothing about a treatment of today."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """A value at or beyond which an analyte is critical, in its unit."""

    analyte: str
    unit: str
    source: str
    low: float | None = None
    high: float | None = None


BOUNDS: tuple[Bound, ...] = (
    Bound(analyte="potassium", unit="mmol/L", low=2.5, high=6.0, source=OURS),
    Bound(analyte="sodium", unit="mmol/L", low=120, high=160, source=OURS),
    Bound(analyte="calcium", unit="mmol/L", low=1.65, high=3.5, source=OURS),
    Bound(analyte="glucose", unit="mmol/L", low=2.5, high=25, source=OURS),
    Bound(analyte="haemoglobin", unit="g/dL", low=7, source=OURS),
    Bound(analyte="platelets", unit="10*9/L", low=20, source=OURS),
    Bound(analyte="neutrophils", unit="10*9/L", low=0.5, source=OURS),
    Bound(analyte="inr", unit="", high=5, source=_HAS_AVK),
    Bound(analyte="lithium", unit="mmol/L", high=1.5, source=OURS),
    Bound(analyte="gfr", unit="mL/min", low=15, source=OURS),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Against:
    """An analyte under a bound, against treatments of ATC prefixes or a substance."""

    rule_id: str
    analyte: str
    unit: str
    low: float
    atc: tuple[str, ...]
    substances: tuple[str, ...]
    sentence: str
    source: str


AGAINST: tuple[Against, ...] = (
    Against(
        rule_id="gfr-metformin", analyte="gfr", unit="mL/min", low=30, atc=("A10BA02",),
        substances=("metformine",), sentence="metformine contre-indiquée sous 30 mL/min",
        source="EMA, metformine et fonction rénale, octobre 2016",
    ),
    Against(
        rule_id="gfr-nsaid", analyte="gfr", unit="mL/min", low=30, atc=("M01A",), substances=(),
        sentence="AINS contre-indiqués en insuffisance rénale sévère", source="RCP des AINS, section 4.3",
    ),
    Against(
        rule_id="gfr-dabigatran", analyte="gfr", unit="mL/min", low=30, atc=("B01AE07",),
        substances=("dabigatran", "dabigatran etexilate"),
        sentence="dabigatran contre-indiqué sous 30 mL/min", source="RCP du dabigatran, section 4.3",
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Critical:
    """One critical value: the result as printed, and what says that it is critical."""

    series: Series
    result: Result
    source: str
    course: Course | None = None
    against: Against | None = None


def critical_values(
    series: Sequence[Series], courses: Sequence[Course], today: date
) -> list[Critical]:
    """Critical last values; and last values that speak against a current treatment."""
    found: list[Critical] = []
    for one in series:
        last = one.last
        age = today - last.at.astimezone(LOCAL).date()
        analyte = analyte_of(last)
        key = "" if analyte is None else analyte.key
        if timedelta(0) <= age <= timedelta(days=RECENT_DAYS):
            source = _says_critical(last, key)
            if source:
                found.append(Critical(one, last, source))
        if timedelta(0) <= age <= timedelta(days=FUNCTION_DAYS):
            found.extend(_against(one, key, courses))
    return found


def _says_critical(result: Result, key: str) -> str:
    """What says that it is critical: the laboratory, or the table; empty when nothing does."""
    if result.interpretation.upper() in CRITICAL_MARKS:
        return "Signalé critique par le laboratoire"
    for bound in BOUNDS:
        if bound.analyte != key:
            continue
        value = _valued(result, bound.unit, key)
        if value is None:
            continue
        if (bound.low is not None and value <= bound.low) or (
            bound.high is not None and value >= bound.high
        ):
            return bound.source
    return ""


def _valued(result: Result, unit: str, key: str) -> float | None:
    if result.value is None:
        return None
    if key in ("inr", "gfr"):  # no unit, or one of several ways to write it
        return result.value
    return converted(result.value, result.unit, unit, key)


def _against(one: Series, key: str, courses: Sequence[Course]) -> list[Critical]:
    found: list[Critical] = []
    for rule in AGAINST:
        value = _valued(one.last, rule.unit, key) if rule.analyte == key else None
        if value is None or value >= rule.low:
            continue
        found.extend(
            Critical(one, one.last, rule.source, course, rule)
            for course in courses
            if not course.is_local
            and (
                course.treatment.atc.startswith(rule.atc)
                or set(rule.substances) & set(course.substances)
            )
        )
    return found
