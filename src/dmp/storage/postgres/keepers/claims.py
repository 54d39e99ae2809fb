"""The keeper of the lines of the health insurance; they are written by the feed in bulk."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from psycopg.types.numeric import Int8

from dmp.domain.access.filter import Scope
from dmp.domain.access.rules.deposits import REIMBURSEMENTS
from dmp.domain.claims.reimbursement import Kind, Reimbursement, System
from dmp.domain.identifiers import RecordId
from dmp.domain.made_once import MadeOnce
from dmp.storage.postgres.pending import Pending
from dmp.storage.postgres.reader import Reader, ResultRow
from dmp.storage.postgres.search import in_scope

# A long-term condition counts for as long as it lasts, whenever it began. One row of columns: fifteen hundred
# rows would wake the page twenty times. What comes back from line to line is one word with tabs between its
# parts (the feed writes rows with tabs: no value holds one), and is taken apart once.
_OF_RECORD = """
SELECT array_agg(line_id), array_agg(what), array_agg(care_start), array_agg(care_end),
    array_agg(prescribed_on), array_agg(quantity), array_agg(who), array_agg(flow), array_agg(diagnoses)
FROM (
    SELECT line_id, care_start, care_end, prescribed_on, quantity, flow, diagnoses,
        concat_ws(E'\\t', kind, system, code, nature) AS what,
        concat_ws(E'\\t', prescriber, prescriber_speciality, performer, performer_speciality, place,
            prescriber_place) AS who
    FROM claim_line
    WHERE record_id = %(record_id)s AND (
        care_start >= %(since)s OR care_end >= %(since)s OR kind = 'long-term' AND care_end IS NULL
    ) AND {condition}
    ORDER BY care_start DESC, line_id
) AS line
"""
_TOLD = """EXISTS (
        SELECT 1 FROM document
        WHERE document.record_id = %(record_id)s AND document.status = 'approved'
            AND document.type_code = %(claims)s AND {condition}
    )"""
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
        return await self._lines("TRUE", {"record_id": record_id, "since": since})

    async def in_scope(
        self, record_id: RecordId, scope: Scope, since: date
    ) -> Sequence[Reimbursement]:
        """The same for a scope: none where it lets no document through that tells of them."""
        condition, parameters = in_scope(scope)
        parameters |= {"record_id": record_id, "since": since, "claims": REIMBURSEMENTS}
        return await self._lines(_TOLD.format(condition=condition), parameters)

    async def _lines(
        self, condition: str, parameters: Mapping[str, object]
    ) -> Sequence[Reimbursement]:
        columns = await self._reader.one(_OF_RECORD.format(condition=condition), parameters)
        return [] if columns is None or columns[0] is None else _lines_of(columns)

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


_new = tuple.__new__  # a page makes 1 500 lines: in a third of the time of their own constructor


def _lines_of(columns: ResultRow) -> list[Reimbursement]:
    """Lines from their columns; what several of them name is made once."""
    ids, whats, starts, ends, prescribed_on, quantities, whos, flows, diagnoses = columns
    kinds, systems, codes, natures = zip(*map(MadeOnce(_what).__getitem__, whats), strict=True)
    people = zip(*map(MadeOnce(_who).__getitem__, whos), strict=True)
    diagnosed = map(MadeOnce(_diagnoses).__getitem__, diagnoses)
    lines = zip(
        ids, kinds, systems, codes, starts, ends, prescribed_on, natures, quantities, *people, flows,
        diagnosed, strict=True,
    )  # fmt: skip
    return [_new(Reimbursement, line) for line in lines]


def _what(word: str) -> tuple[Kind, System, str, str]:
    kind, system, code, nature = word.split("\t")
    return Kind(kind), System(system), code, nature


def _who(word: str) -> tuple[str, str, str, str, str, str]:
    """Prescriber and his speciality, performer and his, place of the one who did it and of the prescriber."""
    prescriber, his, performer, other, place, prescriber_place = word.split("\t")
    return prescriber, his, performer, other, place, prescriber_place


def _diagnoses(words: str) -> tuple[str, ...]:
    return tuple(words.split())
