"""The keeper of documents: the registry, and the contents in the packs."""

from __future__ import annotations

import asyncio
import json
from functools import lru_cache
from uuid import UUID

from psycopg.types.numeric import Int8

from dmp.acts.work import DocumentPage, ReadyPage
from dmp.domain.access.filter import Scope
from dmp.domain.documents.entry import DocumentEntry, SubmissionSet
from dmp.domain.documents.query import DocumentQuery, Position
from dmp.domain.identifiers import DocumentId, RecordId, UniqueId
from dmp.storage.blobs.packs import Place
from dmp.storage.postgres.bodies import entry_of
from dmp.storage.postgres.cellar import Cellar
from dmp.storage.postgres.pending import Pending
from dmp.storage.postgres.reader import Reader, ResultRow
from dmp.storage.postgres.search import where
from dmp.storage.sealing import ContentDamaged, unseal, verified

OFF_LOOP_OCTETS = 256 * 1024
"""From this size on, disk and cipher work leaves the event loop."""

_KEY = "SELECT record_id, document_id FROM document_key WHERE id = %s"
_UNIQUE_ID = "SELECT record_id, document_id FROM unique_id_key WHERE unique_id = %s"
_ENTRY = "SELECT entry FROM document WHERE record_id = %s AND document_id = %s"
_READY = "SELECT fhir FROM document WHERE record_id = %s AND document_id = %s"
_CONTENT = """
SELECT document.pack, document.pack_offset, document.pack_length, record_key.wrapped
FROM document JOIN record_key ON record_key.record_id = document.record_id
WHERE document.record_id = %s AND document.document_id = %s
"""

# One document more than the page is read, to know whether another page follows. Only then, or on a
# later page, is everything counted: the first page of most records counts itself.
_PAGE = """
SELECT CASE WHEN {later} OR count(*) > %(count)s
    THEN (SELECT count(*) FROM document WHERE {where}) ELSE count(*) END,
    count(*) > %(count)s,
    max(page.created_at) FILTER (WHERE page.rank = %(count)s),
    (array_agg(page.document_id) FILTER (WHERE page.rank = %(count)s))[1],
    {answer}
FROM (
    SELECT newest.*, row_number() OVER () AS rank FROM (
        SELECT document.created_at, document.document_id, document.{column} AS text
        FROM document WHERE {where} {after}
        ORDER BY document.created_at DESC, document.document_id DESC LIMIT %(count)s + 1
    ) AS newest
) AS page
"""
_AFTER = """AND (document.created_at, document.document_id)
        < (%(after_at)s::timestamptz, %(after_id)s::uuid)"""
_ENTRIES = "array_agg(page.text ORDER BY page.rank) FILTER (WHERE page.rank <= %(count)s)"
# textsend gives the octets of the text as they are.
_BUNDLE_ENTRIES = """textsend(string_agg(
    '{"fullUrl":"' || %(base_url)s::text || 'DocumentReference/' || page.document_id::text
    || '","resource":' || page.text || ',"search":{"mode":"match"}}',
    ',' ORDER BY page.rank
) FILTER (WHERE page.rank <= %(count)s))"""


@lru_cache(maxsize=256)
def _page_statement(condition: str, later: bool, ready: bool) -> str:
    return _PAGE.format(
        where=condition,
        later="true" if later else "false",
        after=_AFTER if later else "",
        answer=_BUNDLE_ENTRIES if ready else _ENTRIES,
        column="fhir" if ready else "entry",
    )


