"""The benchmarks by name, and how their figures are given out."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from benchmarks import decide, deposit, filtering, growth, listing
from benchmarks.figures import Figure, printed

__all__ = ["measure", "printed"]


def measure(
    names: Sequence[str], *, rounds: int, records: int, told: Callable[[str], None]
) -> list[Figure]:
    """Run the named benchmarks one after the other."""
    runs: dict[str, Callable[[], Figure]] = {
        "list": lambda: listing.measure(rounds, told),
        "deposit": lambda: deposit.measure(rounds, told),
        "decide": lambda: decide.measure(rounds, told),
        "filter": lambda: filtering.measure(rounds, told),
        "growth": lambda: growth.measure(rounds, records, told),
    }
    return [runs[name]() for name in names]
