"""The connection a unit reads with: borrowed at the first read, given back early."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from dmp.storage.postgres.connections import Connection, Pool, refused_when_unavailable

Parameters = Sequence[object] | Mapping[str, object]
ResultRow = tuple[Any, ...]


class Reader:
    """Reads of one unit. Nothing is borrowed before the first one.

    Between two reads the connection is kept, until the commit begins: from then on it goes back as
    soon as no read is under way, so that nobody waits for the disk holding a connection.
    """

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._connection: Connection | None = None
        self._busy = 0
        self._resting = False

    async def one(self, statement: str, parameters: Parameters) -> ResultRow | None:
        """The first row, or None. Raises Refused: UNAVAILABLE."""
        rows = await self.all(statement, parameters)
        return rows[0] if rows else None

    async def all(self, statement: str, parameters: Parameters) -> list[ResultRow]:
        """Every row. Raises Refused: UNAVAILABLE."""
        self._busy += 1
        try:
            with refused_when_unavailable():
                connection = await self._borrowed()
                cursor = connection.cursor(binary=True)
                await cursor.execute(statement.encode("utf-8"), parameters)
                rows = await cursor.fetchall()
            if self._busy > 1:  # another read waits: let it leave before these rows are worked at
                await asyncio.sleep(0)
            return rows
        finally:
            self._busy -= 1
            if self._resting:
                await self.rest()

    async def _borrowed(self) -> Connection:
        if self._connection is None:
            connection = await self._pool.getconn()
            if self._connection is None:
                self._connection = connection
            else:  # another read of this unit was faster
                await self._pool.putconn(connection)
        return self._connection

    async def rest(self) -> None:
        """Give the connection back now, or after the reads that are under way."""
        self._resting = True
        if self._busy == 0:
            await self.close()

    async def close(self) -> None:
        """Give the connection back. Safe to call twice."""
        connection, self._connection = self._connection, None
        if connection is not None:
            await self._pool.putconn(connection)
