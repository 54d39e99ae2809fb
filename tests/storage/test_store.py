"""What is kept is found again: records, documents, contents, traces, profiles, sessions."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from dmp.acts.keepers import ConcurrentChange
from dmp.domain.access.filter import NOTHING, Scope
from dmp.domain.documents.entry import DocumentEntry, Status
from dmp.domain.documents.query import DocumentQuery
from dmp.domain.documents.visibility import Visibility
from dmp.domain.identifiers import RecordId
from dmp.domain.record.health_record import State
from dmp.storage.sealing import ContentDamaged
from tests.builders import (
    HOLDER_INS,
    NOW,
    a_content,
    a_profile,
    a_record,
    a_step,
    a_trace,
    an_entry,
    an_ins,
    changed,
)
from tests.storage.opened import deposited, kept_record, opened, run, working

EVERYTHING = Scope(
    sees_masked=True, sees_hidden_from_patient=True, sees_hidden_from_representatives=True
)


def test_a_record_is_found_by_its_ins_and_by_its_identifier(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with opened(database, data_dir) as store:
            record = await kept_record(store)
            for _ in range(2):  # the second time by memory
                async with working(store) as unit:
                    assert await unit.records.by_ins(HOLDER_INS) == record
                    assert await unit.records.by_id(record.record_id) == record
            async with working(store) as unit:
                assert await unit.records.by_ins(an_ins(2)) is None
                assert await unit.records.by_id(RecordId(uuid4())) is None

    run(story())


def test_a_change_raises_the_version_and_the_second_of_two_is_refused(
    database: str, data_dir: Path
) -> None:
    async def story() -> None:
        async with opened(database, data_dir) as store:
            record = await kept_record(store)
            async with working(store) as first, working(store) as second:
                first.records.change(replace(record, steps=(*record.steps, a_step())))
                second.records.change(replace(record, steps=()))
                await first.commit([a_trace(record.record_id)])
                with pytest.raises(ConcurrentChange):
                    await second.commit([a_trace(record.record_id)])
            async with working(store) as unit:
                found = await unit.records.by_id(record.record_id)
                assert found is not None
                assert (found.version, len(found.steps)) == (2, 2)
                traces = await unit.traces.of_record(record.record_id, 10)
                assert len(traces.traces) == 2  # the one of the refused change is not there

    run(story())


def test_two_records_for_one_person_is_a_conflict(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with opened(database, data_dir) as store:
            await kept_record(store)
            async with working(store) as unit:
                unit.records.create(a_record())
                with pytest.raises(ConcurrentChange):
                    await unit.commit([a_trace()])

    run(story())


def test_due_records_come_oldest_first(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with opened(database, data_dir) as store:
            late, early = [
                await kept_record(
                    store,
                    ins=an_ins(rank),
                    state=State.INFORMED,
                    steps=(a_step(state=State.INFORMED, at=NOW - timedelta(days=days)),),
                )
                for rank, days in ((10, 50), (11, 60))
            ]
            await kept_record(store, ins=an_ins(12))
            async with working(store) as unit:
                due = await unit.records.due(NOW, 10)
                assert [record.record_id for record in due] == [early.record_id, late.record_id]
                assert await unit.records.due(NOW - timedelta(days=30), 10) == []

    run(story())


@pytest.mark.parametrize("mime", ["text/xml", "application/pdf"])
@pytest.mark.parametrize("size", [1, 30_000, 700_000])
def test_a_content_comes_back_byte_identical(
    database: str, data_dir: Path, size: int, mime: str
) -> None:
    async def story() -> None:
        async with opened(database, data_dir) as store:
            record = await kept_record(store)
            content = a_content(size)
            entry = await deposited(store, record, content, mime_type=mime)
            async with working(store) as unit:
                assert await unit.documents.content(entry) == content
                assert await unit.documents.by_id(entry.document_id) == entry
                assert await unit.documents.by_id(entry.entry_uuid) == entry
                assert await unit.documents.by_unique_id(entry.unique_id) == entry
                assert await unit.documents.by_id(uuid4()) is None

    run(story())
    packs = b"".join(path.read_bytes() for path in (data_dir / "packs").iterdir())
    assert a_content(size) not in packs or size == 1


def test_a_content_that_is_not_what_its_entry_says_is_not_taken(
    database: str, data_dir: Path
) -> None:
    async def story() -> None:
        async with opened(database, data_dir) as store:
            record = await kept_record(store)
            async with working(store) as unit:
                unit.documents.add(an_entry(record.record_id, b"one"), b"two")
                with pytest.raises(ContentDamaged):
                    await unit.commit([a_trace(record.record_id)])
                page = await unit.documents.find(record.record_id, DocumentQuery(), EVERYTHING)
                assert page.total == 0

    run(story())


def test_the_same_unique_id_twice_is_a_conflict(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with opened(database, data_dir) as store:
            record = await kept_record(store)
            entry = await deposited(store, record)
            other = await kept_record(store, ins=an_ins(2))
            for target in (record, other):
                with pytest.raises(ConcurrentChange):
                    await deposited(store, target, unique_id=entry.unique_id)

    run(story())


def test_a_deposit_decided_on_a_record_that_closed_since_is_refused(
    database: str, data_dir: Path
) -> None:
    async def story() -> None:
        async with opened(database, data_dir) as store:
            record = await kept_record(store)
            async with working(store) as unit, working(store) as closing:
                assert await unit.records.by_ins(record.ins) == record
                closing.records.change(replace(record, state=State.CLOSED))
                await closing.commit([a_trace(record.record_id)])
                content = a_content()
                unit.documents.add(an_entry(record.record_id, content), content)
                with pytest.raises(ConcurrentChange):
                    await unit.commit([a_trace(record.record_id)])

    run(story())


def test_a_new_version_replaces_the_metadata_and_the_stale_one_is_refused(
    database: str, data_dir: Path
) -> None:
    async def story() -> None:
        async with opened(database, data_dir) as store:
            record = await kept_record(store)
            entry = await deposited(store, record)
            masked = changed(entry, visibility=Visibility(masked=True))
            async with working(store) as unit:
                unit.documents.change(masked, entry)
                await unit.commit([a_trace(record.record_id)])
            async with working(store) as unit:
                for identifier in (entry.document_id, entry.entry_uuid, masked.entry_uuid):
                    assert await unit.documents.by_id(identifier) == masked
                ready = await unit.documents.ready(record.record_id, entry.document_id)
                assert ready is not None
                assert json.loads(ready)["meta"]["versionId"] == "2"
                assert await unit.documents.content(masked) == a_content()
            async with working(store) as unit:
                unit.documents.change(changed(entry, status=Status.DELETED), entry)
                with pytest.raises(ConcurrentChange):
                    await unit.commit([a_trace(record.record_id)])

    run(story())


def test_pages_join_without_gap_or_double_and_count_everything(
    database: str, data_dir: Path
) -> None:
    async def story() -> None:
        async with opened(database, data_dir) as store:
            record = await kept_record(store)
            entries = [
                await deposited(store, record, created_at=NOW - timedelta(hours=i // 2))
                for i in range(9)
            ]
            await deposited(store, record, visibility=Visibility(masked=True), owner_ids=("x",))
            wanted = sorted(
                entries, key=lambda e: (e.created_at, e.document_id.bytes), reverse=True
            )
            scope = Scope()
            seen: list[DocumentEntry] = []
            ready: list[dict[str, Any]] = []
            query = DocumentQuery(count=4)
            async with working(store) as unit:
                for size in (4, 4, 1):
                    page = await unit.documents.find(record.record_id, query, scope)
                    text = await unit.documents.find_ready(
                        record.record_id, query, scope, "http://127.0.0.1/fhir/"
                    )
                    assert (page.total, text.total, text.next) == (9, 9, page.next)
                    assert len(page.entries) == size
                    seen += page.entries
                    ready += json.loads(b"[" + text.entries + b"]")
                    assert (page.next is None) == (size == 1)
                    query = replace(query, after=page.next)
            assert seen == wanted
            assert [item["resource"]["id"] for item in ready] == [
                str(entry.document_id) for entry in wanted
            ]
            assert ready[0]["fullUrl"].startswith("http://127.0.0.1/fhir/DocumentReference/")
            assert ready[0]["search"] == {"mode": "match"}

    run(story())


def test_a_reader_without_scope_gets_nothing(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with opened(database, data_dir) as store:
            record = await kept_record(store)
            await deposited(store, record)
            async with working(store) as unit:
                page = await unit.documents.find_ready(
                    record.record_id, DocumentQuery(), NOTHING, "http://127.0.0.1/"
                )
                assert (page.entries, page.total, page.next) == (b"", 0, None)

    run(story())


def test_traces_come_newest_first_in_pages(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with opened(database, data_dir) as store:
            record_id = RecordId(uuid4())
            traces = [a_trace(record_id, detail=str(i)) for i in range(5)]
            async with working(store) as unit:
                await unit.commit(traces[:2])
                await unit.commit(traces[2:])
                await unit.commit([a_trace()])
            async with working(store) as unit:
                first = await unit.traces.of_record(record_id, 3)
                assert first.next == traces[2].trace_id
                rest = await unit.traces.of_record(record_id, 3, first.next)
                assert rest.next is None
                assert [*first.traces, *rest.traces] == traces[::-1]

    run(story())


def test_a_profile_is_kept_sealed(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with opened(database, data_dir) as store:
            record = await kept_record(store)
            for profile in (a_profile(), a_profile(email="")):
                async with working(store) as unit:
                    unit.profiles.save(record.record_id, profile)
                    await unit.commit([a_trace(record.record_id)])
                async with working(store) as unit:
                    assert await unit.profiles.of(record.record_id) == profile
            async with working(store) as unit:
                assert await unit.profiles.of(RecordId(uuid4())) is None

    run(story())


def test_what_is_discarded_is_not_written(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with opened(database, data_dir) as store:
            record = await kept_record(store)
            async with working(store) as unit:
                unit.records.change(replace(record, steps=()))
                unit.profiles.save(record.record_id, a_profile())
                unit.discard()
                await unit.commit([a_trace(record.record_id)])
            async with working(store) as unit:
                assert await unit.records.by_id(record.record_id) == record
                assert await unit.profiles.of(record.record_id) is None

    run(story())


def test_two_processes_count_together_and_a_count_ends(database: str, data_dir: Path) -> None:
    async def story() -> None:
        until = NOW + timedelta(minutes=10)
        async with opened(database, data_dir) as one, opened(database, data_dir) as other:
            both = [store.sessions.tally("wrong codes", NOW, until) for store in (one, other) * 5]
            assert sorted(await asyncio.gather(*both)) == list(range(1, 11))
            assert await other.sessions.tallied("wrong codes", NOW) == 10
            assert await one.sessions.tallied("other codes", NOW) == 0
            assert await one.sessions.tallied("wrong codes", until) == 0
            assert await one.sessions.tally("wrong codes", until, until + timedelta(1)) == 1

    run(story())


def test_a_session_lives_until_it_expires_or_is_ended(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with opened(database, data_dir) as store:
            sessions = store.sessions
            await sessions.put("token", b"one", NOW + timedelta(hours=1))
            await sessions.put("other", b"two", NOW + timedelta(hours=2))
            assert await sessions.get("token", NOW) == b"one"
            assert await sessions.get("token", NOW + timedelta(hours=1)) is None
            assert await sessions.get("unknown", NOW) is None
            await sessions.delete("other")
            assert await sessions.get("other", NOW) is None
            assert await sessions.delete_expired(NOW + timedelta(hours=1)) == 1

    run(story())
