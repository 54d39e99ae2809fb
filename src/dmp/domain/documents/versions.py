"""Versions of a document: replacement, the same document sent twice, and the life of an entry.

Source: IHE ITI TF-3 (RPLC, uniqueId); DMP TD2.2, TD3.3; CDA `relatedDocument` RPLC.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from dmp.domain.documents.entry import DocumentEntry, Status
from dmp.domain.documents.submission import ClaimedDocument, ContentHeader
from dmp.domain.documents.types import document_types
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import DocumentId, RecordId, UniqueId
from dmp.domain.record.calendar import reveal_due
from dmp.domain.record.preferences import Preferences

Named = UniqueId | DocumentId
"""How a sender names a document: by its producer's identifier, or by the registry's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Replacement:
    """Which document a new one supersedes, if any, and remarks for the sender."""

    parent: DocumentEntry | None = None
    warnings: tuple[str, ...] = ()


def named_parents(claimed: ClaimedDocument, header: ContentHeader) -> tuple[Named, ...]:
    """The documents that a deposit says it replaces, to be looked up before `replacement`."""
    explicit: tuple[Named, ...] = () if claimed.replaces is None else (claimed.replaces,)
    return tuple(dict.fromkeys((*explicit, *header.replaces)))


def replacement(
    claimed: ClaimedDocument,
    header: ContentHeader,
    *,
    record_id: RecordId,
    found: Mapping[Named, DocumentEntry],
) -> Replacement:
    """What the deposit replaces, from its metadata, else from the CDA header alone.

    Args:
        claimed: the document as described.
        header: what its content says.
        record_id: the record it goes to; a document of another record is not known there.
        found: the current entries of `named_parents`, of whatever record.

    A parent that only the CDA names is replaced when it is current in this record; else the deposit is
    taken by itself, with a remark.

    Raises:
        Refused: REPLACED_NOT_FOUND, REPLACED_NOT_CURRENT, METADATA_INVALID (it replaces itself),
            HEADER_CONTRADICTS_METADATA (metadata and CDA name different known documents).
    """
    field = f"{claimed.path}.relatesTo"
    own = claimed.unique_id or header.unique_id
    named = [_known(parent, record_id, found) for parent in header.replaces if parent != own]
    in_content = next((entry for entry in named if entry is not None), None)
    if claimed.replaces is None:
        return _from_content(header, own, in_content)
    parent = _known(claimed.replaces, record_id, found)
    if parent is None:
        raise Refused(Reason.REPLACED_NOT_FOUND, field=field)
    if parent.unique_id == own:
        detail = "a document does not replace itself; give the new version its own uniqueId"
        raise Refused(Reason.METADATA_INVALID, field=field, detail=detail)
    if parent.status not in _CURRENT:
        raise Refused(Reason.REPLACED_NOT_CURRENT, field=field)
    if in_content is not None and in_content.document_id != parent.document_id:
        raise Refused(Reason.HEADER_CONTRADICTS_METADATA, field=field)
    return Replacement(parent=parent)


_CURRENT = (Status.APPROVED, Status.ARCHIVED)


def _known(
    name: Named, record_id: RecordId, found: Mapping[Named, DocumentEntry]
) -> DocumentEntry | None:
    entry = found.get(name)
    if entry is None or entry.record_id != record_id or entry.status is Status.DELETED:
        return None
    return entry


def _from_content(
    header: ContentHeader, own: UniqueId | None, parent: DocumentEntry | None
) -> Replacement:
    if not any(name != own for name in header.replaces):
        return Replacement()
    if parent is None:
        return Replacement(
            warnings=("The CDA replaces a document that this record does not hold.",)
        )
    if parent.status not in _CURRENT:
        remark = "The CDA replaces a document that is superseded already; both stand in the record."
        return Replacement(warnings=(remark,))
    remark = "The CDA replaces an earlier document; it was superseded as if relatesTo said so."
    return Replacement(parent=parent, warnings=(remark,))


def is_same_document(
    known: DocumentEntry, new: DocumentEntry, path: str, own_ids: Collection[str]
) -> bool:
    """Whether a deposit repeats a document of the record, octet for octet, under its uniqueId.

    Sent again by who deposited or wrote it, or by his structure, it is the same document, and nothing is
    done twice. To anybody else (`own_ids` are the sender's and his structure's, never those he names), in
    another record or after its deletion, the identifier is simply taken: one answer, so that it is not
    told where the document stands and what became of it.

    Raises Refused: UNIQUE_ID_TAKEN.
    """
    if known.unique_id != new.unique_id:
        return False
    same = (
        known.record_id == new.record_id
        and known.content.sha256 == new.content.sha256
        and known.status is not Status.DELETED
        and not set(known.owner_ids).isdisjoint(own_ids)
    )
    if not same:
        raise Refused(Reason.UNIQUE_ID_TAKEN, field=f"{path}.masterIdentifier")
    return True


