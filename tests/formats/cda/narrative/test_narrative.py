"""Narratives: what is known is kept, what is hostile becomes text, what is written is read back."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from dmp.formats.cda.document import V3
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
    paragraph,
)
from dmp.formats.cda.narrative.html import blocks_html
from dmp.formats.cda.narrative.read import MAX_CELLS, MAX_ELEMENTS, read_narrative
from dmp.formats.cda.narrative.write import attachment_id, write_blocks
from dmp.formats.safe_xml import parse

pytestmark = pytest.mark.slow

ATTACHED = {attachment_id(number): Shown(number, f"Pièce {number}") for number in range(5)}


def narrative(inside: str) -> etree._Element:
    return parse(f'<text xmlns="{V3}" xmlns:x="urn:x">{inside}</text>'.encode())


def read(inside: str) -> tuple[Block, ...]:
    return read_narrative(narrative(inside), ATTACHED.get)


def html(inside: str, show: Callable[[Shown], str] = lambda shown: f"[{shown.label}]") -> str:
    return blocks_html(read(inside), show)


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        ("texte", "<p>texte</p>"),
        (" deux\n  mots ", "<p>deux mots</p>"),
        ("", ""),
        (" <br/> ", ""),
        ("a<br/>b", "<p>a<br>b</p>"),
        ("<paragraph>a</paragraph><paragraph>b</paragraph>", "<p>a</p><p>b</p>"),
        ("<paragraph><caption>Titre</caption>a</paragraph>", "<p><strong>Titre</strong> a</p>"),
        ('<content styleCode="Bold">a</content> b', "<p><strong>a</strong> b</p>"),
        ('a <content styleCode="Italics">b</content>', "<p>a <i>b</i></p>"),
        ('<content styleCode="BoldItalics">a</content>', "<p><i><strong>a</strong></i></p>"),
        ('<content styleCode="Underline xFall">a</content>', "<p><u>a</u></p>"),
        ('<content styleCode="Emphasis">a</content>', "<p><em>a</em></p>"),
        ('<content revised="delete">a</content>', "<p><del>a</del></p>"),
        ("H<sub>2</sub>O 10<sup>9</sup>", "<p>H<sub>2</sub>O 10<sup>9</sup></p>"),
        ("a<footnote>voir</footnote>", "<p>a (<small>voir</small>)</p>"),
        ("<list><item>a</item><item>b</item></list>", "<ul><li>a</li><li>b</li></ul>"),
        ('<list listType="ordered"><caption>T</caption><item>a</item></list>',
         "<p>T</p><ol><li>a</li></ol>"),
        ("<list><item>a<list><item>b</item></list></item></list>",
         "<ul><li><p>a</p><ul><li>b</li></ul></li></ul>"),
        ("<list><item><caption>T</caption>a</item></list>",
         "<ul><li><p><strong>T</strong></p><p>a</p></li></ul>"),
        ("<table><caption>T</caption><thead><tr><th>a</th><th>b</th></tr></thead>"
         "<tbody><tr><th>1</th><td>2</td></tr></tbody></table>",
         '<table><caption>T</caption><thead><tr><th scope="col">a</th><th scope="col">b</th></tr>'
         '</thead><tbody><tr><th scope="row">1</th><td>2</td></tr></tbody></table>'),
        ('<table><tbody><tr><td colspan="2" rowspan="3">a</td></tr></tbody></table>',
         '<table><tbody><tr><td colspan="2" rowspan="3">a</td></tr></tbody></table>'),
        ('<table><thead><tr><th colspan="2">a</th></tr></thead></table>',
         '<table><thead><tr><th scope="colgroup" colspan="2">a</th></tr></thead></table>'),
        ("<table><col width='1'/><tfoot><tr><td>f</td></tr></tfoot><tbody><tr><td>b</td></tr>"
         "</tbody></table>",
         "<table><tbody><tr><td>b</td></tr></tbody><tfoot><tr><td>f</td></tr></tfoot></table>"),
        ('<table><tbody><tr styleCode="Bold"><td>a</td></tr></tbody></table>',
         "<table><tbody><tr><td><strong>a</strong></td></tr></tbody></table>"),
        ("<table><tr><td>a</td></tr></table>", "<table><tbody><tr><td>a</td></tr></tbody></table>"),
        ('<linkHtml href="#a">ici</linkHtml>', "<p>ici</p>"),
        ('<linkHtml href="https://a.fr/x">ici</linkHtml>', "<p>ici (https://a.fr/x)</p>"),
        ('<linkHtml href="https://a.fr">https://a.fr</linkHtml>', "<p>https://a.fr</p>"),
        ('<renderMultiMedia referencedObject="piece-1"/>', "<p>[Pièce 1]</p>"),
        ('<renderMultiMedia referencedObject="piece-1"><caption>C</caption></renderMultiMedia>',
         "<p>[C]</p>"),
        ('<renderMultiMedia referencedObject="none"><caption>C</caption></renderMultiMedia>',
         "<p>C</p>"),
    ],
)  # fmt: skip
def test_what_is_known_is_shown(inside: str, expected: str) -> None:
    assert html(inside) == expected


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        ("<script>alert(1)</script>", "<p>alert(1)</p>"),
        ('<x:script xmlns:x="http://www.w3.org/1999/xhtml">alert(1)</x:script>', "<p>alert(1)</p>"),
        ("<style>p { color: red }</style>", "<p>p { color: red }</p>"),
        ("<![CDATA[<script>alert(1)</script>]]>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"),
        ("&lt;img src=x onerror=alert(1)&gt;", "<p>&lt;img src=x onerror=alert(1)&gt;</p>"),
        ('<paragraph onclick="alert(1)" style="x">a</paragraph>', "<p>a</p>"),
        ('<table onmouseover="alert(1)"><tr><td style="x" ID="y">a</td></tr></table>',
         "<table><tbody><tr><td>a</td></tr></tbody></table>"),
        ('<linkHtml href="javascript:alert(1)">a</linkHtml>', "<p>a</p>"),
        ('<linkHtml href="data:text/html,x">a</linkHtml>', "<p>a</p>"),
        ('<linkHtml href="https://a.fr/&quot;&gt;&lt;script&gt;">a</linkHtml>',
         "<p>a (https://a.fr/&quot;&gt;&lt;script&gt;)</p>"),
        ('<content styleCode="Bold&quot; onclick=&quot;x">a</content>', "<p>a</p>"),
        ('<renderMultiMedia referencedObject="javascript:x"/>', ""),
        ('<table><tbody><tr><td colspan="9999999999999">a</td><td rowspan="-1">b</td>'
         '<td colspan="1 onclick">c</td></tr></tbody></table>',
         '<table><tbody><tr><td colspan="100">a</td><td>b</td><td>c</td></tr></tbody></table>'),
        ('<table><caption>&lt;b&gt;</caption><tr><td>a</td></tr></table>',
         "<table><caption>&lt;b&gt;</caption><tbody><tr><td>a</td></tr></tbody></table>"),
        ("<iframe src='https://a.fr'/>a<object data='x'>b</object>", "<p>ab</p>"),
        ("<x:svg><x:a>dessin</x:a></x:svg>", "<p>dessin</p>"),
    ],
)  # fmt: skip
def test_what_is_hostile_becomes_text(inside: str, expected: str) -> None:
    assert html(inside) == expected


@pytest.mark.parametrize(
    "inside",
    [
        "<table>perdu<tr>ici<td>a</td>là</tr>fin</table>",
        "<list>perdu<item>a</item>ici là fin</list>",
        "<table><tbody>perdu<tr><td>a</td></tr></tbody><item>ici là fin</item></table>",
    ],
)
def test_text_in_the_wrong_place_is_not_lost(inside: str) -> None:
    shown = "".join(map(str, etree.fromstring(f"<div>{html(inside)}</div>").itertext()))
    assert all(word in shown for word in ("perdu", "ici", "là", "fin", "a"))


@pytest.mark.parametrize(
    "name", ["content", "paragraph", "sub", "unknown", "list><item", "footnote"]
)
def test_deep_nesting_costs_nothing_and_loses_nothing(name: str) -> None:
    opening, closing = f"<{name}>", "".join(f"</{part}>" for part in reversed(name.split("><")))
    depth = 240 // (1 + name.count("><"))
    assert "au fond" in html(opening * depth + "au fond" + closing * depth)


def test_nested_tables_stay_within_bounds() -> None:
    inside = "<table><tbody><tr><td>" * 60 + "au fond" + "</td></tr></tbody></table>" * 60
    assert "au fond" in html(inside)


@pytest.mark.parametrize("name", ["paragraph", "content", "list"])
def test_beyond_its_bounds_a_narrative_is_plain_text(name: str) -> None:
    count = MAX_ELEMENTS + 50
    blocks = read("".join(f"<{name}>a{n}z </{name}>" for n in range(count)))
    shown = blocks_html(blocks, lambda _: "")
    assert f"a{count - 1}z" in shown
    assert len(blocks) < count


def test_an_enormous_table_is_cut_and_says_so() -> None:
    rows = MAX_CELLS // 2
    inside = f"<table><tbody>{'<tr><td>a</td><td>b</td><td>c</td></tr>' * rows}</tbody></table>"
    (table,) = read(inside)
    assert isinstance(table, Table)
    assert len(table.body) + table.rows_left_out == rows
    assert table.rows_left_out > 0
    assert f"{table.rows_left_out} lignes ne sont pas affichées" in html(inside)


WORDS = st.text(st.sampled_from("abcé<&>'\"]é漢"), min_size=1, max_size=8)
STYLES = st.frozensets(
    st.sampled_from([Style.BOLD, Style.ITALIC, Style.UNDERLINE, Style.EMPHASIS]), max_size=2
) | st.just(frozenset({Style.SUBSCRIPT}))
RUNS = st.lists(st.builds(Run, WORDS, STYLES), min_size=1, max_size=3).filter(
    lambda runs: all(a.styles != b.styles for a, b in pairwise(runs))
)
PLACES = st.builds(Shown, st.integers(0, 4), WORDS)


def _paragraph(rows: list[list[Run]], shown: list[Shown]) -> Paragraph:
    inlines: list[Inline] = []
    for row in rows:
        inlines += [Break(), *row] if inlines else row
    return Paragraph((*inlines, *shown))


PARAGRAPHS = st.builds(
    _paragraph, st.lists(RUNS, min_size=1, max_size=2), st.lists(PLACES, max_size=1)
)
BLOCKS: st.SearchStrategy[Block] = st.deferred(lambda: PARAGRAPHS | LISTS | TABLES)
MANY = st.lists(BLOCKS, min_size=1, max_size=2).map(tuple)
LISTS: st.SearchStrategy[Listing] = st.builds(
    Listing, st.lists(MANY, min_size=1, max_size=2).map(tuple), st.booleans(), st.just("") | WORDS
)
SPANS = st.integers(1, 3)
CELLS = st.builds(Cell, MANY, st.booleans(), SPANS, SPANS)
HEADS = st.builds(Cell, MANY, st.just(value=True), SPANS, SPANS)


def rows(
    cells: st.SearchStrategy[Cell], least: int
) -> st.SearchStrategy[tuple[tuple[Cell, ...], ...]]:
    row = st.lists(cells, min_size=1, max_size=2).map(tuple)
    return st.lists(row, min_size=least, max_size=2).map(tuple)


TABLES: st.SearchStrategy[Table] = st.builds(
    Table, rows(HEADS, 0), rows(CELLS, 1), rows(CELLS, 0), st.just("") | WORDS
)


@given(MANY)
@settings(max_examples=150, deadline=None)
def test_what_is_written_is_read_back(blocks: tuple[Block, ...]) -> None:
    text = etree.Element(f"{{{V3}}}text")
    write_blocks(text, blocks)
    again = parse(etree.tostring(text))
    assert read_narrative(again, ATTACHED.get) == blocks


@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=60))
def test_no_text_becomes_markup(words: str) -> None:
    shown = blocks_html((paragraph(words),), lambda _: "")
    inside = shown.removeprefix("<p>").removesuffix("</p>").replace("<br>", "")
    assert "<" not in inside
    assert ">" not in inside
