"""Destroying a record: its key first, durably; then its rows. Its traces stay.

The first transaction leaves a tombstone that is marked as not yet purged, so that a crash in between
is found and finished at the next start.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from psycopg.types.numeric import Int8

from dmp.domain.identifiers import RecordId
from dmp.domain.journal.event import Trace
from dmp.domain.record.health_record import HealthRecord, State
from dmp.storage.postgres.bodies import text_of, tombstone
from dmp.storage.postgres.claims_feed.bulk import FEED_LOCK
from dmp.storage.postgres.commits.traces import write_traces
from dmp.storage.postgres.commits.writes import StaleVersion, lock_records
from dmp.storage.postgres.connections import Connection

# A batch of the feed that is under way is let finish; the next one finds the tombstone.
_NO_FEED = "SELECT pg_advisory_xact_lock(%b)"
_TOMBSTONE = """
UPDATE health_record
SET state = %b, due_at = NULL, version = %b::bigint, purge_pending = true, sheet = %b
WHERE record_id = %b AND version = %b::bigint AND state <> 'destroyed'
"""
_KEY = "DELETE FROM record_key WHERE record_id = %b"
# Here and not with the rows: readers still write openings, and this transaction can be begun again.
_OPENINGS = "DELETE FROM record_opening WHERE record_id = %b"
_INS = "DELETE FROM ins_key WHERE matricule = %b AND root = %b AND record_id = %b"

_DOCUMENTS = "SELECT document_id, entry_uuid, unique_id FROM document WHERE record_id = %b"
_VERSIONS = "SELECT entry_uuid FROM document_version WHERE record_id = %b"
_SUBMISSIONS = "SELECT submission_id FROM submission WHERE record_id = %b"
_ADDRESSEES = "SELECT DISTINCT addressee FROM notice WHERE record_id = %b AND addressee <> ''"
_NOTICE_KEYS = "DELETE FROM notice_key WHERE addressee = ANY(%b::text[]) AND record_id = %b"
_BY_KEY = (
    "DELETE FROM document_key WHERE id = ANY(%b::uuid[])",
    "DELETE FROM unique_id_key WHERE unique_id = ANY(%b::text[])",
    "DELETE FROM submission_key WHERE submission_id = ANY(%b::uuid[])",
)
_BY_RECORD = (
    "DELETE FROM document WHERE record_id = %b",
    "DELETE FROM document_version WHERE record_id = %b",
    "DELETE FROM submission WHERE record_id = %b",
    "DELETE FROM profile WHERE record_id = %b",
    "DELETE FROM announcement WHERE record_id = %b",
    "DELETE FROM relative_key WHERE record_id = %b",
    "DELETE FROM invitation_key WHERE record_id = %b",
    "DELETE FROM notice WHERE record_id = %b",
    "DELETE FROM emergency_access WHERE record_id = %b",
    "DELETE FROM heir_request WHERE record_id = %b",
    "DELETE FROM outbox WHERE record_id = %b",
    "DELETE FROM document_findings WHERE record_id = %b",
    "DELETE FROM document_text WHERE record_id = %b",
    "DELETE FROM claim_line WHERE record_id = %b",
    "DELETE FROM claim_feed WHERE record_id = %b",
    "DELETE FROM record_slip WHERE record_id = %b",
    "DELETE FROM slip_code_key WHERE record_id = %b",
    "DELETE FROM slip_addressee_key WHERE record_id = %b",
    "DELETE FROM record_key WHERE record_id = %b",
    "UPDATE health_record SET purge_pending = false WHERE record_id = %b",
)
_PENDING = "SELECT record_id FROM health_record WHERE purge_pending ORDER BY record_id"


async def destroy_keys(
    connection: Connection, records: Sequence[HealthRecord], traces: Sequence[Trace]
) -> None:
    """Commit the end of the keys, the tombstones and the traces.

    Raises:
        StaleVersion: the record changed in between (reactivated, perhaps): nothing is destroyed.
    """
    async with connection.transaction():
        await lock_records(connection, shared=(), alone=(r.record_id for r in records))
        await connection.execute(_NO_FEED, (Int8(FEED_LOCK),))
        for record in records:
            after = replace(tombstone(record), version=record.version + 1, state=State.DESTROYED)
            marked = await connection.execute(
                _TOMBSTONE,
                (
                    after.state.value,
                    Int8(after.version),
                    text_of(after),
                    record.record_id,
                    Int8(record.version),
                ),
            )
            if marked.rowcount != 1:
                raise StaleVersion
            await connection.execute(_KEY, (record.record_id,))
            await connection.execute(_OPENINGS, (record.record_id,))
            ins = (record.ins.matricule, record.ins.root.value, record.record_id)
            await connection.execute(_INS, ins)
        await write_traces(connection, traces)


async def purge(connection: Connection, record_id: RecordId) -> None:
    """Delete every row of a destroyed record but its tombstone and its traces. Can be repeated."""
    async with connection.transaction():
        documents = await (await connection.execute(_DOCUMENTS, (record_id,))).fetchall()
        versions = await (await connection.execute(_VERSIONS, (record_id,))).fetchall()
        submissions = await (await connection.execute(_SUBMISSIONS, (record_id,))).fetchall()
        ids = [row[0] for row in documents] + [row[1] for row in documents]
        keys = (
            [*ids, *(row[0] for row in versions)],
            [row[2] for row in documents],
            [row[0] for row in submissions],
        )
        for statement, values in zip(_BY_KEY, keys, strict=True):
            if values:
                await connection.execute(statement, (values,))
        addressees = await (await connection.execute(_ADDRESSEES, (record_id,))).fetchall()
        if addressees:
            names = [row[0] for row in addressees]
            await connection.execute(_NOTICE_KEYS, (names, record_id))
        for statement in _BY_RECORD:
            await connection.execute(statement, (record_id,))


async def finish_purges(connection: Connection) -> int:
    """Finish what a crash left half-way; returns how many records were concerned."""
    pending = await (await connection.execute(_PENDING)).fetchall()
    for (record_id,) in pending:
        await purge(connection, record_id)  # type: ignore[arg-type] # a uuid column
    return len(pending)
