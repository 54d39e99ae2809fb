"""The group commit: everything that waits becomes durable together.

One task per lane takes what waits, makes all contents durable in the pack by one sync, then commits one
transaction, then releases the waiters; meanwhile the next ones gather. No timer: alone, a commit goes at
once. Traces of reads have a lane of their own and never wait behind a deposit;
no deposit waits behind the insurer's feed, which has one too.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import psycopg

from dmp.acts.keepers import ConcurrentChange
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import RecordId
from dmp.domain.journal.event import Trace
from dmp.storage.blobs.packs import Packs
from dmp.storage.postgres.claims_feed.bulk import Overtaken, commit_feed
from dmp.storage.postgres.commits.destruction import destroy_keys, purge
from dmp.storage.postgres.commits.writes import StaleVersion, Writes, commit_traces, commit_writes
from dmp.storage.postgres.connections import Connection, write_connection
from dmp.storage.postgres.recent_openings import Opening

FEEDS = 2
"""Batches of the insurer's feed that are written at a time: one processor of the database each."""
MAX_MEMBERS = 256
MAX_OCTETS = 64 * 1024 * 1024
_ATTEMPTS = 3
_NO_GUARDS: Mapping[RecordId, int] = MappingProxyType({})
_TURNS = 16

_CONFLICTS = (StaleVersion, Overtaken, psycopg.errors.UniqueViolation)
_TRY_AGAIN = (psycopg.errors.DeadlockDetected, psycopg.errors.SerializationFailure)


@dataclass(slots=True)
class _Member:
    """One unit's commit, waiting."""

    writes: Writes | None
    traces: Sequence[Trace]
    done: asyncio.Future[None]
    guards: Mapping[RecordId, int]
    openings: Sequence[Opening]

    @property
    def octets(self) -> int:
        return 0 if self.writes is None else self.writes.octets

    def release(self, failure: BaseException | None = None) -> None:
        if self.done.done():  # its waiter was cancelled; what it left is committed all the same
            return
        if failure is None:
            self.done.set_result(None)
        else:
            self.done.set_exception(failure)


class _Lane:
    """One queue with one connection, opened when needed and again when lost."""

    def __init__(self, dsn: str, commit: Callable[[Connection, list[_Member]], Awaitable[None]]):
        self._dsn = dsn
        self._commit = commit
        self._waiting: deque[_Member] = deque()
        self._task: asyncio.Task[None] | None = None
        self._connection: Connection | None = None
        self._flushing = 0

    @property
    def members(self) -> int:
        """How many are not released yet."""
        return len(self._waiting) + self._flushing

    def put(self, member: _Member) -> None:
        self._waiting.append(member)
        if self._task is None:
            self._task = asyncio.create_task(self._drain())

    async def close(self) -> None:
        """Commit what waits, then let the connection go."""
        while self._task is not None:
            await asyncio.wait([self._task])
        await self._disconnect()

    async def _disconnect(self) -> None:
        # Also after a mere conflict: what was to be prepared in an undone exchange is believed
        # prepared by the driver and unknown to the server, so the next use of it would fail.
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.close()

    async def _drain(self) -> None:
        try:
            while self._waiting:
                await self._gather()
                batch = self._take()
                self._flushing = len(batch)
                try:
                    await self._flush(batch)
                except BaseException as failure:
                    for member in batch:
                        member.release(_told(failure))
                    if not isinstance(failure, Exception):
                        raise
                finally:
                    self._flushing = 0
        except asyncio.CancelledError:  # the process ends: nobody is left waiting for ever
            while self._waiting:
                self._waiting.popleft().release(Refused(Reason.UNAVAILABLE))
            raise
        finally:
            self._task = None

    async def _gather(self) -> None:
        """Let those who are about to commit come in: as long as each turn of the loop brings one.

        Alone, this costs one empty turn; under load it makes few large batches of many small ones.
        """
        for _ in range(_TURNS):
            before = len(self._waiting)
            await asyncio.sleep(0)
            if len(self._waiting) == before:
                return

    def _take(self) -> list[_Member]:
        batch = [self._waiting.popleft()]
        octets = batch[0].octets
        while self._waiting and len(batch) < MAX_MEMBERS and octets < MAX_OCTETS:
            batch.append(self._waiting.popleft())
            octets += batch[-1].octets
        return batch

    async def _flush(self, batch: list[_Member]) -> None:
        """Commit a batch; when one member spoils it, commit its members one by one."""
        for attempt in range(_ATTEMPTS):
            try:
                await self._commit(await self._connected(), batch)
                break
            except _CONFLICTS + _TRY_AGAIN as failure:
                await self._disconnect()
                if len(batch) > 1:
                    await self._one_by_one(batch)
                    return
                if isinstance(failure, _CONFLICTS) or attempt == _ATTEMPTS - 1:
                    raise
            except (psycopg.OperationalError, psycopg.InterfaceError):
                await self._disconnect()
                if await self._was_committed(batch):
                    break
                raise
            except psycopg.Error:
                await self._disconnect()
                if len(batch) == 1:
                    raise
                await self._one_by_one(batch)
                return
        for member in batch:
            member.release()

    async def _one_by_one(self, batch: list[_Member]) -> None:
        for member in batch:
            try:
                await self._flush([member])
            except Exception as failure:  # noqa: BLE001 - handed to the waiter it concerns
                member.release(_told(failure))

    async def _connected(self) -> Connection:
        if self._connection is None or self._connection.closed:
            self._connection = await write_connection(self._dsn)
        return self._connection

    async def _was_committed(self, batch: list[_Member]) -> bool:
        """After a lost connection: whether the transaction had been committed before.

        The traces of a batch stand or fall with it, so the first one answers for all.
        """
        first = next((trace for member in batch for trace in member.traces), None)
        if first is None:
            return False
        for pause in (0.0, 0.2, 1.0):
            await asyncio.sleep(pause)
            try:
                found = await (await self._connected()).execute(
                    "SELECT 1 FROM trace WHERE record_id = %s AND trace_id = %s",
                    (first.record_id, first.trace_id),
                )
                return await found.fetchone() is not None
            except (psycopg.OperationalError, psycopg.InterfaceError):
                continue
        return False


