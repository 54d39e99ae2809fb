"""What is worked out once of reference data: tables made ready to be asked, for as long as an edition holds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")

KEPT = 4
"""Objects for which it is kept: the one in force, and those of tests."""


class MadeReady(Generic[K, V]):
    """Made once for each object, which is kept with it, so that its identity stays its own."""

    __slots__ = ("_kept", "_make")

    def __init__(self, make: Callable[[K], V]) -> None:
        self._make = make
        self._kept: dict[int, tuple[K, V]] = {}

    def of(self, thing: K) -> V:
        """What was made of this very object."""
        kept = self._kept.get(id(thing))
        if kept is not None:
            return kept[1]
        while len(self._kept) >= KEPT:
            self._kept.pop(next(iter(self._kept)), None)
        made = self._make(thing)
        self._kept[id(thing)] = thing, made
        return made
