"""The benchmarks by name, and how their figures are given out."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from benchmarks import (
    claims,
    decide,
    deposit,
    filtering,
    growth,
    interactions,
    listing,
    publication,
    searching,
    synthesis,
)
from benchmarks.figures import Figure, printed

__all__ = ["measure", "printed"]


def measure(
    names: Sequence[str], *, rounds: int, records: int, told: Callable[[str], None]
) -> list[Figure]:
    """Run the named benchmarks one after the other."""
    runs: dict[str, Callable[[], Figure | Sequence[Figure]]] = {
        "list": lambda: listing.measure(rounds, told),
        "deposit": lambda: deposit.measure(rounds, told),
        "decide": lambda: decide.measure(rounds, told),
        "filter": lambda: filtering.measure(rounds, told),
        "interactions": lambda: interactions.measure(rounds, told),
        "synthesis": lambda: synthesis.measure(rounds, told),
        "publication": lambda: publication.measure(rounds, told),
        "search": lambda: searching.measure(rounds, told),
        "claims": lambda: claims.measure(rounds, told)[:1],
        "replay": lambda: claims.measure(rounds, told)[1:],
        "growth": lambda: growth.measure(rounds, records, told),
    }
    figures: list[Figure] = []
    for name in names:
        found = runs[name]()
        figures += [found] if isinstance(found, Figure) else found
    return figures
