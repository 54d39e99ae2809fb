"""Web sessions: an opaque token outside, its hash and a body here. Counts of a short time stand beside them."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

from dmp.storage.postgres.connections import Pool, refused_when_unavailable

_PUT = """
INSERT INTO web_session (token_hash, expires_at, body) VALUES (%s, %s, %s)
ON CONFLICT (token_hash) DO UPDATE SET expires_at = excluded.expires_at, body = excluded.body
"""
_GET = "SELECT body FROM web_session WHERE token_hash = %s AND expires_at > %s"
_DELETE = "DELETE FROM web_session WHERE token_hash = %s"
# A count is as long as its body. Two processes that count at once wait for each other's row.
_TALLY = """
INSERT INTO web_session (token_hash, expires_at, body) VALUES (%(key)s, %(until)s, '\\x01')
ON CONFLICT (token_hash) DO UPDATE SET
    expires_at = CASE WHEN web_session.expires_at <= %(now)s THEN excluded.expires_at
        ELSE web_session.expires_at END,
    body = CASE WHEN web_session.expires_at <= %(now)s THEN excluded.body
        WHEN octet_length(web_session.body) >= %(most)s THEN web_session.body
        ELSE web_session.body || excluded.body END
RETURNING octet_length(body)
"""
_MOST_COUNTED = 10_000
_EXPIRED = "DELETE FROM web_session WHERE expires_at <= %s"


class Sessions:
    """Sessions by their token. The token itself is never stored: a stolen table opens nothing."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def put(self, token: str, body: bytes, expires_at: datetime) -> None:
        """Keep a session until `expires_at` (UTC), in place of an earlier one with this token."""
        await self._execute(_PUT, (_hashed(token), expires_at, body))

    async def get(self, token: str, now: datetime) -> bytes | None:
        """The body of a session that has not expired, or None."""
        with refused_when_unavailable():
            async with self._pool.connection() as connection:
                cursor = connection.cursor(binary=True)
                await cursor.execute(_GET, (_hashed(token), now))
                row = await cursor.fetchone()
        return bytes(row[0]) if row and isinstance(row[0], bytes) else None

    async def delete(self, token: str) -> None:
        """End a session."""
        await self._execute(_DELETE, (_hashed(token),))

    async def tally(self, key: str, now: datetime, until: datetime) -> int:
        """Count one more under a key, from the first one `until` (UTC); returns how many there are."""
        values = {"key": _hashed(key), "now": now, "until": until, "most": _MOST_COUNTED}
        with refused_when_unavailable():
            async with self._pool.connection() as connection:
                cursor = await connection.execute(_TALLY.encode("utf-8"), values)
                row = await cursor.fetchone()
        return row[0] if row and isinstance(row[0], int) else 0

    async def tallied(self, key: str, now: datetime) -> int:
        """How many were counted under a key, within its time."""
        body = await self.get(key, now)
        return len(body) if body is not None else 0

    async def delete_expired(self, now: datetime) -> int:
        """Forget the sessions whose time has come; returns how many."""
        return await self._execute(_EXPIRED, (now,))

    async def _execute(self, statement: str, parameters: tuple[object, ...]) -> int:
        with refused_when_unavailable():
            async with self._pool.connection() as connection:
                cursor = await connection.execute(statement.encode("utf-8"), parameters)
                return cursor.rowcount


def _hashed(token: str) -> bytes:
    return sha256(token.encode("utf-8")).digest()
