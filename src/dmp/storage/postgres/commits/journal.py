"""The sealer: gives every trace its number in the tree and publishes a signed checkpoint.

A trace is committed with its leaf, in a batch; the sealer numbers whole batches. One process at a
time does so, under an advisory lock; whichever has it works for all.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Any

import psycopg
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from psycopg.types.numeric import Int8

from dmp.domain.identifiers import RecordId, TraceId
from dmp.domain.journal.checkpoint import Checkpoint, SignedCheckpoint, parse_note
from dmp.domain.journal.tree import Frontier
from dmp.domain.journal.verify import SealedTrace, Verification, verify_journal
from dmp.storage.postgres.bodies import trace_of
from dmp.storage.postgres.commits.traces import documents_of
from dmp.storage.postgres.connections import Connection, write_connection

ORIGIN = "dmp/journal"
_LOCK = 0x646D705F6A6F75  # "dmp_jou"
_LEAF = 32
_BATCHES = 5000

_TAKE_LOCK = "SELECT pg_try_advisory_xact_lock(%s)"
_WAITING = """
SELECT batch_id, leaves FROM journal_batch WHERE first_number IS NULL
ORDER BY batch_id LIMIT %s
"""
_NEWEST = "SELECT size, at, frontier FROM journal_checkpoint ORDER BY size DESC LIMIT 1"
_NUMBER = """
UPDATE journal_batch SET first_number = u.first_number
FROM unnest(%b::uuid[], %b::bigint[]) AS u (batch_id, first_number)
WHERE journal_batch.batch_id = u.batch_id
"""
_PUBLISH = "INSERT INTO journal_checkpoint (size, at, frontier, note) VALUES (%b, %b, %b, %b)"
_SEALED = """
SELECT journal_batch.first_number + trace.place,
    substring(journal_batch.leaves FROM (trace.place * 32 + 1)::integer FOR 32),
    trace.record_id, trace.trace_id, trace.salt, trace.body,
    trace.at, trace.caller_id, trace.document_ids, trace.secret
FROM trace JOIN journal_batch ON journal_batch.batch_id = trace.batch_id
WHERE journal_batch.first_number IS NOT NULL
ORDER BY 1
"""
_NOTES = "SELECT note FROM journal_checkpoint ORDER BY size"


@dataclass(frozen=True, slots=True)
class Signer:
    """The key that signs checkpoints. Its name tells keys apart, and holds nothing secret."""

    key: Ed25519PrivateKey

    @classmethod
    def of(cls, seed: bytes) -> Signer:
        """The signer with this seed of 32 octets."""
        return cls(Ed25519PrivateKey.from_private_bytes(seed))

    @property
    def public_key(self) -> bytes:
        """The public key, 32 octets, to be handed to whoever verifies."""
        return self.key.public_key().public_bytes_raw()

    @property
    def name(self) -> str:
        """The name of the key."""
        return "dmp-" + sha256(self.public_key).hexdigest()[:12]

    def signed(self, checkpoint: Checkpoint) -> SignedCheckpoint:
        """The checkpoint with its signature."""
        return SignedCheckpoint(
            checkpoint=checkpoint,
            key_name=self.name,
            signature=self.key.sign(checkpoint.signed_bytes()),
        )

    def is_genuine(self, key_name: str, signed: bytes, signature: bytes) -> bool:
        """Whether this key made the signature."""
        if key_name != self.name:
            return False
        try:
            self.key.public_key().verify(signature, signed)
        except InvalidSignature:
            return False
        return True


class Sealer:
    """The background task of one process; `interval` in seconds, well under one."""

    def __init__(
        self, dsn: str, signer: Signer, now: Callable[[], datetime], interval: float = 0.3
    ) -> None:
        self._dsn = dsn
        self._signer = signer
        self._now = now
        self._interval = interval
        self._stop = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to seal in the background."""
        self._task = asyncio.create_task(self._run(), name="dmp-sealer")

    async def close(self) -> None:
        """Seal what waits, once more, and stop."""
        self._stop.set()
        if self._task is not None:
            await self._task
            self._task = None

    async def _run(self) -> None:
        connection: Connection | None = None
        try:
            while True:
                stopping = self._stop.is_set()
                try:
                    if connection is None or connection.closed:
                        connection = await write_connection(self._dsn)
                    await seal(connection, self._signer, self._now())
                except (psycopg.OperationalError, psycopg.InterfaceError):
                    # The queue stands in the database: it is sealed when that is back.
                    if connection is not None:
                        await connection.close()
                    connection = None
                if stopping or _is_cancelled():
                    return
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._stop.wait(), self._interval)
        finally:
            if connection is not None:
                await connection.close()


def _is_cancelled() -> bool:
    # A cancellation that meets a lost connection reaches us as the loss alone.
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


async def seal(connection: Connection, signer: Signer, at: datetime) -> int:
    """Number the batches that wait and publish a checkpoint; returns how many traces were sealed.

    Returns 0 when nothing waits, or when another process is sealing.
    """
    async with connection.transaction():
        if not await _value(connection, _TAKE_LOCK, (_LOCK,)):
            return 0
        waiting: list[Any] = await (await connection.execute(_WAITING, (_BATCHES,))).fetchall()
        if not waiting:
            return 0
        newest: Any = await (await connection.execute(_NEWEST)).fetchone()
        frontier, last_at = _frontier(newest), newest[1] if newest else at
        first, numbers = frontier.size, []
        for _, leaves in waiting:
            numbers.append(Int8(frontier.size))
            frontier = frontier.appended(_split(leaves))
        await connection.execute(_NUMBER, ([batch_id for batch_id, _ in waiting], numbers))
        checkpoint = Checkpoint(
            origin=ORIGIN, size=frontier.size, root=frontier.root(), at=max(at, last_at)
        )
        note = signer.signed(checkpoint).note()
        await connection.execute(
            _PUBLISH, (Int8(frontier.size), checkpoint.at, b"".join(frontier.hashes), note)
        )
        return frontier.size - first


async def _value(connection: Connection, statement: str, parameters: tuple[object, ...]) -> object:
    row = await (await connection.execute(statement.encode(), parameters)).fetchone()
    return row[0] if row else None


def _frontier(newest: tuple[int, datetime, bytes] | None) -> Frontier:
    return Frontier(newest[0], tuple(_split(newest[2]))) if newest else Frontier()


def _split(hashes: bytes) -> Iterator[bytes]:
    return (hashes[i : i + _LEAF] for i in range(0, len(hashes), _LEAF))


def verify(dsn: str, signer: Signer) -> Verification:
    """Read the whole journal and verify it, in one snapshot. Blocks; for the operator and `check`."""
    with psycopg.connect(dsn) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        notes = [parse_note(note) for (note,) in connection.execute(_NOTES)]
        with connection.cursor(name="journal", binary=True) as cursor:
            cursor.execute(_SEALED)
            return verify_journal(map(_sealed_trace, cursor), notes, signer.is_genuine)


def _sealed_trace(row: tuple[Any, ...]) -> SealedTrace:
    number, leaf, record_id, trace_id, salt, body, *columns = row
    # The columns are what readers go by: a trace moved to another record is an altered one, and so is
    # one that is filtered by something else than what it says. Without its salt it has no leaf.
    trace = replace(trace_of(body), record_id=RecordId(record_id), trace_id=TraceId(trace_id))
    said = [trace.at, trace.caller.id, list(documents_of(trace)), trace.secret]
    return SealedTrace(number=number, leaf=leaf, trace=trace, salt=salt if columns == said else b"")
