"""The ANSM thesaurus of interactions, as published: pairs of substances or classes, with the printed texts.

Source: ANSM, Thésaurus des interactions médicamenteuses; level, mechanism and conduct are never altered.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from types import MappingProxyType


class Level(IntEnum):
    """The four levels, the gravest highest."""

    TAKE_INTO_ACCOUNT = 1  # APEC, à prendre en compte
    PRECAUTION = 2  # PE, précaution d'emploi
    NOT_RECOMMENDED = 3  # ASDEC, association déconseillée
    CONTRAINDICATED = 4  # CI, contre-indication


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One printed pair. `a` and `b` as printed, `a_term` and `b_term` normalised.

    `levels` in the printed order; several mean that the dose or the context given in `conduct` decides.
    `others`: the partner is "AUTRES x", a different member of the same class.
    """

    a: str
    b: str
    a_term: str
    b_term: str
    levels: tuple[Level, ...]
    mechanism: str = ""
    conduct: str = ""
    others: bool = False

    @property
    def worst(self) -> Level:
        """The gravest of the levels."""
        return max(self.levels)

    @property
    def is_conditional(self) -> bool:
        """Whether the dose or the context decides which level holds."""
        return len(self.levels) > 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Thesaurus:
    """Pairs, and the classes each normalised substance belongs to."""

    pairs: tuple[Pair, ...] = ()
    classes_of: Mapping[str, frozenset[str]] = field(default_factory=lambda: MappingProxyType({}))
