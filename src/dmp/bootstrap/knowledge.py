"""The knowledge in force: what is shipped, overridden kind by kind by the editions that were loaded."""

from __future__ import annotations

import asyncio
import gc
import logging
from collections.abc import Mapping
from functools import cache

from dmp.domain.clinical.knowledge.assembly import in_force, knowledge_of
from dmp.domain.clinical.knowledge.contents import Content
from dmp.domain.clinical.knowledge.editions import Edition, ReferenceKind
from dmp.domain.clinical.knowledge.knowledge import Knowledge
from dmp.domain.clinical.knowledge.pack.shipped import shipped
from dmp.formats.reference.kept import from_kept_form
from dmp.storage.postgres.reference import ReferenceShelf

logger = logging.getLogger("dmp.knowledge")

DIRECTORIES = frozenset({ReferenceKind.RPPS, ReferenceKind.FINESS})
"""Kinds that stay in the database: they are looked up, never held in memory."""


@cache
def shipped_knowledge() -> Knowledge:
    """The knowledge of the pack that the project ships, for the demo and for tests."""
    return knowledge_of(shipped())


class KnowledgeKeeper:
    """Holds one knowledge at a time; an edition that was loaded since is taken at the next `refresh`.

    Begins with what is shipped. `current` never waits: it is what the last refresh made.
    """

    def __init__(self, shelf: ReferenceShelf) -> None:
        self._shelf = shelf
        self._stamp: frozenset[tuple[str, str, str]] = frozenset()
        self._held: Knowledge | None = None
        self._refreshing = asyncio.Lock()

    @property
    def current(self) -> Knowledge:
        """The knowledge in force as of the last refresh."""
        if self._held is None:
            self._held = shipped_knowledge()
        return self._held

    async def refresh(self) -> bool:
        """Make the knowledge again when an edition in force is another; returns whether it is new.

        One small query when nothing changed; the making itself happens in a thread.

        Raises:
            Refused: UNAVAILABLE; what was held stays.
        """
        async with self._refreshing:
            editions = await self._shelf.in_force()
            stamp = frozenset((e.kind.value, e.on.isoformat(), e.digest) for e in editions.values())
            if self._held is not None and stamp == self._stamp:
                return False
            stored = {}
            for kind, edition in editions.items():
                octets = None if kind in DIRECTORIES else await self._shelf.content(edition)
                stored[kind] = (edition, octets)
            self._held = await asyncio.to_thread(_made, stored)
            self._stamp = stamp
            return True


def _made(stored: Mapping[ReferenceKind, tuple[Edition, bytes | None]]) -> Knowledge:
    """The knowledge of what is stored; an edition of another form than this version's is left out, and
    said.
    """
    loaded: dict[ReferenceKind, Content] = {}
    for kind, (edition, octets) in stored.items():
        try:
            tables = {} if octets is None else from_kept_form(octets)
        except ValueError as fault:
            logger.warning("edition %s of %s left out: %s", edition.on, kind.value, fault)
            continue
        loaded[kind] = Content(edition=edition, tables=tables)
    if not loaded:
        return shipped_knowledge()
    # Hundreds of thousands of small objects that all stay: the collector would walk them again and again.
    collecting = gc.isenabled()
    gc.disable()
    try:
        return knowledge_of(in_force(shipped(), loaded))
    finally:
        if collecting:
            gc.enable()
