"""Provide documents to a person's record, as one whole: all registered, or none.

IHE ITI-65 / ITI-105 / ITI-41, DMP TD2.1, TD2.2 ("alimentation"). Who: professionals and structures,
blocked ones too (feeding is a duty); the holder for documents of his own. One trace a submission.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace

from dmp.acts.act import Act, OfPatient, always
from dmp.acts.work import Work
from dmp.domain.access.actions import Action
from dmp.domain.documents.entry import DocumentEntry, SubmissionSet
from dmp.domain.documents.submission import ClaimedDocument, ContentHeader, Submission
from dmp.domain.documents.submission_rules import NewIds, build
from dmp.domain.documents.submission_sets import check_submission, submission_set
from dmp.domain.documents.versions import (
    Named,
    is_same_document,
    named_parents,
    replacement,
    superseded,
)
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import DocumentId, EntryUuid, SubmissionId, UniqueId


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
    return Receipt(submission=known, documents=tuple(provided))


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
    known = await work.documents.by_unique_id(entry.unique_id)
    if known is not None and is_same_document(known, entry, claimed.path):
        return Provided(entry=known, warnings=remarks, was_known=True)
    parent, more = await _replaced(claimed, header, work)
    if parent is None:
        work.documents.add(entry, claimed.content)
        return Provided(entry=entry, warnings=(*remarks, *more))
    old, entry = superseded(parent, entry)
    old = replace(old, version=parent.version + 1, entry_uuid=EntryUuid(work.new_uuid()))
    work.documents.change(old, parent)
    work.documents.add(entry, claimed.content)
    return Provided(entry=entry, warnings=(*remarks, *more), replaced=old)


LONG_OCTETS = 128 * 1024
"""Contents above this size are read beside the event loop: others must not wait for them."""


async def _header(claimed: ClaimedDocument, work: Work) -> ContentHeader:
    if len(claimed.content) <= LONG_OCTETS:
        return work.read_header(claimed.content, claimed.content_type)
    return await asyncio.to_thread(work.read_header, claimed.content, claimed.content_type)


def _new_unique_id(work: Work) -> UniqueId:
    return UniqueId(f"urn:uuid:{work.new_uuid()}")


_NOT_HELD = "The CDA replaces a document that this record does not hold."


async def _replaced(
    claimed: ClaimedDocument, header: ContentHeader, work: Work
) -> tuple[DocumentEntry | None, tuple[str, ...]]:
    """The document that this one supersedes, if the caller may; a parent he may not see is unknown."""
    found: dict[Named, DocumentEntry] = {}
    for name in named_parents(claimed, header):
        entry = (
            await work.documents.by_unique_id(name)
            if isinstance(name, UniqueId)
            else await work.documents.by_id(name)
        )
        if entry is not None:
            found[name] = entry
    outcome = replacement(claimed, header, record_id=work.record.record_id, found=found)
    if outcome.parent is None:
        return None, outcome.warnings
    try:
        work.authorise(Action.REPLACE, outcome.parent)
    except Refused as refusal:
        if claimed.replaces is None:
            return None, (_NOT_HELD,)
        if refusal.reason is Reason.NOT_AUTHOR:
            raise
        raise Refused(Reason.REPLACED_NOT_FOUND, field=f"{claimed.path}.relatesTo") from None
    return outcome.parent, outcome.warnings


provide_documents: Act[Submission, Receipt] = Act(
    name="provide-documents",
    actions=always(Action.DEPOSIT),
    target=lambda submission: OfPatient(submission.ins),
    run=_provide,
    transactions=("ITI-65", "ITI-105", "TD2.1", "TD2.2"),
)
