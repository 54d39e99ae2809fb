"""Show the record as somebody else sees it, today and after a change that is considered.

The same engine as every other answer. Who: the holder, his representative; nobody is shown a document that
does not exist for himself.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from dmp.acts.act import Act, OfRecord, always
from dmp.acts.documents.whole_record import whole_record
from dmp.acts.work import Work
from dmp.domain.access.actions import Action
from dmp.domain.access.readers import professions_told
from dmp.domain.access.see_as import Considered, ReaderRef, glimpsed, reader_named
from dmp.domain.documents.entry import DocumentEntry
from dmp.domain.documents.versions import with_versions
from dmp.domain.errors import Reason
from dmp.domain.identifiers import RecordId
from dmp.domain.record.confidences import told_to


@dataclass(frozen=True, slots=True, kw_only=True)
class SeeAs:
    """Through whose eyes, and what would change."""

    record_id: RecordId
    reader: ReaderRef
    considered: Considered | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenAs:
    """What the reader sees today and after, newest first; the reasons tell why the record is shut to him."""

    name: str
    today: tuple[DocumentEntry, ...]
    after: tuple[DocumentEntry, ...]
    reason_today: Reason | None
    reason_after: Reason | None


async def _see_as(request: SeeAs, work: Work) -> SeenAs:
    # An agreement of a minor's secret session is not told to who acts for him, by this way neither.
    record = told_to(work.record, work.caller)
    documents = await whole_record(work)
    reader = reader_named(request.reader, record, work.now, professions_told(documents))
    today = glimpsed(reader, record, documents, work.policy, work.now)
    considered = _whole(request.considered or Considered(), documents)
    after = glimpsed(
        reader,
        considered.of_record(record, work.now),
        map(considered.of_document, documents),
        work.policy,
        work.now,
    )
    return SeenAs(
        name=reader.name,
        today=today.documents,
        after=after.documents,
        reason_today=today.reason,
        reason_after=after.reason,
    )


def _whole(considered: Considered, documents: tuple[DocumentEntry, ...]) -> Considered:
    """The change with the other versions that would follow."""
    masked = with_versions((d for d in documents if d.document_id in considered.masked), documents)
    shown = with_versions((d for d in documents if d.document_id in considered.shown), documents)
    return replace(
        considered,
        masked=frozenset(entry.document_id for entry in masked),
        shown=frozenset(entry.document_id for entry in shown),
    )


see_as = Act(
    name="see-as",
    actions=always(Action.PREVIEW_VISIBILITY),
    target=lambda request: OfRecord(request.record_id),
    run=_see_as,
    reads=True,
    detail=lambda request: request.reader.group.value,
)
