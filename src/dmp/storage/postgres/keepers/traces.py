"""The keeper of traces, for reading; they are written by the commit alone."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache
from uuid import UUID

from psycopg.types.numeric import Int8

from dmp.acts.keepers import TracePage, TraceView
from dmp.domain.identifiers import DocumentId, RecordId
from dmp.domain.journal.event import Trace
from dmp.storage.postgres.bodies import trace_of
from dmp.storage.postgres.reader import Reader
from dmp.storage.postgres.search import in_scope

_OF_RECORD = """
SELECT trace.body, {told}
FROM trace {seen}
WHERE trace.record_id = %(record_id)s AND trace.trace_id < %(after)s AND trace.at < %(before)s
    AND (%(secrets)s OR NOT trace.secret)
    AND (%(reader)s <> '' AND trace.caller_id = %(reader)s AND NOT {refused}
        OR NOT %(own_only)s AND {exists})
ORDER BY trace.trace_id DESC LIMIT %(limit)s
"""
# The documents of one trace that exist in the scope, looked up by their keys.
_SEEN = """LEFT JOIN LATERAL (
    SELECT array_agg(document.document_id) AS documents
    FROM unnest(trace.document_ids) AS named (document_id)
    JOIN document ON document.record_id = trace.record_id
        AND document.document_id = named.document_id
    WHERE {condition}
) AS seen ON true"""
# Whoever named a document by its identifier alone and was refused learns nothing of it from the trace of that
# either: in which record it stands. Others are told when they see the document. No quote in a text is bare.
_NOT_FOUND = """trace.body ~ '"reason":"document-not-found"'"""
_REFUSED = """trace.body ~ '"reason":"(document-not-found|act-not-allowed|access-forbidden-by-law\
|individual-authentication-required)"'"""
_EXISTS = f"(seen.documents IS NOT NULL OR trace.document_ids = '{{}}' AND NOT {_NOT_FOUND})"
# Whole words of the body: no quote in a text is bare.
_OPENED = """
SELECT DISTINCT unnest(document_ids) FROM trace
WHERE record_id = %s AND caller_id = %s
    AND body LIKE '%%"act":"retrieve-document"%%' AND body LIKE '%%"outcome":"done"%%'
"""
_CHECKPOINT = "SELECT note FROM journal_checkpoint ORDER BY size DESC LIMIT 1"
_LAST = UUID(int=(1 << 128) - 1)
_EVER = datetime(9999, 12, 31, tzinfo=UTC)


@lru_cache(maxsize=8)
def _statement(condition: str | None) -> str:
    if condition is None:
        return _OF_RECORD.format(told="NULL", seen="", exists="true", refused=_REFUSED)
    seen = _SEEN.format(condition=condition)
    told = "coalesce(seen.documents, '{}')"
    return _OF_RECORD.format(told=told, seen=seen, exists=_EXISTS, refused=_REFUSED)


class PostgresTraces:
    """Traces of one record; see `dmp.acts.keepers.Traces`."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    async def of_record(
        self,
        record_id: RecordId,
        limit: int,
        after: UUID | None = None,
        view: TraceView | None = None,
    ) -> TracePage:
        """Traces newest first, filtered before the limit. `after` is where the last page ended."""
        view = view or TraceView()
        condition, parameters = (None, {}) if view.scope is None else in_scope(view.scope)
        parameters |= {
            "record_id": record_id,
            "after": after or _LAST,
            "before": view.before or _EVER,
            "secrets": view.secrets,
            "reader": view.reader,
            "own_only": view.own_only,
            "limit": Int8(limit + 1),
        }
        rows = await self._reader.all(_statement(condition), parameters)
        traces = tuple(_told(trace_of(body), seen) for body, seen in rows[:limit])
        more = len(rows) > limit and bool(traces)
        return TracePage(traces=traces, next=traces[-1].trace_id if more else None)

    async def opened_by(self, record_id: RecordId, caller_id: str) -> frozenset[DocumentId]:
        """The documents of a record whose content this caller was given."""
        rows = await self._reader.all(_OPENED, (record_id, caller_id))
        return frozenset(DocumentId(document) for (document,) in rows)

    async def checkpoint(self) -> str:
        """The newest signed checkpoint, as it was published; empty before the first."""
        row = await self._reader.one(_CHECKPOINT, ())
        return "" if row is None else str(row[0])


def _told(trace: Trace, seen: Collection[UUID] | None) -> Trace:
    """The trace with those of its documents that exist for the reader; all of them when None."""
    if seen is None or not (trace.document_id or trace.document_ids):
        return trace
    names = set(map(str, seen))
    kept = tuple(document for document in trace.document_ids if document in names)
    if trace.document_id in names:
        return replace(trace, document_ids=kept)
    return replace(trace, document_ids=kept, document_id="", document_type="", document_title="")
