"""Committing the feed: lines by COPY, the change of their records, the progress and the trace, all or nothing.

Lines of records that had none go straight into the table; those of records that had some go through a
temporary one, so that only what is new or different is written.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Final
from uuid import UUID

from psycopg.types.numeric import Int4, Int8

from dmp.domain.claims.deliveries import Delivery, DeliveryState, FedLines, advanced
from dmp.domain.journal.event import Trace
from dmp.storage.postgres.claims_feed.bodies import body_of
from dmp.storage.postgres.commits.traces import write_traces
from dmp.storage.postgres.connections import Connection
from dmp.storage.postgres.packed_columns import column

FEED_LOCK: Final = 0x6D70_6665_6564
"""Shared by whoever feeds, alone for whoever destroys a record: no line is left behind in a destroyed one."""

COLUMNS: Final = (
    "record_id, line_id, kind, system, code, care_start, care_end, prescribed_on, nature, quantity, "
    "prescriber, prescriber_speciality, performer, performer_speciality, place, prescriber_place, flow, "
    "diagnoses, mark"
)
_COPY = f"COPY claim_line ({COLUMNS}) FROM STDIN"
_TEMPORARY = "CREATE TEMPORARY TABLE fed_line (LIKE claim_line) ON COMMIT DROP"
_COPY_TEMPORARY = f"COPY fed_line ({COLUMNS}) FROM STDIN"
_CHANGING = ", ".join(
    f"{name} = excluded.{name}"
    for name in COLUMNS.split(", ")
    if name not in ("record_id", "line_id")
)
# A line from an earlier flow does not take the place of one from a later flow.
_MERGE = f"""
WITH merged AS (
    INSERT INTO claim_line ({COLUMNS})
    SELECT {COLUMNS} FROM fed_line
    WHERE NOT EXISTS (
        SELECT 1 FROM claim_line
        WHERE claim_line.record_id = fed_line.record_id AND claim_line.line_id = fed_line.line_id
            AND (claim_line.mark = fed_line.mark OR claim_line.flow > fed_line.flow)
    )
    ON CONFLICT (record_id, line_id) DO UPDATE SET {_CHANGING}
    RETURNING record_id, xmax = 0 AS is_new
)
SELECT record_id, count(*) FILTER (WHERE is_new), count(*) FILTER (WHERE NOT is_new)
FROM merged GROUP BY record_id
"""  # noqa: S608 - names of this package
# The matricules are of the delivery, the records theirs: a line is only ever taken out of its own record.
_TAKE_OUT = """
DELETE FROM claim_line USING unnest(%s::uuid[], %s::uuid[]) AS gone (record_id, line_id)
WHERE claim_line.record_id = gone.record_id AND claim_line.line_id = gone.line_id
RETURNING claim_line.record_id
"""
_LOCK = "SELECT pg_advisory_xact_lock_shared(%s)"
_STILL_OPEN = """
SELECT count(*) FROM health_record WHERE record_id = ANY(%s) AND state = 'open'
"""
# In one order, whoever writes: two batches may concern the same records.
_CHANGED = """
INSERT INTO claim_feed (record_id, changed_at)
SELECT DISTINCT u.record_id, %s::timestamptz FROM unnest(%s::uuid[]) AS u (record_id) ORDER BY u.record_id
ON CONFLICT (record_id) DO UPDATE SET changed_at = greatest(claim_feed.changed_at, excluded.changed_at)
"""
_PROGRESS = "UPDATE claim_delivery SET body = %s WHERE digest = %s"
_BODY = "SELECT body FROM claim_delivery WHERE digest = %s AND state = 'loading' FOR UPDATE"
_BEGIN = """
INSERT INTO claim_delivery (digest, state, began_at, ended_at, body) VALUES (%s, %s, %s, %s, %s)
"""
_AGAIN = """
UPDATE claim_delivery SET state = %s, began_at = %s, ended_at = NULL, body = %s
WHERE digest = %s AND (state = 'loaded' OR coalesce((body::jsonb ->> 'layout')::int, 1) <> %s)
"""
_END = """
UPDATE claim_delivery SET state = %s, ended_at = %s,
    body = (body::jsonb || jsonb_build_object(
        'content', %s::text, 'octets', %s::bigint, 'summary', %s::jsonb
    ))::text
