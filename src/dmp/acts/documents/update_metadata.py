"""Change a document's metadata: mask, reveal, archive, delete. A new version, the same document.

IHE ITI-57, DMP TD3.3a-d. Who: the holder, and professionals on what they see at the
patient's request, mask and reveal; a minor hides from his representatives; only the author archives and
deletes. The entryUUID changes, the identifier does not. Other versions of the document follow.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID

from dmp.acts.act import Act, OfDocument, OfPatient, OfRecord
from dmp.acts.documents.restore_document import note_deletion
from dmp.acts.documents.whole_record import other_versions
from dmp.acts.work import Work
from dmp.domain.access.actions import Action
from dmp.domain.documents.entry import DocumentEntry, Status
from dmp.domain.documents.versions import announced, masked, moved
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import EntryUuid, Ins, RecordId, UniqueId
from dmp.domain.identity.caller import Holder


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
    Change.SHOW_TO_REPRESENTATIVES: Action.HIDE_FROM_REPRESENTATIVES,
    Change.HIDE_FROM_PATIENT: Action.REVEAL,
    Change.HIDE_FROM_REPRESENTATIVES: Action.HIDE_FROM_REPRESENTATIVES,
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
    changed, changes = work.document, _changes(request, work)
    for change in changes:
        _check_age(change, work)
        changed = _applied(changed, change, work)
    if changed == work.document:
        return changed
    changed = _next_version(changed, work.document, work)
    work.documents.change(changed, work.document)
    if changed.status is Status.DELETED:
        await note_deletion(work.document, work)
    if not (_RESTRICTING | _LIFTING).isdisjoint(changes):
        others = await other_versions(work.document, work)
        followed = [_follow(other, changes, work) for other in others]
        _tell_masks([changed, *followed], changes, work)
    return changed


def _tell_masks(entries: list[DocumentEntry], changes: tuple[Change, ...], work: Work) -> None:
    """What is kept of a document from some is told to representatives only while they see the document."""
    if _TO_REPRESENTATIVES.isdisjoint(changes):
        return
    preferences = work.record.preferences
    for entry in entries:
        secret = entry.visibility.hidden_from_representatives
        preferences = preferences.with_secret(entry.document_id, secret)
    if preferences != work.record.preferences:
        work.records.change(replace(work.record, preferences=preferences))


def _next_version(changed: DocumentEntry, previous: DocumentEntry, work: Work) -> DocumentEntry:
    return replace(
        changed,
        visibility=changed.visibility.checked(),
        version=previous.version + 1,
        entry_uuid=EntryUuid(work.new_uuid()),
    )


def _check_age(change: Change, work: Work) -> None:
    """Only a minor has representatives to hide something from; who is of age acts alone."""
    if change is not Change.HIDE_FROM_REPRESENTATIVES or not isinstance(work.caller.who, Holder):
        return
    if not work.record.is_minor(work.now, work.policy.majority_age):
        raise Refused(Reason.ACT_NOT_ALLOWED)


_TO_REPRESENTATIVES = frozenset({Change.HIDE_FROM_REPRESENTATIVES, Change.SHOW_TO_REPRESENTATIVES})
_RESTRICTING = frozenset({Change.MASK, Change.HIDE_FROM_REPRESENTATIVES})
_LIFTING = frozenset({Change.UNMASK, Change.SHOW_TO_PATIENT, Change.SHOW_TO_REPRESENTATIVES})


def _follow(other: DocumentEntry, changes: tuple[Change, ...], work: Work) -> DocumentEntry:
    """What restricts a document restricts its other versions; what lifts it, those the caller may see.

    A version that cannot follow is left as it is: whoever asks may not know that it is there.
    """
    if other.status is Status.DELETED:
        return other
    changed = other
    for change in changes:
        try:
            if change in _LIFTING:
                work.authorise(_ACTIONS[change], other)
            elif change not in _RESTRICTING:
                continue
            changed = _applied(changed, change, work)
        except Refused:
            return other
    if changed != other:
        work.documents.change(_next_version(changed, other, work), other)
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


def _applied(entry: DocumentEntry, change: Change, work: Work) -> DocumentEntry:
    seen = entry.visibility
    match change:
        case Change.MASK | Change.UNMASK:
            return masked(entry, change is Change.MASK, work.now)
        case Change.SHOW_TO_PATIENT | Change.HIDE_FROM_PATIENT:
            if change is Change.SHOW_TO_PATIENT:
                return announced(entry, work.record.preferences)
            if not seen.hidden_from_patient:
                # What the patient may already have read is not taken away from him.
                raise Refused(Reason.CHANGE_NOT_ALLOWED, field="securityLabel INVISIBLE_PATIENT")
            return entry
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
