"""A database of the first schema, brought to the present one: everything in it is read by the new code."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg

from dmp.domain.documents.entry import DocumentEntry, Status
from dmp.domain.documents.visibility import Visibility
from dmp.domain.identifiers import RecordId
from dmp.domain.journal.event import Trace
from dmp.domain.record.calendar import (
    LOCAL,
    announcement_due,
    majority_of,
    reveal_due,
)
from dmp.domain.record.health_record import HealthRecord
from dmp.storage.postgres.migrate import migrate, shipped
from dmp.storage.store import Store
from tests.builders import NOW, a_content, a_record, a_trace, an_entry, an_ins, some_traits
from tests.storage.opened import opened, run, working

BACK_TO_THE_FIRST = """
DROP TABLE announcement, relative_key, invitation_key, notice, notice_key, emergency_access,
    heir_request, record_opening;
DROP TABLE document_findings, claim_line, claim_feed, claim_delivery, reference_edition, directory_person,
    directory_place, outbox, document_text, record_slip, slip_code_key, slip_addressee_key, own_slip;
ALTER TABLE document DROP reveal_at;
ALTER TABLE trace DROP caller_id, DROP document_ids, DROP secret;
UPDATE trace SET body = replace(body, ',"document_ids":[],"motive":"","secret":false,"form":1}', '}');
DELETE FROM schema_migration WHERE number > 1;
"""

OLD_CHOICES: dict[str, Any] = {
    "preferences": {
        "blocks": [
            {
                "person_id": "810100000033",
                "name": "Dr B",
                "since": "2026-03-02T09:30:00Z",
                "by": "h",
            }
        ],
        "mask_new_documents": True,
        "emergency": {"break_glass": True, "regulation": False, "masked_documents": False},
    },
    "relations": {
        "consents": [
            {
                "grantee_id": "810100000017",
                "grantee_name": 'Dr "A" \\u0000\x00é',
                "to_team": False,
                "basis": "oral",
                "collected_by": "810100000017",
                "start": "2026-03-02T09:30:00Z",
                "end": "2026-03-01T09:30:00Z",
            }
        ],
        "attending_doctor": {
            "person_id": "810100000017",
            "name": "Dr A",
            "since": "2026-03-02T09:30:00Z",
        },
        "administrators": ["810100000017", "810100000041"],
        "representatives": [
            {"matricule": "155", "name": "P", "start": "2026-03-02T09:30:00Z", "end": None}
        ],
    },
}
"""What the first version wrote; the consent was ended before it began."""


def _instants() -> list[datetime]:
    """Any instant, and those around which the clock changes at the end of the count."""
    drawn = random.Random(7)  # noqa: S311 - the same instants every time
    found = [
        datetime(2023, 1, 1, tzinfo=UTC) + timedelta(microseconds=drawn.randrange(10**14))
        for _ in range(60)
    ]
    for day in (
        datetime(2025, 9, 26, 1, 30, tzinfo=LOCAL),
        datetime(2025, 10, 12, 2, 0, tzinfo=LOCAL),
        datetime(2025, 10, 26, 2, 30, tzinfo=LOCAL),
        datetime(2025, 3, 2, 2, 15, tzinfo=LOCAL),
        datetime(2025, 2, 28, 2, 30, tzinfo=LOCAL),
        datetime(2024, 1, 31, 12, 0, tzinfo=LOCAL),
        datetime(2025, 1, 29, 0, 30, tzinfo=LOCAL),
    ):
        found += [day.astimezone(UTC) + timedelta(minutes=30 * step) for step in range(-4, 8)]
    return found


async def _documents(store: Store, record: HealthRecord) -> list[DocumentEntry]:
    content = a_content(40)
    entries = [
        an_entry(
            record.record_id,
            content,
            submitted_at=at,
            status=Status.DELETED if rank % 5 == 0 else Status.APPROVED,
            visibility=Visibility(hidden_from_patient=rank % 2 == 0),
        )
        for rank, at in enumerate(_instants())
    ]
    async with working(store) as unit:
        for entry in entries:
            unit.documents.add(entry, content)
        await unit.commit([a_trace(record.record_id, form=1)])
    return entries


async def _traced(store: Store, record_id: RecordId, entry: DocumentEntry) -> list[Trace]:
    traces = [
        a_trace(record_id, form=1, detail="no document"),
        a_trace(
            record_id,
            form=1,
            document_id=str(entry.document_id),
            document_type="11488-4",
            document_title="a \x00\x00 and a \\u0000, \\\x00",
        ),
    ]
    async with working(store) as unit:
        await unit.commit(traces)
    return traces


NO_CHOICES: dict[str, Any] = {
    "preferences": {
        "blocks": [],
        "mask_new_documents": False,
        "emergency": {"break_glass": True, "regulation": True, "masked_documents": False},
    },
    "relations": {
        "consents": [],
        "attending_doctor": None,
        "administrators": [],
        "representatives": [],
    },
}


def _as_before(database: str, choices: dict[RecordId, dict[str, Any]]) -> None:
    """Make the database what the first schema left: old columns, old sheets, old bodies."""
    with psycopg.connect(database) as connection:
        connection.execute(BACK_TO_THE_FIRST)
        for record_id, old in choices.items():
            row = connection.execute(
                "SELECT sheet FROM health_record WHERE record_id = %s", (record_id,)
            ).fetchone()
            assert row is not None
            sheet = json.dumps(json.loads(row[0]) | old, ensure_ascii=False)
            connection.execute(
                "UPDATE health_record SET sheet = %s WHERE record_id = %s", (sheet, record_id)
            )
        assert connection.execute(
            "SELECT count(*) FROM trace WHERE body LIKE '%\"form\"%'"
        ).fetchone() == (0,)


async def _kept(store: Store, **changes: Any) -> HealthRecord:
    record = a_record(**changes)
    async with working(store) as unit:
        unit.records.create(record)
        await unit.commit([a_trace(record.record_id, form=1)])
    return record


def test_what_the_first_schema_held_is_read_by_the_new_code(database: str, data_dir: Path) -> None:
    async def before() -> tuple[HealthRecord, HealthRecord, list[DocumentEntry], list[Trace]]:
        async with opened(database, data_dir) as store:
            child = some_traits(birth_date=date(2012, 2, 29))
            record = await _kept(store, traits=child)
            other = await _kept(store, ins=an_ins(2))
            entries = await _documents(store, record)
            traces = await _traced(store, record.record_id, entries[1])
            return record, other, entries, traces

    record, other, entries, traces = run(before())
    _as_before(database, {record.record_id: OLD_CHOICES, other.record_id: NO_CHOICES})
    assert migrate(database) == len(shipped()) - 1

    async def after() -> None:
        async with opened(database, data_dir) as store:
            async with working(store) as unit:
                await _choices_are_read(unit, record)
                assert await unit.records.by_ins(other.ins) == other
                page = await unit.traces.of_record(record.record_id, 2)
                assert list(page.traces) == traces[::-1]
                found = await unit.documents.located(entries[1].unique_id)
                assert found is not None and found[1] == entries[1]
                for entry in entries[:3]:
                    assert await unit.documents.content(entry) == a_content(40)
                await unit.commit([a_trace(record.record_id)])
            assert list(await store.check()) == []
        async with opened(database, data_dir) as store:  # what waited was sealed at the end
            seen = await store.verify_journal()
            assert (seen.findings, seen.traces, seen.not_covered) == ((), 6, 0)

    run(after())
    _dates_are_those_of_the_calendar(database, entries)


async def _choices_are_read(unit: Any, record: HealthRecord) -> None:
    found = await unit.records.by_ins(record.ins)
    known, chosen = found.relations, found.preferences
    assert replace(found, relations=record.relations, preferences=record.preferences) == record
    assert await unit.records.by_id(record.record_id) == found
    assert chosen.blocked("810100000033", NOW) and chosen.mask_new_documents
    assert not chosen.emergency.regulation
    assert known.is_attending_doctor("810100000017", NOW)
    assert [(a.person_id, a.start, a.end) for a in known.administrators] == [
        ("810100000017", NOW, None),
        ("810100000041", NOW, None),
    ]
    assert known.administrators[1].name == "810100000041"
    assert known.administrators[0].name == known.consents[0].grantee_name == 'Dr "A" \\u0000é'
    assert known.consents[0].end == known.consents[0].start
    assert [r.matricule for r in known.representatives] == ["155"]
    assert await unit.records.in_whose_relations("155") == [found]
    # The calendar comes by at the majority of a child whose parent stands in the relations.
    majority = majority_of(date(2012, 2, 29))
    assert found.due_at == majority
    assert await unit.records.due(majority, 9) == [found]
    assert await unit.records.due(majority - timedelta(microseconds=1), 9) == []


def _dates_are_those_of_the_calendar(database: str, entries: list[DocumentEntry]) -> None:
    with psycopg.connect(database) as connection:
        rows: dict[Any, Any] = dict(
            connection.execute("SELECT document_id, reveal_at FROM document").fetchall()
        )
        assert rows == {e.document_id: reveal_due(e.submitted_at) for e in entries}
        waiting: dict[Any, Any] = dict(
            connection.execute("SELECT document_id, due_at FROM announcement").fetchall()
        )
    assert waiting == {
        e.document_id: announcement_due(e.submitted_at)
        for e in entries
        if e.visibility.hidden_from_patient and e.status is not Status.DELETED
    }
