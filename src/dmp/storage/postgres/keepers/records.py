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

_BY_INS = """
SELECT health_record.sheet
FROM ins_key JOIN health_record ON health_record.record_id = ins_key.record_id
WHERE ins_key.matricule = %s AND ins_key.root = %s
"""
_BY_ID = "SELECT sheet FROM health_record WHERE record_id = %s"
_DUE = """
SELECT sheet FROM health_record WHERE due_at <= %s ORDER BY due_at, record_id LIMIT %s
"""
_BY_RELATIVE = """
SELECT health_record.sheet
FROM relative_key JOIN health_record ON health_record.record_id = relative_key.record_id
WHERE relative_key.matricule = %s AND health_record.state <> 'destroyed'
ORDER BY health_record.record_id
"""
_BY_INVITATION = """
SELECT health_record.sheet
FROM invitation_key JOIN health_record ON health_record.record_id = invitation_key.record_id
WHERE invitation_key.code_digest = %s AND health_record.state <> 'destroyed'
"""


class PostgresRecords:
    """Records by their keys; see `dmp.acts.keepers.Records`."""

    def __init__(self, cellar: Cellar, reader: Reader, pending: Pending) -> None:
        self._cellar = cellar
        self._reader = reader
        self._pending = pending

    async def by_ins(self, ins: Ins) -> HealthRecord | None:
        """The record of this person in whatever state, destroyed ones excepted: one statement, or none.

        It may come from memory, as by `by_id`.
        """
        known = self._cellar.records.get(ins)
        remembered = None if known is None else self._remembered(known)
        if remembered is not None and remembered.ins == ins:
            return remembered
        row = await self._reader.one(_BY_INS, (ins.matricule, ins.root.value))
        record = None if row is None else self._read(row[0])
        if record is None or record.state is State.DESTROYED:
            self._cellar.records.forget(ins)
            return None
        self._cellar.records.put(ins, record.record_id)
        return record

    async def by_id(self, record_id: RecordId) -> HealthRecord | None:
        """The record with this identifier, in whatever state.

        It may come from memory; the commit of the act, its trace alone included, then fails with
        ConcurrentChange when the record has changed since, and the act is begun again.
        """
        remembered = self._remembered(record_id)
        if remembered is not None:
            return remembered
        row = await self._reader.one(_BY_ID, (record_id,))
        return None if row is None else self._read(row[0])

    async def due(self, at: datetime, limit: int) -> Sequence[HealthRecord]:
        """Records whose `due_at` has come, oldest first."""
        rows = await self._reader.all(_DUE, (at, limit))
        return [self._seen(record_of(row[0])) for row in rows]

    async def in_whose_relations(self, matricule: str) -> Sequence[HealthRecord]:
        """Records in whose relations this person stands as a representative or a carer, past or present."""
        rows = await self._reader.all(_BY_RELATIVE, (matricule,))
        return [self._seen(record_of(row[0])) for row in rows]

    async def by_invitation(self, code_digest: str) -> HealthRecord | None:
        """The record in which a carer was invited with the code of this digest, not answered yet."""
        row = await self._reader.one(_BY_INVITATION, (code_digest,))
        return None if row is None else self._seen(record_of(row[0]))

    def _remembered(self, record_id: RecordId) -> HealthRecord | None:
        record = self._cellar.sheets.get(record_id)
        if record is None:
            return None
        self._pending.assumed.add(record_id)
        return self._seen(record)

    def read_again(self, record_id: RecordId, version: int, sheet: str) -> HealthRecord:
        """The record that a statement read beside something else; its sheet is parsed when it is new."""
        remembered = self._cellar.sheets.get(record_id)
        if remembered is not None and remembered.version == version:
            return self._seen(remembered)
        return self._read(sheet)

    def _read(self, sheet: str) -> HealthRecord:
        record = record_of(sheet)
        if record.state is not State.DESTROYED:
            self._cellar.sheets.put(record.record_id, record)
        return self._seen(record)

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
