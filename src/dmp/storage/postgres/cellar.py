"""What all units of one process share: connections, packs, keys, and what never changes once known."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, TypeVar

from dmp.domain.documents.entry import DocumentEntry
from dmp.domain.identifiers import Ins, RecordId
from dmp.domain.record.health_record import HealthRecord
from dmp.storage.blobs.packs import Packs
from dmp.storage.keys.ring import KeyRing
from dmp.storage.postgres.commits.group_commit import GroupCommit
from dmp.storage.postgres.connections import Pool
from dmp.storage.postgres.recent_openings import RecentOpenings

K = TypeVar("K")
V = TypeVar("V")

WriteDocumentReference = Callable[[DocumentEntry, datetime], str]
"""Writes the ready-made FHIR DocumentReference of an entry registered at that instant, as JSON text."""


class Remembered(Generic[K, V]):
    """A bounded memory of facts that cannot change; the least recently used goes first."""

    def __init__(self, bound: int) -> None:
        self._bound = bound
        self._facts: OrderedDict[K, V] = OrderedDict()

    def get(self, key: K) -> V | None:
        """The fact, or None."""
        found = self._facts.get(key)
        if found is not None:
            self._facts.move_to_end(key)
        return found

    def put(self, key: K, fact: V) -> None:
        """Remember a fact."""
        self._facts[key] = fact
        self._facts.move_to_end(key)
        if len(self._facts) > self._bound:
            self._facts.popitem(last=False)

    def forget(self, key: K) -> None:
        """Drop what was remembered of this key."""
        self._facts.pop(key, None)

    def clear(self) -> None:
        """Drop everything."""
        self._facts.clear()


@dataclass(frozen=True, slots=True, kw_only=True)
class Cellar:
    """Shared by every unit of a process.

    `records` remembers which record an INS led to, `wrapped` the wrapped key of a record: the first is
    used with a remembered record only, the second is checked by the guard of the commit, so that a
    destroyed record is never served from memory. `sheets` remembers records as last read: whoever decides
    on one has its version verified when his trace is committed, before his answer leaves. `openings` are
    those of the last day, of the openers that this process met.
    """

    pool: Pool
    group: GroupCommit
    packs: Packs
    keys: KeyRing
    write_document_reference: WriteDocumentReference
    records: Remembered[Ins, RecordId] = field(default_factory=lambda: Remembered(50_000))
    sheets: Remembered[RecordId, HealthRecord] = field(default_factory=lambda: Remembered(20_000))
    wrapped: Remembered[RecordId, bytes] = field(default_factory=lambda: Remembered(50_000))
    openings: RecentOpenings = field(default_factory=RecentOpenings)
