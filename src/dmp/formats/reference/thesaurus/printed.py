"""The ANSM thesaurus from its text with the layout kept (`pdftotext -layout`, or our own reading of the PDF).

The document prints, under each heading, its members or a "Voir aussi", then one block per partner: the
mechanism in the left column, level and conduct in the right one. A pair stands under both of its
headings: the two sides must agree, or the text was not read as it is printed.

Source: ANSM, Thésaurus des interactions médicamenteuses (editions of 2020 to 2023).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from dmp.domain.clinical.knowledge.spelling import normalised

_LEVELS = {
    "contre-indication": ("CI",),
    "association deconseillee": ("ASDEC",),
    "precaution d'emploi": ("PE",),
    "a prendre en compte": ("APEC",),
}
_ONE = r"(?:CI|ASDEC|PE|APEC)"
_LEVEL = re.compile(
    r"(?:^|\s{2,})(CONTRE-INDICATION|Association D[EÉ]CONSEILL[EÉ]E|Pr[eé]caution d['’]emploi"
    r"|[AÀ] prendre en compte"
    rf"|{_ONE}(?:\s*[-–/]\s*{_ONE})+)\s*$"
)
_NUMBER = re.compile(r"^\s*\d{1,3}\s*$")
_PARTNER = re.compile(r"^\+\s+(\S.*?)\s*$")
_SEE_ALSO = re.compile(r"^\(?\s*voir aussi", re.IGNORECASE)
_LEAST_COLUMN = 30
_INDENT = 8


@dataclass(slots=True)
class Block:
    """One partner under a heading, as printed."""

    partner: str
    levels: tuple[str, ...] = ()
    mechanism: list[str] = field(default_factory=list)
    conduct: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Heading:
    """One heading: its introduction line by line, then its blocks."""

    name: str
    introduction: list[str] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)

    @property
    def members(self) -> tuple[str, ...]:
        """The members that the list in brackets names; none for a substance."""
        return members_of(self.introduction)


def read_headings(text: str) -> list[Heading]:
    """Every heading with its blocks, in the order of print."""
    reading = _Reading()
    column = 0
    for page in text.split("\f"):
        lines = page.split("\n")
        if not reading.headings and not any(_PARTNER.match(line) for line in lines):
            continue  # the title, and what is said of the edition
        column = _right_column(lines) or column
        for line in lines:
            if not _NUMBER.match(line) or len(line) - len(line.lstrip()) < _LEAST_COLUMN:
                reading.take(line.rstrip(), column)
    return reading.headings


def _right_column(lines: Sequence[str]) -> int:
    """Where the right column of a page begins: where its levels stand."""
    places = [found.start(1) for line in lines if (found := _LEVEL.search(line))]
    return min(places) if places and min(places) >= _LEAST_COLUMN else 0


class _Reading:
    """Takes lines one after another and puts each where it belongs."""

    def __init__(self) -> None:
        self.headings: list[Heading] = []
        self._block: Block | None = None
        self._follows = ""  # what the line before was, when it may go on: a heading or a partner

    def take(self, line: str, column: int) -> None:
        """Take the next line of the page whose right column begins at `column`."""
        follows, self._follows = self._follows, ""
        if not line:
            self._blank()
        elif partner := _PARTNER.match(line):
            self._open_block(partner.group(1))
        elif not line[0].isspace():
            self._flush_left(line, follows)
        elif follows == "partner" and self._block is not None and _goes_on(line):
            self._block.partner += " " + line.strip()
            self._follows = "partner"
        elif self._block is not None:
            self._into_block(self._block, line, column)
        elif self.headings:
            self.headings[-1].introduction.append(line.strip())

    def _blank(self) -> None:
        if self._block is not None:
            self._block.conduct.append("")
        elif self.headings:
            self.headings[-1].introduction.append("")

    def _open_block(self, partner: str) -> None:
        if self.headings:
            self._block = Block(partner)
            self.headings[-1].blocks.append(self._block)
            self._follows = "partner"

    def _flush_left(self, line: str, follows: str) -> None:
        if follows == "partner" and self._block is not None:
            self._block.partner += " " + line
            self._follows = "partner"
        elif follows == "heading":
            self.headings[-1].name += " " + line
            self._follows = "heading"
        elif line.upper() == line:
            self.headings.append(Heading(line))
            self._block = None
            self._follows = "heading"

    @staticmethod
    def _into_block(block: Block, line: str, column: int) -> None:
        left, right = (line[:column], line[column:]) if column else (line, "")
        if left.strip():
            block.mechanism.append(left.strip())
        written = right.strip()
        if not written:
            return
        level = _LEVEL.search(written) if not block.levels else None
        if level is not None:
            block.levels = levels_of(level.group(1))
        else:
            block.conduct.append(written)


def _goes_on(line: str) -> bool:
    """Whether a line is the rest of a partner's name: in capitals, left of where mechanisms begin."""
    text = line.strip()
    return len(line) - len(text) < _INDENT and text.upper() == text


def levels_of(printed: str) -> tuple[str, ...]:
    """The levels of what is printed, in its order; empty when it is no level."""
    named = _LEVELS.get(normalised(printed))
    if named is not None:
        return named
    parts = tuple(part for part in re.split(r"[\s\-–/]+", printed.strip()) if part)
    return parts if parts and all(re.fullmatch(_ONE, part) for part in parts) else ()


def members_of(introduction: Sequence[str]) -> tuple[str, ...]:
    """The members of a class: the last list in brackets that begins a line of its introduction."""
    found: tuple[str, ...] = ()
    start = 0
    while start < len(introduction):
        line = introduction[start]
        taken = 1
        if line.startswith("(") and not _SEE_ALSO.match(line):
            inside, taken = _bracketed(introduction[start:])
            if inside:
                found = tuple(_split(inside))
        start += taken
    return found


def _bracketed(lines: Sequence[str]) -> tuple[str, int]:
    """What stands between the bracket that begins the first line and the one that closes it, and on how
    many lines.

    A list may go on over the page; one that is never closed (some are printed so) ends at the first blank
    line.
    """
    depth, inside = 0, ""
    for count, line in enumerate(lines, 1):
        for place, character in enumerate(line):
            depth += (character == "(") - (character == ")")
            if depth == 0:
                return (inside + line[:place])[1:], count
        inside += line + " "
    count = next((place for place, line in enumerate(lines) if not line), len(lines))
    return " ".join(lines[:count])[1:], count


def _split(inside: str) -> Iterator[str]:
    """Members at their commas, brackets kept whole."""
    depth, start = 0, 0
    for place, character in enumerate(inside):
        depth += (character == "(") - (character == ")")
        if character == "," and depth == 0:
            yield inside[start:place].strip()
            start = place + 1
    last = inside[start:].strip()
    if last:
        yield last


def joined(lines: Sequence[str]) -> str:
    """Lines of a column as paragraphs: a word cut at its hyphen is whole again, a list keeps its lines."""
    paragraphs: list[str] = []
    fresh = True
    for line in lines:
        if not line:
            fresh = True
        elif fresh or line.startswith("-") or paragraphs[-1].endswith(":"):
            paragraphs.append(line)
            fresh = False
        elif re.search(r"\w-$", paragraphs[-1]):
            paragraphs[-1] += line
        else:
            paragraphs[-1] += " " + line
    return "\n".join(paragraphs)
