"""Destruction: the key first, then the rows; a tombstone and the traces stay. Orphans are swept."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from dmp.acts.keepers import ConcurrentChange
from dmp.domain.access.filter import Scope
from dmp.domain.documents.query import DocumentQuery
from dmp.domain.documents.visibility import Visibility
from dmp.domain.record.health_record import HealthRecord, State, Step, destroyed
from dmp.domain.record.notice import OPERATOR
from dmp.domain.record.relations import Relations, Representation
from dmp.storage.postgres.commits import group_commit
from dmp.storage.sealing import ContentDamaged
from dmp.storage.store import Store
from tests.builders import (
    HOLDER_INS,
    NOW,
    a_caring,
    a_content,
    a_notice,
    a_profile,
    a_record,
    a_request,
    a_step,
    a_trace,
    an_emergency,
    an_entry,
    an_ins,
    changed,
)
from tests.storage.opened import deposited, kept_record, opened, run, working

LONG_AFTER = datetime.now(UTC) + timedelta(days=1)


def _end(record: HealthRecord) -> HealthRecord:
    step: Step = a_step(at=NOW + timedelta(days=1), by="system:calendar", by_name="")
    return destroyed(replace(record, state=State.ERASURE_PENDING, erase_by=NOW), step)


async def _destroy(store: Store, record: HealthRecord) -> None:
    async with working(store) as unit:
        unit.records.destroy(_end(record))
        await unit.commit([a_trace(record.record_id, act="destroy-record")])


def _count(database: str, table: str) -> int:
    with psycopg.connect(database) as connection:
        row = connection.execute(
            sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))
        ).fetchone()
        assert row is not None
        return int(row[0])


OF_THE_RECORD = (
    "record_key",
    "ins_key",
    "document",
    "document_version",
    "document_key",
    "unique_id_key",
    "submission",
    "submission_key",
    "profile",
    "announcement",
    "relative_key",
    "invitation_key",
    "notice",
    "notice_key",
    "emergency_access",
    "heir_request",
    "record_opening",
)


def test_a_destroyed_record_leaves_its_traces_and_a_tombstone(
    database: str, data_dir: Path
) -> None:
    async def story() -> None:
        async with opened(database, data_dir) as store:
            parent = Representation(matricule="parent", name="P", start=NOW)
            relations = Relations(representatives=(parent,), carers=(a_caring(),))
            record = await kept_record(store, relations=relations)
            hidden = Visibility(hidden_from_patient=True)
            entry = await deposited(store, record, visibility=hidden)
            async with working(store) as unit:
                unit.documents.change(changed(entry, title="Autre titre"), entry)
                unit.profiles.save(record.record_id, a_profile())
                unit.notices.add(a_notice(record.record_id))
                unit.notices.add(a_notice(record.record_id, addressee=OPERATOR))
                unit.emergencies.opened(an_emergency(record.record_id))
                unit.heirs.file(a_request(record.record_id))
                unit.openings.note("doctor", "place", record.record_id, NOW)
                await unit.commit([a_trace(record.record_id)])
                assert await unit.records.by_ins(HOLDER_INS) is not None
            assert all(_count(database, table) for table in OF_THE_RECORD)
            await _destroy(store, record)
            assert {table: _count(database, table) for table in OF_THE_RECORD} == dict.fromkeys(
                OF_THE_RECORD, 0
            )
            async with working(store) as unit:
                assert await unit.records.by_ins(HOLDER_INS) is None
                left = await unit.records.by_id(record.record_id)
                assert left is not None and left.state is State.DESTROYED
                assert record.traits.birth_name not in repr(left)
                assert record.ins.matricule not in left.ins.matricule + repr(left.steps)
                assert await unit.documents.by_id(entry.document_id) is None
                assert await unit.documents.by_unique_id(entry.unique_id) is None
                assert await unit.documents.located(entry.document_id) is None
                assert await unit.records.in_whose_relations("parent") == []
                assert await unit.notices.addressed_to(OPERATOR, 9) == []
                assert await unit.profiles.of(record.record_id) is None
                with pytest.raises(ContentDamaged):
                    await unit.documents.content(entry)
                assert len((await unit.traces.of_record(record.record_id, 10)).traces) == 4
                assert await unit.records.due(NOW + timedelta(days=9999), 9) == []
            assert list(await store.check()) == []
            again = await kept_record(store)
            async with working(store) as unit:
                assert await unit.records.by_ins(HOLDER_INS) == again

    run(story())


def test_what_belongs_to_other_records_stays(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with opened(database, data_dir) as store:
            parent = Representation(matricule="parent", name="P", start=NOW)
            relations = Relations(representatives=(parent,), carers=(a_caring(),))
            record = await kept_record(store, relations=relations)
            relations = replace(relations, carers=(a_caring(),))
            other = await kept_record(store, ins=an_ins(2), relations=relations)
            for known in (record, other):
                async with working(store) as unit:
                    unit.notices.add(a_notice(known.record_id, addressee=OPERATOR))
                    unit.openings.note("doctor", "", known.record_id, NOW)
                    await unit.commit([a_trace(known.record_id)])
            await _destroy(store, record)
            async with working(store) as unit:
                assert await unit.records.in_whose_relations("parent") == [other]
                code = relations.carers[0].code_digest
                assert await unit.records.by_invitation(code) == other
                (left,) = await unit.notices.addressed_to(OPERATOR, 9)
                assert left.record_id == other.record_id
            assert _count(database, "record_opening") == 1

    run(story())


def test_a_destruction_takes_nothing_else_along(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with opened(database, data_dir) as store:
            record = await kept_record(store)
            async with working(store) as unit:
                unit.records.destroy(_end(record))
                unit.notices.add(a_notice(record.record_id))
                with pytest.raises(ValueError, match="alone"):
                    await unit.commit([a_trace(record.record_id)])
                assert await unit.records.by_id(record.record_id) == record

    run(story())


def test_a_record_that_was_reactivated_meanwhile_is_not_destroyed(
    database: str, data_dir: Path
) -> None:
    async def story() -> None:
        async with opened(database, data_dir) as store:
            record = await kept_record(store)
            entry = await deposited(store, record)
            async with working(store) as unit:
                unit.records.change(record)
                await unit.commit([a_trace(record.record_id)])
            with pytest.raises(ConcurrentChange):
                await _destroy(store, record)
            async with working(store) as unit:
                assert await unit.documents.content(entry) == a_content()

    run(story())


def test_a_crash_after_the_key_is_finished_at_the_next_start(
    database: str, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story() -> None:
        async with opened(database, data_dir) as store:
            record = await kept_record(store)
            await deposited(store, record)

            async def crash(*_: object) -> None:
                raise asyncio.CancelledError

            with monkeypatch.context() as patched:
                patched.setattr(group_commit, "purge", crash)
                with pytest.raises(Exception, match="unavailable"):
                    await _destroy(store, record)
            assert _count(database, "record_key") == 0
            assert _count(database, "document") == 1
        async with opened(database, data_dir):
            assert _count(database, "document") == 0

    run(story())


def test_a_deposit_and_a_destruction_at_once_leave_no_document_behind(
    database: str, data_dir: Path
) -> None:
    async def story() -> None:
        async with opened(database, data_dir) as store, opened(database, data_dir) as other:
            for _ in range(5):
                record = await kept_record(store)
                await asyncio.gather(
                    *(deposited(other, record) for _ in range(3)),
                    _destroy(store, record),
                    return_exceptions=True,
                )
                async with working(store) as unit:
                    left = await unit.records.by_id(record.record_id)
                    assert left is not None and left.state is State.DESTROYED
            assert _count(database, "document") == 0
            assert list(await store.check()) == []

    run(story())


def test_orphans_are_swept_and_what_is_registered_stays(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with opened(database, data_dir) as store:
            record = await kept_record(store)
            kept = await deposited(store, record)
            orphan = a_content(5000, "orphan")
            async with working(store) as unit:  # durable in the pack, refused by the database
                unit.documents.add(
                    an_entry(record.record_id, orphan, unique_id=kept.unique_id), orphan
                )
                with pytest.raises(ConcurrentChange):
                    await unit.commit([a_trace(record.record_id)])
            assert await store.sweep_orphans(datetime.now(UTC)) == 0  # too young
            assert await store.sweep_orphans(LONG_AFTER) == 1
            assert await store.sweep_orphans(LONG_AFTER) == 0
            async with working(store) as unit:
                assert await unit.documents.content(kept) == a_content()
            await _destroy(store, record)
            assert await store.sweep_orphans(LONG_AFTER) == 1
            assert len(list((data_dir / "packs").iterdir())) == 1  # still the segment being written
        async with opened(database, data_dir) as store:
            await store.sweep_orphans(LONG_AFTER)
            assert list((data_dir / "packs").iterdir()) == []

    run(story())


def test_a_record_made_and_filled_in_one_act_can_be_read(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with opened(database, data_dir) as store:
            record, content = a_record(), a_content()
            entry = an_entry(record.record_id, content)
            async with working(store) as unit:
                unit.records.create(record)
                unit.records.change(replace(record, steps=(a_step(), a_step())))
                unit.documents.add(entry, content)
                unit.profiles.save(record.record_id, a_profile())
                await unit.commit([a_trace(record.record_id)])
            async with working(store) as unit:
                found = await unit.records.by_ins(record.ins)
                assert found is not None and (found.version, len(found.steps)) == (1, 2)
                page = await unit.documents.find(record.record_id, DocumentQuery(), Scope())
                assert page.entries == (entry,)
                assert await unit.documents.content(entry) == content
                assert await unit.profiles.of(record.record_id) == a_profile()

    run(story())
