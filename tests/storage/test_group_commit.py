"""Many commits at once: all durable, one guilty only, nobody waits for ever, few statements."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest

from dmp.acts.keepers import ConcurrentChange
from dmp.domain.access.filter import Scope
from dmp.domain.documents.query import DocumentQuery
from dmp.domain.errors import Reason, Refused
from dmp.storage.embedded import start
from tests.builders import a_content, a_step, a_trace, an_ins
from tests.storage.opened import deposited, kept_record, opened, run, working


def test_thirty_two_deposits_at_once_through_four_connections(
    database: str, data_dir: Path
) -> None:
    async def story() -> None:
        async with opened(database, data_dir, pool_size=4) as store:
            records = [await kept_record(store, ins=an_ins(i)) for i in range(8)]
            contents = [a_content(2000, str(i)) for i in range(32)]
            entries = await asyncio.gather(
                *(deposited(store, records[i % 8], contents[i]) for i in range(32))
            )
            async with working(store) as unit:
                for entry, content in zip(entries, contents, strict=True):
                    assert await unit.documents.content(entry) == content
                for record in records:
                    page = await unit.documents.find(record.record_id, DocumentQuery(), Scope())
                    assert page.total == 4
                    traces = await unit.traces.of_record(record.record_id, 10)
                    assert len(traces.traces) == 5
            assert list(await store.check()) == []

    run(story())


def test_only_the_guilty_of_a_batch_is_refused(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with opened(database, data_dir) as store:
            record = await kept_record(store)
            taken = await deposited(store, record)

            async def attempt(rank: int) -> object:
                unique: dict[str, Any] = {"unique_id": taken.unique_id} if rank == 5 else {}
                return await deposited(store, record, a_content(100, str(rank)), **unique)

            results = await asyncio.gather(*map(attempt, range(12)), return_exceptions=True)
            assert [isinstance(r, ConcurrentChange) for r in results] == [
                rank == 5 for rank in range(12)
            ]
            async with working(store) as unit:
                page = await unit.documents.find(record.record_id, DocumentQuery(), Scope())
                assert page.total == 12

    run(story())


def test_of_two_changes_in_one_batch_one_wins(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with opened(database, data_dir) as store:
            record = await kept_record(store)

            async def change() -> None:
                async with working(store) as unit:
                    unit.records.change(replace(record, steps=(*record.steps, a_step())))
                    await unit.commit([a_trace(record.record_id)])

            results = await asyncio.gather(*(change() for _ in range(6)), return_exceptions=True)
            assert sorted(map(str, map(type, results))) == sorted(
                [str(type(None))] + [str(ConcurrentChange)] * 5
            )
            async with working(store) as unit:
                found = await unit.records.by_id(record.record_id)
                assert found is not None and found.version == 2

    run(story())


def test_a_waiter_that_goes_away_does_not_spoil_the_others(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with opened(database, data_dir) as store:
            record = await kept_record(store)
            tasks = [
                asyncio.create_task(deposited(store, record, a_content(50_000, str(i))))
                for i in range(12)
            ]
            for _ in range(8):
                await asyncio.sleep(0)
            for task in tasks[::3]:
                task.cancel()
            results = await asyncio.gather(*tasks, return_exceptions=True)
            async with working(store) as unit:
                for result in results:
                    if isinstance(result, BaseException):
                        assert isinstance(result, asyncio.CancelledError)
                    else:
                        assert len(await unit.documents.content(result)) == 50_000
            assert sum(not isinstance(r, BaseException) for r in results) >= 8
            assert list(await store.check()) == []

    run(story())


def test_a_lost_connection_is_opened_again(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with opened(database, data_dir) as store:
            record = await kept_record(store)
            async with working(store) as unit:
                await unit.commit([a_trace(record.record_id)])
            with psycopg.connect(database, autocommit=True) as admin:
                admin.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            outcomes: list[Reason | None] = []
            for _ in range(12):
                try:
                    await deposited(store, record)
                    async with working(store) as unit:
                        await unit.commit([a_trace(record.record_id)])
                except Refused as refusal:
                    outcomes.append(refusal.reason)
                else:
                    outcomes.append(None)
            assert outcomes[-1] is None
            assert set(outcomes) <= {None, Reason.UNAVAILABLE}
            assert list(await store.check()) == []

    run(story())


def test_without_its_database_an_act_is_refused_and_works_again_after(
    short_path: Path, data_dir: Path
) -> None:
    server = start(short_path)

    async def story() -> None:
        async with opened(server.dsn, data_dir) as store:
            record = await kept_record(store)
            await asyncio.to_thread(server.stop)
            for _ in range(2):
                with pytest.raises(Refused) as refused:
                    await deposited(store, record)
                assert refused.value.reason is Reason.UNAVAILABLE
                async with working(store) as unit:
                    with pytest.raises(Refused):
                        await unit.commit([a_trace(record.record_id)])
            again = await asyncio.to_thread(start, short_path)
            try:
                assert again.dsn == server.dsn
                await _eventually_deposits(store, record)
            finally:
                await store.close()
                await asyncio.to_thread(again.stop)

    try:
        run(story())
    finally:
        server.stop()


@pytest.fixture
def short_path() -> Iterator[Path]:
    """A folder whose socket keeps its address from one start to the next."""
    folder = Path(tempfile.mkdtemp(prefix="dmp-test-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)


async def _eventually_deposits(store: Any, record: Any) -> None:
    for _ in range(20):
        try:
            entry = await deposited(store, record, a_content(500))
        except Refused:
            await asyncio.sleep(0.05)
            continue
        async with working(store) as unit:
            assert await unit.documents.content(entry) == a_content(500)
        return
    raise AssertionError("the store did not come back with its database")
