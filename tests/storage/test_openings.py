"""Who opened how many records lately: counted in memory, shared by the table, never by a statement more."""

from __future__ import annotations

import asyncio
import random
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from dmp.acts.keepers import ConcurrentChange
from dmp.domain.access.rules import Opened
from dmp.domain.identifiers import RecordId
from dmp.storage.postgres.recent_openings import Opening, RecentOpenings, person_opener
from dmp.storage.store import Store
from tests.builders import NOW, a_trace
from tests.storage.opened import kept_record, opened, run, working

DOCTOR, PLACE = "810100000017", "1750000016"
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
MOMENT = timedelta(microseconds=1)
ANOTHER = RecordId(uuid4())


def a_record_id() -> RecordId:
    return RecordId(uuid4())


async def _open(
    store: Store,
    record_id: RecordId,
    at: datetime = NOW,
    person: str = DOCTOR,
    structure: str = PLACE,
) -> None:
    async with working(store) as unit:
        unit.openings.note(person, structure, record_id, at)
        await unit.commit([a_trace()])


async def _counted(
    store: Store,
    record_id: RecordId = ANOTHER,
    at: datetime = NOW,
    person: str = DOCTOR,
    structure: str = PLACE,
) -> Opened:
    async with working(store) as unit:
        return await unit.openings.counted(person, structure, record_id, at)


def _numbers(opened: Opened) -> tuple[int, int, int, int]:
    return (
        opened.professional_hour,
        opened.professional_day,
        opened.structure_hour,
        opened.structure_day,
    )


