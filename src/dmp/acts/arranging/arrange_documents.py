"""Arrange documents in folders, and pin them on top; read how they are arranged.

Who: the holder his own way, who represents him another one of their own; carers read. Folders right nothing:
of what does not exist for the reader nothing shows and nothing counts, in whatever folder it was put.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from dmp.acts.act import Act, OfRecord, always
from dmp.acts.documents.whole_record import whole_record
from dmp.acts.work import Work
from dmp.domain.access.actions import Action
from dmp.domain.arranging.arrangement import Arrangement, Folder, arrangement_id
from dmp.domain.documents.entry import DocumentEntry
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import RecordId
from dmp.domain.identity.caller import Carer, Holder


class Doing(StrEnum):
    """What is done to an arrangement."""

    CREATE = "create"
    RENAME = "rename"
    DELETE = "delete"
    PUT = "put"
    TAKE_OUT = "take-out"
    PIN = "pin"
    UNPIN = "unpin"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadArrangement:
    """Of which record."""

    record_id: RecordId


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrangeDocuments:
    """What to do. `folder` is which one, `name` its new name; PUT without a folder makes one of that name."""

    record_id: RecordId
    doing: Doing
    folder: UUID | None = None
    name: str = ""
    documents: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderShown:
    """A folder with what exists in it for the reader, as it was put in: the newest first."""

    folder_id: UUID
    name: str
    entries: tuple[DocumentEntry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Arranged:
    """The folders by name, and the pinned documents, newest pin first."""

    folders: tuple[FolderShown, ...] = ()
    pins: tuple[DocumentEntry, ...] = ()
    folder_id: UUID | None = None


async def _kept(work: Work) -> Arrangement:
    which = arrangement_id(
        work.caller.who, is_minor=work.record.is_minor(work.now, work.policy.majority_age)
    )
    found = await work.slips.one(work.record.record_id, Arrangement, which)
    return found or Arrangement(slip_id=which)


async def _read(_: ReadArrangement, work: Work) -> Arranged:
    kept = await _kept(work)
    if not kept.folders and not kept.pins:
        return Arranged()
    return _shown(kept, await whole_record(work), work)


async def _arrange(request: ArrangeDocuments, work: Work) -> Arranged:
    # The arrangement of a minor is her own: that she put something away is not told to who acts for her.
    work.traced_secret = isinstance(work.caller.who, Holder) and work.record.is_minor(
        work.now, work.policy.majority_age
    )
    kept = await _kept(work)
    known = await whole_record(work)
    present = {entry.document_id for entry in known}
    if any(document not in present for document in request.documents):
        raise Refused(Reason.DOCUMENT_NOT_FOUND)
    changed, folder_id = _changed(kept, request, known, work)
    if changed != kept:
        work.slips.keep(work.record.record_id, changed)
    shown = _shown(changed, known, work)
    return Arranged(folders=shown.folders, pins=shown.pins, folder_id=folder_id)


def _changed(
    kept: Arrangement, request: ArrangeDocuments, known: Iterable[DocumentEntry], work: Work
) -> tuple[Arrangement, UUID | None]:
    documents, folder = request.documents, request.folder
    match request.doing:
        case Doing.PIN | Doing.UNPIN:
            return _pinned(kept, request, known), None
        case Doing.CREATE:
            made = work.new_uuid()
            return kept.with_folder(made, request.name).put(made, documents), made
        case Doing.PUT if folder is None:
            made = work.new_uuid()
            return kept.with_folder(made, request.name).put(made, documents), made
    if folder is None:
        raise Refused(Reason.FOLDER_NOT_FOUND)
    match request.doing:
        case Doing.RENAME:
            return kept.renamed(folder, request.name), folder
        case Doing.DELETE:
            return kept.without_folder(folder), None
        case Doing.PUT:
            return kept.put(folder, documents), folder
        case _:
            return kept.taken_out(folder, _with_earlier(documents, known)), folder


def _pinned(
    kept: Arrangement, request: ArrangeDocuments, known: Iterable[DocumentEntry]
) -> Arrangement:
    for document in _with_earlier(request.documents, known):
        kept = kept.unpinned(document)
    if request.doing is Doing.PIN:
        for document in request.documents:
            kept = kept.pinned(document)
    return kept


def _with_earlier(documents: Iterable[UUID], known: Iterable[DocumentEntry]) -> tuple[UUID, ...]:
    """These documents and the versions they replaced, under which they may have been put away."""
    replaced: dict[UUID, UUID | None] = {entry.document_id: entry.replaces for entry in known}
    found: dict[UUID, None] = {}
    for one in documents:
        document: UUID | None = one
        while document is not None and document not in found:
            found[document] = None
            document = replaced.get(document)
    return tuple(found)


def _shown(kept: Arrangement, known: Iterable[DocumentEntry], work: Work) -> Arranged:
    entries: dict[UUID, DocumentEntry] = {entry.document_id: entry for entry in known}
    follows: dict[UUID, DocumentEntry] = {
        entry.replaces: entry for entry in entries.values() if entry.replaces is not None
    }
    shown = tuple(_folder(folder, entries, follows) for folder in kept.folders)
    if isinstance(work.caller.who, Carer):
        # What the name of a folder would tell of documents that do not exist for him is not told.
        shown = tuple(one for one in shown if one.entries)
    return Arranged(folders=shown, pins=_existing(kept.pins, entries, follows))


def _folder(
    folder: Folder,
    entries: Mapping[UUID, DocumentEntry],
    follows: Mapping[UUID, DocumentEntry],
) -> FolderShown:
    return FolderShown(
        folder_id=folder.folder_id,
        name=folder.name,
        entries=_existing(folder.documents, entries, follows),
    )


def _existing(
    documents: Iterable[UUID],
    entries: Mapping[UUID, DocumentEntry],
    follows: Mapping[UUID, DocumentEntry],
) -> tuple[DocumentEntry, ...]:
    """The documents that exist for the reader, each as its latest version."""
    found: dict[UUID, DocumentEntry] = {}
    for document in documents:
        entry = entries.get(document)
        seen = set()
        while entry is not None and entry.document_id in follows and entry.document_id not in seen:
            seen.add(entry.document_id)
            entry = follows[entry.document_id]
        if entry is not None:
            found.setdefault(entry.document_id, entry)
    return tuple(found.values())


read_arrangement = Act(
    name="read-arrangement",
    actions=always(Action.READ_ARRANGEMENT),
    target=lambda request: OfRecord(request.record_id),
    run=_read,
    reads=True,
)

arrange_documents = Act(
    name="arrange-documents",
    actions=always(Action.ARRANGE_DOCUMENTS),
    target=lambda request: OfRecord(request.record_id),
    run=_arrange,
    detail=lambda request: request.doing.value,
)
