"""Take back the deletion of a document of one's own, for thirty days; list what can be taken back.

Who: whoever deleted it on the holder's side, while he may still delete: the holder, who represents her, a
carer of the level that manages. To everybody else a deleted document does not exist.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from dmp.acts.act import Act, OfRecord, always
from dmp.acts.work import Work
from dmp.domain.access.actions import Action
from dmp.domain.arranging.own_deletion import MOST_KEPT, OwnDeletion
from dmp.domain.documents.entry import DocumentEntry, Status
from dmp.domain.documents.types import document_types
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import EntryUuid, RecordId
from dmp.domain.identity.caller import Carer, Holder, Representative


@dataclass(frozen=True, slots=True, kw_only=True)
class ListDeletions:
    """Of which record."""

    record_id: RecordId


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreDocument:
    """Which document of which record."""

    record_id: RecordId
    document: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Deleted:
    """A document as it was, and its deletion."""

    entry: DocumentEntry
    deletion: OwnDeletion


async def note_deletion(before: DocumentEntry, work: Work) -> None:
    """Keep that a document was deleted, where its author on the holder's side may take that back."""
    if not isinstance(work.caller.who, Holder | Representative | Carer):
        return
    record_id = before.record_id
    kept = await work.slips.of_record(record_id, OwnDeletion)
    deletion = OwnDeletion(
        slip_id=before.document_id, by=work.caller.id, at=work.now, before=before.status
    )
    over = [one for one in kept if work.now >= one.until and one.slip_id != deletion.slip_id]
    oldest = sorted(set(kept) - set(over), key=lambda one: one.at, reverse=True)[MOST_KEPT - 1 :]
    for one in (*over, *oldest):
        if one.slip_id != deletion.slip_id:
            work.slips.remove(record_id, one)
    work.slips.keep(record_id, deletion)


async def _list(_: ListDeletions, work: Work) -> tuple[Deleted, ...]:
    """What the caller may take back, the last deletion first."""
    kept = await work.slips.of_record(work.record.record_id, OwnDeletion)
    found = []
    for deletion in kept:
        if deletion.is_open(work.caller.id, work.now):
            entry = await work.documents.by_id(deletion.slip_id)
            if entry is not None and _is_there(entry, work):
                found.append(Deleted(entry=entry, deletion=deletion))
    return tuple(sorted(found, key=lambda one: one.deletion.at, reverse=True))


def _is_there(entry: DocumentEntry, work: Work) -> bool:
    return entry.record_id == work.record.record_id and entry.status is Status.DELETED


async def _restore(request: RestoreDocument, work: Work) -> DocumentEntry:
    """Raises Refused: DOCUMENT_NOT_FOUND, nothing that the caller may take back."""
    record_id = work.record.record_id
    deletion = await work.slips.one(record_id, OwnDeletion, request.document)
    entry = await work.documents.by_id(request.document)
    if deletion is None or entry is None or not _is_there(entry, work):
        raise Refused(Reason.DOCUMENT_NOT_FOUND)
    if not deletion.is_open(work.caller.id, work.now):
        raise Refused(Reason.DOCUMENT_NOT_FOUND)
    restored = _as_before(entry, deletion, work)
    work.authorise(Action.DELETE, restored)
    work.traced_documents = (restored,)
    work.documents.change(restored, entry)
    work.slips.remove(record_id, deletion)
    return restored


def _as_before(entry: DocumentEntry, deletion: OwnDeletion, work: Work) -> DocumentEntry:
    """The document in the status it had. Where new documents of its kind are masked now, it is as well."""
    kind = document_types().get(entry.type_code.code)
    masks = kind is not None and work.record.preferences.masks_new(kind.category)
    seen = entry.visibility
    masked = seen.masked or (masks and not seen.hidden_from_patient)
    return replace(
        entry,
        status=deletion.before,
        archived=deletion.before is Status.ARCHIVED,
        visibility=replace(seen, masked=masked).checked(),
        version=entry.version + 1,
        entry_uuid=EntryUuid(work.new_uuid()),
    )


list_deletions = Act(
    name="list-deletions",
    actions=always(Action.READ_ARRANGEMENT),
    target=lambda request: OfRecord(request.record_id),
    run=_list,
    reads=True,
)

restore_document = Act(
    name="restore-document",
    actions=always(Action.RESTORE),
    target=lambda request: OfRecord(request.record_id),
    run=_restore,
)
