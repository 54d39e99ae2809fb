"""How facts are written on the pages: values, places, times, in few words."""

from __future__ import annotations

from datetime import date

from dmp.domain.clinical.facts import Imaging, Problem, Result, Stay, Vaccination
from dmp.domain.clinical.supply.posology import abbreviated
from dmp.domain.clinical.synthesis import AlertClass, Pregnancy, Series, Treatment, Trend
from dmp.entrypoints.web.figures.curve import newest
from dmp.entrypoints.web.wording import NBSP, day, figures_day, measure, printed_unit, short_day
from dmp.locale import translate

ARROWS: dict[Trend, tuple[str, str]] = {
    Trend.HIGH: ("▲", "au-dessus de l’intervalle"),
    Trend.LOW: ("▼", "au-dessous de l’intervalle"),
    Trend.NORMAL: ("", "dans l’intervalle"),
    Trend.UNKNOWN: ("", "sans intervalle connu"),
}
"""The arrow follows the direction of the deviation; the words are for those who do not see it."""

TONES: dict[AlertClass, str] = {
    AlertClass.CONTRAINDICATION: "alert",
    AlertClass.ALLERGY: "alert",
    AlertClass.CRITICAL: "alert",
    AlertClass.INTERACTION: "watch",
    AlertClass.DUPLICATE: "watch",
    AlertClass.DUE: "info",
}

LEVELS: dict[str, str] = {
    "CI": "contre-indication",
    "ASDEC": "association déconseillée",
    "PE": "précaution d’emploi",
    "APEC": "à prendre en compte",
}
"""Levels of the thesaurus of ANSM, as printed, in words."""

SHORT: dict[str, str] = {
    "4548-4": "HbA1c",
    "62238-1": "DFG",
    "33914-3": "DFG",
    "2823-3": "K⁺",
    "2951-2": "Na⁺",
    "2089-1": "LDL",
    "13457-7": "LDL",
    "22748-8": "LDL",
    "718-7": "Hb",
    "8480-6": "PA syst.",
    "8462-4": "PA diast.",
    "14682-9": "Créat.",
    "9318-7": "RAC urin.",
    "14959-1": "RAC urin.",
    "30000-4": "RAC urin.",
    "62292-8": "Vit. D",
    "1989-3": "Vit. D",
    "3016-3": "TSH",
    "11580-8": "TSH",
}
"""Short names that every doctor reads, by LOINC code; the whole name stays behind them."""

REASON_WORDS = 8
CONCLUSION_WORDS = 10
DOSAGE_WORDS = 5


def few(words: str, most: int) -> str:
    """The first words of a text; an ellipsis says that it goes on."""
    found = words.split()
    return " ".join(found) if len(found) <= most else " ".join(found[:most]) + f"{NBSP}…"


def dosage(treatment: Treatment) -> str:
    """The posology in few words, as prescribers shorten it: `1 cp matin et soir`; all of it is in the table."""
    return few(abbreviated(treatment.dosage), DOSAGE_WORDS)


def value(result: Result) -> str:
    """A value with its unit, or its text."""
    said = measure(result.value) if result.value is not None else result.text
    return f"{said}{NBSP}{printed_unit(result.unit)}" if result.unit and said else said


def level(printed: str) -> str:
    """A level as printed, then in words: `ASDEC-PE (association déconseillée, précaution d’emploi)`."""
    known = [translate(LEVELS[part]) for part in printed.split("-") if part in LEVELS]
    return f"{printed} ({', '.join(known)})" if known else printed


def number(result: Result) -> str:
    """A value without its unit, or its text."""
    return measure(result.value) if result.value is not None else result.text


def span(start: date, end: date | None) -> str:
    """From a day to another; `depuis le` is not said of a passage of one day."""
    if end is None or end == start:
        return short_day(start)
    if (start.year, start.month) == (end.year, end.month):
        return f"{start.day}–{short_day(end)}"
    return f"{short_day(start)} – {short_day(end)}"


def stay_reason(stay: Stay) -> str:
    """The reason of a stay in at most eight words, else its nature."""
    return few(stay.reason or stay.nature, REASON_WORDS)


def conclusion(imaging: Imaging) -> str:
    """The conclusion in at most ten words."""
    return few(imaging.conclusion, CONCLUSION_WORDS)


def about_problem(problem: Problem) -> str:
    """The year and the ALD of a problem."""
    parts = []
    if problem.since is not None:
        parts.append(str(problem.since.year))
    if problem.long_term:
        parts.append(f"ALD{NBSP}{problem.long_term}" if problem.long_term else "")
    return " · ".join(parts)


def weeks(pregnancy: Pregnancy) -> str:
    """`24 SA (12/03/2026)`: completed weeks without periods, and the day on which they are."""
    return translate(
        "{weeks}\u00a0SA ({day})", weeks=pregnancy.weeks, day=figures_day(pregnancy.on)
    )


def prescriber(treatment: Treatment) -> str:
    """Who prescribed; the speciality where the name is not known."""
    return treatment.prescriber.display if treatment.prescriber is not None else ""


def vaccination(one: Vaccination) -> str:
    """When it was done; a delivery alone does not say that it was."""
    return translate("délivré le {day}" if one.delivered_only else "le {day}", day=day(one.on))


def history(series: Series) -> str:
    """The values of the small line in words, newest first; the page of results has all of them."""
    return "\u202f; ".join(
        [f"{short_day(point.at)}\u00a0: {value(point)}" for point in reversed(newest(series))]
    )


def supplies(treatment: Treatment, since: date) -> str:
    """The deliveries of a treatment that reach into a period, in one line, newest first."""
    found = []
    for supply in reversed(treatment.supplies):
        on, days = supply.on, supply.days
        if (since - on).days >= days:
            continue
        said = "{day} ({days}\u00a0j supposés)" if supply.assumed else "{day} ({days}\u00a0j)"
        found.append(translate(said, day=short_day(on), days=days))
    return "\u202f; ".join(found)
