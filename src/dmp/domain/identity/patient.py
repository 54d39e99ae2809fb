"""The person whose record it is: strict traits and the name in use."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from dmp.domain.errors import Reason, Refused


class Sex(StrEnum):
    """Administrative sex. Source: référentiel INS (M, F; I when unknown)."""

    MALE = "M"
    FEMALE = "F"
    UNKNOWN = "I"


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """Strict traits of an identity.

    `birth_place` is an INSEE code (COG) of 5 characters, or empty. Names are as in civil status.
    Source: référentiel national d'identitovigilance (RNIV), INS traits.
    """

    birth_name: str
    given_names: str  # birth first names, blank between them
    sex: Sex
    birth_date: date
    birth_place: str = ""
    used_name: str = ""
    used_given_name: str = ""

    def __post_init__(self) -> None:
        if not self.birth_name.strip():
            raise Refused(Reason.TRAITS_INCOMPLETE, field="birth name")
        if not self.given_names.strip():
            raise Refused(Reason.TRAITS_INCOMPLETE, field="first given name")

    @property
    def first_given_name(self) -> str:
        """The first of the birth first names."""
        return self.given_names.split()[0]

    @property
    def display(self) -> str:
        """`NOM Prénom`, with the names in use when they are known."""
        return f"{(self.used_name or self.birth_name).upper()} {self.used_given_name or self.first_given_name}"

    def age_on(self, day: date) -> int:
        """Completed years on that day."""
        before = (day.month, day.day) < (self.birth_date.month, self.birth_date.day)
        return day.year - self.birth_date.year - before

    def is_minor_on(self, day: date, majority: int = 18) -> bool:
        """Whether the person is under the age of majority on that local day."""
        return self.age_on(day) < majority


def folded(text: str) -> str:
    """`text` without accents, in capitals, blanks single: the form in which names are compared."""
    return " ".join(unicodedata.normalize("NFKD", text).translate(_FOLDED).upper().split())


class _Folded(dict[int, int | str | None]):
    """What becomes of a character: accents go, letters and digits stay, the rest are blanks."""

    def __missing__(self, point: int) -> int | str | None:
        """Worked out when it is met; those of the scripts of Europe are remembered."""
        character = chr(point)
        if unicodedata.combining(character):
            folded_to: int | str | None = None
        else:
            folded_to = point if character.isalnum() else " "
        if point < _OF_EUROPE:
            self[point] = folded_to
        return folded_to


_OF_EUROPE: Final = 0x0530
_FOLDED: Final = _Folded()
