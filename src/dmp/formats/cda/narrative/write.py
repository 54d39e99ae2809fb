"""Writing blocks as the narrative of a section. What is written is read back equal.

Source: CDA R2 §4.3.5.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from lxml import etree

from dmp.formats.cda.narrative.blocks import (
    Block,
    Break,
    Cell,
    Inline,
    Listing,
    Paragraph,
    Shown,
    Style,
    Table,
)
from dmp.formats.cda.writing.elements import add, clean

_STYLE_CODES: Final = {
    Style.BOLD: "Bold",
    Style.ITALIC: "Italics",
    Style.UNDERLINE: "Underline",
    Style.EMPHASIS: "Emphasis",
}
_ELEMENTS: Final = {Style.SUBSCRIPT: "sub", Style.SUPERSCRIPT: "sup"}
_REVISED: Final = {Style.INSERTED: "insert", Style.DELETED: "delete"}


def write_blocks(text: etree._Element, blocks: Iterable[Block]) -> None:
    """Append the blocks to a `text`, `item`, `td` or `th` element.

    Attachments are referred to by `attachment_id`. The style of a note is not written: the reader
    of a footnote adds brackets.
    """
    for block in blocks:
        if isinstance(block, Paragraph):
            _paragraph(text, block)
        elif isinstance(block, Listing):
            _list(text, block)
        else:
            _table(text, block)


def attachment_id(number: int) -> str:
    """The identifier under which the attachment of that number stands in the document."""
    return f"piece-{number}"


def _paragraph(parent: etree._Element, block: Paragraph) -> None:
    element = add(parent, "paragraph")
    if block.caption:
        add(element, "caption", block.caption)
    for inline in block.inlines:
        _inline(element, inline)


def _inline(parent: etree._Element, inline: Inline) -> None:
    if isinstance(inline, Break):
        add(parent, "br")
        return
    if isinstance(inline, Shown):
        shown = add(parent, "renderMultiMedia", referencedObject=attachment_id(inline.number))
        if inline.label:
            add(shown, "caption", inline.label)
        return
    holder = parent
    codes = [code for style, code in _STYLE_CODES.items() if style in inline.styles]
    revised = next((word for style, word in _REVISED.items() if style in inline.styles), "")
    if codes or revised:
        holder = add(holder, "content", styleCode=" ".join(codes), revised=revised)
    for style, name in _ELEMENTS.items():
        if style in inline.styles:
            holder = add(holder, name)
    _append_text(holder, clean(inline.text))


def _append_text(holder: etree._Element, text: str) -> None:
    if len(holder):
        last = holder[-1]
        last.tail = (last.tail or "") + text
    else:
        holder.text = (holder.text or "") + text


def _list(parent: etree._Element, block: Listing) -> None:
    element = add(parent, "list", listType="ordered" if block.ordered else "unordered")
    if block.caption:
        add(element, "caption", block.caption)
    for item in block.items:
        write_blocks(add(element, "item"), item)


def _table(parent: etree._Element, block: Table) -> None:
    element = add(parent, "table")
    if block.caption:
        add(element, "caption", block.caption)
    for name, rows in (("thead", block.head), ("tfoot", block.foot), ("tbody", block.body)):
        if rows:
            group = add(element, name)
            for row in rows:
                _row(group, row)


def _row(group: etree._Element, cells: tuple[Cell, ...]) -> None:
    row = add(group, "tr")
    for cell in cells:
        element = add(
            row,
            "th" if cell.is_header else "td",
            colspan=str(cell.columns) if cell.columns > 1 else "",
            rowspan=str(cell.rows) if cell.rows > 1 else "",
        )
        if len(cell.blocks) == 1 and isinstance(cell.blocks[0], Paragraph):
            for inline in cell.blocks[0].inlines:  # a cell of text needs no paragraph
                _inline(element, inline)
        else:
            write_blocks(element, cell.blocks)
