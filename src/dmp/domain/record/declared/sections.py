"""The sections of a medical profile, each with its own switch to share it.

Source: rubriques du profil médical de Mon espace santé. Values are the words of addresses.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Section(StrEnum):
    """One section."""

    ALLERGIES = "allergies"
    CONDITIONS = "maladies"
    TREATMENTS = "traitements"
    VACCINATIONS = "vaccinations"
    STAYS = "hospitalisations"
    DISABILITIES = "handicaps"
    MEASURES = "mesures"
    FAMILY = "antecedents-familiaux"
    HABITS = "habitudes-de-vie"
    BLOOD = "groupe-sanguin"
    WISHES = "volontes"
    PERSONS = "personnes-a-prevenir"


MEDICAL: Final = (
    Section.ALLERGIES,
    Section.CONDITIONS,
    Section.TREATMENTS,
    Section.VACCINATIONS,
    Section.STAYS,
    Section.DISABILITIES,
    Section.MEASURES,
    Section.FAMILY,
    Section.HABITS,
    Section.BLOOD,
)
"""The ten sections of the medical profile, in the order of its contents; wishes stand on their own page."""

MAY_BE_NONE: Final = frozenset(
    {
        Section.ALLERGIES,
        Section.CONDITIONS,
        Section.TREATMENTS,
        Section.VACCINATIONS,
        Section.STAYS,
        Section.DISABILITIES,
        Section.FAMILY,
    }
)
"""Sections of which "none" can be said aloud, which is not silence."""
