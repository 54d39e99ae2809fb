"""What one unit leaves to be committed, and the statements that commit several at once.

Each table gets one INSERT over the whole batch. A guard or a changed row that does not meet the version
that was read fails the batch with `StaleVersion`; nothing of it is written then.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import psycopg
from psycopg.types.numeric import Int8

from dmp.domain.claims.deliveries import Delivery, FedLines
from dmp.domain.documents.entry import DocumentEntry, SubmissionSet
from dmp.domain.identifiers import DocumentId, RecordId
from dmp.domain.journal.event import Trace
from dmp.domain.record.emergency_access import EmergencyAccess
from dmp.domain.record.health_record import HealthRecord
from dmp.domain.record.heirs import HeirRequest
from dmp.domain.record.notice import Notice
from dmp.domain.record.outgoing import Settled
from dmp.storage.blobs.packs import Place, Sealed
from dmp.storage.postgres.bodies import text_of
from dmp.storage.postgres.commits.announcements import write_announcements
from dmp.storage.postgres.commits.closeness import write_closeness
from dmp.storage.postgres.commits.facts import mark_published, upsert_findings
from dmp.storage.postgres.commits.insertion import insert_rows, insertion
from dmp.storage.postgres.commits.outbox import put_out, settle
from dmp.storage.postgres.commits.profiles import SealedProfile, write_profiles
from dmp.storage.postgres.commits.slips import write_slips
from dmp.storage.postgres.commits.supervision import (
    change_requests,
    change_reviews,
    insert_emergencies,
    insert_notices,
    insert_requests,
    upsert_openings,
)
from dmp.storage.postgres.commits.texts import upsert_texts
from dmp.storage.postgres.commits.traces import write_traces
from dmp.storage.postgres.connections import Connection
from dmp.storage.postgres.document_rows import COLUMNS, PLACE, Row, place_row
from dmp.storage.postgres.packed_columns import column
from dmp.storage.postgres.pending import SlipWritten
from dmp.storage.postgres.recent_openings import Opening
from dmp.storage.sealing import Unsealed


class StaleVersion(Exception):
    """Something read has changed before the commit."""


@dataclass(slots=True, kw_only=True)
class Writes:
    """The writes of one unit, ready for the tables. `places` is filled when the pack is durable."""

    guards: dict[RecordId, int] = field(default_factory=dict)
    created: list[tuple[HealthRecord, bytes]] = field(default_factory=list)
    changed: list[HealthRecord] = field(default_factory=list)
    destroyed: list[HealthRecord] = field(default_factory=list)
    contents: list[tuple[RecordId, DocumentId, Unsealed | bytes]] = field(default_factory=list)
    documents: list[tuple[DocumentEntry, Row]] = field(default_factory=list)
    metadata: list[tuple[DocumentEntry, DocumentEntry, Row, datetime]] = field(default_factory=list)
    findings: list[tuple[RecordId, DocumentId, bytes]] = field(default_factory=list)
    texts: list[tuple[RecordId, DocumentId, Unsealed | bytes]] = field(default_factory=list)
    published: list[tuple[RecordId, datetime]] = field(default_factory=list)
    submissions: list[SubmissionSet] = field(default_factory=list)
    profiles: list[SealedProfile] = field(default_factory=list)
    announced: list[DocumentEntry] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    emergencies: list[EmergencyAccess] = field(default_factory=list)
    reviews: list[tuple[EmergencyAccess, EmergencyAccess]] = field(default_factory=list)
    filed: list[HeirRequest] = field(default_factory=list)
    decisions: list[tuple[HeirRequest, HeirRequest]] = field(default_factory=list)
    settled: list[Settled] = field(default_factory=list)
    deliveries: list[Delivery] = field(default_factory=list)
    fed: list[FedLines] = field(default_factory=list)
    slips: list[tuple[SlipWritten, bytes | None]] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)

    @property
    def octets(self) -> int:
        """Octets of the contents, sealed or not."""
        return sum(len(_octets(content)) for _, _, content in self.contents)

    def sealed(self) -> list[Sealed]:
        """The contents, sealed; seals the texts on the way. Done beside the event loop."""
        self.texts = [(record, document, _sealed(text)) for record, document, text in self.texts]
        return [Sealed(record, document, _sealed(one)) for record, document, one in self.contents]


def _octets(content: Unsealed | bytes) -> bytes:
    return content.content if isinstance(content, Unsealed) else content


def _sealed(content: Unsealed | bytes) -> bytes:
    return content.sealed() if isinstance(content, Unsealed) else content


_RECORD = (
    ("record_id", "uuid"),
    ("state", "text"),
    ("due_at", "timestamptz"),
    ("version", "bigint"),
    ("purge_pending", "boolean"),
    ("sheet", "text"),
)
_KEY = (("id", "uuid"), ("record_id", "uuid"), ("document_id", "uuid"))
_VERSION = (
    ("record_id", "uuid"),
    ("document_id", "uuid"),
    ("entry_uuid", "uuid"),
    ("replaced_at", "timestamptz"),
    ("entry", "text"),
)
_INSERT_RECORDS = insertion("health_record", _RECORD)
_INSERT_INS = insertion("ins_key", (("matricule", "text"), ("root", "text"), ("record_id", "uuid")))
_INSERT_RECORD_KEYS = insertion("record_key", (("record_id", "uuid"), ("wrapped", "bytea")))
_INSERT_DOCUMENTS = insertion("document", COLUMNS + PLACE)
_INSERT_DOCUMENT_KEYS = insertion("document_key", _KEY)
_INSERT_UNIQUE_IDS = insertion(
    "unique_id_key", (("unique_id", "text"), ("record_id", "uuid"), ("document_id", "uuid"))
)
_INSERT_VERSIONS = insertion("document_version", _VERSION)
_INSERT_SUBMISSIONS = insertion(
    "submission",
    (
        ("record_id", "uuid"),
        ("submission_id", "uuid"),
        ("submitted_at", "timestamptz"),
        ("body", "text"),
    ),
)
_INSERT_SUBMISSION_KEYS = insertion(
    "submission_key", (("submission_id", "uuid"), ("record_id", "uuid"))
)
# Whoever writes to a record shares a lock on it; whoever changes the record itself has it alone. A lock
# on the rows would do the same, but over several shards it is not had: see the schema rules.
_LOCK = """
SELECT CASE WHEN u.alone THEN pg_advisory_xact_lock(u.key)
    ELSE pg_advisory_xact_lock_shared(u.key) END
