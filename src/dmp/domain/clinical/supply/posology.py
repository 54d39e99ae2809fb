"""How many units a day a posology in French asks for: `1 comprimé matin et soir` is two.

Only what is certain is read: units that a box is counted in, at times that are said. Drops, millilitres,
"si besoin" and sliding doses give nothing.
"""

from __future__ import annotations

import re
from functools import lru_cache

from dmp.domain.clinical.coding import folded_label

_NUMBER_WORDS = {
    "un": 1.0, "une": 1.0, "deux": 2.0, "trois": 3.0, "quatre": 4.0, "cinq": 5.0, "six": 6.0,
    "demi": 0.5, "demie": 0.5,
}  # fmt: skip
_UNIT = (
    r"(?:comprimes?|cps?|cp|gelules?|capsules?|sachets?|sachets? doses?|ampoules?|suppositoires?|patchs?"
    r"|dispositifs?|doses?|bouffees?|inhalations?|pulverisations?|ovules?|injections?|seringues?|unites?)"
)
_QUANTITY = rf"(\d+(?: \d+)?|{'|'.join(_NUMBER_WORDS)})"
_MOMENT = r"(?:matin|midi|gouter|soir|coucher|reveil|petit dejeuner|dejeuner|diner)"
_DOSE = re.compile(rf"\b{_QUANTITY} (?:de )?{_UNIT}\b( et demie?\b)?")
_HALF = re.compile(rf"\b(?:demi|demie|1 2) {_UNIT}\b")
_MOMENTS = re.compile(rf"\b({_MOMENT})s?\b")
_SECOND_DOSE = re.compile(rf"\b{_QUANTITY} (?:le|la|au|a) {_MOMENT}")
"""`2 cp le matin, 1 le soir`: a dose without its unit, beside another."""
_TIMES_A_DAY = re.compile(
    r"\b(\d+|une|deux|trois|quatre|cinq|six) (?:fois|prises?)(?: par| )? ?(?:j|jours?|24 ?h)?\b"
)
_EVERY_HOURS = re.compile(r"\btoutes les (\d+) ?(?:h|heures)\b")
_PER_WEEK = re.compile(
    r"\b(?:(\d+|une|deux|trois) fois )?par semaine\b|\bhebdomadaire\b|\bchaque semaine\b"
)
_EVERY_DAYS = re.compile(
    r"\b(?:(?:un|1) jour sur (deux|trois|\d+)|tous les (\d+|deux|trois) jours)\b"
)
_X_TIMES_A_DAY = re.compile(r"\b(?:(\d+) ?x (?:par )?(?:j|jour)|x ?(\d+) par jour)\b")
_X = re.compile(r"\b(?:\d+ ?)?x(?: ?\d+)?\b")
_IN_SEVERAL = re.compile(r"\ben (?:\d+|une|deux|trois|quatre|plusieurs) (?:fois|prises?)\b")
_PER_DAY = re.compile(r"\b(?:par jour|jour|j|quotidien|quotidienne|quotidiennement)\b")
_UNCERTAIN = re.compile(
    r"\b(?:si|selon|a la demande|maximum|max|jusqu a|puis|sauf|arret|alternance|augmenter|diminuer|reduire"
    r"|(?:lun|mar|mercre|jeu|vendre|same)di|dimanche)\b"
    rf"|\b{_QUANTITY} (?:a|ou) {_QUANTITY}\b"
)
_LONGEST = 500
"""Characters of a posology that is read; a longer one is a text about several things."""
_COUNT = r"(\d+(?:[.,]\d+)?)"
_SCHEDULE = re.compile(rf"^\s*{_COUNT}\s*-\s*{_COUNT}\s*-\s*{_COUNT}(?:\s*-\s*{_COUNT})?\b")
MOST_A_DAY = 40
"""More units a day than that were read wrongly."""


@lru_cache(maxsize=4_096)
def units_a_day(dosage: str) -> float | None:
    """Units a day, or None when the posology does not say it for certain."""
    if len(dosage) > _LONGEST:
        return None
    schedule = _SCHEDULE.match(dosage)
    if schedule is not None:
        return _plausible(sum(_value(part) for part in schedule.groups() if part))
    text = folded_label(dosage.replace("½", " 1/2 ").replace(",", "."))
    if not text or _UNCERTAIN.search(text) or _SECOND_DOSE.search(text):
        return None
    dose = _dose(text)
    if dose is None:
        return None
    rate = _rate(text)
    return None if rate is None else _plausible(dose * rate)


def _plausible(units: float) -> float | None:
    return units if 0 < units <= MOST_A_DAY else None


def _value(text: str) -> float:
    return float(text.replace(",", "."))


def _dose(text: str) -> float | None:
    """Units at a time. Several different doses on one line are not read."""
    if _HALF.search(text):
        return 0.5
    found = _DOSE.findall(text)
    if len(found) != 1:
        return None
    number, half = found[0]
    if number in _NUMBER_WORDS:
        return _NUMBER_WORDS[number] + (0.5 if half else 0)
    whole, _, decimals = number.partition(" ")
    return float(f"{whole}.{decimals}" if decimals else whole) + (0.5 if half else 0)


def _number(word: str) -> float:
    return _NUMBER_WORDS[word] if word in _NUMBER_WORDS else float(word)


def _rate(text: str) -> float | None:
    """How many times a day; None where it is not certain."""
    every = _EVERY_DAYS.search(text)
    if every is not None:
        days = _number(every.group(1) or every.group(2))
        return 1 / days if days > 0 else None
    weekly = _PER_WEEK.search(text)
    if weekly is not None:
        return _number(weekly.group(1) or "1") / 7
    hours = _EVERY_HOURS.search(text)
    if hours is not None and float(hours.group(1)) > 0:
        return 24 / float(hours.group(1))
    signed = _X_TIMES_A_DAY.search(text)
    if signed is not None:
        return _number(signed.group(1) or signed.group(2))
    if _X.search(text):
        return None  # `x 3 j` is three times a day, or for three days
    if _IN_SEVERAL.search(text):
        return 1.0 if _PER_DAY.search(text) else None
    times = _TIMES_A_DAY.search(text)
    if times is not None:
        return _number(times.group(1))
    moments = len(set(_MOMENTS.findall(text)))
    if moments:
        return float(moments)
    return 1.0 if _PER_DAY.search(text) else None


_ABBREVIATIONS = tuple(
    (re.compile(rf"\b{unit}s?\b"), short)
    for unit, short in (
        ("comprimé", "cp"),
        ("gélule", "gél."),
        ("ampoule", "amp."),
        ("injection", "inj."),
        ("bouffée", "bouf."),
        ("application", "appl."),
    )
)


@lru_cache(maxsize=4_096)
def abbreviated(dosage: str) -> str:
    """A posology with its units as prescribers shorten them: `1 cp matin et soir`."""
    for unit, short in _ABBREVIATIONS:
        dosage = unit.sub(short, dosage)
    return dosage