def test_different_records_are_counted_this_one_not(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with opened(database, data_dir) as store:
            one, two, three = (a_record_id() for _ in range(3))
            assert await _counted(store) == Opened()
            for record_id in (one, two, one):
                await _open(store, record_id)
            await _open(store, three, person="a colleague")
            assert await _counted(store) == Opened(
                professional_hour=2, professional_day=2, structure_hour=3, structure_day=3
            )
            seen = await _counted(store, one)
            assert (_numbers(seen), seen.is_new) == ((1, 1, 2, 2), False)
            seen = await _counted(store, three)  # a colleague's: counted for the place, new for him
            assert (_numbers(seen), seen.is_new) == ((2, 2, 2, 2), True)

    run(story())


def test_the_hour_and_the_day_end_at_their_instant(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with opened(database, data_dir) as store:
            record_id = a_record_id()
            await _open(store, record_id)
            for at, expected in (
                (NOW + HOUR - MOMENT, (1, 1, 1, 1)),
                (NOW + HOUR, (0, 1, 0, 1)),
                (NOW + HOUR * 24 - MOMENT, (0, 1, 0, 1)),
            ):
                assert _numbers(await _counted(store, at=at)) == expected
                assert not (await _counted(store, record_id, at)).is_new
            assert (await _counted(store, record_id, NOW + HOUR * 24)).is_new
            await _open(store, record_id, NOW + HOUR * 25)
            assert _numbers(await _counted(store, at=NOW + HOUR * 25)) == (1, 1, 1, 1)

    run(story())


def test_opening_again_moves_the_hour(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with opened(database, data_dir) as store:
            record_id = a_record_id()
            await _open(store, record_id)
            await _open(store, record_id, NOW + MINUTE * 50)
            assert _numbers(await _counted(store, at=NOW + MINUTE * 90)) == (1, 1, 1, 1)
            await _open(store, record_id, NOW + MINUTE * 20)  # late news changes nothing
            assert _numbers(await _counted(store, at=NOW + MINUTE * 109)) == (1, 1, 1, 1)
        async with opened(database, data_dir) as store:  # and so it stands in the table
            assert _numbers(await _counted(store, at=NOW + MINUTE * 109)) == (1, 1, 1, 1)

    run(story())


def test_a_person_and_a_structure_of_one_identifier_are_two(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with opened(database, data_dir) as store:
            await _open(store, a_record_id(), person="7", structure="")
            assert _numbers(await _counted(store, person="7", structure="7")) == (1, 1, 0, 0)
            await _open(store, a_record_id(), person="", structure="7")
            assert _numbers(await _counted(store, person="7", structure="7")) == (1, 1, 1, 1)
            assert await _counted(store, person="", structure="") == Opened()
            record_id = a_record_id()
            await _open(store, record_id, person="", structure="")
            await _open(store, record_id, person="", structure="7")
            assert not (await _counted(store, record_id, person="", structure="7")).is_new

    run(story())


def test_what_is_not_committed_is_not_counted(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with opened(database, data_dir) as store, opened(database, data_dir) as other:
            record = await kept_record(store)
            await _counted(store)
            async with working(store) as unit:  # from now on it is remembered
                await unit.records.by_id(record.record_id)
            async with working(store) as unit, working(other) as changing:
                await unit.records.by_id(record.record_id)
                unit.openings.note(DOCTOR, PLACE, record.record_id, NOW)
                changing.records.change(record)
                await changing.commit([a_trace(record.record_id)])
                with pytest.raises(ConcurrentChange):  # the record was remembered, and changed
                    await unit.commit([a_trace(record.record_id)])
            async with working(store) as unit:
                unit.openings.note(DOCTOR, PLACE, record.record_id, NOW)
                unit.discard()
                await unit.commit([a_trace(record.record_id)])
            assert await _counted(store) == Opened()
        async with opened(database, data_dir) as store:
            assert await _counted(store) == Opened()

    run(story())


def test_an_opening_goes_with_a_write_too(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with opened(database, data_dir) as store:
            record = await kept_record(store)
            async with working(store) as unit:
                unit.openings.note(DOCTOR, PLACE, record.record_id, NOW)
                unit.records.change(record)
                await unit.commit([a_trace(record.record_id)])
            assert _numbers(await _counted(store)) == (1, 1, 1, 1)

    run(story())


def test_other_processes_are_heard_of_within_seconds(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with opened(database, data_dir) as store, opened(database, data_dir) as other:
            await _counted(store)
            await _open(other, a_record_id())
            assert _numbers(await _counted(store, at=NOW + timedelta(seconds=4))) == (0, 0, 0, 0)
            later = NOW + timedelta(seconds=5)
            assert _numbers(await _counted(store, at=later)) == (1, 1, 1, 1)
            # Dated before the last refresh, committed after it.
            await _open(other, a_record_id(), NOW + timedelta(seconds=2))
            assert _numbers(await _counted(store, at=later + timedelta(seconds=5))) == (2, 2, 2, 2)
            # A process that begins reads everything at once.
            async with opened(database, data_dir) as third:
                assert _numbers(await _counted(third, at=later)) == (2, 2, 2, 2)

    run(story())


def test_many_openings_at_once_are_all_counted(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with opened(database, data_dir) as store, opened(database, data_dir) as other:
            records = [a_record_id() for _ in range(30)]
            people = [f"p{rank}" for rank in range(6)]
            for each in (store, other):
                for person in people:
                    await _counted(each, person=person)

            async def one(rank: int) -> None:
                each = (store, other)[rank % 2]
                await _open(each, records[rank % 30], person=people[rank % 6])

            ranks = list(range(90))
            random.Random(3).shuffle(ranks)  # noqa: S311 - an order, not a secret
            await asyncio.gather(*map(one, ranks))
            later = NOW + timedelta(seconds=5)
            for each in (store, other):
                seen = await _counted(each, at=later, person=people[1])
                assert _numbers(seen) == (5, 5, 30, 30)

    run(story())


def test_the_sweep_forgets_what_is_a_day_old(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with opened(database, data_dir) as store:
            await _open(store, a_record_id())
            await _open(store, a_record_id(), NOW + HOUR)
            assert await store.forget_openings(NOW + HOUR * 24 - MOMENT) == 0
            assert await store.forget_openings(NOW + HOUR * 24) == 2
            with psycopg.connect(database) as connection:
                left = connection.execute("SELECT count(*) FROM record_opening").fetchone()
                assert left == (2,)

    run(story())


def test_the_memory_says_what_counting_from_scratch_says() -> None:
    draw = random.Random(11)  # noqa: S311 - reproducible
    recent = RecentOpenings()
    recent.learned(["a"], [])
    records = [a_record_id() for _ in range(12)]
    last: dict[RecordId, datetime] = {}
    at = NOW
    for _ in range(3000):
        at += timedelta(minutes=draw.randrange(0, 40))
        record_id = draw.choice(records)
        when = at - timedelta(minutes=draw.randrange(0, 30))
        recent.add([Opening("a", record_id, when), Opening("unknown", record_id, when)])
        last[record_id] = max(when, last.get(record_id, when))
        recent.use(["a"], at)
        expected = [
            sum(r != records[0] and t > at - span for r, t in last.items())
            for span in (HOUR, HOUR * 24)
        ]
        assert list(recent.counts("a", records[0], at)) == expected
    assert recent.counts("unknown", records[0], at) == (0, 0)


def test_the_memory_is_bounded_and_never_drops_who_is_being_counted() -> None:
    recent = RecentOpenings(bound=50)
    for rank in range(40):
        opener = person_opener(str(rank))
        recent.learned([opener], [Opening(opener, a_record_id(), NOW) for _ in range(10)])
        recent.use([opener], NOW)
        assert recent.counts(opener, ANOTHER, NOW) == (10, 10)
    known = [person_opener(str(rank)) for rank in range(40)]
    assert len(recent.unknown(known)) == 36
    large = ["large", "also"]
    recent.learned(large, [Opening(o, a_record_id(), NOW) for o in large for _ in range(80)])
    recent.use(large, NOW)
    assert recent.unknown(known) == known
    assert [recent.counts(o, ANOTHER, NOW) for o in large] == [(80, 80)] * 2
