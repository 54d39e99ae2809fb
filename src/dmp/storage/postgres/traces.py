"""The keeper of traces, for reading; they are written by the commit alone."""

from __future__ import annotations

from uuid import UUID

from dmp.acts.work import TracePage
from dmp.domain.identifiers import RecordId
from dmp.storage.postgres.bodies import trace_of
from dmp.storage.postgres.reader import Reader

_OF_RECORD = """
SELECT body FROM trace WHERE record_id = %s AND trace_id < %s ORDER BY trace_id DESC LIMIT %s
"""
_LAST = UUID(int=(1 << 128) - 1)


class PostgresTraces:
    """Traces of one record; see `dmp.acts.work.Traces`."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    async def of_record(
        self, record_id: RecordId, limit: int, after: UUID | None = None
    ) -> TracePage:
        """Traces newest first. `after` is the identifier at which the last page ended."""
        rows = await self._reader.all(_OF_RECORD, (record_id, after or _LAST, limit + 1))
        traces = tuple(trace_of(row[0]) for row in rows[:limit])
        more = len(rows) > limit and bool(traces)
        return TracePage(traces=traces, next=traces[-1].trace_id if more else None)
