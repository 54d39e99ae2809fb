"""Who opened which records in the last day, as one process knows it. Filled and kept up by its keeper."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import OrderedDict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from dmp.domain.identifiers import RecordId

HOUR = timedelta(hours=1)
DAY = timedelta(hours=24)
REFRESHED_AFTER = timedelta(seconds=5)
"""How old the knowledge of what other processes added may be."""
RENEWED_AFTER = timedelta(minutes=1)
"""An opening of the same record is written again after this; until then the written one stands for it."""


@dataclass(frozen=True, slots=True)
class Opening:
    """A record opened by one opener: a person or a structure."""

    opener: str
    record_id: RecordId
    at: datetime


def person_opener(person_id: str) -> str:
    """The person as an opener, apart from a structure of the same identifier; empty for nobody."""
    return f"person/{person_id}" if person_id else ""


def structure_opener(structure_id: str) -> str:
    """The structure as an opener; empty for none."""
    return f"structure/{structure_id}" if structure_id else ""


@dataclass(slots=True)
class _Opener:
    """The records of one opener: when each was opened last, and the same in the order of time."""

    last: dict[RecordId, datetime] = field(default_factory=dict)
    in_time: list[tuple[datetime, RecordId]] = field(default_factory=list)

    def add(self, record_id: RecordId, at: datetime) -> int:
        """Add an opening; the latest of a record stands. Returns how many records came in: 0 or 1."""
        known = self.last.get(record_id)
        if known is not None:
            if known >= at:
                return 0
            del self.in_time[bisect_left(self.in_time, (known, record_id))]
        self.last[record_id] = at
        insort(self.in_time, (at, record_id))
        return int(known is None)

    def forget(self, until: datetime) -> int:
        """Drop what was opened at that instant or before; returns how many."""
        gone = bisect_right(self.in_time, until, key=_instant)
        for _, record_id in self.in_time[:gone]:
            del self.last[record_id]
        del self.in_time[:gone]
        return gone

    def since(self, start: datetime, without: RecordId) -> int:
        """How many other records were opened after `start`."""
        count = len(self.in_time) - bisect_right(self.in_time, start, key=_instant)
        known = self.last.get(without)
        return count - int(known is not None and known > start)


def _instant(opening: tuple[datetime, RecordId]) -> datetime:
    return opening[0]


class RecentOpenings:
    """A memory of `bound` openers and openings: openers not used for longest go first, and are read
    again when needed.
    """

    def __init__(self, bound: int = 200_000) -> None:
        self._bound = bound
        self._known: OrderedDict[str, _Opener] = OrderedDict()
        self._size = 0
        self._refreshed_at: datetime | None = None

    def unknown(self, of: Iterable[str]) -> list[str]:
        """Which of these openers must be read first."""
        return [opener for opener in of if opener not in self._known]

    def learned(self, of: Iterable[str], openings: Iterable[Opening]) -> None:
        """Openers that were read, with every opening of theirs in the last day."""
        for opener in of:
            self._known.setdefault(opener, _Opener())
        self.add(openings)

    def add(self, openings: Iterable[Opening]) -> None:
        """Openings that are durable. Those of openers that are not remembered are left out."""
        for opening in openings:
            known = self._known.get(opening.opener)
            if known is not None:
                self._size += known.add(opening.record_id, opening.at)

    def use(self, of: Collection[str], at: datetime) -> None:
        """Let go of what is a day old, and of openers not used for longest; never of these ones."""
        for opener in of:
            known = self._known.get(opener)
            if known is not None:
                self._known.move_to_end(opener)
                self._size -= known.forget(at - DAY)
        while self._size + len(self._known) > self._bound and len(self._known) > len(of):
            _, gone = self._known.popitem(last=False)
            self._size -= len(gone.last)

    def counts(self, opener: str, without: RecordId, at: datetime) -> tuple[int, int]:
        """Other records this opener opened in the last hour, and in the last day."""
        known = self._known.get(opener)
        if known is None:
            return 0, 0
        return known.since(at - HOUR, without), known.since(at - DAY, without)

    def has(self, opener: str, record_id: RecordId) -> bool:
        """Whether this record is among those of the opener's last day."""
        known = self._known.get(opener)
        return known is not None and record_id in known.last

    def is_fresh(self, opening: Opening) -> bool:
        """Whether a durable opening stands for this one already."""
        known = self._known.get(opening.opener)
        last = known.last.get(opening.record_id) if known is not None else None
        return last is not None and abs(opening.at - last) < RENEWED_AFTER

    def refresh_since(self, at: datetime) -> datetime | None:
        """From when on to read what others added, or None when that was read just now."""
        last = self._refreshed_at
        if last is not None and abs(at - last) < REFRESHED_AFTER:
            return None
        self._refreshed_at = at
        return None if last is None else min(last, at)

    def refresh_failed(self) -> None:
        """What was to be read was not: everything is read again when needed."""
        self._known.clear()
        self._size, self._refreshed_at = 0, None
