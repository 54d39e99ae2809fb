"""The keeper of the feed: deliveries, and lines on their way into records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from psycopg.types.numeric import Int8

from dmp.domain.claims.deliveries import Delivery, FedLines, RecordFound
from dmp.domain.record.health_record import State
from dmp.storage.postgres.claims_feed.bodies import delivery_of
from dmp.storage.postgres.packed_columns import column
from dmp.storage.postgres.pending import Pending
from dmp.storage.postgres.reader import Reader

_COLUMNS = "digest, state, began_at, ended_at, body"
_BY_DIGEST = f"SELECT {_COLUMNS} FROM claim_delivery WHERE digest = %s"  # noqa: S608
_NEWEST = f"SELECT {_COLUMNS} FROM claim_delivery ORDER BY began_at DESC, digest LIMIT %s"  # noqa: S608
_BY_CONTENT = f"""
SELECT {_COLUMNS} FROM claim_delivery
WHERE state = 'loaded' AND body::jsonb ->> 'content' = %s LIMIT 1
"""  # noqa: S608
_OF_SIZE = f"""
SELECT {_COLUMNS} FROM claim_delivery
WHERE state = 'loaded' AND (body::jsonb ->> 'octets')::bigint BETWEEN %s AND %s LIMIT 1
"""  # noqa: S608
_RECORDS = """
SELECT ins_key.matricule, ins_key.root, ins_key.record_id, health_record.state
FROM ins_key JOIN health_record ON health_record.record_id = ins_key.record_id
WHERE ins_key.matricule = ANY(%s) AND ins_key.root = ANY(%s)
"""
_FINGERPRINTS = """
SELECT record_id, count(*), bit_xor(mark) FROM claim_line WHERE record_id = ANY(%s) GROUP BY record_id
"""


class PostgresClaimsFeed:
    """The feed; see `dmp.acts.keepers.ClaimsFeed`."""

    def __init__(self, reader: Reader, pending: Pending) -> None:
        self._reader = reader
        self._pending = pending

    async def delivery(self, digest: str) -> Delivery | None:
        """The delivery with this digest."""
        row = await self._reader.one(_BY_DIGEST, (digest,))
        return None if row is None else delivery_of(row)

    async def with_content(self, content: str) -> Delivery | None:
        """A delivery that was loaded to its end and held the same rows, however they were cut into files."""
        row = await self._reader.one(_BY_CONTENT, (content,))
        return None if row is None else delivery_of(row)

    async def of_size(self, octets: int, about: int) -> Delivery | None:
        """A delivery that was loaded to its end and whose rows take so many octets, more or less."""
        row = await self._reader.one(_OF_SIZE, (Int8(octets - about), Int8(octets + about)))
        return None if row is None else delivery_of(row)

    async def deliveries(self, limit: int) -> Sequence[Delivery]:
        """The newest deliveries, newest first."""
        rows = await self._reader.all(_NEWEST, (Int8(limit),))
        return [delivery_of(row) for row in rows]

    async def records_of(
        self, matricules: Sequence[str], roots: Sequence[str]
    ) -> Mapping[str, RecordFound]:
        """The records of these persons, by matricule; who has none is left out."""
        rows = await self._reader.all(_RECORDS, (column(matricules), column(roots)))
        order = {root: place for place, root in enumerate(roots)}
        found: dict[str, RecordFound] = {}
        for matricule, _, record_id, state in sorted(rows, key=lambda r: -order[r[1]]):
            if state != State.DESTROYED:
                found[matricule] = RecordFound(record_id=record_id, is_open=state == State.OPEN)
        return found

    async def fingerprints(self, records: Sequence[UUID]) -> Mapping[UUID, tuple[int, int | None]]:
        """How many lines these records have, and their marks put together; those without lines are left out."""
        rows = await self._reader.all(_FINGERPRINTS, (column(records),)) if records else []
        return {record_id: (lines, mark) for record_id, lines, mark in rows}

    def begin(self, delivery: Delivery) -> None:
        """A new delivery. Known already: ConcurrentChange at commit."""
        self._pending.deliveries.append(delivery)

    def end(self, delivery: Delivery) -> None:
        """A delivery is loaded to its end."""
        self._pending.deliveries.append(delivery)

    def feed(self, lines: FedLines) -> None:
        """Put a batch into its records. Another loading was faster, or a record is not open any more:
        ConcurrentChange at commit.
        """
        self._pending.fed.append(lines)
