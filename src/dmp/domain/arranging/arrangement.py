"""How documents are arranged: folders of one's own, and what is pinned on top.

An arrangement names documents and rights nothing: a document that does not exist for the reader does not
show, wherever it was put. Source: dossiers and épingles of Mon espace santé.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from uuid import UUID

from dmp.domain.errors import Reason, Refused
from dmp.domain.identity.caller import Carer, Representative, Who

ARRANGEMENT_ID = UUID(int=0)
"""The arrangement of the holder."""
REPRESENTATIVES_ID = UUID(int=1)
"""That of who represents a minor or a protected adult: what a minor names her folders is hers."""
MAX_FOLDERS = 50
MAX_NAME = 60
MAX_PINS = 20
MAX_IN_FOLDER = 1000


def arrangement_id(who: Who, *, is_minor: bool) -> UUID:
    """Which arrangement of a record is whose. A carer helps the holder; a minor's carer, the parents."""
    if isinstance(who, Representative) or (isinstance(who, Carer) and is_minor):
        return REPRESENTATIVES_ID
    return ARRANGEMENT_ID


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

    def folder(self, folder_id: UUID) -> Folder:
        """A folder. Raises Refused: FOLDER_NOT_FOUND."""
        found = next((one for one in self.folders if one.folder_id == folder_id), None)
        if found is None:
            raise Refused(Reason.FOLDER_NOT_FOUND)
        return found

    def with_folder(self, folder_id: UUID, name: str) -> Arrangement:
        """With a new folder. Raises Refused: FOLDER_NOT_POSSIBLE, FOLDER_NAME_TAKEN."""
        if len(self.folders) >= MAX_FOLDERS:
            raise Refused(Reason.FOLDER_NOT_POSSIBLE, field="nom", detail="too many folders")
        folder = Folder(folder_id=folder_id, name=self._free(name))
        return self._sorted((*self.folders, folder))

    def renamed(self, folder_id: UUID, name: str) -> Arrangement:
        """With this folder under another name. Raises Refused: as `with_folder`, FOLDER_NOT_FOUND."""
        folder = self.folder(folder_id)
        return self._with(replace(folder, name=self._free(name, but=folder_id)))

    def without_folder(self, folder_id: UUID) -> Arrangement:
        """Without this folder; the documents stay in the record. Raises Refused: FOLDER_NOT_FOUND."""
        gone = self.folder(folder_id)
        return replace(self, folders=tuple(one for one in self.folders if one != gone))

    def put(self, folder_id: UUID, documents: Iterable[UUID]) -> Arrangement:
        """With these documents in the folder. Raises Refused: FOLDER_NOT_FOUND, FOLDER_NOT_POSSIBLE."""
        folder = self.folder(folder_id)
        inside = tuple(dict.fromkeys((*documents, *folder.documents)))
        if len(inside) > MAX_IN_FOLDER:
            raise Refused(Reason.FOLDER_NOT_POSSIBLE, field="dossier", detail="too many documents")
        return self._with(replace(folder, documents=inside))

    def taken_out(self, folder_id: UUID, documents: Iterable[UUID]) -> Arrangement:
        """With these documents no longer in the folder. Raises Refused: FOLDER_NOT_FOUND."""
        folder, out = self.folder(folder_id), set(documents)
        left = tuple(one for one in folder.documents if one not in out)
        return self._with(replace(folder, documents=left))

    def _with(self, folder: Folder) -> Arrangement:
        others = (one for one in self.folders if one.folder_id != folder.folder_id)
        return self._sorted((*others, folder))

    def _sorted(self, folders: tuple[Folder, ...]) -> Arrangement:
        return replace(self, folders=tuple(sorted(folders, key=lambda one: one.name.casefold())))

    def _free(self, name: str, but: UUID | None = None) -> str:
        """A name that no other folder has."""
        clean = " ".join(name.split())
        if not clean or not clean.isprintable():
            raise Refused(Reason.FOLDER_NOT_POSSIBLE, field="nom", detail="a name is missing")
        if len(clean) > MAX_NAME:
            raise Refused(Reason.FOLDER_NOT_POSSIBLE, field="nom", detail="a name of 60 at most")
        for other in self.folders:
            if other.folder_id != but and other.name.casefold() == clean.casefold():
                raise Refused(Reason.FOLDER_NAME_TAKEN, field="nom")
        return clean
