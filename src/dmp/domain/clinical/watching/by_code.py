"""Tests and results of a record found by their codes: put in order once, for every rule that asks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, TypeVar

from dmp.domain.clinical.coding import same_key
from dmp.domain.clinical.facts import Findings, Performed, Result
from dmp.domain.codes import Code


class _Coded(Protocol):
    @property
    def code(self) -> Code | None:
        """What it is."""


C = TypeVar("C", bound=_Coded)
Key = tuple[str, str]
"""The kind of code (`nabm`, `loinc`...) and the code as it is compared."""


class ByCode:
    """By the kind of code and the code as it is compared, in the order of the facts."""

    __slots__ = ("performed", "results")

    def __init__(self, facts: Findings) -> None:
        self.performed: dict[Key, list[Performed]] = _grouped(facts.performed)
        self.results: dict[Key, list[Result]] = _grouped(facts.results)


def _grouped(facts: Iterable[C]) -> dict[Key, list[C]]:
    found: dict[Key, list[C]] = {}
    # A record has thousands of facts with some hundred codes: what a code is compared by is worked out once.
    written: dict[Key, list[C]] = {}
    for fact in facts:
        code = fact.code
        if code is None:
            continue
        key = code.system, code.code
        group = written.get(key)
        if group is None:
            group = written[key] = found.setdefault(same_key(code), [])
        group.append(fact)
    return found
