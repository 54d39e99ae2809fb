"""Show who consulted or changed a record.

CSP L1111-19, R1111-43. Who: the holder, his representative, the attending doctor. What was done with
a document that its reader may not know yet (R1111-53) is told when the document is.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from dmp.acts.act import Act, OfRecord, always
from dmp.acts.work import TracePage, Work
from dmp.domain.access.actions import Action
from dmp.domain.access.filter import DocumentFacts, Scope
from dmp.domain.documents.entry import Status
from dmp.domain.documents.query import DocumentQuery
from dmp.domain.identifiers import RecordId
from dmp.domain.identity.caller import Holder, Representative


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadTraces:
    """Which record; `limit` traces a page, after the last one of the page before."""

    record_id: RecordId
    limit: int = 100
    after: UUID | None = None


async def _read_traces(request: ReadTraces, work: Work) -> TracePage:
    page = await work.traces.of_record(
        request.record_id, max(1, min(request.limit, 1000)), request.after
    )
    scope = _scope(work)
    if scope is None:
        return page
    unknown = await _unknown_documents(page, scope, work)
    told = tuple(trace for trace in page.traces if trace.document_id not in unknown)
    return TracePage(traces=told, next=page.next)


def _scope(work: Work) -> Scope | None:
    """The documents whose traces the reader is told; None for all of them."""
    own_ids = (work.caller.id,)
    match work.caller.who:
        case Holder():
            return Scope(own_ids=own_ids, sees_masked=True, sees_hidden_from_representatives=True)
        case Representative():
            return Scope(own_ids=own_ids, sees_masked=True)
        case _:
            return None


async def _unknown_documents(page: TracePage, scope: Scope, work: Work) -> frozenset[str]:
    """Identifiers of the documents of a page of traces that do not exist for the reader."""
    named = {trace.document_id for trace in page.traces if trace.document_id}
    if not named:
        return frozenset()
    query = DocumentQuery(statuses=tuple(Status), count=_LOOKED_AT)
    seen = await work.documents.find(work.record.record_id, query, scope)
    named -= {str(entry.document_id) for entry in seen.entries}
    unknown = set()
    for document_id in named:
        entry = await work.documents.by_id(UUID(document_id))
        # A deleted document stays in the history of whoever knew it.
        if (
            entry is not None
            and not scope.verdict(replace(DocumentFacts.of(entry), deleted=False))[0]
        ):
            unknown.add(document_id)
    return frozenset(unknown)


_LOOKED_AT = 500
"""So many documents are looked up at once; the others one by one."""


read_traces = Act(
    name="read-traces",
    actions=always(Action.READ_TRACES),
    target=lambda request: OfRecord(request.record_id),
    run=_read_traces,
    reads=True,
)
