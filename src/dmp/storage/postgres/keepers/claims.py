"""The keeper of the lines of the health insurance; they are written by the feed in bulk."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from psycopg.types.numeric import Int8

from dmp.domain.claims.reimbursement import Kind, Reimbursement, System
from dmp.domain.identifiers import RecordId
from dmp.storage.postgres.pending import Pending
from dmp.storage.postgres.reader import Reader, ResultRow

# A long-term condition counts for as long as it lasts, whenever it began.
_OF_RECORD = """
SELECT line_id, kind, system, code, care_start, care_end, prescribed_on, nature, quantity,
    prescriber, prescriber_speciality, performer, performer_speciality, place, prescriber_place,
    flow, diagnoses
FROM claim_line
WHERE record_id = %s AND (
    care_start >= %s OR care_end >= %s OR kind = 'long-term' AND care_end IS NULL
)
ORDER BY care_start DESC, line_id
"""
_AWAITING = """
SELECT claim_feed.record_id, claim_feed.changed_at
FROM claim_feed JOIN health_record ON health_record.record_id = claim_feed.record_id
WHERE (claim_feed.published_at IS NULL OR claim_feed.published_at < claim_feed.changed_at)
    AND health_record.state = 'open'
ORDER BY claim_feed.changed_at, claim_feed.record_id LIMIT %s
"""
# The identifiers are asked in both: RPPS have eleven digits, FINESS nine characters.
_NAMES = """
SELECT rpps, name FROM directory_person WHERE rpps = ANY(%(identifiers)s::text[])
UNION ALL
SELECT finess, name FROM directory_place WHERE finess = ANY(%(identifiers)s::text[])
"""


class PostgresClaims:
    """Lines of the health insurance; see `dmp.acts.keepers.Claims`."""

    def __init__(self, reader: Reader, pending: Pending) -> None:
        self._reader = reader
        self._pending = pending

    async def of_record(self, record_id: RecordId, since: date) -> Sequence[Reimbursement]:
        """Every line of care that ends on that day or later, what is cancelled and what cancels included."""
        rows = await self._reader.all(_OF_RECORD, (record_id, since, since))
        return [_line_of(row) for row in rows]

    async def awaiting(self, limit: int) -> Sequence[tuple[RecordId, datetime]]:
        """Open records whose lines changed since their document was made, oldest change first."""
        rows = await self._reader.all(_AWAITING, (Int8(limit),))
        return [(RecordId(record_id), changed_at) for record_id, changed_at in rows]

    async def names(self, identifiers: Collection[str]) -> Mapping[str, str]:
        """Names of professionals and places by RPPS and FINESS; who is in no directory is left out."""
        if not identifiers:
            return {}
        rows = await self._reader.all(_NAMES, {"identifiers": sorted(identifiers)})
        return dict(rows)

    def published(self, record_id: RecordId, changed_at: datetime) -> None:
        """The document of a record was made from its lines as they were after the change of that instant."""
        self._pending.published.append((record_id, changed_at))


def _line_of(row: ResultRow) -> Reimbursement:
    """A line from its row, whose columns stand in the order of its fields."""
    diagnoses = row[-1]
    found = tuple(diagnoses.split()) if diagnoses else ()
    # A page makes 1 500: parts of the row, put together in one, take a third of the time of `_make`.
    line = (row[0], _KINDS[row[1]], _SYSTEMS[row[2]]) + row[3:-1] + (found,)  # noqa: RUF005
    return tuple.__new__(Reimbursement, line)


_KINDS = {kind.value: kind for kind in Kind}
_SYSTEMS = {system.value: system for system in System}
