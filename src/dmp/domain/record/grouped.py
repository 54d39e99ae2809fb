"""Parts of a frozen value by whom they concern: sorted at the first question, remembered beside the value."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

Part = TypeVar("Part")


class Grouped:
    """A frozen value that remembers its parts by whom they concern.

    What it remembers is no field: it is neither compared, nor written, nor taken over by `replace`.
    """

    __slots__ = ("_groups",)
    _groups: Mapping[str, tuple[object, ...]]

    def _grouped(
        self, parts: Iterable[Part], whose: Callable[[Part], str]
    ) -> Mapping[str, tuple[Part, ...]]:
        """The parts by `whose` they are; always the same ones for one class."""
        try:
            return self._groups  # type: ignore[return-value]  # one class, one kind of part
        except AttributeError:
            found: dict[str, tuple[Part, ...]] = {}
            for part in parts:
                found[whose(part)] = (*found.get(whose(part), ()), part)
            object.__setattr__(self, "_groups", found)
            return found
