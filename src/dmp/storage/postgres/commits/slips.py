"""Slips written: new ones, changed ones at the version that was read, removed ones."""

from __future__ import annotations

from collections.abc import Iterable

from psycopg.types.numeric import Int8

from dmp.storage.postgres.connections import Connection
from dmp.storage.postgres.pending import SlipWritten

_NEW = (
    "INSERT INTO record_slip (record_id, kind, slip_id, version, sealed)"
    " VALUES (%b, %b, %b, %b::bigint, %b)"
)
# As every guard: less than one changed row divides by zero, and undoes the batch.
_CHANGED = """
WITH changed AS (
    UPDATE record_slip SET version = %b::bigint, sealed = %b
    WHERE record_id = %b AND kind = %b AND slip_id = %b AND version = %b::bigint
    RETURNING 1
)
SELECT 1 / count(*) FROM changed
"""
_REMOVED = """
WITH removed AS (
    DELETE FROM record_slip
    WHERE record_id = %b AND kind = %b AND slip_id = %b AND version = %b::bigint
    RETURNING 1
)
SELECT 1 / count(*) FROM removed
"""
_NO_CODE = "DELETE FROM slip_code_key WHERE record_id = %b AND kind = %b AND slip_id = %b"
_NO_ADDRESSEE = "DELETE FROM slip_addressee_key WHERE record_id = %b AND kind = %b AND slip_id = %b"
_CODE = "INSERT INTO slip_code_key (record_id, kind, slip_id, code_digest) VALUES (%b, %b, %b, %b)"
_ADDRESSEE = (
    "INSERT INTO slip_addressee_key (record_id, kind, slip_id, addressee) VALUES (%b, %b, %b, %b)"
)
_OWN_NEW = (
    "INSERT INTO own_slip (owner, kind, slip_id, version, body) VALUES (%b, %b, %b, %b::bigint, %b)"
)
_OWN_CHANGED = """
WITH changed AS (
    UPDATE own_slip SET version = %b::bigint, body = %b
    WHERE owner = %b AND kind = %b AND slip_id = %b AND version = %b::bigint
    RETURNING 1
)
SELECT 1 / count(*) FROM changed
"""
_OWN_REMOVED = """
WITH removed AS (
    DELETE FROM own_slip
    WHERE owner = %b AND kind = %b AND slip_id = %b AND version = %b::bigint
    RETURNING 1
)
SELECT 1 / count(*) FROM removed
"""


async def write_slips(
    connection: Connection, written: Iterable[tuple[SlipWritten, bytes | None]]
) -> None:
    """Write slips with their sealed or plain octets; None removes one.

    One that is not at the version that was read fails the batch by a division by zero, one that is new and
    stands there already by a unique violation.
    """
    for slip, octets in sorted(written, key=lambda pair: pair[0].place):
        if slip.record_id is None:
            await _write_own(connection, slip, octets)
        else:
            await _write_of_record(connection, slip, octets)


async def _write_of_record(connection: Connection, slip: SlipWritten, octets: bytes | None) -> None:
    place = (slip.record_id, slip.kind, slip.slip_id)
    seen = Int8(slip.version)
    if octets is None:
        await connection.execute(_REMOVED, (*place, seen))
    elif slip.version == 0:
        await connection.execute(_NEW, (*place, Int8(1), octets))
    else:
        await connection.execute(_CHANGED, (Int8(slip.version + 1), octets, *place, seen))
    if slip.version > 0:
        await connection.execute(_NO_CODE, place)
        await connection.execute(_NO_ADDRESSEE, place)
    if octets is not None and slip.code_digest:
        await connection.execute(_CODE, (*place, slip.code_digest))
    if octets is not None and slip.addressee:
        await connection.execute(_ADDRESSEE, (*place, slip.addressee))


async def _write_own(connection: Connection, slip: SlipWritten, octets: bytes | None) -> None:
    place = (slip.owner, slip.kind, slip.slip_id)
    seen = Int8(slip.version)
    if octets is None:
        await connection.execute(_OWN_REMOVED, (*place, seen))
        return
    body = octets.decode("utf-8")
    if slip.version == 0:
        await connection.execute(_OWN_NEW, (*place, Int8(1), body))
    else:
        await connection.execute(_OWN_CHANGED, (Int8(slip.version + 1), body, *place, seen))
