"""The life of a record: every transition, every refusal, and the dates the law sets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import RecordId
from dmp.domain.record.calendar import months_after, years_after
from dmp.domain.record.health_record import (
    Channel,
    ClosingMotive,
    HealthRecord,
    State,
    Step,
    ask_erasure,
    cancel_erasure,
    close,
    destroyed,
    informed,
    open_existing,
    opened,
    refuse,
    refused,
    reopen,
    suspend,
)
from dmp.domain.record.preferences import Block, Preferences
from tests.domain.samples import INS, NOW, TRAITS, consent, relations, step, uuid

RECORD = RecordId(uuid(1))
OPEN = opened(RECORD, INS, TRAITS, step())
AUTOMATIC = Channel.AUTOMATIC


def shut(record: HealthRecord, at: Step) -> HealthRecord:
    return close(record, at, ClosingMotive.HOLDER_REQUEST, "")


RECORDS: dict[State, HealthRecord] = {
    State.INFORMED: informed(RECORD, INS, TRAITS, step()),
    State.OPEN: OPEN,
    State.REFUSED: refused(RECORD, INS, TRAITS, step()),
    State.SUSPENDED: suspend(OPEN, step()),
    State.CLOSED: shut(OPEN, step()),
    State.ERASURE_PENDING: ask_erasure(OPEN, step()),
    State.DESTROYED: destroyed(shut(OPEN, step()), step(years_after(NOW, 10))),
}
FAR = step(NOW + timedelta(days=365 * 12))
MOVES: dict[str, tuple[Callable[[HealthRecord, Step], HealthRecord], dict[State, State]]] = {
    "open": (open_existing, {State.INFORMED: State.OPEN, State.REFUSED: State.OPEN}),
    "refuse": (refuse, {State.INFORMED: State.REFUSED}),
    "suspend": (suspend, {State.OPEN: State.SUSPENDED}),
    "close": (shut, {State.OPEN: State.CLOSED, State.SUSPENDED: State.CLOSED}),
    "reopen": (
        reopen,
        {
            State.CLOSED: State.OPEN,
            State.SUSPENDED: State.OPEN,
            State.ERASURE_PENDING: State.OPEN,
        },
    ),
    "ask erasure": (
        ask_erasure,
        {State.OPEN: State.ERASURE_PENDING, State.CLOSED: State.ERASURE_PENDING},
    ),
    "cancel erasure": (cancel_erasure, {State.ERASURE_PENDING: State.CLOSED}),
    "destroy": (
        destroyed,
        {State.CLOSED: State.DESTROYED, State.ERASURE_PENDING: State.DESTROYED},
    ),
}


@pytest.mark.parametrize("start", list(State))
@pytest.mark.parametrize("name", list(MOVES))
def test_every_transition_is_made_or_refused(name: str, start: State) -> None:
    move, allowed = MOVES[name]
    before = RECORDS[start]
    assert before.state is start
    if start in allowed:
        after = move(before, FAR)
        assert after.state is allowed[start]
        assert after.steps[:-1] == before.steps
        assert after.steps[-1].state is after.state
        assert after.steps[-1].at == FAR.at
    else:
        with pytest.raises(Refused) as caught:
            move(before, FAR)
        expected = {Reason.TRANSITION_NOT_POSSIBLE, Reason.RECORD_ALREADY_OPEN}
        assert caught.value.reason in expected


@pytest.mark.parametrize("consent_text", ["", "   "])
def test_nothing_opens_without_a_stated_consent(consent_text: str) -> None:
    silent = step(consent=consent_text)
    with pytest.raises(Refused) as at_first:
        opened(RECORD, INS, TRAITS, silent)
    with pytest.raises(Refused) as after_refusal:
        open_existing(RECORDS[State.REFUSED], silent)
    with pytest.raises(Refused) as after_closure:
        reopen(RECORDS[State.CLOSED], silent)
    for caught in (at_first, after_refusal, after_closure):
        assert caught.value.reason is Reason.CONSENT_MISSING


@pytest.mark.parametrize("move", [reopen, ask_erasure])
def test_nobody_acts_online_for_the_deceased(
    move: Callable[[HealthRecord, Step], HealthRecord],
) -> None:
    dead = close(RECORDS[State.OPEN], step(), ClosingMotive.DEATH, "")
    with pytest.raises(Refused) as caught:
        move(dead, step(channel=Channel.ONLINE))
    assert caught.value.reason is Reason.RECORD_CLOSED
    assert move(dead, step(channel=Channel.DESK)).state is not State.CLOSED


def test_the_law_opens_after_six_weeks_and_not_a_second_before() -> None:
    waiting = RECORDS[State.INFORMED]
    due = NOW + timedelta(days=42)
    assert waiting.due_at == due
    with pytest.raises(Refused):
        open_existing(waiting, step(due - timedelta(seconds=1), AUTOMATIC, ""))
    assert open_existing(waiting, step(due, AUTOMATIC, "")).state is State.OPEN


def test_a_refusal_is_not_undone_by_the_law() -> None:
    objected = refuse(RECORDS[State.INFORMED], step())
    assert objected.due_at is None
    with pytest.raises(Refused):
        open_existing(objected, step(NOW + timedelta(days=100), AUTOMATIC, ""))
    assert open_existing(objected, step(channel=Channel.DESK)).state is State.OPEN


def test_a_closed_record_is_kept_ten_years_and_then_destroyed() -> None:
    closed = RECORDS[State.CLOSED]
    assert closed.closure is not None
    assert closed.due_at == closed.closure.archive_until == datetime(2036, 3, 2, 9, 0, tzinfo=UTC)
    with pytest.raises(Refused):
        destroyed(closed, step(closed.closure.archive_until - timedelta(seconds=1)))
    assert destroyed(closed, step(closed.closure.archive_until)).state is State.DESTROYED


def test_an_erasure_is_done_within_three_months_and_can_be_cancelled_until_then() -> None:
    asked = RECORDS[State.ERASURE_PENDING]
    assert asked.erase_by == datetime(2026, 6, 2, 9, 0, tzinfo=UTC)
    back = cancel_erasure(asked, step())
    assert back.state is State.CLOSED
    assert back.erase_by is None
    assert back.due_at == years_after(NOW, 10)


def test_an_erasure_asked_of_a_closed_record_keeps_its_closure() -> None:
    closed = shut(OPEN, step())
    later = step(NOW + timedelta(days=30))
    assert ask_erasure(closed, later).closure == closed.closure


def test_reopening_finds_everything_again() -> None:
    lived_in = replace(
        OPEN,
        preferences=Preferences(
            blocks=(Block(person_id="8x", name="B", start=NOW, by="h"),), mask_new_documents=True
        ),
        relations=relations(consent(), attending="8y", parent=True),
    )
    back = reopen(shut(lived_in, step()), step(NOW + timedelta(days=3000)))
    assert (back.preferences, back.relations) == (lived_in.preferences, lived_in.relations)
    assert (back.closure, back.erase_by, back.due_at) == (None, None, None)


def test_a_suspension_ends_after_six_weeks_without_opposition() -> None:
    assert RECORDS[State.SUSPENDED].due_at == NOW + timedelta(days=42)


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ((2026, 1, 31), 1, (2026, 2, 28)),
        ((2028, 1, 31), 1, (2028, 2, 29)),
        ((2026, 11, 30), 3, (2027, 2, 28)),
        ((2026, 8, 31), 3, (2026, 11, 30)),
        ((2026, 12, 1), 1, (2027, 1, 1)),
        ((2026, 3, 15), 3, (2026, 6, 15)),
    ],
)
def test_months(start: tuple[int, int, int], months: int, end: tuple[int, int, int]) -> None:
    assert months_after(datetime(*start, tzinfo=UTC), months) == datetime(*end, tzinfo=UTC)


def test_ten_years_after_the_29th_of_february() -> None:
    assert years_after(datetime(2028, 2, 29, tzinfo=UTC), 10) == datetime(2038, 2, 28, tzinfo=UTC)
    assert years_after(datetime(2028, 2, 29, tzinfo=UTC), 4) == datetime(2032, 2, 29, tzinfo=UTC)


@given(
    st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001  # bounds are naive by hypothesis' rule
    st.integers(1, 48),
)
def test_months_never_skip_one(start: datetime, months: int) -> None:
    end = months_after(start, months)
    assert (end.year * 12 + end.month) - (start.year * 12 + start.month) == months
    assert end.day <= start.day
    assert end.time() == start.time()
