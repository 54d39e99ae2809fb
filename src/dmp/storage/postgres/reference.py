"""Editions of reference data, and the directories of professionals and places.

Reference data belongs to no record: it is read and written outside of acts, by the operator and by the
server at its start.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING

import zstandard
from psycopg import sql

from dmp.domain.clinical.knowledge.contents import Row
from dmp.domain.clinical.knowledge.editions import Edition, ReferenceKind
from dmp.storage.postgres.connections import Connection, refused_when_unavailable, write_connection

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

_IN_FORCE = """
SELECT DISTINCT ON (kind) kind, edition, label, source, entries, digest
FROM reference_edition ORDER BY kind, edition DESC
"""
_EVERY = """
SELECT kind, edition, label, source, entries, digest FROM reference_edition ORDER BY kind, edition DESC
"""
_CONTENT = "SELECT content FROM reference_edition WHERE kind = %s AND edition = %s"
_LOCK = "LOCK TABLE reference_edition IN SHARE ROW EXCLUSIVE MODE"
_KEEP = """
INSERT INTO reference_edition (kind, edition, digest, label, source, entries, loaded_at, content)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (kind, edition) DO UPDATE SET digest = excluded.digest, label = excluded.label,
    source = excluded.source, entries = excluded.entries, loaded_at = excluded.loaded_at,
    content = excluded.content
"""
_UNBOUND = "SET LOCAL statement_timeout = 0"
_NEW = "CREATE TEMPORARY TABLE directory_new (key text, name text, more text) ON COMMIT DROP"
_COPY = "COPY directory_new (key, name, more) FROM STDIN"
_COUNT = "SELECT count(DISTINCT key) FROM directory_new"
_EMPTY = "DELETE FROM {table}"
_FILL = """
INSERT INTO {table} ({key}, name, {more})
SELECT DISTINCT ON (key) key, name, more FROM directory_new ORDER BY key, more = '', name, more
"""
_TABLES = {
    ReferenceKind.RPPS: ("directory_person", "rpps", "speciality"),
    ReferenceKind.FINESS: ("directory_place", "finess", "town"),
}
_LEVEL = 9
Allowed = Callable[[Edition, Edition | None], None]
"""Accepts an edition (first) in place of the one in force, or raises."""


class ReferenceShelf:
    """Editions by kind; the newest of each is in force. Every call opens its own connection: calls are
    rare.
    """

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn

    async def in_force(self) -> Mapping[ReferenceKind, Edition]:
        """The newest edition of each kind.

        Raises:
            Refused: UNAVAILABLE.
        """
        async with self._connected() as connection:
            return await _editions_in_force(connection)

    async def every(self) -> tuple[Edition, ...]:
        """Every edition kept, by kind, newest first.

        Raises:
            Refused: UNAVAILABLE.
        """
        async with self._connected() as connection:
            rows = await (await connection.execute(_EVERY)).fetchall()
        return tuple(found for row in rows if (found := _edition(row)) is not None)

    async def content(self, edition: Edition) -> bytes | None:
        """The rows of an edition in the form in which they were kept; None when it is not there any more.

        Raises:
            Refused: UNAVAILABLE.
        """
        async with self._connected() as connection:
            cursor = await connection.execute(_CONTENT, (edition.kind.value, edition.on))
            row = await cursor.fetchone()
        if row is None or not isinstance(row[0], bytes):
            return None
        return zstandard.ZstdDecompressor().decompress(row[0])

    async def keep(self, edition: Edition, kept: bytes, at: datetime, allowed: Allowed) -> None:
        """Keep an edition (in place of one of the same day) if `allowed` accepts it against the one in force.

        Raises:
            Refused: UNAVAILABLE. What `allowed` raises; nothing was changed then.
        """
        packed = zstandard.ZstdCompressor(level=_LEVEL).compress(kept)
        async with self._connected() as connection, connection.transaction():
            await connection.execute(_LOCK)
            allowed(edition, (await _editions_in_force(connection)).get(edition.kind))
            await _insert(connection, edition, packed, at)

    async def copy_directory(
        self, edition: Edition, rows: Iterable[Row], at: datetime, allowed: Allowed
    ) -> Edition:
        """Replace a directory by these rows (key, name, and speciality or town), read one after another.

        Of several rows of one key, one that has the third cell is taken. Returns the edition with its
        entries.

        Raises:
            Refused: UNAVAILABLE. What `rows` or `allowed` raise; nothing was changed then.
        """
        table, key, more = _TABLES[edition.kind]
        async with self._connected() as connection, connection.transaction():
            await connection.execute(_LOCK)
            await connection.execute(_UNBOUND)
            before = (await _editions_in_force(connection)).get(edition.kind)
            await connection.execute(_NEW)
            digest = sha256()
            async with connection.cursor() as cursor, cursor.copy(_COPY) as copy:
                for row in rows:
                    digest.update("\t".join(row).encode() + b"\n")
                    await copy.write_row(row)
            counted = await (await connection.execute(_COUNT)).fetchone()
            entries = counted[0] if counted is not None and isinstance(counted[0], int) else 0
            offered = Edition(
                kind=edition.kind,
                on=edition.on,
                label=edition.label,
                source=edition.source,
                entries=entries,
                digest=digest.hexdigest(),
            )
            allowed(offered, before)
            names = {
                "table": sql.Identifier(table),
                "key": sql.Identifier(key),
                "more": sql.Identifier(more),
            }
            await connection.execute(sql.SQL(_EMPTY).format(**names))
            await connection.execute(sql.SQL(_FILL).format(**names))
            await _insert(connection, offered, zstandard.compress(b"{}"), at)
            return offered

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[Connection]:
        with refused_when_unavailable():
            connection = await write_connection(self._dsn)
        async with connection:
            with refused_when_unavailable():
                yield connection


async def _editions_in_force(connection: Connection) -> dict[ReferenceKind, Edition]:
    rows = await (await connection.execute(_IN_FORCE)).fetchall()
    found = (_edition(row) for row in rows)
    return {edition.kind: edition for edition in found if edition is not None}


async def _insert(connection: Connection, edition: Edition, packed: bytes, at: datetime) -> None:
    await connection.execute(
        _KEEP,
        (
            edition.kind.value,
            edition.on,
            edition.digest,
            edition.label,
            edition.source,
            edition.entries,
            at,
            packed,
        ),
    )


def _edition(row: tuple[object, ...]) -> Edition | None:
    """An edition from its row; None for a kind that this version does not know."""
    kind, on, label, source, entries, digest = row
    if kind not in _KINDS:
        return None
    return Edition(
        kind=ReferenceKind(str(kind)),
        on=on,  # type: ignore[arg-type]
        label=str(label),
        source=str(source),
        entries=entries,  # type: ignore[arg-type]
        digest=str(digest),
    )


_KINDS = frozenset(kind.value for kind in ReferenceKind)
