"""Change a document's metadata: mask, reveal, archive, delete. A new version, the same document.

IHE ITI-57, DMP TD3.3a-d. Who: the holder, and professionals on what they see at the
patient's request, mask and reveal; only the author archives and deletes. The entryUUID changes, the
identifier does not.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID

from dmp.acts.act import Act, OfDocument, OfPatient, OfRecord
from dmp.acts.work import Work
from dmp.domain.access.actions import Action
from dmp.domain.documents.entry import DocumentEntry, Status
from dmp.domain.documents.versions import moved
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import EntryUuid, Ins, RecordId, UniqueId


class Change(StrEnum):
    """One change of metadata, named by what it does."""

    MASK = "mask"
    UNMASK = "unmask"
    SHOW_TO_PATIENT = "show-to-patient"
    SHOW_TO_REPRESENTATIVES = "show-to-representatives"
    HIDE_FROM_PATIENT = "hide-from-patient"
    HIDE_FROM_REPRESENTATIVES = "hide-from-representatives"
    ARCHIVE = "archive"
    UNARCHIVE = "unarchive"
    DEPRECATE = "deprecate"
    DELETE = "delete"


_ACTIONS = {
    Change.MASK: Action.MASK,
    Change.UNMASK: Action.MASK,
    Change.SHOW_TO_PATIENT: Action.REVEAL,
    Change.SHOW_TO_REPRESENTATIVES: Action.REVEAL,
    Change.HIDE_FROM_PATIENT: Action.REVEAL,
    Change.HIDE_FROM_REPRESENTATIVES: Action.REVEAL,
    Change.ARCHIVE: Action.ARCHIVE,
    Change.UNARCHIVE: Action.ARCHIVE,
    Change.DEPRECATE: Action.REPLACE,
    Change.DELETE: Action.DELETE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateMetadata:
    """Which document, and the changes, made together or not at all.

    `asked` tells the changes from the document as it stands, where a request says what it wants and
    not what to do (a patch); each of them is authorised then.
    """

    document: UUID | UniqueId
    changes: tuple[Change, ...] = ()
    asked: Callable[[DocumentEntry], tuple[Change, ...]] | None = None
    within: RecordId | Ins | None = None


def _target(request: UpdateMetadata) -> OfDocument:
    match request.within:
        case None:
            return OfDocument(request.document)
        case Ins() as ins:
            return OfDocument(request.document, OfPatient(ins))
        case record_id:
            return OfDocument(request.document, OfRecord(record_id))


async def _update(request: UpdateMetadata, work: Work) -> DocumentEntry:
    changed = work.document
    for change in _changes(request, work):
        changed = _applied(changed, change)
    if changed == work.document:
        return changed
    changed = replace(
        changed,
        visibility=changed.visibility.checked(),
        version=work.document.version + 1,
        entry_uuid=EntryUuid(work.new_uuid()),
    )
    work.documents.change(changed, work.document)
    return changed


def _changes(request: UpdateMetadata, work: Work) -> tuple[Change, ...]:
    if request.asked is None:
        if not request.changes:
            raise Refused(Reason.PARAMETER_MISSING, parameter="change")
        return request.changes
    changes = request.asked(work.document)
    work.traced_detail = " ".join(change.value for change in changes)
    for change in changes:
        work.authorise(_ACTIONS[change], work.document)
    return changes


def _applied(entry: DocumentEntry, change: Change) -> DocumentEntry:
    seen = entry.visibility
    match change:
        case Change.MASK | Change.UNMASK:
            return replace(entry, visibility=replace(seen, masked=change is Change.MASK))
        case Change.SHOW_TO_PATIENT | Change.HIDE_FROM_PATIENT:
            hidden = change is Change.HIDE_FROM_PATIENT
            if hidden and not seen.hidden_from_patient:
                # What the patient may already have read is not taken away from him.
                raise Refused(Reason.CHANGE_NOT_ALLOWED, field="securityLabel INVISIBLE_PATIENT")
            return replace(entry, visibility=replace(seen, hidden_from_patient=hidden))
        case Change.SHOW_TO_REPRESENTATIVES | Change.HIDE_FROM_REPRESENTATIVES:
            hidden = change is Change.HIDE_FROM_REPRESENTATIVES
            return replace(entry, visibility=replace(seen, hidden_from_representatives=hidden))
        case Change.ARCHIVE | Change.UNARCHIVE:
            return _archived(entry, change is Change.ARCHIVE)
        case Change.DEPRECATE:
            return moved(entry, Status.DEPRECATED)
        case Change.DELETE:
            return moved(entry, Status.DELETED)


def _archived(entry: DocumentEntry, archived: bool) -> DocumentEntry:
    if entry.status is Status.DEPRECATED:
        return replace(entry, archived=archived)
    return moved(entry, Status.ARCHIVED if archived else Status.APPROVED)


update_metadata = Act(
    name="update-metadata",
    actions=lambda request: tuple(_ACTIONS[change] for change in request.changes) or (Action.MASK,),
    target=_target,
    run=_update,
    transactions=("ITI-57", "TD3.3a", "TD3.3b", "TD3.3c", "TD3.3d"),
    detail=lambda request: " ".join(change.value for change in request.changes),
)
