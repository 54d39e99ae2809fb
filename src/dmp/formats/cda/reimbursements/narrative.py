"""What people read of a section: a table with a row for each line, or the sentence that there is none.

Source: CI-SIS, CNAM-HR 2021.01: the first cell of a row holds an H where the care fell within a stay.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from lxml import etree

from dmp.formats.cda.reimbursements.sections import LABELS, SectionModel, Told
from dmp.formats.cda.writing.elements import add, clean

NOTHING: Final = "Aucune donnée de remboursement connue dans la période"
IN_STAY: Final = "H"


def write_table(section: etree._Element, model: SectionModel, told: Sequence[Told]) -> None:
    """Append the text of a section with lines."""
    table = add(add(section, "text"), "table", border="0")
    heads = add(add(table, "thead"), "tr")
    for at, (name, _) in enumerate(model.columns):
        add(heads, "th", name, colspan="2" if model.marks_stays and at == 0 else "")
    body = add(table, "tbody")
    for one in told:
        row = add(body, "tr")
        if model.marks_stays:
            add(row, "td", IN_STAY if one.in_stay else None)
        for name, words in model.columns:
            cell = add(row, "td")
            if name in LABELS:
                add(cell, "content", words(one), ID=one.anchor)
            else:
                write_lines(cell, words(one))


def write_nothing(section: etree._Element, model: SectionModel) -> None:
    """Append the text of a section without lines."""
    add(section, "text", NOTHING, ID=model.nothing)


def write_lines(parent: etree._Element, words: str) -> None:
    """Words in an element, a break where a line ends."""
    first, *others = words.split("\n")
    parent.text = clean(first) or None
    for line in others:
        add(parent, "br").tail = clean(line)
