"""Words that were probably meant: few edits away from what was typed.

An edit is a letter left out, put in, changed, or two neighbours exchanged (optimal string alignment).
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

MAX_CORRECTIONS = 3


def edits_allowed(word: str) -> int:
    """One edit for five letters or more, two for nine or more; none for a word with a digit."""
    if len(word) < 5 or any(c.isdigit() for c in word):
        return 0
    return 2 if len(word) >= 9 else 1


def corrections(word: str, vocabulary: Iterable[str]) -> tuple[str, ...]:
    """The nearest words of the vocabulary within the edits allowed, in its order; empty when none is near."""
    limit = edits_allowed(word)
    if not limit:
        return ()
    pieces = _pieces(word, 2 * limit + 1)
    found: dict[int, list[str]] = {}
    for candidate in vocabulary:
        if abs(len(candidate) - len(word)) > limit or not any(p in candidate for p in pieces):
            continue
        edits = distance(word, candidate, limit)
        if edits <= limit:
            found.setdefault(edits, []).append(candidate)
    return tuple(found[min(found)][:MAX_CORRECTIONS]) if found else ()


def _pieces(word: str, count: int) -> list[str]:
    """The word cut in so many pieces: an edit spoils two at most, so that one is left whole."""
    bounds = [len(word) * at // count for at in range(count + 1)]
    return [word[start:end] for start, end in pairwise(bounds) if end > start]


def distance(one: str, other: str, limit: int) -> int:
    """How many edits lead from one to the other; `limit + 1` for more than the limit."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        last, row, before = before, [i], row
        for j, against in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != against))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == against:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
        if min(row) > limit:
            return limit + 1
    return min(row[-1], limit + 1)
