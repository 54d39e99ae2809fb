"""Slips: kept whole and sealed, changed at the version that was read, found by a code or an addressee."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from dmp.acts.keepers import ConcurrentChange
from dmp.domain.arranging.arrangement import Arrangement, Folder
from dmp.domain.record.health_record import HealthRecord
from dmp.domain.record.recent_patient import RecentPatient
from dmp.storage.postgres.slip_kinds import KINDS, kind_of
from dmp.storage.sealing import ContentDamaged
from dmp.storage.store import Store
from tests.builders import NOW, a_trace
from tests.storage.opened import kept_record, opened, run, working

FOLDER = Folder(folder_id=uuid4(), name="Grossesse de 2031", documents=(uuid4(),))
SLIP = Arrangement(folders=(FOLDER,))


async def _keep(store: Store, record: HealthRecord, slip: Arrangement, **keys: str) -> None:
    async with working(store) as unit:
        await unit.slips.of_record(record.record_id, Arrangement)
        unit.slips.keep(record.record_id, slip, **keys)
        await unit.commit([a_trace(record.record_id)])


def test_a_slip_is_kept_changed_and_removed(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with opened(database, data_dir) as store:
            record = await kept_record(store)
            for slip in (SLIP, replace(SLIP, pins=(uuid4(),))):
                await _keep(store, record, slip)
                async with working(store) as unit:
                    assert await unit.slips.of_record(record.record_id, Arrangement) == [slip]
                    found = await unit.slips.one(record.record_id, Arrangement, slip.slip_id)
                    assert found == slip
            async with working(store) as unit:
                (kept,) = await unit.slips.of_record(record.record_id, Arrangement)
                unit.slips.remove(record.record_id, kept)
                await unit.commit([a_trace(record.record_id)])
            async with working(store) as unit:
                assert await unit.slips.of_record(record.record_id, Arrangement) == []

    run(story())


def test_nothing_of_a_slip_is_readable_at_rest(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with opened(database, data_dir) as store:
            await _keep(store, await kept_record(store), SLIP)

    run(story())
    with psycopg.connect(database) as connection:
        row = connection.execute("SELECT record_slip::text FROM record_slip").fetchone()
    assert row is not None
    assert b"Grossesse".hex() not in str(row[0])


def test_a_slip_moved_to_another_name_does_not_open(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with opened(database, data_dir) as store:
            record = await kept_record(store)
            await _keep(store, record, SLIP)
            other = uuid4()
            with psycopg.connect(database) as connection:
                connection.execute("UPDATE record_slip SET slip_id = %s", (other,))
            async with working(store) as unit:
                with pytest.raises(ContentDamaged):
                    await unit.slips.one(record.record_id, Arrangement, other)

    run(story())


def test_of_two_changes_at_once_one_wins(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with opened(database, data_dir) as store:
            record = await kept_record(store)
            await _keep(store, record, SLIP)
            async with working(store) as late:
                await late.slips.of_record(record.record_id, Arrangement)
                await _keep(store, record, replace(SLIP, pins=(uuid4(),)))
                late.slips.keep(record.record_id, replace(SLIP, folders=()))
                with pytest.raises(ConcurrentChange):
                    await late.commit([a_trace(record.record_id)])
            async with working(store) as unseen:
                unseen.slips.keep(record.record_id, SLIP)
                with pytest.raises(ConcurrentChange):
                    await unseen.commit([a_trace(record.record_id)])

    run(story())


def test_a_slip_is_found_by_its_code_and_by_whom_it_waits_for(
    database: str, data_dir: Path
) -> None:
    async def story() -> None:
        async with opened(database, data_dir) as store:
            record = await kept_record(store)
            await _keep(store, record, SLIP, code_digest="abc", addressee="operator")
            async with working(store) as unit:
                assert await unit.slips.by_code("abc", Arrangement) == (record, SLIP)
                assert await unit.slips.by_code("abd", Arrangement) is None
                waiting = await unit.slips.addressed_to("operator", Arrangement, 5)
                assert waiting == [(record.record_id, SLIP)]
            await _keep(store, record, SLIP)
            async with working(store) as unit:
                assert await unit.slips.by_code("abc", Arrangement) is None
                assert await unit.slips.addressed_to("operator", Arrangement, 5) == []

    run(story())


def test_slips_of_an_owner(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with opened(database, data_dir) as store:
            slips = [RecentPatient(slip_id=uuid4(), opened_at=NOW) for _ in range(3)]
            async with working(store) as unit:
                for slip in slips:
                    unit.own_slips.keep("p1", slip)
                await unit.commit([a_trace()])
            async with working(store) as unit:
                known = await unit.own_slips.of_owner("p1", RecentPatient, 2)
                newest = sorted(slips, key=lambda slip: slip.slip_id)[:0:-1]
                assert known == newest
                assert await unit.own_slips.of_owner("p2", RecentPatient, 2) == []
                unit.own_slips.remove("p1", known[0])
                await unit.commit([a_trace()])
            async with working(store) as unit:
                assert await unit.own_slips.one("p1", RecentPatient, known[0].slip_id) is None
                assert await unit.own_slips.one("p1", RecentPatient, known[1].slip_id) == known[1]

    run(story())


def test_kinds_have_words_of_their_own() -> None:
    assert len(set(KINDS.values())) == len(KINDS)
    with pytest.raises(LookupError):
        kind_of(str)
