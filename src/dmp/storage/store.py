"""The cellar opened: everything storage offers to `bootstrap`, for one process.

Several processes may open the same data folder at once. Layout: `packs/` the sealed contents, `keys/`
the master key and the journal's, both private.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg

from dmp.domain.journal.verify import Verification
from dmp.storage import check as checking
from dmp.storage.blobs.packs import Frame, Packs, Place
from dmp.storage.keys.files import JOURNAL, MASTER, key_from
from dmp.storage.keys.ring import KeyRing
from dmp.storage.postgres.cellar import Cellar, WriteDocumentReference
from dmp.storage.postgres.commits import journal
from dmp.storage.postgres.commits.destruction import finish_purges
from dmp.storage.postgres.commits.group_commit import GroupCommit
from dmp.storage.postgres.commits.outbox import Outbox
from dmp.storage.postgres.connections import read_pool, write_connection
from dmp.storage.postgres.migrate import migrate
from dmp.storage.postgres.recent_openings import DAY
from dmp.storage.postgres.sessions import Sessions
from dmp.storage.postgres.unit import PostgresUnit

GRACE = timedelta(hours=1)
"""How old a content without a row must be before it is swept: longer than any commit takes."""

_PLACES = """
SELECT document.pack, document.pack_offset, document.pack_length
FROM unnest(%b::uuid[], %b::uuid[]) AS u (record_id, document_id)
JOIN document ON document.record_id = u.record_id AND document.document_id = u.document_id
"""
_OLD_OPENINGS = "DELETE FROM record_opening WHERE opened_at <= %s"


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Store:
    """Storage of one process. Open it inside the event loop that will use it."""

    dsn: str
    sessions: Sessions
    outbox: Outbox
    signer: journal.Signer
    _cellar: Cellar
    _sealer: journal.Sealer

    @classmethod
    async def open(
        cls,
        dsn: str,
        data_dir: Path,
        write_document_reference: WriteDocumentReference,
        *,
        pool_size: int = 8,
        now: Callable[[], datetime] = _utc_now,
        seal_interval: float = 0.3,
    ) -> Store:
        """Migrate the schema, read or draw the keys, connect, finish what a crash left, start sealing.

        Raises:
            MigrationRefused, KeyFileRefused: the text says what to do.
            psycopg.OperationalError: the database cannot be reached.
        """
        master = key_from(data_dir / "keys", MASTER)
        signer = journal.Signer.of(key_from(data_dir / "keys", JOURNAL))
        packs = Packs(data_dir / "packs")
        await asyncio.to_thread(migrate, dsn)
        connection = await write_connection(dsn)
        async with connection:
            await finish_purges(connection)
        pool = read_pool(dsn, pool_size)
        await pool.open(wait=True)
        cellar = Cellar(
            pool=pool,
            group=GroupCommit(dsn, packs),
            packs=packs,
            keys=KeyRing(master),
            write_document_reference=write_document_reference,
        )
        sealer = journal.Sealer(dsn, signer, now, seal_interval)
        sealer.start()
        return cls(dsn, Sessions(pool), Outbox(pool), signer, cellar, sealer)

    def unit(self) -> PostgresUnit:
        """Open a unit of work; borrows nothing before its first read."""
        return PostgresUnit(self._cellar)

    async def close(self) -> None:
        """Commit what waits, seal it, and let everything go."""
        await self._cellar.group.close()
        await self._sealer.close()
        await self._cellar.pool.close()
        self._cellar.packs.close()

    async def check(
        self, seen: Callable[[int], None] = lambda _: None
    ) -> Sequence[checking.Finding]:
        """Every fault of what is stored; see `dmp.storage.check`. `seen` is called in a thread."""

        def faults() -> Sequence[checking.Finding]:
            return tuple(checking.check(self.dsn, self._cellar.packs, self._cellar.keys, seen))

        return await asyncio.to_thread(faults)

    async def verify_journal(self) -> Verification:
        """Rebuild the tree of traces and hold the checkpoints to it."""
        return await asyncio.to_thread(journal.verify, self.dsn, self.signer)

    async def sweep_orphans(self, now: datetime, grace: timedelta = GRACE) -> int:
        """Overwrite contents that no document refers to and that are older than `grace`.

        Left by a crash between content and row, or by a destroyed record. Returns how many.
        """
        connection = await write_connection(self.dsn)
        async with connection:
            await finish_purges(connection)
        return await asyncio.to_thread(self._sweep, int((now - grace).timestamp()))

    async def forget_openings(self, now: datetime) -> int:
        """Delete what was opened a day ago or earlier; returns how many openings."""
        connection = await write_connection(self.dsn)
        async with connection:
            return (await connection.execute(_OLD_OPENINGS, (now - DAY,))).rowcount

    def _sweep(self, older_than: int) -> int:
        packs = self._cellar.packs
        with psycopg.connect(self.dsn, autocommit=True) as connection:

            def kept(frames: Sequence[Frame]) -> set[Place]:
                found: set[Place] = set()
                for start in range(0, len(frames), 1000):
                    part = frames[start : start + 1000]
                    ids = [f.record_id for f in part], [f.document_id for f in part]
                    found |= {Place(*row) for row in connection.execute(_PLACES, ids)}
                return found

            return sum(packs.sweep(name, older_than, kept) for name in packs.segments())
