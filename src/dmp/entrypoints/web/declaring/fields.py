"""Fields of the forms of a profile: read from what was typed, written back as it was, faults as sentences."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum
from typing import Any

from dmp.domain.record.declared.checks import Fault
from dmp.domain.record.declared.said import PartialDay
from dmp.entrypoints.web.forms import Form
from dmp.entrypoints.web.record.typed_day import typed_parts
from dmp.entrypoints.web.wording import day, measure, month
from dmp.locale import sentence

WRONG_DAY = "Écrivez une date comme 12/03/2015, 03/2015 ou 2015."
WRONG_NUMBER = "Écrivez un nombre, par exemple 72,5."
WRONG_CHOICE = "Choisissez une réponse de la liste."
WRONG_HOUR = "Écrivez l’heure sous la forme 08:30."
SENTENCES: dict[Fault, str] = {
    Fault.MISSING: "Remplissez ce champ.",
    Fault.TOO_LONG: "Ce texte est trop long : raccourcissez-le.",
    Fault.IN_FUTURE: "Cette date est dans le futur : vérifiez-la.",
    Fault.BEFORE_BIRTH: "Cette date précède la naissance : vérifiez-la.",
    Fault.ENDS_BEFORE_START: "La fin doit suivre le début : vérifiez les deux dates.",
    Fault.OUT_OF_BOUNDS: "Cette valeur n’est pas possible : vérifiez-la.",
    Fault.NOT_BELOW_FIRST: "La minimale doit être plus petite que la maximale.",
    Fault.NOT_A_PHONE: "Écrivez le numéro en chiffres, par exemple 06 12 34 56 78.",
    Fault.ALREADY_THERE: "C’est déjà dans le profil : modifiez la ligne qui existe.",
    Fault.TOO_MANY: "La rubrique est pleine : retirez d’abord des lignes anciennes.",
}
"""What is said beside a field; a field may have words of its own for what is missing or impossible."""

_NUMBER = re.compile(r"-?\d{1,6}(?:[.,]\d{1,6})?")
_HOUR = re.compile(r"([01]?\d|2[0-3])[:hH]([0-5]\d)?")


class Kind(StrEnum):
    """How a field is filled."""

    TEXT = "text"
    AREA = "area"
    PHONE = "phone"
    DAY = "day"  # a day, a month or a year
    WHOLE_DAY = "whole-day"
    HOUR = "hour"
    NUMBER = "number"
    WHOLE = "whole"
    CHOICE = "choice"
    SELECT = "select"
    BOX = "box"


Options = Sequence[tuple[str, str, str]]
"""Value, label, help."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field: its name in the form, the attribute of the line that it fills, its French label.

    `missing` and `impossible` are its own sentences for these faults; `choice` the closed words it takes.
    """

    name: str
    attribute: str
    label: str
    kind: Kind = Kind.TEXT
    help: str = ""
    required: bool = False
    missing: str = ""
    impossible: str = ""
    options: Options = ()
    choice: type[StrEnum] | None = None
    empty: str = ""
    default: str = ""

    @property
    def said_options(self) -> Options:
        """The options in the language of the page."""
        return tuple((value, sentence(label), help_) for value, label, help_ in self.options)

    @property
    def said_pairs(self) -> Sequence[tuple[str, str]]:
        """The same without their help, for a list to choose from."""
        return tuple((value, label) for value, label, _ in self.said_options)

    def sentence(self, fault: Fault) -> str:
        """What is said beside the field of a fault."""
        if fault is Fault.MISSING and self.missing:
            return self.missing
        if fault is Fault.OUT_OF_BOUNDS and self.impossible:
            return self.impossible
        return SENTENCES[fault]


class Unreadable(ValueError):
    """What was typed is not of the kind of its field; the sentence is for people."""


def typed(fields: Sequence[Field], form: Form) -> dict[str, str]:
    """What was typed, by field, as it was."""
    return {field.name: form.text(field.name) for field in fields}


def values(
    fields: Sequence[Field], texts: Mapping[str, str]
) -> tuple[dict[str, Any], dict[str, str]]:
    """The values by attribute, and what is said beside fields that could not be read."""
    found: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for field in fields:
        text = texts.get(field.name, "")
        if not text and field.required:
            errors[field.name] = field.sentence(Fault.MISSING)
            continue
        try:
            found[field.attribute] = _value(field, text)
        except Unreadable as unreadable:
            errors[field.name] = str(unreadable)
    return found, errors


def _value(field: Field, text: str) -> Any:
    match field.kind:
        case Kind.TEXT | Kind.AREA | Kind.PHONE:
            return text
        case Kind.BOX:
            return text == "oui"
        case Kind.CHOICE | Kind.SELECT:
            return _chosen(field, text)
        case _ if not text:
            return None
        case Kind.DAY:
            return partial_day(text)
        case Kind.WHOLE_DAY:
            whole = partial_day(text)
            if not whole.is_whole:
                raise Unreadable("Écrivez le jour, le mois et l’année, par exemple 12/03/2026.")
            return whole.first_day
        case Kind.HOUR:
            return hour(text)
        case Kind.NUMBER:
            return number(text)
        case Kind.WHOLE:
            return round(number(text))


def _chosen(field: Field, text: str) -> Any:
    if not text:
        return None
    if field.choice is None or text not in {one.value for one in field.choice}:
        raise Unreadable(WRONG_CHOICE)
    return field.choice(text)


def partial_day(text: str) -> PartialDay:
    """A day, a month or a year as people write them. Raises Unreadable."""
    parts = typed_parts(text)
    if parts is None:
        raise Unreadable(WRONG_DAY)
    year, month_, day_ = parts
    try:
        return PartialDay(year=year, month=month_, day=day_)
    except ValueError:
        raise Unreadable("Cette date n’existe pas : vérifiez-la.") from None


def number(text: str) -> float:
    """A number with a comma or a point. Raises Unreadable."""
    plain = text.replace("\u202f", "").replace("\u00a0", "").replace(" ", "")
    if _NUMBER.fullmatch(plain) is None:
        raise Unreadable(WRONG_NUMBER)
    return float(plain.replace(",", "."))


def hour(text: str) -> time:
    """An hour of the day, `08:30` or `8h30`. Raises Unreadable."""
    found = _HOUR.fullmatch(text)
    if found is None:
        raise Unreadable(WRONG_HOUR)
    return time(int(found[1]), int(found[2] or 0))


def written(fields: Sequence[Field], line: object) -> dict[str, str]:
    """A line as its form shows it to be changed."""
    return {field.name: _text(getattr(line, field.attribute)) for field in fields}


def _text(value: object) -> str:
    match value:
        case None | False:
            return ""
        case True:
            return "oui"
        case PartialDay():
            parts = (value.day, value.month)
            return "".join(f"{part:02d}/" for part in parts if part) + f"{value.year:04d}"
        case StrEnum():
            return value.value
        case date():
            return value.isoformat()
        case time():
            return f"{value:%H:%M}"
        case float() | int():
            return measure(value)
        case _:
            return str(value)


def said_day(partial: PartialDay) -> str:
    """`12 mars 2015`, `mars 2015` or `2015`."""
    if partial.is_whole:
        return day(partial.first_day)
    return month(partial.first_day) if partial.month else str(partial.year)


def faulty(fields: Sequence[Field], faults: Mapping[str, Fault]) -> dict[str, str]:
    """What is said beside the fields of faulty attributes."""
    by_attribute = {field.attribute: field for field in fields}
    found = {}
    for attribute, fault in faults.items():
        field = by_attribute.get(attribute, fields[0])
        found[field.name] = field.sentence(fault)
    return found
