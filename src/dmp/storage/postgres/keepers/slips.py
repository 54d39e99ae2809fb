"""The keepers of slips: values that acts keep whole, of a record or of an owner.

The kinds are a closed table, so that what one version of the house wrote is read by the next
as what it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar
from uuid import NAMESPACE_OID, UUID, uuid5

import msgspec
from psycopg.types.numeric import Int8

from dmp.acts.slips import Slip
from dmp.domain.identifiers import RecordId
from dmp.domain.record.health_record import HealthRecord
from dmp.storage.postgres.cellar import Cellar
from dmp.storage.postgres.keepers.records import PostgresRecords
from dmp.storage.postgres.pending import Pending, SlipWritten
from dmp.storage.postgres.reader import Reader
from dmp.storage.postgres.slip_kinds import kind_of
from dmp.storage.sealing import unseal

S = TypeVar("S", bound=Slip)

_OF_RECORD = """
SELECT record_slip.slip_id, record_slip.version, record_slip.sealed, record_key.wrapped
FROM record_slip JOIN record_key ON record_key.record_id = record_slip.record_id
WHERE record_slip.record_id = %s AND record_slip.kind = %s ORDER BY record_slip.slip_id DESC
"""
_ONE = """
SELECT record_slip.slip_id, record_slip.version, record_slip.sealed, record_key.wrapped
FROM record_slip JOIN record_key ON record_key.record_id = record_slip.record_id
WHERE record_slip.record_id = %s AND record_slip.kind = %s AND record_slip.slip_id = %s
"""
_BY_CODE = "SELECT record_id, slip_id FROM slip_code_key WHERE code_digest = %s AND kind = %s"
_ADDRESSED = """
SELECT record_id, slip_id FROM slip_addressee_key WHERE addressee = %s AND kind = %s
ORDER BY slip_id DESC LIMIT %s
"""
_OF_OWNER = """
SELECT slip_id, version, body FROM own_slip WHERE owner = %s AND kind = %s
ORDER BY slip_id DESC LIMIT %s
"""
_OWN = "SELECT slip_id, version, body FROM own_slip WHERE owner = %s AND kind = %s AND slip_id = %s"


def sealed_name(kind: str, slip_id: UUID) -> UUID:
    """What a sealed slip is bound to: its kind and its identifier."""
    return uuid5(NAMESPACE_OID, f"dmp-slip/{kind}/{slip_id}")


class PostgresSlips:
    """Slips of records; see `dmp.acts.slips.Slips`."""

    def __init__(
        self, cellar: Cellar, reader: Reader, pending: Pending, records: PostgresRecords
    ) -> None:
        self._cellar = cellar
        self._reader = reader
        self._pending = pending
        self._records = records

    async def of_record(self, record_id: RecordId, kind: type[S]) -> Sequence[S]:
        """Every slip of this kind, the newest identifier first. Raises ContentDamaged."""
        rows = await self._reader.all(_OF_RECORD, (record_id, kind_of(kind)))
        return [self._opened(record_id, kind, row) for row in rows]

    async def one(self, record_id: RecordId, kind: type[S], slip_id: UUID) -> S | None:
        """One slip, or None. Raises ContentDamaged."""
        row = await self._reader.one(_ONE, (record_id, kind_of(kind), slip_id))
        return None if row is None else self._opened(record_id, kind, row)

    async def by_code(self, digest: str, kind: type[S]) -> tuple[HealthRecord, S] | None:
        """The slip that a code opens, with its record."""
        row = await self._reader.one(_BY_CODE, (digest, kind_of(kind)))
        if row is None:
            return None
        record = await self._records.by_id(RecordId(row[0]))
        slip = await self.one(RecordId(row[0]), kind, row[1])
        return None if record is None or slip is None else (record, slip)

    async def addressed_to(
        self, addressee: str, kind: type[S], limit: int
    ) -> Sequence[tuple[RecordId, S]]:
        """Slips that wait for somebody, the newest identifier first."""
        rows = await self._reader.all(_ADDRESSED, (addressee, kind_of(kind), Int8(limit)))
        found = [(RecordId(row[0]), await self.one(RecordId(row[0]), kind, row[1])) for row in rows]
        return [(record_id, slip) for record_id, slip in found if slip is not None]

    def keep(
        self, record_id: RecordId, slip: Slip, *, code_digest: str = "", addressee: str = ""
    ) -> None:
        """Keep a slip, in place of the one that was read; see `dmp.acts.slips.Slips.keep`."""
        self._pending.slips.append(
            self._written(record_id, slip, slip, code_digest=code_digest, addressee=addressee)
        )

    def remove(self, record_id: RecordId, slip: Slip) -> None:
        """Remove a slip that was read, with its code and its addressee."""
        self._pending.slips.append(self._written(record_id, slip, None))

    def _written(
        self,
        record_id: RecordId,
        slip: Slip,
        kept: Slip | None,
        *,
        code_digest: str = "",
        addressee: str = "",
    ) -> SlipWritten:
        kind = kind_of(type(slip))
        return SlipWritten(
            record_id=record_id,
            kind=kind,
            slip_id=slip.slip_id,
            version=self._pending.slips_seen.get((record_id, kind, slip.slip_id), 0),
            slip=kept,
            code_digest=code_digest,
            addressee=addressee,
        )

    def _opened(self, record_id: RecordId, kind: type[S], row: Sequence[object]) -> S:
        slip_id, version, sealed, wrapped = row
        if not (isinstance(slip_id, UUID) and isinstance(version, int)):
            raise TypeError("a row of slips has another shape")
        name = kind_of(kind)
        self._pending.slips_seen[record_id, name, slip_id] = version
        key = self._cellar.keys.unwrap(record_id, bytes(wrapped))  # type: ignore[call-overload]
        octets = unseal(key, sealed_name(name, slip_id), bytes(sealed))  # type: ignore[call-overload]
        return msgspec.json.decode(octets, type=kind)


class PostgresOwnSlips:
    """Slips of owners; see `dmp.acts.slips.OwnSlips`."""

    def __init__(self, reader: Reader, pending: Pending) -> None:
        self._reader = reader
        self._pending = pending

    async def of_owner(self, owner: str, kind: type[S], limit: int) -> Sequence[S]:
        """The slips of an owner, the newest identifier first."""
        rows = await self._reader.all(_OF_OWNER, (owner, kind_of(kind), Int8(limit)))
        return [self._read(owner, kind, row) for row in rows]

    async def one(self, owner: str, kind: type[S], slip_id: UUID) -> S | None:
        """One slip, or None."""
        row = await self._reader.one(_OWN, (owner, kind_of(kind), slip_id))
        return None if row is None else self._read(owner, kind, row)

    def keep(self, owner: str, slip: Slip) -> None:
        """Keep a slip, in place of the one that was read."""
        self._pending.slips.append(self._written(owner, slip, slip))

    def remove(self, owner: str, slip: Slip) -> None:
        """Remove a slip that was read."""
        self._pending.slips.append(self._written(owner, slip, None))

    def _written(self, owner: str, slip: Slip, kept: Slip | None) -> SlipWritten:
        kind = kind_of(type(slip))
        return SlipWritten(
            owner=owner,
            kind=kind,
            slip_id=slip.slip_id,
            version=self._pending.slips_seen.get((owner, kind, slip.slip_id), 0),
            slip=kept,
        )

    def _read(self, owner: str, kind: type[S], row: Sequence[object]) -> S:
        slip_id, version, body = row
        if not (isinstance(slip_id, UUID) and isinstance(version, int) and isinstance(body, str)):
            raise TypeError("a row of slips has another shape")
        self._pending.slips_seen[owner, kind_of(kind), slip_id] = version
        return msgspec.json.decode(body, type=kind)
