"""Provide documents to a person's record, as one whole: all registered, or none.

IHE ITI-65 / ITI-105 / ITI-41, DMP TD2.1, TD2.2 ("alimentation"). Who: professionals and structures,
blocked ones too (feeding is a duty); the holder for documents of his own. One trace a submission.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, replace

from dmp.acts.act import Act, OfPatient, OfRecord, always
from dmp.acts.notices.telling import tell
from dmp.acts.work import Work
from dmp.domain.access.actions import Action
from dmp.domain.documents.entry import DocumentEntry, SubmissionSet
from dmp.domain.documents.submission import ClaimedDocument, ContentHeader, Submission
from dmp.domain.documents.submission_rules import NewIds, build
from dmp.domain.documents.submission_sets import check_submission, submission_set
from dmp.domain.documents.versions import (
    Named,
    following,
    is_same_document,
    named_parents,
    replacement,
    superseded,
)
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import DocumentId, EntryUuid, RecordId, SubmissionId, UniqueId
from dmp.domain.identity.caller import Coordinator, Professional, Secretary, StructureSystem
from dmp.domain.record.calendar import LOCAL
from dmp.domain.record.notice import NoticeKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Provided:
    """What became of one document: its entry, remarks for the sender, and whether it was there already.

    `replaced` is the entry that it superseded.
    """

    entry: DocumentEntry
    warnings: tuple[str, ...] = ()
    was_known: bool = False
    replaced: DocumentEntry | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The registered submission, its documents in the order given."""

    submission: SubmissionSet
    documents: tuple[Provided, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvideToRecord:
    """Documents for the record of an address; whose it is follows from the record."""

    record_id: RecordId
    documents: tuple[ClaimedDocument, ...]


async def _provide_to_record(request: ProvideToRecord, work: Work) -> Receipt:
    return await _provide(Submission(ins=work.record.ins, documents=request.documents), work)


async def _provide(submission: Submission, work: Work) -> Receipt:
    check_submission(
        submission,
        max_documents=work.rules.max_documents_per_submission,
        max_document_octets=work.rules.max_document_octets,
    )
    submission_id = SubmissionId(work.new_uuid())
    provided: list[Provided] = []
    for claimed in submission.documents:
        one = await _provide_one(claimed, submission, submission_id, work)
        if any(other.entry.unique_id == one.entry.unique_id for other in provided):
            raise Refused(Reason.UNIQUE_ID_TAKEN, field=f"{claimed.path}.masterIdentifier")
        provided.append(one)
    _keep_from_the_same(provided, work)
    entries = [one.entry for one in provided]
    work.traced_documents = tuple(entries)
    known = submission_set(
        submission,
        entries,
        record=work.record,
        submission_id=submission_id,
        unique_id=_new_unique_id(work),
        now=work.now,
        depositor=work.caller,
    )
    if all(one.was_known for one in provided):
        # Nothing new came: the submission that brought it stands.
        known = replace(known, submission_id=entries[0].submission_id)
    else:
        work.documents.add_submission(known)
        _tell(provided, work)
    return Receipt(submission=known, documents=tuple(provided))


_FEEDERS = Professional | Coordinator | Secretary | StructureSystem


def _tell(provided: Iterable[Provided], work: Work) -> None:
    """The holder is told once a day that documents came that he may see: not which, nor from whom."""
    seen = [
        one.entry.visibility
        for one in provided
        if not one.was_known and not one.entry.visibility.hidden_from_patient
    ]
    if not seen or not isinstance(work.caller.who, _FEEDERS):
        return
    # Of what is kept from the representatives they are not told either.
    secret = all(visibility.hidden_from_representatives for visibility in seen)
    kind, day = NoticeKind.NEW_DOCUMENT, work.now.astimezone(LOCAL).date()
    tell(work, kind, work.record.record_id, day, secret, secret=secret)


async def _provide_one(
    claimed: ClaimedDocument, submission: Submission, submission_id: SubmissionId, work: Work
) -> Provided:
    header = await _header(claimed, work)
    document_id = work.new_uuid()
    ids = NewIds(
        document_id=DocumentId(document_id),
        entry_uuid=EntryUuid(document_id),  # the first version's entryUUID is the logicalId
        submission_id=submission_id,
        unique_id=_new_unique_id(work),
    )
    entry, remarks = build(
        claimed,
        header,
        record=work.record,
        submission=submission,
        ids=ids,
        now=work.now,
        test_mode=work.rules.test_mode,
        depositor=work.caller,
    )
    # Some may deposit one type of document only.
    work.authorise(Action.DEPOSIT, entry)
    known = await work.documents.by_unique_id(entry.unique_id)
    if known is not None and is_same_document(known, entry, claimed.path, _own_ids(work)):
        return Provided(entry=known, warnings=remarks, was_known=True)
    parent, more = await _replaced(claimed, header, work)
    if parent is None:
        _add(entry, claimed, header, work)
        return Provided(entry=entry, warnings=(*remarks, *more))
    try:
        old, new = superseded(parent, entry)
    except Refused:
        if claimed.replaces is not None:
            raise
        # Only the CDA speaks of a replacement: the document is taken by itself, as a new one.
        _add(entry, claimed, header, work)
        return Provided(entry=entry, warnings=(*remarks, _BY_ITSELF))
    old = _next_version(old, parent, work)
    work.documents.change(old, parent)
    await _follow(old, work)
    _add(new, claimed, header, work)
    return Provided(entry=new, warnings=(*remarks, *more), replaced=old)


def _add(entry: DocumentEntry, claimed: ClaimedDocument, header: ContentHeader, work: Work) -> None:
    work.documents.add(entry, claimed.content, header.findings)
    if header.text is not None:
        work.texts.keep(entry, header.text)


async def _follow(newer: DocumentEntry, work: Work) -> None:
    """Write what the earlier versions take over of the visibility of a newer one."""
    seen = {newer.document_id}
    while newer.replaces is not None and newer.replaces not in seen:
        earlier = await work.documents.by_id(newer.replaces)
        if earlier is None or earlier.record_id != newer.record_id:
            return
        changed = following(earlier, newer)
        if changed != earlier:
            changed = _next_version(changed, earlier, work)
            work.documents.change(changed, earlier)
        newer = changed
        seen.add(newer.document_id)


def _next_version(changed: DocumentEntry, previous: DocumentEntry, work: Work) -> DocumentEntry:
    return replace(changed, version=previous.version + 1, entry_uuid=EntryUuid(work.new_uuid()))


def _keep_from_the_same(provided: Iterable[Provided], work: Work) -> None:
    """What the holder keeps of a document from somebody is kept of its new version from the same."""
    before = work.record.preferences
    after = before
    for one in provided:
        if one.replaced is not None:
            after = after.following(one.replaced.document_id, one.entry.document_id, work.now)
    if after != before:
        work.records.change(replace(work.record, preferences=after))


LONG_OCTETS = 128 * 1024
"""Contents above this size are read beside the event loop: others must not wait for them."""


async def _header(claimed: ClaimedDocument, work: Work) -> ContentHeader:
    if len(claimed.content) <= LONG_OCTETS and not _holds_pdf(claimed.content):
        return work.read_header(claimed.content, claimed.content_type)
    return await asyncio.to_thread(work.read_header, claimed.content, claimed.content_type)


def _holds_pdf(content: bytes) -> bool:
    """Whether a content is a PDF, or carries one in base64: its text may take long."""
    return content.startswith(b"%PDF-") or b"JVBERi" in content


def _own_ids(work: Work) -> tuple[str, ...]:
    structure = work.caller.structure
    return (work.caller.id, structure.id_nat) if structure else (work.caller.id,)


def _new_unique_id(work: Work) -> UniqueId:
    return UniqueId(f"urn:uuid:{work.new_uuid()}")


_NOT_HELD = "The CDA replaces a document that this record does not hold."
_BY_ITSELF = "The CDA replaces a document that more people see; the new one stands by itself."


async def _replaced(
    claimed: ClaimedDocument, header: ContentHeader, work: Work
) -> tuple[DocumentEntry | None, tuple[str, ...]]:
    """The document that this one supersedes, if the caller may.

    A parent he may not see is unknown: neither that it is there nor what became of it is told.
    """
    found: dict[Named, DocumentEntry] = {}
    foreign: set[DocumentId] = set()
    for name in named_parents(claimed, header):
        entry = (
            await work.documents.by_unique_id(name)
            if isinstance(name, UniqueId)
            else await work.documents.by_id(name)
        )
        if entry is None or entry.record_id != work.record.record_id:
            continue
        try:
            work.authorise(Action.REPLACE, entry)
        except Refused as refusal:
            if refusal.reason is not Reason.NOT_AUTHOR:
                continue
            foreign.add(entry.document_id)
        found[name] = entry
    outcome = replacement(claimed, header, record_id=work.record.record_id, found=found)
    if outcome.parent is not None and outcome.parent.document_id in foreign:
        if claimed.replaces is not None:
            raise Refused(Reason.NOT_AUTHOR)
        return None, (_NOT_HELD,)
    return outcome.parent, outcome.warnings


provide_documents: Act[Submission, Receipt] = Act(
    name="provide-documents",
    actions=always(Action.DEPOSIT),
    target=lambda submission: OfPatient(submission.ins),
    run=_provide,
    transactions=("ITI-65", "ITI-105", "TD2.1", "TD2.2"),
)

provide_to_record: Act[ProvideToRecord, Receipt] = Act(
    name="provide-to-record",
    actions=always(Action.DEPOSIT),
    target=lambda request: OfRecord(request.record_id),
    run=_provide_to_record,
)
"""The same, from the pages of a record."""