_MOVES: dict[Status, frozenset[Status]] = {
    Status.APPROVED: frozenset({Status.DEPRECATED, Status.ARCHIVED, Status.DELETED}),
    Status.ARCHIVED: frozenset({Status.APPROVED, Status.DEPRECATED, Status.DELETED}),
    Status.DEPRECATED: frozenset({Status.DELETED}),
    Status.DELETED: frozenset(),
}
"""Where an entry may go from each status: what is superseded or deleted does not come back."""


def moved(entry: DocumentEntry, to: Status) -> DocumentEntry:
    """The entry in another status; in the same one it is unchanged. The version is the caller's.

    Raises Refused: CHANGE_NOT_ALLOWED.
    """
    if entry.status is to:
        return entry
    if to not in _MOVES[entry.status]:
        raise Refused(Reason.CHANGE_NOT_ALLOWED, field=f"status {entry.status} to {to}")
    archived = to is Status.ARCHIVED or (entry.archived and to is Status.DEPRECATED)
    return replace(entry, status=to, archived=archived)


def superseded(parent: DocumentEntry, by: DocumentEntry) -> tuple[DocumentEntry, DocumentEntry]:
    """The parent as a deprecated document, and the new entry that names it. Nobody sees one of them alone.

    Restrictions on the parent pass to its new version, and a masked new version masks its parent: the
    old text would say what the new one keeps. Where both wait for their announcement they wait from the
    first one's submission; a new version that is shown to the patient shows him its parent too.
    Raises Refused: CHANGE_NOT_ALLOWED; VISIBILITY_CONFLICT when the new version would be hidden from
    the patient or the representatives, who see its parent.
    """
    old, seen = parent.visibility, by.visibility
    waits = old.hidden_from_patient and by.submitted_at < reveal_due(parent.waits_since)
    if (seen.hidden_from_patient and not waits) or (
        seen.hidden_from_representatives and not old.hidden_from_representatives
    ):
        raise Refused(Reason.VISIBILITY_CONFLICT, field="DocumentReference.securityLabel")
    masked = old.masked or seen.masked
    new = replace(
        by,
        visibility=replace(
            seen, masked=masked, hidden_from_representatives=old.hidden_from_representatives
        ).checked(),
        hidden_since=parent.waits_since if seen.hidden_from_patient else by.hidden_since,
        replaces=parent.document_id,
        replaces_unique_id=parent.unique_id,
        set_id=by.set_id or parent.set_id,
    )
    shown = replace(old, masked=masked, hidden_from_patient=seen.hidden_from_patient)
    return replace(moved(parent, Status.DEPRECATED), visibility=shown), new


def following(earlier: DocumentEntry, newer: DocumentEntry) -> DocumentEntry:
    """An earlier version once a newer one of its chain changed: as masked, and as shown to the patient."""
    seen, now = earlier.visibility, newer.visibility
    waits = seen.hidden_from_patient and now.hidden_from_patient
    masked = (seen.masked or now.masked) and not waits
    return replace(earlier, visibility=replace(seen, masked=masked, hidden_from_patient=waits))


def masked(entry: DocumentEntry, to_professionals: bool, at: datetime) -> DocumentEntry:
    """A document masked to professionals, or no longer. One whose waiting is over may be masked.

    Raises Refused: VISIBILITY_CONFLICT, it waits for its announcement.
    """
    seen = entry.visibility
    waits = seen.hidden_from_patient and at < reveal_due(entry.waits_since)
    changed = replace(seen, masked=to_professionals)
    if to_professionals and not waits:
        changed = replace(changed, hidden_from_patient=False)
    return replace(entry, visibility=changed.checked())


def announced(entry: DocumentEntry, preferences: Preferences) -> DocumentEntry:
    """A document that its patient may know from now on: masked then, if he chose so for new documents."""
    seen = entry.visibility
    if not seen.hidden_from_patient:
        return entry
    category = document_types()[entry.type_code.code].category
    masked = seen.masked or preferences.masks_new(category)
    return replace(entry, visibility=replace(seen, hidden_from_patient=False, masked=masked))


def with_versions(
    documents: Iterable[DocumentEntry], among: Iterable[DocumentEntry]
) -> tuple[DocumentEntry, ...]:
    """Documents with the other versions of each, earlier and later, that stand `among` those known, each once.

    Versions are masked and shown together: each names the one it replaces.
    """
    known = {entry.document_id: entry for entry in among}
    later: dict[DocumentId, list[DocumentEntry]] = {}
    for entry in known.values():
        if entry.replaces is not None:
            later.setdefault(entry.replaces, []).append(entry)
    found: dict[DocumentId, DocumentEntry] = {}
    waiting = list(documents)
    while waiting:
        entry = waiting.pop(0)
        if entry.document_id in found:
            continue
        found[entry.document_id] = entry
        if entry.replaces in known:
            waiting.append(known[entry.replaces])
        waiting += later.get(entry.document_id, [])
    return tuple(found.values())
