"""The keeper of requests of heirs."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from psycopg.types.numeric import Int8

from dmp.domain.identifiers import RecordId
from dmp.domain.record.heirs import HeirRequest
from dmp.storage.postgres.bodies import request_of
from dmp.storage.postgres.pending import Pending
from dmp.storage.postgres.reader import Reader

_WAITING = """
SELECT body FROM heir_request
WHERE decision <> 'refused' AND released_at IS NULL ORDER BY filed_at, request_id LIMIT %s
"""
_BY_ID = "SELECT body FROM heir_request WHERE record_id = %s AND request_id = %s"


class PostgresHeirs:
    """Requests of heirs; see `dmp.acts.keepers.Heirs`."""

    def __init__(self, reader: Reader, pending: Pending) -> None:
        self._reader = reader
        self._pending = pending

    def file(self, request: HeirRequest) -> None:
        """Register a request."""
        self._pending.filed.append(request)

    async def waiting(self, limit: int) -> Sequence[HeirRequest]:
        """Requests that wait for a decision, or for their documents to be given out, oldest first."""
        rows = await self._reader.all(_WAITING, (Int8(limit),))
        return [request_of(row[0]) for row in rows]

    async def by_id(self, record_id: RecordId, request_id: UUID) -> HeirRequest | None:
        """One request."""
        row = await self._reader.one(_BY_ID, (record_id, request_id))
        return None if row is None else request_of(row[0])

    def change(self, request: HeirRequest, previous: HeirRequest) -> None:
        """Write a decided or released request. Changed in between: ConcurrentChange at commit."""
        self._pending.decisions.append((request, previous))
