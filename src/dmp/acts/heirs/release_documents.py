"""Give out to an heir the documents of a granted request: what the holder himself could see, no more.

CSP L1110-4 V, L1111-18. Who: the operator. Left out: what was not announced to the holder in his lifetime,
what he kept from those who represent him, what was deleted.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from dmp.acts.act import Act, OfRecord, always
from dmp.acts.heirs.decide_request import filed_request
from dmp.acts.work import Work
from dmp.domain.access.actions import Action
from dmp.domain.access.filter import Scope
from dmp.domain.documents.entry import DocumentEntry, Status
from dmp.domain.documents.query import DocumentQuery
from dmp.domain.identifiers import RecordId
from dmp.domain.record.heirs import HeirRequest

PAGE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseToHeirs:
    """Which request."""

    record_id: RecordId
    request_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Released:
    """The request as it stands, and each document with its octets, newest first."""

    request: HeirRequest
    documents: tuple[tuple[DocumentEntry, bytes], ...]


async def _release(request: ReleaseToHeirs, work: Work) -> Released:
    filed = await filed_request(request.request_id, work)
    released = filed.released(work.now)
    entries = await _entries(_scope(work), work)
    documents = [(entry, await work.documents.content(entry)) for entry in entries]
    work.unit.heirs.change(released, filed)
    work.traced_documents = entries
    return Released(request=released, documents=tuple(documents))


def _scope(work: Work) -> Scope:
    """What the holder could see on the day his record was closed, without his secrets."""
    closure = work.record.closure
    return Scope(sees_masked=True, at=closure.at if closure is not None else work.now)


async def _entries(scope: Scope, work: Work) -> tuple[DocumentEntry, ...]:
    query = DocumentQuery(statuses=(Status.APPROVED, Status.ARCHIVED), count=PAGE)
    found: list[DocumentEntry] = []
    while True:
        page = await work.documents.find(work.record.record_id, query, scope)
        found.extend(page.entries)
        if page.next is None:
            return tuple(found)
        query = replace(query, after=page.next)


release_to_heirs = Act(
    name="release-to-heirs",
    actions=always(Action.RELEASE_TO_HEIRS),
    target=lambda request: OfRecord(request.record_id),
    run=_release,
)
