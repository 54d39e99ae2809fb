"""Profiles written: in place of the one that was read, or of whatever stands there where none was read."""

from __future__ import annotations

from collections.abc import Iterable

from dmp.domain.identifiers import RecordId
from dmp.storage.postgres.connections import Connection

SealedProfile = tuple[RecordId, bytes, str | None]
"""Of which record, the sealed octets, and the mark of what was read: empty when there was none, None when
nothing was read.
"""

_NEW = "INSERT INTO profile (record_id, sealed) VALUES (%b, %b)"
# As every guard: less than one changed row divides by zero, and undoes the batch.
_CHANGED = """
WITH changed AS (
    UPDATE profile SET sealed = %b WHERE record_id = %b AND md5(sealed) = %b RETURNING 1
)
SELECT 1 / count(*) FROM changed
"""
_WHATEVER = _NEW + " ON CONFLICT (record_id) DO UPDATE SET sealed = excluded.sealed"


async def write_profiles(connection: Connection, written: Iterable[SealedProfile]) -> None:
    """Write profiles. One that is not what was read any more fails the batch by a division by zero, one that
    was not there and is now by a unique violation.
    """
    for record_id, sealed, seen in sorted(written, key=lambda one: one[0]):
        if seen:
            await connection.execute(_CHANGED, (sealed, record_id, seen))
        else:
            statement = _WHATEVER if seen is None else _NEW
            await connection.execute(statement.encode("utf-8"), (record_id, sealed))
