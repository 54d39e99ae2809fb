"""What an edition changes against the one in force, and whether it may take its place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dmp.domain.clinical.knowledge.contents import KEYS, Content, Row
from dmp.domain.clinical.knowledge.editions import Edition, ReferenceKind

EXAMPLES = 5
LEAST_SHARE = 0.5
"""An edition with fewer than this share of the entries in force is held to be cut short."""


class EditionRefused(Exception):
    """An edition does not take the place of the one in force; the text is one sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One entry that differs: its key for people, and its cells before and after."""

    key: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What differs between two editions; `examples` are the first changed ones, by key."""

    added: int = 0
    removed: int = 0
    changed: int = 0
    levels: int = 0  # pairs of the thesaurus whose level is another
    examples: tuple[Change, ...] = ()

    def __bool__(self) -> bool:
        """Whether anything differs."""
        return bool(self.added or self.removed or self.changed)


def compared(before: Content | None, after: Content) -> Changes:
    """What `after` adds, removes and changes; everything is added where nothing was in force."""
    kind = after.edition.kind
    new = _by_key(after)
    old = _by_key(before) if before is not None else {}
    changed = sorted(key for key in old.keys() & new.keys() if old[key] != new[key])
    levels: list[Row] = []
    if kind is ReferenceKind.ANSM:
        levels = [key for key in changed if _levels(old[key]) != _levels(new[key])]
    shown = (*levels, *(key for key in changed if key not in set(levels)))[:EXAMPLES]
    return Changes(
        added=len(new.keys() - old.keys()),
        removed=len(old.keys() - new.keys()),
        changed=len(changed),
        levels=len(levels),
        examples=tuple(_change(key, old[key][0], new[key][0]) for key in shown),
    )


_PAIR_TEXTS = 4  # of a pair: where its levels and texts begin, after what it is called


def _by_key(content: Content) -> dict[Row, tuple[Row, ...]]:
    """What rows say, by their key; a key may stand twice. The two sides of a pair have no order."""
    table, width = KEYS[content.edition.kind]
    found: dict[Row, tuple[Row, ...]] = {}
    for row in content.rows(table):
        if content.edition.kind is ReferenceKind.ANSM:
            key, said = tuple(sorted(row[:width])), row[_PAIR_TEXTS:]
        else:
            key, said = row[:width], row[width:]
        found[key] = (*found.get(key, ()), said)
    return found


def _levels(rows: tuple[Row, ...]) -> tuple[str, ...]:
    return tuple(row[0] for row in rows)


def _change(key: Row, old: Row, new: Row) -> Change:
    """The first cell that differs."""
    pairs = zip(old, new, strict=False)
    was, now = next(((was, now) for was, now in pairs if was != now), ("", ""))
    return Change(key=" × ".join(key), before=was[:_WIDTH], after=now[:_WIDTH])


_WIDTH = 80


def may_take_place(
    offered: Edition, in_force: Edition | None, today: date, *, accept_smaller: bool = False
) -> None:
    """Accept an edition in place of the one in force (None: there is none).

    Raises:
        EditionRefused: it is older, dated after `today`, empty, or so much smaller that it seems cut short.
    """
    if offered.entries == 0:
        raise EditionRefused(f"{offered.label}: it holds no entry.")
    if offered.on > today:
        raise EditionRefused(f"{offered.label}: its day, {offered.on}, is in the future.")
    if in_force is None:
        return
    if offered.on < in_force.on:
        raise EditionRefused(
            f"{offered.label}: the edition of {offered.on} is older than the one in force, of {in_force.on}."
        )
    if offered.entries < LEAST_SHARE * in_force.entries and not accept_smaller:
        raise EditionRefused(
            f"{offered.label}: {offered.entries} entries where the edition in force has "
            f"{in_force.entries}; it seems cut short (--accept-smaller takes it all the same)."
        )
