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
from dmp.domain.identifiers import Ins, RecordId

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
