"""How many statements an act sends: counted, never guessed."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from dmp.acts.keepers import TraceView
from dmp.domain.access.filter import Scope
from dmp.domain.access.rules import Opened
from dmp.domain.documents.entry import DocumentEntry
from dmp.domain.documents.query import DocumentQuery
from dmp.domain.identifiers import UniqueId
from tests.builders import (
    NOW,
    a_content,
    a_notice,
    a_trace,
    an_emergency,
    an_entry,
    an_ins,
    changed,
)
from tests.storage.opened import deposited, kept_record, opened, run, working


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Every statement that an act sends to the database; the sealer works for all."""
    seen: list[str] = []
    execute = psycopg.AsyncCursor.execute

    async def counted(self: Any, query: Any, *arguments: Any, **options: Any) -> Any:
        task = asyncio.current_task()
        if task is None or task.get_name() != "dmp-sealer":
            seen.append(query.decode() if isinstance(query, bytes) else str(query))
        return await execute(self, query, *arguments, **options)

    monkeypatch.setattr(psycopg.AsyncCursor, "execute", counted)
    yield seen


def test_a_list_takes_one_read_and_its_trace_verifies_the_record(
    database: str, data_dir: Path, statements: list[str]
) -> None:
    async def story() -> None:
        async with opened(database, data_dir) as store:
            record = await kept_record(store)
            for _ in range(3):
                await deposited(store, record)
            async with working(store) as unit:  # the record is read once per process
                await unit.records.by_ins(record.ins)
                await unit.commit([a_trace(record.record_id)])
            statements.clear()
            async with working(store) as unit:
                found = await unit.records.by_ins(record.ins)
                assert found is not None
                page = await unit.documents.find_ready(
                    found.record_id, DocumentQuery(), Scope(), "http://127.0.0.1/"
                )
                assert page.total == 3
                assert len(statements) == 1
                await unit.commit([a_trace(record.record_id)])
            assert len(statements) == 4

    run(story())


def test_sixteen_deposits_share_their_statements(
    database: str, data_dir: Path, statements: list[str]
) -> None:
    async def story() -> None:
        async with opened(database, data_dir) as store:
            record = await kept_record(store)
            await deposited(store, record)
            async with working(store) as unit:
                for _ in range(16):
                    content = a_content(200)
                    unit.documents.add(an_entry(record.record_id, content, created_at=NOW), content)
                statements.clear()
                await unit.commit([a_trace(record.record_id)])
            assert len(statements) <= 8

    run(story())


def test_a_record_is_found_by_its_ins_in_one_statement_then_in_none(
    database: str, data_dir: Path, statements: list[str]
) -> None:
    async def story() -> None:
        async with opened(database, data_dir) as store:
            record = await kept_record(store)
            for ins, expected, counted in (
                (record.ins, record, 1),
                (record.ins, record, 0),
                (an_ins(2), None, 1),
                (an_ins(2), None, 1),
            ):
                statements.clear()
                async with working(store) as unit:
                    assert await unit.records.by_ins(ins) == expected
                assert len(statements) == counted

    run(story())


def test_a_document_is_located_in_one_statement_whether_it_is_there_or_not(
    database: str, data_dir: Path, statements: list[str]
) -> None:
    async def story() -> None:
        async with opened(database, data_dir) as store:
            record = await kept_record(store)
            entry = await deposited(store, record)
            after = changed(entry, title="Autre titre")
            async with working(store) as unit:
                unit.documents.change(after, entry)
                await unit.commit([a_trace(record.record_id)])
            urn = await deposited(
                store, record, unique_id=UniqueId.parse(f"urn:uuid:{entry.document_id}")
            )
            named: list[tuple[UUID | UniqueId, DocumentEntry | None]] = [
                (entry.document_id, after),
                (entry.entry_uuid, after),  # an earlier version of its metadata
                (after.entry_uuid, after),
                (entry.unique_id, after),
                (UniqueId.parse(f"urn:uuid:{after.entry_uuid}"), after),
                (urn.unique_id, urn),  # the producer's identifier goes before ours
                (urn.document_id, urn),
                (uuid4(), None),
                (UniqueId("1.2.3.4"), None),
                (UniqueId(f"urn:uuid:{uuid4()}"), None),
                (UniqueId("urn:uuid:' OR true --"), None),
            ]
            for name, expected in named:
                statements.clear()
                async with working(store) as unit:
                    found = await unit.documents.located(name)
                assert found == (None if expected is None else (record, expected))
                assert len(statements) == 1
            for identifier in (entry.document_id, uuid4()):
                statements.clear()
                async with working(store) as unit:
                    await unit.documents.by_id(identifier)
                    await unit.documents.by_unique_id(UniqueId(f"1.2.{identifier.int}"))
                assert len(statements) == 2

    run(story())


def test_openings_cost_nothing_in_the_steady_state(
    database: str, data_dir: Path, statements: list[str]
) -> None:
    async def story() -> None:
        async with opened(database, data_dir) as store:
            record = await kept_record(store)
            async with working(store) as unit:  # the lane has its connection
                await unit.commit([a_trace(record.record_id)])
            for rank, (read, traced) in enumerate(((1, 3), (0, 2), (0, 2))):
                async with working(store) as unit:
                    statements.clear()
                    counted = await unit.openings.counted("doctor", "place", record.record_id, NOW)
                    assert counted == Opened(is_new=rank == 0)
                    unit.openings.note("doctor", "place", record.record_id, NOW)
                    assert len(statements) == read
                    await unit.commit([a_trace(record.record_id)])
                    assert len(statements) == read + traced
            async with working(store) as unit:  # a stranger is read once, with his structure
                for _ in range(3):
                    await unit.openings.counted("other", "elsewhere", record.record_id, NOW)
            assert len(statements) == 3

    run(story())


def test_traces_are_read_in_one_statement_whatever_is_told(
    database: str, data_dir: Path, statements: list[str]
) -> None:
    async def story() -> None:
        async with opened(database, data_dir) as store:
            record = await kept_record(store)
            entry = await deposited(store, record)
            about = tuple(str(d) for d in (entry.document_id, uuid4()))
            async with working(store) as unit:
                await unit.commit([a_trace(record.record_id, document_ids=about)])
                statements.clear()
                for kept in (frozenset[UUID](), frozenset({uuid4()}), frozenset({uuid4()})):
                    view = TraceView(scope=Scope(kept_documents=kept, at=NOW), reader=str(uuid4()))
                    page = await unit.traces.of_record(record.record_id, 50, view=view)
                    assert page.traces[0].document_ids == about[:1]
                assert len(statements) == 3
                assert len(set(statements)) == 1  # the text never varies with the values

    run(story())


def test_an_emergency_reading_is_one_commit(
    database: str, data_dir: Path, statements: list[str]
) -> None:
    async def story() -> None:
        async with opened(database, data_dir) as store:
            record = await kept_record(store)
            async with working(store) as unit:
                await unit.records.by_ins(record.ins)
                statements.clear()
                unit.emergencies.opened(an_emergency(record.record_id))
                unit.notices.add(a_notice(record.record_id))
                unit.notices.add(a_notice(record.record_id, addressee="810100000033"))
                await unit.commit([a_trace(record.record_id)])
            # The lock and the guard of the record, the access, the notices, their keys and their places in the
            # outbox, the journal.
            written = [text for text in statements if not text.startswith("SET ")]
            assert len(written) == 8

    run(story())
