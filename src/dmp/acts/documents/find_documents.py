"""Find documents of a record: only those that exist for the caller, filtered before paging.

IHE ITI-67, DMP TD3.1a and TD3.1b. Who: the holder, his representatives, professionals by the rules.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from dmp.acts.act import Act, OfPatient, OfRecord, always
from dmp.acts.keepers import DocumentPage, ReadyPage
from dmp.acts.work import Work
from dmp.domain.access.actions import Action
from dmp.domain.documents.query import DocumentQuery
from dmp.domain.identifiers import DocumentId, Ins, RecordId

MAX_COUNT = 500
"""Largest page, whatever is asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FindDocuments:
    """In which record, by which criteria. `base_url` (with `/`) is for the ready-made answer."""

    of: Ins | RecordId
    query: DocumentQuery = field(default_factory=DocumentQuery)
    base_url: str = ""


def _target(request: FindDocuments) -> OfPatient | OfRecord:
    return OfPatient(request.of) if isinstance(request.of, Ins) else OfRecord(request.of)


async def _find(request: FindDocuments, work: Work) -> DocumentPage:
    return await work.documents.find(work.record.record_id, request.query, work.scope)


async def _find_ready(request: FindDocuments, work: Work) -> ReadyPage:
    return await work.documents.find_ready(
        work.record.record_id, request.query, work.scope, request.base_url
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Browsed:
    """A page of documents, and which documents of the record the caller opened before, in this record."""

    page: DocumentPage
    opened: frozenset[DocumentId]


async def _browse(request: FindDocuments, work: Work) -> Browsed:
    record_id = work.record.record_id
    page = await work.documents.find(record_id, request.query, work.scope)
    # His own readings only: what others read is told by the journal, to those whom it concerns.
    opened = await work.traces.opened_by(record_id, work.caller.id)
    return Browsed(page=page, opened=opened)


def _by_identifier(request: FindDocuments) -> bool:
    return bool(request.query.identifiers)


find_documents = Act(
    name="find-documents",
    actions=always(Action.FIND_DOCUMENTS),
    target=_target,
    run=_find,
    reads=True,
    transactions=("ITI-67", "TD3.1a"),
    settles_for_own=_by_identifier,
)
"""The page as values, for pages."""

find_documents_ready = Act(
    name="find-documents",
    actions=always(Action.FIND_DOCUMENTS),
    target=_target,
    run=_find_ready,
    reads=True,
    transactions=("ITI-67", "TD3.1a", "TD3.1b"),
    settles_for_own=_by_identifier,
)
"""The page as ready-made FHIR text."""

browse_documents = Act(
    name="find-documents",
    actions=always(Action.FIND_DOCUMENTS),
    target=_target,
    run=_browse,
    reads=True,
)
"""The page as values, with what its reader opened already."""
