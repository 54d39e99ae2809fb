"""An edition of the ANSM thesaurus: its rows, its day, and whether it was read as it is printed.

Source: ANSM, Thésaurus des interactions médicamenteuses. Texts are kept as printed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from dmp.domain.clinical.knowledge.contents import Row
from dmp.domain.clinical.knowledge.spelling import normalised
from dmp.formats.reference.dates import MONTHS, day_in_words
from dmp.formats.reference.faults import refused
from dmp.formats.reference.tables import Sheet
from dmp.formats.reference.thesaurus.printed import Block, Heading, joined, levels_of, read_headings

LEAST_AGREEMENT = 0.99
"""The share of pairs that must be printed alike under both of their headings."""
_HEAD = 6_000  # characters in which an edition says its day
_OTHERS = re.compile(r"^autres? | autres?$")


@dataclass(frozen=True, slots=True, kw_only=True)
class ThesaurusRead:
    """What was read: rows by table, the day the text says (None: it does not), and the figures of the
    reading.
    """

    tables: Mapping[str, tuple[Row, ...]]
    on: date | None
    agreement: float
    headings: int
    classes: int

    @property
    def pairs(self) -> int:
        """How many pairs, each counted once."""
        return len(self.tables["pairs"])


def looks_like_thesaurus(text: str) -> bool:
    """Whether the beginning of a text is that of the thesaurus."""
    start = normalised(text[:_HEAD])
    return "interactions medicamenteuses" in start and "thesaurus" in start


def read_thesaurus(name: str, text: str) -> ThesaurusRead:
    """Read the text of an edition.

    Raises:
        FileRefused: the two sides of its pairs do not agree enough, or too many blocks have no level.
    """
    headings = read_headings(text)
    blocks = sum(len(heading.blocks) for heading in headings)
    if not blocks:
        raise refused(
            name, "no interaction could be read; the text must be extracted with its layout."
        )
    leveled = sum(bool(block.levels) for heading in headings for block in heading.blocks)
    if leveled < LEAST_AGREEMENT * blocks:
        raise refused(name, f"{blocks - leveled} interactions of {blocks} have no readable level.")
    sides = _sides(headings)
    agreement = _agreement(sides)
    if agreement < LEAST_AGREEMENT:
        raise refused(
            name,
            f"only {100 * agreement:.1f} % of the pairs are printed alike under both of their headings "
            f"({100 * LEAST_AGREEMENT:.0f} % are needed): the text is incomplete or was not read well.",
        )
    members = {normalised(heading.name): heading.members for heading in headings}
    return ThesaurusRead(
        tables={
            "pairs": tuple(_pairs(sides)),
            "members": _members(members),
            "headings": tuple(
                (term, h.name, "class" if members[term] else "substance")
                for h in headings
                for term in (normalised(h.name),)
            ),
        },
        on=_day_said(text),
        agreement=agreement,
        headings=len(headings),
        classes=sum(bool(named) for named in members.values()),
    )


def _members(named: Mapping[str, Sequence[str]]) -> tuple[Row, ...]:
    return tuple(sorted({(term, normalised(m)) for term, found in named.items() for m in found}))


@dataclass(frozen=True, slots=True)
class _Side:
    """A block with its heading."""

    heading: str
    block: Block


def _sides(headings: Sequence[Heading]) -> dict[tuple[str, str], list[_Side]]:
    """The blocks by (heading, partner), both normalised."""
    found: dict[tuple[str, str], list[_Side]] = {}
    for heading in headings:
        for block in heading.blocks:
            key = (normalised(heading.name), normalised(block.partner))
            found.setdefault(key, []).append(_Side(heading.name, block))
    return found


def _is_others(partner: str) -> bool:
    return _OTHERS.search(partner) is not None


def _agreement(sides: Mapping[tuple[str, str], Sequence[_Side]]) -> float:
    """The share of pairs of two headings that are printed on both sides with the same levels."""
    pairs = {tuple(sorted(key)) for key in sides if not _is_others(key[1]) and key[0] != key[1]}
    if not pairs:
        return 0.0
    return sum(
        bool(_printed(sides, (a, b))) and _printed(sides, (a, b)) == _printed(sides, (b, a))
        for a, b in pairs
    ) / len(pairs)


def _printed(
    sides: Mapping[tuple[str, str], Sequence[_Side]], key: tuple[str, str]
) -> list[tuple[str, ...]]:
    return sorted(side.block.levels for side in sides.get(key, ()))


def _pairs(sides: Mapping[tuple[str, str], Sequence[_Side]]) -> list[Row]:
    """One row per printed pair; where two sides print it, the first heading's is taken."""
    rows: list[Row] = []
    seen: set[tuple[str, str]] = set()
    for (a, b), printed in sides.items():
        if (b, a) in seen:
            continue
        seen.add((a, b))
        others = _is_others(b)
        rows += (
            (
                a,
                a if others else b,
                side.heading,
                side.block.partner,
                "-".join(side.block.levels),
                joined(side.block.mechanism),
                joined(side.block.conduct),
                "1" if others else "",
            )
            for side in printed
            if side.block.levels
        )
    return rows


def _day_said(text: str) -> date | None:
    """The day of the edition in the first page, else the first of the month of its title."""
    start = text[:_HEAD]
    day = day_in_words(start)
    if day is not None:
        return day
    titled = re.search(rf"({'|'.join(MONTHS)})\s+(\d{{4}})", normalised(start))
    return None if titled is None else date(int(titled.group(2)), MONTHS[titled.group(1)], 1)


PAIR_COLUMNS = ("a", "b", "levels", "mechanism", "conduct")
MEMBER_COLUMNS = ("class", "member")


def rows_of_pairs(name: str, sheet: Sheet) -> tuple[Row, ...]:
    """Pairs from a table with the columns a, b, levels, mechanism, conduct, one row per pair.

    Raises:
        FileRefused: a level that the thesaurus does not have.
    """
    rows: list[Row] = []
    for number, (a, b, levels, mechanism, conduct) in enumerate(sheet.columns(*PAIR_COLUMNS), 2):
        read = levels_of(levels)
        if not read and levels in {"CI", "ASDEC", "PE", "APEC"}:
            read = (levels,)
        if not a or not b or not read:
            raise refused(name, f"line {number}: no readable pair or level.")
        term, partner = normalised(a), normalised(b)
        others = _is_others(partner)
        rows.append(
            (
                term,
                term if others else partner,
                a,
                b,
                "-".join(read),
                mechanism,
                conduct,
                "1" if others else "",
            )
        )
    return tuple(rows)


def rows_of_members(sheet: Sheet) -> tuple[Row, ...]:
    """Members of classes from a table with the columns class, member."""
    return tuple(
        sorted(
            {(normalised(c), normalised(m)) for c, m in sheet.columns(*MEMBER_COLUMNS) if c and m}
        )
    )