WHERE digest = %s AND state = 'loading'
"""


class Overtaken(Exception):
    """Another loading, or a change of a record, came first; nothing of the batch stands."""


async def commit_feed(
    connection: Connection,
    fed: Sequence[FedLines],
    deliveries: Sequence[Delivery],
    traces: Sequence[Trace],
) -> None:
    """Commit batches and changes of deliveries with their traces.

    Raises:
        Overtaken: see there.
        psycopg.errors.UniqueViolation: a delivery, or a line, came in by another way meanwhile.
    """
    async with connection.transaction():
        await connection.execute(_LOCK, (Int8(FEED_LOCK),))
        for delivery in deliveries:
            await _change_delivery(connection, delivery)
        for lines in fed:
            await _write(connection, lines)
        await write_traces(connection, traces)


async def _change_delivery(connection: Connection, delivery: Delivery) -> None:
    if delivery.again:
        began = await connection.execute(
            _AGAIN,
            (
                delivery.state.value,
                delivery.began_at,
                body_of(delivery),
                delivery.digest,
                Int4(delivery.layout),
            ),
        )
        if began.rowcount != 1:
            raise Overtaken
        return
    if delivery.state is DeliveryState.LOADING:
        values = (
            delivery.digest, delivery.state.value, delivery.began_at, delivery.ended_at,
            body_of(delivery),
        )  # fmt: skip
        await connection.execute(_BEGIN, values)
        return
    ended = await connection.execute(
        _END,
        (
            delivery.state.value,
            delivery.ended_at,
            delivery.content,
            Int8(delivery.octets),
            json.dumps(dict(delivery.summary), ensure_ascii=False),
            delivery.digest,
        ),
    )
    if ended.rowcount != 1:
        raise Overtaken


async def _write(connection: Connection, lines: FedLines) -> None:
    changed: list[UUID] = list(lines.fresh_records)
    new, replaced = lines.counts.new, 0
    taken_out = await _take_out(connection, lines)
    changed += taken_out
    if lines.fresh:
        await _copy(connection, _COPY, lines.fresh)
    if lines.merged:
        merged = await _merge(connection, lines.merged)
        changed += [record_id for record_id, _, _ in merged]
        new += sum(row[1] for row in merged)
        replaced = sum(row[2] for row in merged)
    await _check_open(connection, [*lines.fresh_records, *lines.merged_records])
    if changed:
        await connection.execute(_CHANGED, (lines.at, column(changed)))
    unchanged = lines.counts.unchanged + lines.merged_lines - (new - lines.counts.new) - replaced
    await _advance(
        connection,
        lines,
        {
            **asdict(lines.counts),
            "new": new,
            "replaced": replaced,
            "unchanged": unchanged,
            "taken_out": len(taken_out),
        },
    )


async def _take_out(connection: Connection, lines: FedLines) -> list[UUID]:
    """Take out what must not stand any more; returns the record of each line that was there."""
    if not lines.gone:
        return []
    records, identifiers = zip(*lines.gone, strict=True)
    gone = await connection.execute(_TAKE_OUT, (column(records), column(identifiers)))
    found: list[tuple[UUID]] = await gone.fetchall()  # type: ignore[assignment] # uuids
    return [row[0] for row in found]


async def _copy(connection: Connection, statement: str, rows: bytes) -> None:
    async with connection.cursor() as cursor, cursor.copy(statement.encode()) as copy:
        await copy.write(rows)


async def _merge(connection: Connection, rows: bytes) -> list[tuple[UUID, int, int]]:
    await connection.execute(_TEMPORARY)
    await _copy(connection, _COPY_TEMPORARY, rows)
    found = await connection.execute(_MERGE.encode())
    return await found.fetchall()  # type: ignore[return-value] # a uuid and two numbers


async def _check_open(connection: Connection, records: Sequence[UUID]) -> None:
    if not records:
        return
    row = await (await connection.execute(_STILL_OPEN, (column(records),))).fetchone()
    if row is None or row[0] != len(records):
        raise Overtaken


async def _advance(connection: Connection, lines: FedLines, counts: dict[str, int]) -> None:
    """Add to the counts of the delivery and move it on: the batch was not done before."""
    row = await (await connection.execute(_BODY, (lines.digest,))).fetchone()
    if row is None:
        raise Overtaken
    body = json.loads(str(row[0]))
    ahead = tuple((begin, behind) for begin, behind in body.get("ahead", ()))
    try:
        body["next"], body["ahead"] = advanced(body["next"], ahead, (lines.after, lines.next_row))
    except ValueError:
        raise Overtaken from None
    body["counts"] = {name: number + counts[name] for name, number in body["counts"].items()}
    await connection.execute(_PROGRESS, (json.dumps(body, ensure_ascii=False), lines.digest))
