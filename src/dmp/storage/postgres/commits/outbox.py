"""The outbox: filled with the notices, emptied attempt by attempt."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from psycopg.types.numeric import Int8

from dmp.domain.identifiers import RecordId
from dmp.domain.record.notice import Notice
from dmp.domain.record.outgoing import LEASE, STALE, Channel, Outgoing, Sending, Settled
from dmp.storage.postgres.commits.insertion import insert_rows, insertion
from dmp.storage.postgres.connections import Connection, Pool, refused_when_unavailable

_INSERT = (
    insertion(
        "outbox",
        (
            ("record_id", "uuid"),
            ("notice_id", "uuid"),
            ("channel", "text"),
            ("state", "text"),
            ("attempts", "bigint"),
            ("due_at", "timestamptz"),
        ),
    )
    + " ON CONFLICT (record_id, notice_id, channel) DO NOTHING"
)
_STALE = """
UPDATE outbox SET state = 'not-wanted', due_at = NULL, settled_at = %s
WHERE due_at <= %s AND attempts = 0
"""
# Two processes that take at once: the second one waits for the row, then finds it no longer due.
_TAKE = """
UPDATE outbox SET state = 'under-way', attempts = outbox.attempts + 1, due_at = %s::timestamptz
FROM (
    SELECT record_id, notice_id, channel FROM outbox
    WHERE due_at <= %s ORDER BY due_at, notice_id LIMIT %s
) AS due
WHERE outbox.record_id = due.record_id AND outbox.notice_id = due.notice_id
    AND outbox.channel = due.channel AND outbox.due_at <= %s
RETURNING outbox.record_id, outbox.notice_id, outbox.channel, outbox.attempts
"""
_SETTLE = """
UPDATE outbox SET state = %s, due_at = %s::timestamptz, settled_at = %s::timestamptz
WHERE record_id = %s AND notice_id = %s AND channel = %s AND attempts = %s::bigint
"""


async def put_out(connection: Connection, notices: Iterable[Notice]) -> None:
    """Put the notices to holders into the outbox. What is secret waits in the service: others may read mail."""
    rows = sorted(
        (n.record_id, n.notice_id, channel.value, Sending.WAITING.value, 0, n.at)
        for n in notices
        if not n.addressee and not n.secret
        for channel in Channel
    )
    await insert_rows(connection, _INSERT, rows)


async def settle(connection: Connection, settled: Sequence[Settled]) -> None:
    """Note what became of attempts. One that another attempt has overtaken stays as that one left it."""
    for one in settled:
        out = one.outgoing
        await connection.execute(
            _SETTLE.encode(),
            (
                one.state.value,
                one.due_at,
                one.at,
                out.record_id,
                out.notice_id,
                out.channel.value,
                Int8(out.attempts),
            ),
        )


class Outbox:
    """Notices that are due, for the job that sends them. It knows no address and no text."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def take(self, now: datetime, limit: int) -> list[Outgoing]:
        """Begin an attempt for those that are due; cut-off ones come again after the lease."""
        with refused_when_unavailable():
            async with self._pool.connection() as connection:
                await connection.execute(_STALE.encode(), (now, now - STALE))
                cursor = await connection.execute(
                    _TAKE.encode(), (now + LEASE, now, Int8(limit), now)
                )
                rows: list[tuple[Any, ...]] = await cursor.fetchall()
                return [
                    Outgoing(
                        record_id=RecordId(record_id),
                        notice_id=notice_id,
                        channel=Channel(channel),
                        attempts=attempts,
                    )
                    for record_id, notice_id, channel, attempts in rows
                ]
