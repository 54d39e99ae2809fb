"""What stands of the lines of the insurance: order is nothing, negative rows cancel, the window moves."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dmp.domain.claims.history import (
    code_of,
    digest_of,
    is_in_view,
    is_vaccine,
    people_of,
    standing,
    window,
)
from dmp.domain.claims.reimbursement import Kind, Reimbursement, System
from dmp.domain.clinical.knowledge.knowledge import Knowledge
from tests.builders.claims import (
    CLINIC,
    PERFORMER,
    PHARMACY,
    PRESCRIBER,
    TETANUS,
    a_line,
    a_stay,
    an_act,
    some_knowledge,
)

_DAYS = [date(2026, 1, day) for day in (1, 2, 31)]
LINES = st.builds(
    a_line,
    line_id=st.uuids(),
    kind=st.sampled_from((Kind.MEDICINE, Kind.CARE)),
    code=st.sampled_from(("A", "B")),
    start=st.sampled_from(_DAYS),
    quantity=st.sampled_from((-2, -1, -0.1, 0.1, 0.2, 1, 2, 3)),
    performer=st.sampled_from(("", PERFORMER)),
    flow=st.sampled_from((None, date(2026, 2, 1), date(2026, 3, 1))),
)


@given(st.lists(LINES, max_size=30, unique_by=lambda line: line.line_id), st.randoms())
def test_the_order_of_the_lines_does_not_matter(
    lines: list[Reimbursement], shuffler: random.Random
) -> None:
    mixed = list(lines)
    shuffler.shuffle(mixed)
    assert standing(mixed) == standing(lines)
    assert digest_of(standing(mixed)) == digest_of(standing(lines))


@given(st.lists(LINES, max_size=30))
def test_what_stands_is_positive_and_stands_again(lines: list[Reimbursement]) -> None:
    found = standing(lines)
    assert all(line.quantity > 0 for line in found)
    assert standing(found) == found
    assert [line.start for line in found] == sorted((line.start for line in found), reverse=True)


@given(st.lists(LINES, max_size=15))
def test_everything_cancelled_leaves_nothing(lines: list[Reimbursement]) -> None:
    cancelling = [line._replace(line_id=uuid4(), quantity=-line.quantity) for line in lines]
    assert standing([*lines, *cancelling]) == ()


@given(st.lists(LINES, max_size=15), LINES)
def test_cancelled_and_sent_again_is_as_sent_once(
    others: list[Reimbursement], line: Reimbursement
) -> None:
    sent = line._replace(quantity=1, flow=date(2026, 2, 1))
    cancelled = sent._replace(line_id=uuid4(), quantity=-1, flow=date(2026, 3, 1))
    again = sent._replace(line_id=uuid4(), flow=date(2026, 4, 1))
    once, corrected = standing([*others, sent]), standing([*others, sent, cancelled, again])
    assert sorted(map(_care, corrected)) == sorted(map(_care, once))


def _care(line: Reimbursement) -> tuple[str, str, date, str, float]:
    return line.kind, line.code, line.start, line.performer, line.quantity


def test_a_correction_says_what_it_corrects() -> None:
    sent = a_line(prescribed_on=date(2026, 2, 1), flow=date(2026, 2, 20))
    cancelled = sent._replace(line_id=uuid4(), quantity=-1, flow=date(2026, 3, 20))
    corrected = sent._replace(
        line_id=uuid4(), prescribed_on=date(2026, 2, 9), flow=date(2026, 3, 20)
    )
    assert standing([corrected, cancelled, sent]) == (corrected,)


def test_equal_lines_are_one_with_the_sum() -> None:
    found = standing([a_line(quantity=2), a_line(quantity=1, line_id=UUID(int=2**128 - 1))])
    assert [line.quantity for line in found] == [3]


def test_the_rest_of_a_sum_of_decimals_is_none() -> None:
    assert standing([a_line(quantity=0.1), a_line(quantity=0.2), a_line(quantity=-0.3)]) == ()


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": Kind.DEVICE},
        {"system": System.UCD},
        {"code": TETANUS},
        {"start": date(2026, 2, 11)},
        {"nature": "3314"},
        {"performer": PERFORMER},
        {"prescriber": ""},
        {"place": CLINIC},
    ],
)
def test_what_differs_in_one_thing_is_another_care(changes: dict[str, object]) -> None:
    assert len(standing([a_line(), a_line(**changes)])) == 2
    assert standing([a_line(), a_line(quantity=-1, **changes)])[0].quantity == 1


def test_the_window_is_in_local_days_and_whole_months() -> None:
    late = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)  # already the second in Paris
    assert window(late, 24) == (date(2024, 3, 2), date(2026, 3, 2))
    assert window(datetime(2026, 3, 31, 12, tzinfo=UTC), 1) == (
        date(2026, 2, 28),
        date(2026, 3, 31),
    )


def test_what_is_in_view() -> None:
    start, end = date(2026, 1, 1), date(2026, 1, 31)
    day = timedelta(days=1)
    assert is_in_view(an_act(start=start), start, end)
    assert is_in_view(an_act(start=end), start, end)
    assert not is_in_view(an_act(start=start - day), start, end)
    assert not is_in_view(an_act(start=end + day), start, end)
    assert is_in_view(a_stay(start=start - 3 * day, end=start), start, end)
    assert not is_in_view(a_stay(start=start - 3 * day, end=start - day), start, end)
    lasting = a_line(kind=Kind.LONG_TERM, system=System.CIM10, code="E11", start=date(2001, 1, 1))
    assert is_in_view(lasting, start, end)
    assert not is_in_view(lasting._replace(end=start - day), start, end)


def test_the_digest_changes_with_what_is_said_and_with_nothing_else() -> None:
    line = a_line()
    same = line._replace(line_id=uuid4(), flow=date(2026, 9, 1))
    assert digest_of([line]) == digest_of([same])
    for changed in (
        line._replace(quantity=2),
        line._replace(end=line.start),
        line._replace(prescriber=PERFORMER),
    ):
        assert digest_of([changed]) != digest_of([line])
    assert digest_of([line, line]) != digest_of([line])


def test_laboratory_codes_lose_their_leading_zeros() -> None:
    tests = {"kind": Kind.BIOLOGY, "system": System.NABM}
    assert code_of(a_line(code="0552", **tests)).code == "552"
    assert code_of(a_line(code="0000", **tests)).code == "0000"


def test_vaccines_are_told_by_their_atc_code() -> None:
    assert is_vaccine(a_line(code=TETANUS), some_knowledge())
    assert not is_vaccine(a_line(), some_knowledge())
    assert not is_vaccine(a_line(code=TETANUS), Knowledge())
    assert not is_vaccine(a_line(kind=Kind.DEVICE, code=TETANUS), some_knowledge())


def test_people_are_those_whom_the_lines_name() -> None:
    assert people_of([a_line(), an_act()]) == {PRESCRIBER, PHARMACY, CLINIC, PERFORMER}
    assert people_of([a_line(prescriber="", place="", prescriber_place="")]) == set()
