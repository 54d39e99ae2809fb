"""The keeper of notices."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from psycopg.types.numeric import Int8

from dmp.domain.identifiers import RecordId
from dmp.domain.record.notice import Notice
from dmp.domain.record.outgoing import Settled
from dmp.storage.postgres.bodies import notice_of
from dmp.storage.postgres.pending import Pending
from dmp.storage.postgres.reader import Reader

_OF_RECORD = """
SELECT body FROM notice
WHERE record_id = %s AND addressee = '' AND (%s OR NOT secret)
ORDER BY at DESC, notice_id DESC LIMIT %s
"""
_ADDRESSED_TO = """
SELECT notice.body
FROM (
    SELECT record_id, notice_id, addressee, at FROM notice_key
    WHERE addressee = %s ORDER BY at DESC, notice_id DESC LIMIT %s
) AS newest
JOIN notice ON notice.record_id = newest.record_id AND notice.notice_id = newest.notice_id
    AND notice.addressee = newest.addressee
ORDER BY newest.at DESC, newest.notice_id DESC
"""

_BY_ID = "SELECT body FROM notice WHERE record_id = %s AND notice_id = %s"


class PostgresNotices:
    """Notices, for those they are addressed to; see `dmp.acts.keepers.Notices`."""

    def __init__(self, reader: Reader, pending: Pending) -> None:
        self._reader = reader
        self._pending = pending

    async def of_record(
        self, record_id: RecordId, limit: int, *, secrets: bool
    ) -> Sequence[Notice]:
        """Notices to the holder of a record and those who act for him, newest first."""
        rows = await self._reader.all(_OF_RECORD, (record_id, secrets, Int8(limit)))
        return [notice_of(row[0]) for row in rows]

    async def addressed_to(self, addressee: str, limit: int) -> Sequence[Notice]:
        """Notices to a professional, to the operator, or to a person outside a record, newest first."""
        rows = await self._reader.all(_ADDRESSED_TO, (addressee, Int8(limit)))
        return [notice_of(row[0]) for row in rows]

    async def by_id(self, record_id: RecordId, notice_id: UUID) -> Notice | None:
        """One notice."""
        row = await self._reader.one(_BY_ID, (record_id, notice_id))
        return None if row is None else notice_of(row[0])

    def settled(self, settled: Settled) -> None:
        """Note what became of an attempt to send a notice."""
        self._pending.settled.append(settled)

    def add(self, notice: Notice) -> None:
        """Give a notice; one that was given already changes nothing."""
        self._pending.notices.append(notice)
