"""The keeper of records."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from dmp.domain.identifiers import Ins, RecordId
from dmp.domain.record.health_record import HealthRecord, State
from dmp.storage.postgres.bodies import record_of
from dmp.storage.postgres.cellar import Cellar
from dmp.storage.postgres.pending import Pending
from dmp.storage.postgres.reader import Reader

_BY_INS = "SELECT record_id FROM ins_key WHERE matricule = %s AND root = %s"
_BY_ID = "SELECT sheet FROM health_record WHERE record_id = %s"
_DUE = """
SELECT sheet FROM health_record WHERE due_at <= %s ORDER BY due_at, record_id LIMIT %s
"""


class PostgresRecords:
    """Records by their keys; see `dmp.acts.work.Records`."""

    def __init__(self, cellar: Cellar, reader: Reader, pending: Pending) -> None:
        self._cellar = cellar
        self._reader = reader
        self._pending = pending

    async def by_ins(self, ins: Ins) -> HealthRecord | None:
        """The record of this person in whatever state, destroyed ones excepted."""
        known = self._cellar.records.get(ins)
        if known is not None:
            record = await self.by_id(known)
            if record is not None and record.state is not State.DESTROYED and record.ins == ins:
                return record
            self._cellar.records.forget(ins)
        row = await self._reader.one(_BY_INS, (ins.matricule, ins.root.value))
        if row is None:
            return None
        record = await self.by_id(RecordId(row[0]))
        if record is None or record.state is State.DESTROYED:
            return None
        self._cellar.records.put(ins, record.record_id)
        return record

    async def by_id(self, record_id: RecordId) -> HealthRecord | None:
        """The record with this identifier, in whatever state.

        It may come from memory; the commit of the act, its trace alone included, then fails with
        ConcurrentChange when the record has changed since, and the act is begun again.
        """
        remembered = self._cellar.sheets.get(record_id)
        if remembered is not None:
            self._pending.assumed.add(record_id)
            return self._seen(remembered)
        row = await self._reader.one(_BY_ID, (record_id,))
        if row is None:
            return None
        record = record_of(row[0])
        if record.state is not State.DESTROYED:
            self._cellar.sheets.put(record_id, record)
        return self._seen(record)

    async def due(self, at: datetime, limit: int) -> Sequence[HealthRecord]:
        """Records whose `due_at` has come, oldest first."""
        rows = await self._reader.all(_DUE, (at, limit))
        return [self._seen(record_of(row[0])) for row in rows]

    def _seen(self, record: HealthRecord) -> HealthRecord:
        self._pending.seen.setdefault(record.record_id, record.version)
        return record

    def create(self, record: HealthRecord) -> None:
        """Add a new record, its INS key and its data key. Two at once: ConcurrentChange at commit."""
        self._pending.created[record.record_id] = record

    def change(self, record: HealthRecord) -> None:
        """Write a changed record, or fail at the commit when another change came first."""
        target = self._pending.created if record.record_id in self._pending.created else None
        (self._pending.changed if target is None else target)[record.record_id] = record

    def destroy(self, record: HealthRecord) -> None:
        """Destroy the data key first, then every row of the record but its traces and a tombstone."""
        self._pending.destroyed[record.record_id] = record
