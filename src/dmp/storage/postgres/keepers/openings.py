"""The keeper of openings: counted from the memory of the process, written with the commit.

Nothing is asked of the database in the steady state. An opener is read once, when this process meets him;
what other processes add is read again, for all openers together, some seconds later.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from dmp.domain.access.rules import Opened
from dmp.domain.identifiers import RecordId
from dmp.storage.postgres.cellar import Cellar
from dmp.storage.postgres.pending import Pending
from dmp.storage.postgres.reader import Reader, ResultRow
from dmp.storage.postgres.recent_openings import (
    DAY,
    Opening,
    person_opener,
    structure_opener,
)

LATE_COMMITS = timedelta(seconds=30)
"""How long before its commit an opening may be dated: what is read again overlaps by this much."""

_OF_OPENERS = """
SELECT opener, record_id, opened_at FROM record_opening
WHERE opener = ANY(%s::text[]) AND opened_at > %s
"""
_SINCE = "SELECT opener, record_id, opened_at FROM record_opening WHERE opened_at > %s"


class PostgresOpenings:
    """Who opened how many different records lately; see `dmp.acts.keepers.Openings`."""

    def __init__(self, cellar: Cellar, reader: Reader, pending: Pending) -> None:
        self._recent = cellar.openings
        self._reader = reader
        self._pending = pending

    async def counted(
        self, person_id: str, structure_id: str, record_id: RecordId, at: datetime
    ) -> Opened:
        """Different records opened in the last hour and the last 24, by the person and by the structure,
        this record not counted. Who has no identifier opened none; a structure alone asks for itself.
        """
        person, structure = person_opener(person_id), structure_opener(structure_id)
        known = [opener for opener in (person, structure) if opener]
        await self._keep_up(at)
        while unknown := self._recent.unknown(known):
            rows = await self._reader.all(_OF_OPENERS, (unknown, at - DAY))
            self._recent.learned(unknown, _openings(rows))
        self._recent.use(known, at)
        professional_hour, professional_day = self._recent.counts(person, record_id, at)
        structure_hour, structure_day = self._recent.counts(structure, record_id, at)
        return Opened(
            professional_hour=professional_hour,
            professional_day=professional_day,
            structure_hour=structure_hour,
            structure_day=structure_day,
            is_new=not self._recent.has(person or structure, record_id),
        )

    async def _keep_up(self, at: datetime) -> None:
        since = self._recent.refresh_since(at)
        if since is None:
            return
        try:
            rows = await self._reader.all(_SINCE, (max(since - LATE_COMMITS, at - DAY),))
        except BaseException:
            self._recent.refresh_failed()
            raise
        self._recent.add(_openings(rows))

    def note(self, person_id: str, structure_id: str, record_id: RecordId, at: datetime) -> None:
        """The record was opened now. An opening written within the last minute stands for it."""
        self._pending.openings += (
            opening
            for opener in (person_opener(person_id), structure_opener(structure_id))
            if opener and not self._recent.is_fresh(opening := Opening(opener, record_id, at))
        )


def _openings(rows: Iterable[ResultRow]) -> Iterable[Opening]:
    return (Opening(opener, RecordId(record_id), at) for opener, record_id, at in rows)
