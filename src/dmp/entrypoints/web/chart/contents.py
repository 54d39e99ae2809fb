"""The leaves of a chart: which of them a reader has at all, by what the matrix lets his profession consult.

A leaf that could hold nothing for his profession is not there: no link leads to it, and its address is unknown.

Source: ux rules of the project §2.5 and §7.3; habilitation matrix.
"""

from __future__ import annotations

from enum import StrEnum

from dmp.entrypoints.web.synthesis.zones import FED_BY, OPTICS, Variant, Zone

_WISHES = frozenset({"EXPPAT_1", "EXPPAT_3"})
"""Types of document in which patients write their wishes and advance directives."""


class Leaf(StrEnum):
    """One leaf; its value is the end of its address."""

    CHRONOLOGY = "chronologie"
    PROBLEMS = "problemes"
    LABORATORY = "biologie"
    IMAGING = "imagerie"
    VACCINATIONS = "vaccinations"
    PREVENTION = "prevention"
    WISHES = "volontes"


_SHOWN_WITH: dict[Leaf, frozenset[Zone]] = {
    Leaf.PROBLEMS: frozenset({Zone.PROBLEMS}),
    Leaf.LABORATORY: frozenset({Zone.RESULTS, Zone.RENAL, Zone.VITALS}),
    Leaf.IMAGING: frozenset({Zone.IMAGING}),
    Leaf.VACCINATIONS: frozenset({Zone.VACCINATIONS}),
    Leaf.PREVENTION: frozenset({Zone.DUE}),
}


def zones_of(variant: Variant, permitted: frozenset[str]) -> frozenset[Zone]:
    """The zones whose facts a reader may meet, be they on the first page of his profession or not."""
    if variant.name == OPTICS.name:
        return variant.zones
    fed = {zone for zone, types in FED_BY.items() if not types.isdisjoint(permitted)}
    return variant.zones | fed


def leaves_of(
    zones: frozenset[Zone], permitted: frozenset[str], *, reads_declared: bool
) -> frozenset[Leaf]:
    """The leaves of a reader, from his zones and the types of document that he may consult."""
    found = {leaf for leaf, shown in _SHOWN_WITH.items() if not zones.isdisjoint(shown)}
    if found:
        found.add(Leaf.CHRONOLOGY)
    if reads_declared or not _WISHES.isdisjoint(permitted):
        found.add(Leaf.WISHES)
    return frozenset(found)
