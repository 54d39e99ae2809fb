"""A few words of a document around what was found in it, the found words marked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

LENGTH: Final = 160
"""Characters of an excerpt, about: words are never cut."""
MOST: Final = 2
"""Excerpts of one document."""
_BEFORE: Final = 50
_LINE_BEFORE: Final = 80
_MAX_MARKS: Final = 12


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of an excerpt; `is_hit`: it is what was looked for."""

    text: str
    is_hit: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Excerpt:
    """Text of a document. `begins_inside` and `ends_inside`: the document goes on there."""

    parts: tuple[Part, ...]
    begins_inside: bool = False
    ends_inside: bool = False


Span = tuple[int, int]
"""Where a found word stands in the text: start included, end excluded."""


def excerpts(shown: str, found: Iterable[tuple[Span, int]]) -> tuple[Excerpt, ...]:
    """At most `MOST` excerpts, in the order of the text, each around a clause that the others leave out.

    Args:
        shown: the text as it is shown.
        found: what was found, in any order, with the number of its clause.
    """
    spans = sorted(set(found))
    windows: list[Span] = []
    told: set[int] = set()
    for (start, end), clause in spans:
        if clause in told:
            continue
        window = _window(shown, start, end)
        told.add(clause)
        if windows and window[0] < windows[-1][1]:
            continue
        told |= {c for (s, e), c in spans if window[0] <= s and e <= window[1]}
        windows.append(window)
        if len(windows) == MOST:
            break
    return tuple(_excerpt(shown, window, [span for span, _ in spans]) for window in windows)


def beginning(shown: str) -> Excerpt | None:
    """The first words of a document, for what was found in its title alone; None when it has no text."""
    return _excerpt(shown, (0, _word_end(shown, LENGTH)), []) if shown else None


def _window(shown: str, start: int, end: int) -> Span:
    """From the beginning of the line when it is near, so that a result keeps its name and its value."""
    line = shown.rfind("\n", max(0, start - _LINE_BEFORE), start) + 1
    if line == 0 and start > _LINE_BEFORE:
        line = _word_start(shown, start - _BEFORE)
    return line, _word_end(shown, max(end, line + LENGTH))


def _word_start(shown: str, at: int) -> int:
    """The place at or before `at` where a word begins."""
    while at > 0 and not shown[at - 1].isspace():
        at -= 1
    return at


def _word_end(shown: str, at: int) -> int:
    """The place at or after `at` where a word ends."""
    while at < len(shown) and not shown[at].isspace():
        at += 1
    return min(at, len(shown))


def parts_of(shown: str, window: Span, spans: Iterable[Span]) -> tuple[Part, ...]:
    """What stands in the window, in one line, cut where marks begin and end."""
    start, end = window
    parts: list[Part] = []
    at = start
    inside = sorted(span for span in spans if start <= span[0] and span[1] <= end)
    for begins, ends in inside[:_MAX_MARKS]:
        if begins < at:
            continue
        parts.append(Part(_in_one_line(shown[at:begins])))
        parts.append(Part(_in_one_line(shown[begins:ends]), is_hit=True))
        at = ends
    parts.append(Part(_in_one_line(shown[at:end])))
    return tuple(part for part in parts if part.text)


def _excerpt(shown: str, window: Span, spans: Iterable[Span]) -> Excerpt:
    start, end = window
    return Excerpt(
        parts=parts_of(shown, window, spans),
        begins_inside=bool(shown[:start].strip()),
        ends_inside=bool(shown[end:].strip()),
    )


def _in_one_line(text: str) -> str:
    return text.replace("\n", " ")
