"""The narrative of a section as plain values: the only constructs that are ever shown.

Text has its blanks made single, as a reader of HTML does.

Source: CDA R2 §4.3.5 (content, paragraph, list, table, renderMultiMedia, footnote).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Style(StrEnum):
    """How a run of text is set off."""

    BOLD = "bold"
    ITALIC = "italic"
    UNDERLINE = "underline"
    EMPHASIS = "emphasis"
    SUBSCRIPT = "subscript"
    SUPERSCRIPT = "superscript"
    INSERTED = "inserted"
    DELETED = "deleted"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Run:
    """Text in one style."""

    text: str
    styles: frozenset[Style] = frozenset()


@dataclass(frozen=True, slots=True)
class Break:
    """The end of a line."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A place where an attachment is shown: `number` counts the attachments of the document from 0."""

    number: int
    label: str = ""


Inline = Run | Break | Shown


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Runs of text in one paragraph."""

    inlines: tuple[Inline, ...]
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """A list, each item made of blocks."""

    items: tuple[tuple[Block, ...], ...]
    ordered: bool = False
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table. `is_header` marks a heading cell of its row or column."""

    blocks: tuple[Block, ...]
    is_header: bool = False
    columns: int = 1
    rows: int = 1


@dataclass(frozen=True, slots=True)
class Table:
    """A table: heading rows, rows, closing rows."""

    head: tuple[tuple[Cell, ...], ...]
    body: tuple[tuple[Cell, ...], ...]
    foot: tuple[tuple[Cell, ...], ...] = ()
    caption: str = ""
    rows_left_out: int = 0


Block = Paragraph | Listing | Table


def paragraph(text: str, *styles: Style) -> Paragraph:
    """One paragraph of text in one style; the ends of lines in it are kept."""
    inlines: list[Inline] = []
    for row in text.splitlines():
        words = " ".join(row.split())
        if inlines:
            inlines.append(Break())
        if words:
            inlines.append(Run(words, frozenset(styles)))
    return Paragraph(tuple(inlines))


def listing(*items: str, ordered: bool = False) -> Listing:
    """A list of plain items."""
    return Listing(tuple((paragraph(item),) for item in items), ordered)


def table(head: tuple[str, ...], *rows: tuple[str, ...], caption: str = "") -> Table:
    """A table with one heading row; the first cell of a row heads it when the row has others."""

    def cell(text: str, *, is_header: bool = False) -> Cell:
        return Cell((paragraph(text),) if text.strip() else (), is_header)

    return Table(
        head=(tuple(cell(text, is_header=True) for text in head),) if head else (),
        body=tuple(
            tuple(cell(text, is_header=at == 0 and len(row) > 1) for at, text in enumerate(row))
            for row in rows
        ),
        caption=" ".join(caption.split()),
    )
