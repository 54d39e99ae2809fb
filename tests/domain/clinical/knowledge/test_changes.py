"""What an edition changes, and which editions are refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from dmp.domain.clinical.knowledge.assembly import in_force
from dmp.domain.clinical.knowledge.changes import EditionRefused, compared, may_take_place
from dmp.domain.clinical.knowledge.contents import COLUMNS, KEYS, Content, Row
from dmp.domain.clinical.knowledge.editions import Edition, ReferenceKind
from dmp.domain.clinical.knowledge.pack.shipped import shipped

TODAY = date(2026, 11, 27)


def edition(
    kind: ReferenceKind = ReferenceKind.NABM, *, on: date = TODAY, entries: int = 100
) -> Edition:
    return Edition(kind=kind, on=on, label="Une édition", entries=entries)


def content(kind: ReferenceKind, table: str, *rows: Row) -> Content:
    return Content(edition=edition(kind), tables={table: rows})


def pair(a: str, b: str, levels: str, conduct: str = "") -> Row:
    return (a, b, a.upper(), b.upper(), levels, "mécanisme", conduct, "")


def test_a_changed_level_is_told_before_a_changed_text() -> None:
    before = content(
        ReferenceKind.ANSM,
        "pairs",
        pair("a", "b", "PE", "x"),
        pair("c", "d", "PE"),
        pair("e", "f", "CI"),
    )
    after = content(
        ReferenceKind.ANSM,
        "pairs",
        pair("b", "a", "PE", "y"),
        pair("c", "d", "CI"),
        pair("g", "h", "CI"),
    )
    found = compared(before, after)
    assert (found.added, found.removed, found.changed, found.levels) == (1, 1, 2, 1)
    assert [(c.key, c.before, c.after) for c in found.examples] == [
        ("c × d", "PE", "CI"),
        ("a × b", "x", "y"),
    ]


def test_the_same_pairs_in_another_order_are_the_same() -> None:
    before = content(ReferenceKind.ANSM, "pairs", pair("a", "b", "PE"))
    assert not compared(before, content(ReferenceKind.ANSM, "pairs", pair("b", "a", "PE")))


def test_everything_is_added_to_nothing() -> None:
    after = content(ReferenceKind.NABM, "acts", ("1", "Un", ""), ("2", "Deux", "1"))
    assert compared(None, after).added == 2


@pytest.mark.parametrize(
    ("offered", "in_place", "word"),
    [
        (edition(on=date(2025, 1, 1)), edition(), "older"),
        (edition(on=date(2027, 1, 1)), None, "future"),
        (edition(entries=0), None, "no entry"),
        (edition(entries=49), edition(), "cut short"),
    ],
)
def test_what_may_not_take_the_place_is_refused_with_the_reason(
    offered: Edition, in_place: Edition | None, word: str
) -> None:
    with pytest.raises(EditionRefused, match=word):
        may_take_place(offered, in_place, TODAY)


def test_a_smaller_edition_is_taken_when_it_is_wanted() -> None:
    may_take_place(edition(entries=49), edition(), TODAY, accept_smaller=True)
    may_take_place(edition(entries=50), edition(), TODAY)


def test_a_loaded_table_of_rules_leaves_the_other_table() -> None:
    rules = content(ReferenceKind.RULES, "redundancy")
    chosen = in_force(shipped(), {ReferenceKind.RULES: rules})[ReferenceKind.RULES]
    assert chosen.rows("redundancy") == ()
    assert chosen.rows("follow_up") == shipped()[ReferenceKind.RULES].rows("follow_up")


def test_every_kind_has_its_columns_and_every_shipped_row_has_them() -> None:
    assert set(COLUMNS) == set(KEYS) == set(ReferenceKind)
    for kind, one in shipped().items():
        assert one.edition == replace(one.edition, entries=len(one.rows(KEYS[kind][0])))
        for table, rows in one.tables.items():
            assert {len(row) for row in rows} == {len(COLUMNS[kind][table])}, (kind, table)
