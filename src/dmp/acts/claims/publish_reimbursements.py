"""Publish the history of reimbursements of a record: a document like any other, made from the lines fed.

CI-SIS CNAM-HR 2021.01 (REMB). Who: the health insurance. The document goes the way of every deposit, as the
next version of the same set, so that what the holder decided about it stays; nothing new, no new version.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import NAMESPACE_OID, uuid5

from dmp.acts.act import Act, OfRecord, always
from dmp.acts.documents.provide_documents import Receipt, provide_documents
from dmp.acts.notices.telling import tell
from dmp.acts.work import Work
from dmp.domain.access.actions import Action
from dmp.domain.access.rules.deposits import REIMBURSEMENTS
from dmp.domain.claims.history import (
    History,
    digest_of,
    is_in_view,
    people_of,
    standing,
    window,
)
from dmp.domain.claims.reimbursement import Kind, Reimbursement
from dmp.domain.documents.entry import DocumentEntry, Status
from dmp.domain.documents.query import DocumentQuery
from dmp.domain.documents.submission import ClaimedDocument, Submission
from dmp.domain.identifiers import RecordId, UniqueId
from dmp.domain.record.notice import NoticeKind

_EVERY_VERSION = DocumentQuery(types=(REIMBURSEMENTS,), statuses=(), count=500)
_CURRENT = (Status.APPROVED, Status.ARCHIVED)


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishReimbursements:
    """Of which record, after which change of its lines."""

    record_id: RecordId
    changed_at: datetime


async def _publish(request: PublishReimbursements, work: Work) -> DocumentEntry | None:
    """Returns the new version; None when the one that stands says the same."""
    versions = await _versions(work)
    current = next((one for one in versions if one.status in _CURRENT), None)
    # Where the document is hidden from somebody, so is the trace of this, whatever becomes of it.
    work.traced_documents = (current,) if current is not None else ()
    lines = await _lines(work)
    work.claims.published(request.record_id, request.changed_at)
    said = digest_of(lines)
    if current is not None and _says(current, said, work, len(versions)):
        return None
    receipt = await _deposit(await _history(lines, said, versions, current, work), work)
    if not versions:
        _tell_holder(work)
    return receipt.documents[0].entry


async def _versions(work: Work) -> Sequence[DocumentEntry]:
    """Every version that the insurance deposited, newest first; deleted ones keep their number."""
    scope = work.scope._replace(even_deleted=True)
    page = await work.documents.find(work.record.record_id, _EVERY_VERSION, scope)
    return page.entries


async def _lines(work: Work) -> tuple[Reimbursement, ...]:
    """The lines that stand in the period in view, long-term conditions left out: the document has no place
    for them.
    """
    start, end = window(work.now, work.rules.claims_months)
    fed = await work.claims.of_record(work.record.record_id, start)
    return tuple(
        line
        for line in standing(fed)
        if line.kind is not Kind.LONG_TERM and is_in_view(line, start, end)
    )


def _unique_id(record_id: RecordId, version: int, said: str) -> UniqueId:
    """The identifier of a version: the same for the same lines in the same place, so that a repeated attempt
    cannot double it. An OID made of a UUID (ITU-T X.667).
    """
    return UniqueId(
        f"2.25.{uuid5(NAMESPACE_OID, f'dmp-reimbursements/{record_id}/{version}/{said}').int}"
    )


def _says(current: DocumentEntry, said: str, work: Work, versions: int) -> bool:
    """Whether a version was made of these very lines: its identifier tells."""
    return any(
        current.unique_id == _unique_id(work.record.record_id, version, said)
        for version in range(versions, 0, -1)
    )


async def _history(
    lines: tuple[Reimbursement, ...],
    said: str,
    versions: Sequence[DocumentEntry],
    current: DocumentEntry | None,
    work: Work,
) -> History:
    record, version = work.record, len(versions) + 1
    start, end = window(work.now, work.rules.claims_months)
    return History(
        record=record,
        unique_id=_unique_id(record.record_id, version, said),
        set_id=f"2.25.{uuid5(NAMESPACE_OID, f'dmp-reimbursements/{record.record_id}').int}",
        version=version,
        written_at=work.now,
        start=start,
        end=end,
        lines=lines,
        replaces=current.unique_id if current is not None else None,
        names=await work.claims.names(people_of(lines)),
    )


async def _deposit(history: History, work: Work) -> Receipt:
    # Long histories take a while to write: others must not wait for them.
    content = await asyncio.to_thread(work.write_reimbursements, history, work.knowledge)
    document = ClaimedDocument(
        content=content,
        content_type="text/xml",
        ins=history.record.ins,
        unique_id=history.unique_id,
        replaces=history.replaces,
    )
    submission = Submission(ins=history.record.ins, documents=(document,), simplified=True)
    return await provide_documents.run(submission, work)


def _tell_holder(work: Work) -> None:
    """The first feeding is told to the holder. Source: Mon espace santé, notice PRIMO_ALIM_MHS."""
    record_id = work.record.record_id
    tell(work, NoticeKind.FIRST_FEEDING, record_id)


publish_reimbursements = Act(
    name="publish-reimbursements",
    # Only the insurance feeds; as its deposit, the document takes the way of all others.
    actions=always(Action.FEED_CLAIMS, Action.DEPOSIT),
    target=lambda request: OfRecord(request.record_id),
    run=_publish,
)
