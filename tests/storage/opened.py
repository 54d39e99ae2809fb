"""A store opened for one story."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from dmp.domain.clinical.facts import Findings
from dmp.domain.documents.entry import DocumentEntry
from dmp.domain.documents.text.readable import DocumentText
from dmp.domain.journal.event import Trace
from dmp.domain.record.health_record import HealthRecord
from dmp.storage.postgres.unit import PostgresUnit
from dmp.storage.store import Store
from tests.builders import a_content, a_record, a_submission, a_trace, an_entry

T = TypeVar("T")


def written(entry: DocumentEntry, _: datetime | None = None) -> str:
    """A small DocumentReference: enough to tell one from another."""
    return json.dumps(
        {
            "resourceType": "DocumentReference",
            "id": str(entry.document_id),
            "meta": {"versionId": str(entry.version)},
            "description": entry.title,
        },
        ensure_ascii=False,
    )


def run(story: Coroutine[Any, Any, T]) -> T:
    """Run a story to its end, or fail it after a minute."""

    async def bounded() -> T:
        return await asyncio.wait_for(story, 60)

    return asyncio.run(bounded())


@asynccontextmanager
async def opened(dsn: str, data_dir: Path, **settings: Any) -> AsyncIterator[Store]:
    """A store on this database and folder, closed at the end."""
    store = await Store.open(dsn, data_dir, written, **settings)
    try:
        yield store
    finally:
        await store.close()


@asynccontextmanager
async def working(store: Store) -> AsyncIterator[PostgresUnit]:
    """A unit of work, closed at the end."""
    unit = store.unit()
    try:
        yield unit
    finally:
        await unit.close()


async def kept_record(store: Store, **changes: Any) -> HealthRecord:
    """A record that is already there."""
    record = a_record(**changes)
    async with working(store) as unit:
        unit.records.create(record)
        await unit.commit([a_trace(record.record_id)])
    return record


async def deposited(
    store: Store,
    record: HealthRecord,
    content: bytes | None = None,
    traces: Sequence[Trace] | None = None,
    findings: Findings | None = None,
    **changes: Any,
) -> DocumentEntry:
    """A document that is already there, with its submission set and what it says: in words, nothing."""
    content = a_content() if content is None else content
    entry = an_entry(record.record_id, content, **{"ins": record.ins, **changes})
    async with working(store) as unit:
        await unit.records.by_id(record.record_id)
        unit.documents.add(entry, content, findings)
        unit.texts.keep(entry, DocumentText())
        unit.documents.add_submission(a_submission(entry))
        await unit.commit([a_trace(record.record_id)] if traces is None else traces)
    return entry