class PostgresDocuments:
    """The registry of documents; see `dmp.acts.work.Documents`."""

    def __init__(self, cellar: Cellar, reader: Reader, pending: Pending) -> None:
        self._cellar = cellar
        self._reader = reader
        self._pending = pending

    async def by_id(self, document: UUID) -> DocumentEntry | None:
        """The current metadata of a document, by its identifier or that of any version."""
        place = self._cellar.documents.get(document)
        if place is None:
            row = await self._reader.one(_KEY, (document,))
            if row is None:
                return None
            place = RecordId(row[0]), DocumentId(row[1])
            self._cellar.documents.put(document, place)
        return await self._entry(*place)

    async def by_unique_id(self, unique_id: UniqueId) -> DocumentEntry | None:
        """The current metadata of the document with this producer's identifier, in any record."""
        row = await self._reader.one(_UNIQUE_ID, (unique_id.value,))
        return None if row is None else await self._entry(RecordId(row[0]), DocumentId(row[1]))

    async def _entry(self, record_id: RecordId, document_id: DocumentId) -> DocumentEntry | None:
        row = await self._reader.one(_ENTRY, (record_id, document_id))
        return None if row is None else entry_of(row[0])

    async def find(self, record_id: RecordId, query: DocumentQuery, scope: Scope) -> DocumentPage:
        """Documents that match the query and exist in the scope: filtered before the page limit."""
        row = await self._page(record_id, query, scope)
        entries = tuple(entry_of(text) for text in row[4] or ())
        return DocumentPage(entries=entries, total=row[0], next=_next(row))

    async def find_ready(
        self, record_id: RecordId, query: DocumentQuery, scope: Scope, base_url: str
    ) -> ReadyPage:
        """The same as ready-made FHIR text. `base_url` ends with `/`."""
        row = await self._page(record_id, query, scope, json.dumps(base_url)[1:-1])
        return ReadyPage(entries=row[4] or b"", total=row[0], next=_next(row))

    async def _page(
        self, record_id: RecordId, query: DocumentQuery, scope: Scope, base_url: str | None = None
    ) -> ResultRow:
        condition, parameters = where(record_id, query, scope)
        parameters["count"] = Int8(max(query.count, 0))
        if base_url is not None:
            parameters["base_url"] = base_url
        if query.after is not None:
            parameters["after_at"] = query.after.created_at
            parameters["after_id"] = query.after.document_id
        statement = _page_statement(condition, query.after is not None, base_url is not None)
        row = await self._reader.one(statement, parameters)
        if row is None:
            raise LookupError("an aggregate without a row")
        return row

    async def ready(self, record_id: RecordId, document: UUID) -> bytes | None:
        """The ready-made FHIR resource of one document, in UTF-8."""
        row = await self._reader.one(_READY, (record_id, document))
        return None if row is None else row[0].encode("utf-8")

    def add(self, entry: DocumentEntry, content: bytes) -> None:
        """Store the content and register the entry."""
        self._pending.added.append((entry, content))

    def change(self, entry: DocumentEntry, previous: DocumentEntry) -> None:
        """Write a new version of a document's metadata."""
        self._pending.metadata.append((entry, previous))

    def add_submission(self, submission: SubmissionSet) -> None:
        """Register the submission set."""
        self._pending.submissions.append(submission)

    async def content(self, entry: DocumentEntry) -> bytes:
        """The bytes of a document, exactly as deposited; decrypted and its hash verified.

        Raises:
            ContentDamaged: they cannot be had as they were deposited.
        """
        row = await self._reader.one(_CONTENT, (entry.record_id, entry.document_id))
        if row is None:
            raise ContentDamaged
        place = Place(row[0], row[1], row[2])
        if max(place.length, entry.content.size) < OFF_LOOP_OCTETS:
            return self._opened(entry, place, row[3])
        return await asyncio.to_thread(self._opened, entry, place, row[3])

    def _opened(self, entry: DocumentEntry, place: Place, wrapped: bytes) -> bytes:
        key = self._cellar.keys.unwrap(entry.record_id, wrapped)
        sealed = self._cellar.packs.read(entry.record_id, entry.document_id, place)
        content = unseal(key, entry.document_id, sealed)
        return verified(content, entry.content.size, entry.content.sha256)


def _next(row: ResultRow) -> Position | None:
    _, more, created_at, document_id = row[:4]
    if not more or document_id is None:
        return None
    return Position(created_at=created_at, document_id=DocumentId(document_id))
