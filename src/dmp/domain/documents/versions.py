"""Versions of a document: replacement, the same document sent twice, and the life of an entry.

Source: IHE ITI TF-3 (RPLC, uniqueId); DMP TD2.2, TD3.3; CDA `relatedDocument` RPLC.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from dmp.domain.documents.entry import DocumentEntry, Status
from dmp.domain.documents.submission import ClaimedDocument, ContentHeader
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import DocumentId, RecordId, UniqueId

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


def is_same_document(known: DocumentEntry, new: DocumentEntry, path: str) -> bool:
    """Whether a deposit repeats a document of the record, octet for octet, under its uniqueId.

    Sent again by the same author or structure it is the same document, and nothing is done twice.
    To anybody else, in another record or after its deletion, the identifier is simply taken.

    Raises Refused: UNIQUE_ID_TAKEN.
    """
    if known.unique_id != new.unique_id:
        return False
    same = (
        known.record_id == new.record_id
        and known.content.sha256 == new.content.sha256
        and known.status is not Status.DELETED
        and not set(known.owner_ids).isdisjoint(new.owner_ids)
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
    """The parent as a deprecated document, and the new entry that names it.

    Restrictions the holder has put on the parent pass to its new version: what is masked stays masked.
    Raises Refused: CHANGE_NOT_ALLOWED, VISIBILITY_CONFLICT.
    """
    old, seen = parent.visibility, by.visibility
    visibility = replace(
        seen,
        masked=seen.masked or (old.masked and not seen.hidden_from_patient),
        hidden_from_representatives=seen.hidden_from_representatives
        or old.hidden_from_representatives,
    ).checked()
    new = replace(
        by,
        visibility=visibility,
        replaces=parent.document_id,
        replaces_unique_id=parent.unique_id,
        set_id=by.set_id or parent.set_id,
    )
    return moved(parent, Status.DEPRECATED), new
