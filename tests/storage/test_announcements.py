"""Documents hidden from their patient: which await a notice or their reveal, and from when on."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg

from dmp.domain.documents.entry import DocumentEntry, Status
from dmp.domain.documents.visibility import Visibility
from dmp.domain.record.calendar import announcement_due, reveal_due
from dmp.domain.record.health_record import HealthRecord, State
from dmp.storage.store import Store
from tests.builders import NOW, a_trace, an_ins, changed
from tests.storage.opened import deposited, kept_record, opened, run, working

HIDDEN = Visibility(hidden_from_patient=True)
MOMENT = timedelta(microseconds=1)


async def _awaiting(store: Store, at: datetime, limit: int = 99) -> list[UUID]:
    async with working(store) as unit:
        return [document for _, document in await unit.documents.awaiting(at, limit)]


async def _changed(store: Store, entry: DocumentEntry, **changes: Any) -> DocumentEntry:
    after = changed(entry, **changes)
    async with working(store) as unit:
        unit.documents.change(after, entry)
        await unit.commit([a_trace(entry.record_id)])
    return after


async def _told(store: Store, entry: DocumentEntry) -> None:
    async with working(store) as unit:
        unit.documents.announcement_told(entry)
        await unit.commit([a_trace(entry.record_id)])


def test_a_hidden_document_is_due_twice(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with opened(database, data_dir) as store:
            record = await kept_record(store)
            await deposited(store, record)
            entry = await deposited(store, record, visibility=HIDDEN)
            notice, reveal = announcement_due(NOW), reveal_due(NOW)
            assert await _awaiting(store, notice - MOMENT) == []
            assert await _awaiting(store, notice) == [entry.document_id]
            await _told(store, entry)
            assert await _awaiting(store, reveal - MOMENT) == []
            assert await _awaiting(store, reveal) == [entry.document_id]
            entry = await _changed(store, entry, title="Autre titre")  # still hidden: same date
            assert await _awaiting(store, reveal - MOMENT) == []
            await _changed(store, entry, visibility=Visibility())
            assert await _awaiting(store, reveal + timedelta(days=999)) == []
            await _told(store, entry)  # too late: nothing comes back
            assert await _awaiting(store, reveal + timedelta(days=999)) == []

    run(story())


def test_hiding_begins_and_showing_or_deleting_ends_the_waiting(
    database: str, data_dir: Path
) -> None:
    async def story() -> None:
        async with opened(database, data_dir) as store:
            record = await kept_record(store)
            due = announcement_due(NOW)
            entry = await deposited(store, record)
            entry = await _changed(store, entry, visibility=HIDDEN)
            assert await _awaiting(store, due) == [entry.document_id]
            entry = await _changed(store, entry, status=Status.DELETED)
            assert await _awaiting(store, due) == []
            entry = await _changed(store, entry, status=Status.APPROVED)
            assert await _awaiting(store, due) == [entry.document_id]
            entry = await _changed(store, entry, visibility=Visibility())
            assert await _awaiting(store, due) == []
            assert list(await store.check()) == []

    run(story())


def test_a_new_version_goes_on_waiting_from_the_first_one(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with opened(database, data_dir) as store:
            record = await kept_record(store)
            first = NOW - timedelta(days=9)
            entry = await deposited(store, record, visibility=HIDDEN, hidden_since=first)
            assert await _awaiting(store, announcement_due(first) - MOMENT) == []
            assert await _awaiting(store, announcement_due(first)) == [entry.document_id]
        with psycopg.connect(database) as connection:
            row = connection.execute("SELECT reveal_at FROM document").fetchone()
            assert row == (reveal_due(first),)

    run(story())


def test_they_come_oldest_first_and_those_of_records_that_are_not_open_wait(
    database: str, data_dir: Path
) -> None:
    async def story() -> None:
        async with opened(database, data_dir) as store:
            record = await kept_record(store)
            closed = await kept_record(store, ins=an_ins(2))
            at = NOW + timedelta(days=60)
            kept = await deposited(
                store, closed, visibility=HIDDEN, submitted_at=NOW - timedelta(days=9)
            )
            late, early = [
                await deposited(
                    store, record, visibility=HIDDEN, submitted_at=NOW - timedelta(days=days)
                )
                for days in (1, 5)
            ]
            closed = await _in_state(store, closed, State.CLOSED)
            wanted = [early.document_id, late.document_id]
            assert await _awaiting(store, at) == wanted
            assert await _awaiting(store, at, 1) == wanted[:1]
            await _in_state(store, closed, State.OPEN)
            assert await _awaiting(store, at, 1) == [kept.document_id]

    run(story())


async def _in_state(store: Store, record: HealthRecord, state: State) -> HealthRecord:
    async with working(store) as unit:
        unit.records.change(replace(record, state=state))
        await unit.commit([a_trace(record.record_id)])
        found = await unit.records.by_id(record.record_id)
    assert found is not None
    return found
