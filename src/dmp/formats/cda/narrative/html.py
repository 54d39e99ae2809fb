"""Blocks written as HTML: semantic elements of a short list, every text escaped.

No style, no script, no address of the sender: fit for the strictest content security policy.

Source: WCAG 2.1 1.3.1 (tables and lists by their structure); RGAA 4, theme 5.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from html import escape
from typing import Final

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

Show = Callable[[Shown], str]
"""Writes the place where an attachment is shown."""

_ELEMENTS: Final = {
    Style.BOLD: "strong",
    Style.ITALIC: "i",
    Style.UNDERLINE: "u",
    Style.EMPHASIS: "em",
    Style.SUBSCRIPT: "sub",
    Style.SUPERSCRIPT: "sup",
    Style.INSERTED: "ins",
    Style.DELETED: "del",
    Style.NOTE: "small",
}


def blocks_html(blocks: Iterable[Block], show: Show) -> str:
    """The blocks one after the other."""
    return "".join(_block(block, show) for block in blocks)


def _block(block: Block, show: Show) -> str:
    if isinstance(block, Paragraph):
        caption = f"<strong>{escape(block.caption)}</strong> " if block.caption else ""
        return f"<p>{caption}{_inlines(block.inlines, show)}</p>"
    if isinstance(block, Listing):
        return _list(block, show)
    return _table(block, show)


def _list(block: Listing, show: Show) -> str:
    caption = f"<p>{escape(block.caption)}</p>" if block.caption else ""
    name = "ol" if block.ordered else "ul"
    items = "".join(f"<li>{_inside(item, show)}</li>" for item in block.items)
    return f"{caption}<{name}>{items}</{name}>" if items else caption


def _inside(blocks: tuple[Block, ...], show: Show) -> str:
    """Blocks inside an item or a cell; a single paragraph needs no element of its own."""
    if len(blocks) == 1 and isinstance(blocks[0], Paragraph) and not blocks[0].caption:
        return _inlines(blocks[0].inlines, show)
    return blocks_html(blocks, show)


def _inlines(inlines: tuple[Inline, ...], show: Show) -> str:
    return "".join(_inline(inline, show) for inline in inlines)


def _inline(inline: Inline, show: Show) -> str:
    if isinstance(inline, Break):
        return "<br>"
    if isinstance(inline, Shown):
        return show(inline)
    text = escape(inline.text)
    for style in Style:
        if style in inline.styles:
            name = _ELEMENTS[style]
            text = f"<{name}>{text}</{name}>"
    return text


def _table(block: Table, show: Show) -> str:
    caption = f"<caption>{escape(block.caption)}</caption>" if block.caption else ""
    head = "".join(_row(row, show, "col") for row in block.head)
    body = "".join(_row(row, show, "row") for row in block.body)
    foot = "".join(_row(row, show, "row") for row in block.foot)
    left_out = (
        f"<p>Tableau trop long : {block.rows_left_out} lignes ne sont pas affichées ici. "
        "Ouvrez le document d’origine pour les lire.</p>"
        if block.rows_left_out
        else ""
    )
    return (
        f"<table>{caption}"
        + (f"<thead>{head}</thead>" if head else "")
        + (f"<tbody>{body}</tbody>" if body else "")
        + (f"<tfoot>{foot}</tfoot>" if foot else "")
        + f"</table>{left_out}"
    )


def _row(cells: tuple[Cell, ...], show: Show, scope: str) -> str:
    return f"<tr>{''.join(_cell(cell, show, scope) for cell in cells)}</tr>"


def _cell(cell: Cell, show: Show, scope: str) -> str:
    spans = f' colspan="{cell.columns}"' if cell.columns > 1 else ""
    spans += f' rowspan="{cell.rows}"' if cell.rows > 1 else ""
    inside = _inside(cell.blocks, show)
    if cell.is_header and inside:
        group = cell.columns if scope == "col" else cell.rows
        return f'<th scope="{scope}{"group" if group > 1 else ""}"{spans}>{inside}</th>'
    return f"<td{spans}>{inside}</td>"