def _told(failure: BaseException) -> BaseException:
    """What the waiter is told; the words of the database, which may quote values, stay here."""
    if isinstance(failure, _CONFLICTS + _TRY_AGAIN):
        return ConcurrentChange()
    if isinstance(failure, psycopg.OperationalError | psycopg.InterfaceError | OSError):
        return Refused(Reason.UNAVAILABLE)
    if isinstance(failure, asyncio.CancelledError):
        return Refused(Reason.UNAVAILABLE)
    if isinstance(failure, psycopg.Error):
        return RuntimeError(f"the database refused a write (SQLSTATE {failure.sqlstate})")
    return failure


def _openings(batch: Sequence[_Member]) -> list[Opening]:
    return [opening for member in batch for opening in member.openings]


class GroupCommit:
    """The queues of one process."""

    def __init__(self, dsn: str, packs: Packs) -> None:
        self._packs = packs
        self._reads = _Lane(dsn, self._commit_reads)
        self._writes = _Lane(dsn, self._commit_batch)
        self._feeds = tuple(_Lane(dsn, self._commit_feed) for _ in range(FEEDS))

    async def commit(
        self,
        writes: Writes | None,
        traces: Sequence[Trace],
        guards: Mapping[RecordId, int] = _NO_GUARDS,
        openings: Sequence[Opening] = (),
    ) -> None:
        """Wait until these writes and traces are durable, together with whoever else waits.

        `guards` are versions of records that must still hold when traces are committed without writes;
        those of writes stand in `writes`. `openings` go with either.

        Raises:
            ConcurrentChange: something read has changed, or a key is taken; nothing was written.
            Refused: UNAVAILABLE, the database or the disk cannot take it.
        """
        done = asyncio.get_running_loop().create_future()
        lane = self._reads if writes is None else self._writes
        if writes is not None and (writes.fed or writes.deliveries):
            lane = min(self._feeds, key=lambda feed: feed.members)
        lane.put(_Member(writes, traces, done, guards, openings))
        await done

    async def close(self) -> None:
        """Commit what waits and close."""
        await self._reads.close()
        await self._writes.close()
        for feed in self._feeds:
            await feed.close()

    async def _commit_reads(self, connection: Connection, batch: list[_Member]) -> None:
        guards = {guard for member in batch for guard in member.guards.items()}
        traces = [trace for member in batch for trace in member.traces]
        await commit_traces(connection, traces, guards, _openings(batch))

    async def _commit_batch(self, connection: Connection, batch: list[_Member]) -> None:
        all_writes = [member.writes for member in batch if member.writes is not None]
        if any(writes.destroyed for writes in all_writes):
            await self._destroy(connection, batch)
            return
        unplaced = [writes for writes in all_writes if len(writes.places) < len(writes.contents)]
        if any(writes.contents for writes in unplaced):
            await asyncio.to_thread(self._place, unplaced)
        traces = [trace for member in batch for trace in member.traces]
        await commit_writes(connection, all_writes, traces, _openings(batch))

    def _place(self, unplaced: Sequence[Writes]) -> None:
        """Seal what is to be sealed and make the contents durable: one way beside the event loop for all."""
        places = iter(self._packs.append([one for writes in unplaced for one in writes.sealed()]))
        for writes in unplaced:
            writes.places = [next(places) for _ in writes.contents]

    async def _commit_feed(self, connection: Connection, batch: list[_Member]) -> None:
        """A batch of the insurer's feed goes alone: it is large enough by itself."""
        if len(batch) > 1:
            raise StaleVersion
        for member in batch:
            if member.writes is not None:
                feed = (member.writes.fed, member.writes.deliveries)
                await commit_feed(connection, *feed, member.traces)

    async def _destroy(self, connection: Connection, batch: list[_Member]) -> None:
        """A destruction goes alone: its key must be gone before anything else happens."""
        if len(batch) > 1:
            raise StaleVersion
        for member in batch:
            records = member.writes.destroyed if member.writes else []
            await destroy_keys(connection, records, member.traces)
            for record in records:
                await purge(connection, record.record_id)