FROM unnest(%b::bigint[], %b::boolean[]) AS u (key, alone)
"""
# A statement that finds less than it must divides by zero: the whole batch is then undone without one
# more exchange with the server before the commit.
_GUARD = """
SELECT 1 / (count(*) = %b::bigint)::integer FROM health_record
WHERE record_id = ANY(%b::uuid[]) AND record_id::text || '/' || version = ANY(%b::text[])
    AND state <> 'destroyed'
"""
_STILL = """
SELECT 1 / (count(*) = %b::bigint)::integer FROM unnest(%b::uuid[], %b::bigint[]) AS u (id, version)
JOIN health_record ON health_record.record_id = u.id AND health_record.version = u.version
"""
_CHANGE_RECORD = """
WITH changed AS (
    UPDATE health_record SET state = %b, due_at = %b::timestamptz, version = %b::bigint, sheet = %b
    WHERE record_id = %b AND version = %b::bigint AND state <> 'destroyed'
    RETURNING 1
)
SELECT 1 / count(*) FROM changed
"""
_CHANGED_COLUMNS = tuple(
    (name, kind)
    for name, kind in COLUMNS
    if name not in ("record_id", "document_id", "size", "sha1", "sha256")
)
_CHANGE_DOCUMENT = (
    "WITH changed AS (UPDATE document SET "  # noqa: S608 - names of this package
    + ", ".join(f"{name} = %s::{kind}" for name, kind in _CHANGED_COLUMNS)
    + " WHERE record_id = %s AND document_id = %s AND entry_uuid = %s RETURNING 1)"
    + " SELECT 1 / count(*) FROM changed"
)


async def commit_traces(
    connection: Connection,
    traces: Sequence[Trace],
    guards: Collection[tuple[RecordId, int]],
    openings: Sequence[Opening] = (),
) -> None:
    """Commit the traces of reads, and what records were opened by them: one round trip.

    `guards` are the versions of the records on which the traced answers were decided.
    Raises StaleVersion: one of them did not hold.
    """
    try:
        # Without a block of its own: what goes out before one synchronisation is one transaction.
        async with connection.pipeline():
            if guards:
                ids, versions = map(column, zip(*guards, strict=True))
                await connection.execute(_STILL, (Int8(len(guards)), ids, versions))
            await upsert_openings(connection, openings)
            await write_traces(connection, traces)
    except psycopg.errors.DivisionByZero:
        raise StaleVersion from None


async def commit_writes(
    connection: Connection,
    batch: Sequence[Writes],
    traces: Sequence[Trace],
    openings: Sequence[Opening] = (),
) -> None:
    """Commit the writes and traces of several units, all or nothing.

    Raises:
        StaleVersion: a guard or a version did not hold.
        psycopg.errors.UniqueViolation: a key is taken.
    """
    try:
        async with connection.pipeline():
            # Locks are taken in one order everywhere: records, rows, then keys, each sorted.
            await lock_records(
                connection,
                shared=(record_id for writes in batch for record_id in writes.guards),
                alone=(record.record_id for writes in batch for record in writes.changed),
            )
            await _guard(connection, batch)
            await _change(connection, batch)
            await _insert(connection, batch)
            await _supervise(connection, batch)
            await upsert_openings(connection, openings)
            await write_traces(connection, traces)
    except psycopg.errors.DivisionByZero:
        raise StaleVersion from None


async def lock_records(
    connection: Connection, *, shared: Iterable[RecordId], alone: Iterable[RecordId]
) -> None:
    """Lock records until the end of the transaction, in one order everywhere."""
    modes = dict.fromkeys(map(_lock_key, shared), False) | dict.fromkeys(
        map(_lock_key, alone), True
    )
    if modes:
        keys = sorted(modes)
        await connection.execute(_LOCK, (column(keys), column([modes[key] for key in keys])))


def _lock_key(record_id: RecordId) -> int:
    return int.from_bytes(record_id.bytes[:8], signed=True)


async def _guard(connection: Connection, batch: Sequence[Writes]) -> None:
    guards = {guard for writes in batch for guard in writes.guards.items()}
    if guards:
        records = sorted({record_id for record_id, _ in guards})
        pairs = [f"{record_id}/{version}" for record_id, version in guards]
        # Two versions of one record cannot both hold: the count then differs as well.
        await connection.execute(_GUARD, (Int8(len(guards)), column(records), column(pairs)))


async def _change(connection: Connection, batch: Sequence[Writes]) -> None:
    records = (record for writes in batch for record in writes.changed)
    for record in sorted(records, key=lambda r: r.record_id):
        after = replace(record, version=record.version + 1)
        values = (
            after.state.value,
            after.due_at,
            Int8(after.version),
            text_of(after),
            after.record_id,
            Int8(record.version),
        )
        await connection.execute(_CHANGE_RECORD, values)
    metadata = (change for writes in batch for change in writes.metadata)
    for entry, previous, row, _ in sorted(metadata, key=lambda m: m[0].document_id):
        kept = [
            value for column, value in zip(COLUMNS, row, strict=True) if column in _CHANGED_COLUMNS
        ]
        where = (entry.record_id, entry.document_id, previous.entry_uuid)
        await connection.execute(_CHANGE_DOCUMENT.encode("utf-8"), (*kept, *where))


async def _supervise(connection: Connection, batch: Sequence[Writes]) -> None:
    """What is told and reviewed, and the keys of those who surround the records."""
    records = [r for w in batch for r in (*w.changed, *(record for record, _ in w.created))]
    await write_closeness(connection, records)
    await write_announcements(
        connection,
        [entry for writes in batch for entry, _ in writes.documents],
        [(after, before) for writes in batch for after, before, _, _ in writes.metadata],
        [entry for writes in batch for entry in writes.announced],
    )
    await change_reviews(connection, (pair for writes in batch for pair in writes.reviews))
    await change_requests(connection, (pair for writes in batch for pair in writes.decisions))
    await insert_emergencies(connection, (a for writes in batch for a in writes.emergencies))
    await insert_requests(connection, (r for writes in batch for r in writes.filed))
    notices = [notice for writes in batch for notice in writes.notices]
    await insert_notices(connection, notices)
    await put_out(connection, notices)
    await write_slips(connection, [pair for writes in batch for pair in writes.slips])
    await settle(connection, [one for writes in batch for one in writes.settled])


async def _insert(connection: Connection, batch: Sequence[Writes]) -> None:
    placed = [
        (entry, (*row, *place_row(place)))
        for writes in batch
        for (entry, row), place in zip(writes.documents, writes.places, strict=True)
    ]
    changes = [change for writes in batch for change in writes.metadata]
    await _insert_records(connection, [pair for writes in batch for pair in writes.created])
    unique_ids = sorted((e.unique_id.value, e.record_id, e.document_id) for e, _ in placed)
    await insert_rows(connection, _INSERT_UNIQUE_IDS, unique_ids)
    keys = [
        *((i, e.record_id, e.document_id) for e, _ in placed for i in _own_ids(e)),
        *((e.entry_uuid, e.record_id, e.document_id) for e, _, _, _ in changes),
    ]
    await insert_rows(connection, _INSERT_DOCUMENT_KEYS, keys)
    await insert_rows(connection, _INSERT_DOCUMENTS, [row for _, row in placed])
    versions = [
        (p.record_id, p.document_id, p.entry_uuid, at, text_of(p)) for _, p, _, at in changes
    ]
    await insert_rows(connection, _INSERT_VERSIONS, versions)
    await upsert_findings(connection, [one for writes in batch for one in writes.findings])
    texts = [
        (record, document, _sealed(text))
        for writes in batch
        for record, document, text in writes.texts
    ]
    await upsert_texts(connection, texts)
    await mark_published(connection, [one for writes in batch for one in writes.published])
    sets = [submission for writes in batch for submission in writes.submissions]
    bodies = [(s.record_id, s.submission_id, s.submitted_at, text_of(s)) for s in sets]
    await insert_rows(connection, _INSERT_SUBMISSIONS, bodies)
    set_keys = [(s.submission_id, s.record_id) for s in sets]
    await insert_rows(connection, _INSERT_SUBMISSION_KEYS, set_keys)
    await write_profiles(connection, [one for writes in batch for one in writes.profiles])


async def _insert_records(
    connection: Connection, created: Sequence[tuple[HealthRecord, bytes]]
) -> None:
    records = [record for record, _ in created]
    ins = sorted((r.ins.matricule, r.ins.root.value, r.record_id) for r in records)
    await insert_rows(connection, _INSERT_INS, ins)
    sheets = [(r.record_id, r.state.value, r.due_at, r.version, False, text_of(r)) for r in records]
    await insert_rows(connection, _INSERT_RECORDS, sheets)
    await insert_rows(connection, _INSERT_RECORD_KEYS, [(r.record_id, key) for r, key in created])


def _own_ids(entry: DocumentEntry) -> Iterable[object]:
    return {entry.document_id, entry.entry_uuid}
