"""Reading the narrative of others: known constructs become blocks, all the rest becomes text.

Nothing that a sender writes reaches the reader as markup: no element, no attribute, no address.
Unknown and foreign elements leave their text, so that nothing said is lost.

Source: CDA R2 §4.3.5.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from dmp.formats.cda.document import V3, plain_text, v3
from dmp.formats.cda.narrative.blocks import (
    Block,
    Break,
    Cell,
    Inline,
    Listing,
    Paragraph,
    Run,
    Shown,
    Style,
    Table,
)

MAX_CELLS: Final = 50_000
MAX_SPAN: Final = 100
MAX_NESTING: Final = 40
MAX_ELEMENTS: Final = 60_000

Rows = tuple[tuple[Cell, ...], ...]
Find = Callable[[str], Shown | None]
"""From the identifier of an observationMedia to the place where it is shown."""

_STYLES: Final = {
    "bold": frozenset({Style.BOLD}),
    "italics": frozenset({Style.ITALIC}),
    "bolditalics": frozenset({Style.BOLD, Style.ITALIC}),
    "underline": frozenset({Style.UNDERLINE}),
    "emphasis": frozenset({Style.EMPHASIS}),
}
_REVISED: Final = {"insert": Style.INSERTED, "delete": Style.DELETED}
_SET_OFF: Final = {
    "sub": Style.SUBSCRIPT,
    "sup": Style.SUPERSCRIPT,
    "footnote": Style.NOTE,
}
_BLANKS = re.compile(r"[ \t\r\n\x0c\x85\u2028\u2029]+")
_CAPTION = v3("caption")
_HEAD, _BODY, _FOOT, _ROW = v3("thead"), v3("tbody"), v3("tfoot"), v3("tr")
_HEADING_CELL, _CELL, _ITEM = v3("th"), v3("td"), v3("item")
_COLUMNS = frozenset((v3("col"), v3("colgroup"), _CAPTION))


def read_narrative(text: etree._Element | None, find: Find) -> tuple[Block, ...]:
    """The blocks of a `text` element; empty for None."""
    if text is None:
        return ()
    return _Reader(find).blocks(text, frozenset(), 0)


@dataclass(slots=True)
class _Reader:
    """One pass over one narrative. Beyond its bounds it gives text without structure.

    `cells` and `elements` count what was read so far.
    """

    find: Find
    cells: int = 0
    elements: int = 0

    def blocks(
        self, element: etree._Element, styles: frozenset[Style], depth: int
    ) -> tuple[Block, ...]:
        """The blocks inside an element, its own style applied to all of it."""
        flow = _Flow()
        self.elements += 1
        self._walk(element, styles | _styles_of(element), flow, depth)
        return flow.closed()

    def _walk(
        self, element: etree._Element, styles: frozenset[Style], flow: _Flow, depth: int
    ) -> None:
        if depth > MAX_NESTING or self.elements > MAX_ELEMENTS:
            flow.say("".join(map(str, element.itertext())), styles)
            return
        flow.say(element.text, styles)
        for child in element:
            if self.elements > MAX_ELEMENTS:
                flow.say(" ".join(map(str, child.itertext())), styles)
            elif child.tag != _CAPTION:
                self._child(child, styles, flow, depth + 1)
            flow.say(child.tail, styles)

    def _child(
        self, child: etree._Element, styles: frozenset[Style], flow: _Flow, depth: int
    ) -> None:
        self.elements += 1
        name = _local(child)
        own = styles | _styles_of(child)
        if name == "br":
            flow.add(Break())
            self._walk(child, own, flow, depth)
        elif name == "paragraph":
            flow.close(_caption(child))
            self._walk(child, own, flow, depth)
            flow.close()
        elif name == "list":
            flow.block(self._list(child, styles, depth))
        elif name == "table":
            flow.block(self._table(child, styles, depth))
        elif name == "renderMultiMedia":
            self._attachment(child, own, flow)
        elif name == "linkHtml":
            self._walk(child, own, flow, depth)
            flow.say(_address_in_words(child), own)
        elif name == "footnote":
            flow.say(" (", own)
            self._walk(child, own | {Style.NOTE}, flow, depth)
            flow.say(")", own)
        else:
            self._walk(child, own | _set_off(name), flow, depth)

    def _list(self, element: etree._Element, styles: frozenset[Style], depth: int) -> Block:
        own = styles | _styles_of(element)
        items = [
            self._captioned(child, own, depth + 1) for child in element if child.tag != _CAPTION
        ]
        items += [(Paragraph((Run(words, own),)),) for words in _strays(element)]
        return Listing(
            tuple(item for item in items if item),
            ordered=element.get("listType", "").lower() == "ordered",
            caption=_caption(element),
        )

    def _captioned(
        self, item: etree._Element, styles: frozenset[Style], depth: int
    ) -> tuple[Block, ...]:
        blocks = self.blocks(item, styles, depth)
        caption = _caption(item)
        if not caption:
            return blocks
        return (Paragraph((Run(caption, frozenset({Style.BOLD})),)), *blocks)

    def _table(self, element: etree._Element, styles: frozenset[Style], depth: int) -> Block:
        own = styles | _styles_of(element)
        parts: dict[str, list[tuple[Cell, ...]]] = {_HEAD: [], _BODY: [], _FOOT: []}
        left_out = 0
        strays = _strays(element)
        for group in element:
            if group.tag in _COLUMNS:
                continue
            part = str(group.tag) if group.tag in parts else _BODY
            rows = [group] if part != group.tag else list(group)
            strays += _strays(group) if part == group.tag else []
            for row in rows:
                if self.cells > MAX_CELLS:
                    left_out += 1
                    continue
                cells = self._row(row, own | _styles_of(group), depth, in_head=part == _HEAD)
                if cells:
                    parts[part].append(cells)
        parts[_BODY] += [(Cell((Paragraph((Run(words, own),)),)),) for words in strays]
        return Table(
            tuple(parts[_HEAD]),
            tuple(parts[_BODY]),
            tuple(parts[_FOOT]),
            _caption(element),
            left_out,
        )

    def _row(
        self, row: etree._Element, styles: frozenset[Style], depth: int, *, in_head: bool
    ) -> tuple[Cell, ...]:
        if row.tag != _ROW:  # not a row: what it says stands in one cell
            blocks = self.blocks(row, styles, depth + 2)
            return (Cell(blocks),) if blocks else ()
        own = styles | _styles_of(row)
        cells = tuple(
            Cell(
                self.blocks(cell, own, depth + 2),
                is_header=in_head or cell.tag == _HEADING_CELL,
                columns=_span(cell.get("colspan")),
                rows=_span(cell.get("rowspan")),
            )
            for cell in row
        )
        cells += tuple(Cell((Paragraph((Run(words, own),)),)) for words in _strays(row))
        self.cells += len(cells)
        return cells

    def _attachment(self, element: etree._Element, styles: frozenset[Style], flow: _Flow) -> None:
        caption = plain_text(element)
        for identifier in element.get("referencedObject", "").split()[:20]:
            shown = self.find(identifier.removeprefix("#"))
            if shown is not None:
                flow.add(Shown(shown.number, caption or shown.label))
                caption = ""
        flow.say(caption, styles)


@dataclass(slots=True)
class _Flow:
    """Blocks in the making: runs collect in a paragraph until a block closes it.

    `pieces` are the texts of the run under way, all in `style`; joined once, when it ends.
    """

    done: list[Block] = field(default_factory=list)
    runs: list[Inline] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    style: frozenset[Style] = frozenset()
    ends_blank: bool = True  # whether a blank that follows says nothing
    caption: str = ""

    def say(self, text: str | None, styles: frozenset[Style]) -> None:
        """Add text; texts of the same style make one run."""
        if not text:
            return
        words = _BLANKS.sub(" ", text)
        if self.ends_blank:
            words = words.lstrip(" ")
        if not words:
            return
        if self.pieces and self.style != styles:
            self._end_run()
        self.style = styles
        self.pieces.append(words)
        self.ends_blank = words.endswith(" ")

    def add(self, inline: Inline) -> None:
        """Add a break or an attachment."""
        if isinstance(inline, Break):
            self._trim()
        self._end_run()
        self.runs.append(inline)
        self.ends_blank = isinstance(inline, Break)

    def block(self, block: Block) -> None:
        """Close the paragraph and add a block that is not empty."""
        self.close()
        if not _is_empty(block):
            self.done.append(block)

    def close(self, caption: str = "") -> None:
        """End the paragraph under way; `caption` is that of the next one."""
        self._trim()
        while self.runs and isinstance(self.runs[-1], Break):
            self.runs.pop()
            self._trim()
        first = next((n for n, one in enumerate(self.runs) if not isinstance(one, Break)), 0)
        if self.runs or self.caption:
            self.done.append(Paragraph(tuple(self.runs[first:]), self.caption))
        self.runs = []
        self.ends_blank = True
        self.caption = caption

    def closed(self) -> tuple[Block, ...]:
        """All blocks, the last paragraph closed."""
        self.close()
        return tuple(self.done)

    def _end_run(self) -> None:
        if self.pieces:
            self.runs.append(Run("".join(self.pieces), self.style))
            self.pieces = []

    def _trim(self) -> None:
        """End the run under way and take the blank off its end."""
        self._end_run()
        last = self.runs[-1] if self.runs else None
        if isinstance(last, Run):
            words = last.text.rstrip(" ")
            if words:
                self.runs[-1] = Run(words, last.styles)
            else:
                self.runs.pop()


def _is_empty(block: Block) -> bool:
    if isinstance(block, Listing):
        return not block.items and not block.caption
    if isinstance(block, Table):
        rows = (*block.head, *block.body, *block.foot)
        blank = all(not cell.blocks for row in rows for cell in row)
        return blank and not block.caption and not block.rows_left_out
    return False


def _local(element: etree._Element) -> str:
    """The name of an HL7 element; empty for those of other namespaces."""
    namespace, _, name = str(element.tag).rpartition("}")
    return name if namespace == "{" + V3 else ""


def _set_off(name: str) -> frozenset[Style]:
    style = _SET_OFF.get(name)
    return frozenset() if style is None else frozenset({style})


def _styles_of(element: etree._Element) -> frozenset[Style]:
    found: frozenset[Style] = frozenset()
    code = element.get("styleCode")
    if code:
        for word in code.lower().split()[:20]:
            found |= _STYLES.get(word, frozenset())
    revised = _REVISED.get(element.get("revised", ""))
    return found if revised is None else found | {revised}


def _caption(element: etree._Element) -> str:
    return plain_text(element.find(_CAPTION))


def _strays(element: etree._Element) -> list[str]:
    """Text where only rows, cells or items may stand: wrong, and shown all the same."""
    texts = (element.text, *(child.tail for child in element))
    return [" ".join(text.split()) for text in texts if text and not text.isspace()]


def _span(text: str | None) -> int:
    if text is None or not (text.isascii() and text.isdigit()):
        return 1
    return max(1, min(int(text[:9]), MAX_SPAN))


def _address_in_words(link: etree._Element) -> str:
    """The address of a link, for a reader to judge; an address inside the document says nothing."""
    address = link.get("href", "").strip()
    if not re.match(r"(?i)https?://|mailto:", address) or address in plain_text(link):
        return ""
    return f" ({address[:500]})"
