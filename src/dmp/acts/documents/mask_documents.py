"""Mask documents to professionals, or show them again: several, or a whole category, now and in future.

CSP R1111-49. Who: the holder, his representative, each on what exists for him. Other versions follow.
What waits for its announcement cannot be masked and is left. One trace names all documents.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from dmp.acts.act import Act, OfRecord, always
from dmp.acts.documents.whole_record import whole_record
from dmp.acts.work import Work
from dmp.domain.access.actions import Action
from dmp.domain.documents.entry import DocumentEntry, Status
from dmp.domain.documents.types import CATEGORIES, document_types
from dmp.domain.documents.versions import masked, with_versions
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import EntryUuid, RecordId
from dmp.domain.identity.caller import Holder, Representative

AT_MOST = 500
"""Documents named in one request."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MaskDocuments:
    """Which documents, by identifier or by category; `masked` False shows them again.

    `future` makes it the holder's choice for new documents of the category as well.
    """

    record_id: RecordId
    documents: tuple[UUID, ...] = ()
    category: str = ""
    masked: bool = True
    future: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MaskedDocuments:
    """The documents that changed, and those asked for that could not."""

    changed: tuple[DocumentEntry, ...]
    left: tuple[DocumentEntry, ...]


async def _mask(request: MaskDocuments, work: Work) -> MaskedDocuments:
    if not isinstance(work.caller.who, Holder | Representative):
        raise Refused(Reason.ACT_NOT_ALLOWED)
    _check(request)
    if request.future:
        _choose(request, work)
    known = await whole_record(work)
    changed: list[DocumentEntry] = []
    left: list[DocumentEntry] = []
    for entry in with_versions(await _named(request, work, known), known):
        try:
            new = masked(entry, request.masked, work.now)
        except Refused:
            left.append(entry)
            continue
        if new.visibility.masked is not entry.visibility.masked:
            new = replace(new, version=entry.version + 1, entry_uuid=EntryUuid(work.new_uuid()))
            work.documents.change(new, entry)
            changed.append(new)
    work.traced_documents = _traced(request, (*changed, *left))
    return MaskedDocuments(changed=tuple(changed), left=tuple(left))


def _traced(
    request: MaskDocuments, entries: tuple[DocumentEntry, ...]
) -> tuple[DocumentEntry, ...]:
    """The documents that the trace names. Of a category all of whose documents are hidden from the
    representatives it names none: they are told of the choice as if there were no document.
    """
    is_told = request.documents or not all(
        e.visibility.hidden_from_representatives for e in entries
    )
    return entries if is_told else ()


def _check(request: MaskDocuments) -> None:
    if request.category and request.category not in CATEGORIES:
        raise Refused(Reason.MASK_NOT_POSSIBLE, detail="unknown category")
    if not request.category and not request.documents:
        raise Refused(Reason.PARAMETER_MISSING, parameter="documents")
    if request.future and not request.category:
        raise Refused(Reason.MASK_NOT_POSSIBLE, detail="a choice for the future is of a category")
    if len(request.documents) > AT_MOST:
        raise Refused(Reason.MASK_NOT_POSSIBLE, detail=f"at most {AT_MOST} documents at once")


def _choose(request: MaskDocuments, work: Work) -> None:
    preferences = work.record.preferences
    chosen = set(preferences.masked_categories) - {request.category}
    if request.masked:
        chosen.add(request.category)
    categories = tuple(code for code in CATEGORIES if code in chosen)
    if categories != preferences.masked_categories:
        preferences = replace(preferences, masked_categories=categories)
        work.records.change(replace(work.record, preferences=preferences))


async def _named(
    request: MaskDocuments, work: Work, known: tuple[DocumentEntry, ...]
) -> list[DocumentEntry]:
    """The documents asked for. One that is not there for the caller refuses the whole."""
    found = [
        entry
        for entry in known
        if document_types()[entry.type_code.code].category == request.category
    ]
    for document in request.documents:
        entry = await work.documents.by_id(document)
        if entry is None or entry.record_id != work.record.record_id:
            raise Refused(Reason.DOCUMENT_NOT_FOUND)
        work.authorise(Action.MASK, entry)
        if entry.status is not Status.DELETED:
            found.append(entry)
    return found


mask_documents = Act(
    name="mask-documents",
    actions=always(Action.MASK),
    target=lambda request: OfRecord(request.record_id),
    run=_mask,
    detail=lambda request: " ".join(
        ("mask" if request.masked else "unmask", *([request.category] if request.category else ()))
    ),
)
