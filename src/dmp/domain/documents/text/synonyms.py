"""Ways in which the same is said in medicine: `synonyms.csv`, written by hand for this search.

A group joins words for the same thing, and a few that are asked for together. It widens what is found; it
states nothing about a person.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Final

from dmp.domain.documents.text.readable import fold
from dmp.domain.tables import table

Expression = tuple[str, ...]
"""Folded words in their order."""


@cache
def _groups() -> dict[Expression, tuple[str, ...]]:
    """For each expression the others of its groups, as people write them."""
    found: dict[Expression, tuple[str, ...]] = {}
    for row in table("dmp.domain.documents.text", "synonyms.csv").rows:
        terms = [term.strip() for term in row["terms"].split(";")]
        for term in terms:
            words = tuple(fold(term).split())
            others = (other for other in terms if other != term)
            found[words] = tuple(dict.fromkeys((*found.get(words, ()), *others)))
    return found


@cache
def _longest() -> int:
    return max(map(len, _groups()))


def synonyms(words: Expression) -> tuple[str, ...]:
    """Other ways to say these folded words; empty when none is known."""
    return _groups().get(words, ())


def longest_expression(words: Sequence[str]) -> tuple[int, tuple[str, ...]]:
    """How many of the first words form a known expression, and the others of its group; (0, ()) if none."""
    for length in range(min(_longest(), len(words)), 0, -1):
        others = synonyms(tuple(words[:length]))
        if others:
            return length, others
    return 0, ()


@cache
def known_words() -> frozenset[str]:
    """Single words that have synonyms, long enough to be misspelt: a spelling may be corrected to one."""
    return frozenset(words[0] for words in _groups() if len(words) == 1 and len(words[0]) >= _LONG)


_LONG: Final = 5
