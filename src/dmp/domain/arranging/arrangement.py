"""How a holder arranges his documents: folders of his own, and what he pinned on top.

An arrangement names documents and rights nothing: a document that does not exist for the reader does not
show, wherever it was put. Source: dossiers and épingles of Mon espace santé.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

ARRANGEMENT_ID = UUID(int=0)
"""A record has one arrangement."""
MAX_FOLDERS = 50
MAX_NAME = 60
MAX_PINS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """A folder of the holder; `documents` are their identifiers, the newest put in first."""

    folder_id: UUID
    name: str
    documents: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrangement:
    """Folders by name, pinned documents newest first."""

    slip_id: UUID = ARRANGEMENT_ID
    folders: tuple[Folder, ...] = ()
    pins: tuple[UUID, ...] = ()

    def pinned(self, document: UUID) -> Arrangement:
        """With this document on top."""
        others = tuple(pin for pin in self.pins if pin != document)
        return replace(self, pins=(document, *others)[:MAX_PINS])

    def unpinned(self, document: UUID) -> Arrangement:
        """Without this document on top."""
        return replace(self, pins=tuple(pin for pin in self.pins if pin != document))
