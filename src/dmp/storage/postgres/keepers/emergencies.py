"""The keeper of emergency accesses."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from psycopg.types.numeric import Int8

from dmp.domain.identifiers import RecordId
from dmp.domain.record.emergency_access import EmergencyAccess
from dmp.storage.postgres.bodies import access_of
from dmp.storage.postgres.pending import Pending
from dmp.storage.postgres.reader import Reader

_WAITING = """
SELECT body FROM emergency_access
WHERE review <> 'justified' ORDER BY opened_at, access_id LIMIT %s
"""
_BY_ID = "SELECT body FROM emergency_access WHERE record_id = %s AND access_id = %s"


class PostgresEmergencies:
    """Emergency accesses, for the operator's review; see `dmp.acts.keepers.Emergencies`."""

    def __init__(self, reader: Reader, pending: Pending) -> None:
        self._reader = reader
        self._pending = pending

    def opened(self, access: EmergencyAccess) -> None:
        """An emergency access began; one that is known already changes nothing."""
        self._pending.emergencies.append(access)

    async def waiting(self, limit: int) -> Sequence[EmergencyAccess]:
        """Accesses that are not justified yet, oldest first."""
        rows = await self._reader.all(_WAITING, (Int8(limit),))
        return [access_of(row[0]) for row in rows]

    async def by_id(self, record_id: RecordId, access_id: UUID) -> EmergencyAccess | None:
        """One access."""
        row = await self._reader.one(_BY_ID, (record_id, access_id))
        return None if row is None else access_of(row[0])

    def change(self, access: EmergencyAccess, previous: EmergencyAccess) -> None:
        """Write a reviewed access. Changed in between: ConcurrentChange at commit."""
        self._pending.reviews.append((access, previous))
