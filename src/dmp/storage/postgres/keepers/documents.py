"""The keeper of documents: the registry, and the contents in the packs."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from psycopg.types.numeric import Int8

from dmp.acts.keepers import DocumentPage, ReadyPage
from dmp.domain.access.filter import Scope
from dmp.domain.clinical.facts import Findings
from dmp.domain.documents.entry import DocumentEntry, SubmissionSet
from dmp.domain.documents.query import DocumentQuery, Position
from dmp.domain.identifiers import DocumentId, RecordId, UniqueId
from dmp.domain.record.health_record import HealthRecord
from dmp.storage.blobs.packs import Place
from dmp.storage.postgres.bodies import entry_of
from dmp.storage.postgres.cellar import Cellar
from dmp.storage.postgres.keepers.records import PostgresRecords
from dmp.storage.postgres.pending import Pending
from dmp.storage.postgres.reader import Reader, ResultRow
from dmp.storage.postgres.search import uuid_in, where
from dmp.storage.sealing import ContentDamaged, unseal, verified

OFF_LOOP_OCTETS = 256 * 1024
"""From this size on, disk and cipher work leaves the event loop."""

_OWN_KEY = "SELECT record_id, document_id, 1 AS rank FROM document_key WHERE id = %(id)s"
_PRODUCERS_KEY = """SELECT record_id, document_id, 0 AS rank
    FROM unique_id_key WHERE unique_id = %(unique_id)s"""
_ENTRY = """
SELECT document.entry
FROM ({key}) AS named
JOIN document ON document.record_id = named.record_id AND document.document_id = named.document_id
"""
_LOCATED = """
SELECT document.entry, health_record.record_id, health_record.version, health_record.sheet
FROM ({key}) AS named
JOIN document ON document.record_id = named.record_id AND document.document_id = named.document_id
JOIN health_record ON health_record.record_id = document.record_id
ORDER BY named.rank LIMIT 1
"""
_BY_ID = _ENTRY.format(key=_OWN_KEY)
_BY_UNIQUE_ID = _ENTRY.format(key=_PRODUCERS_KEY)
_LOCATED_BY_ID = _LOCATED.format(key=_OWN_KEY)
_LOCATED_BY_UNIQUE_ID = _LOCATED.format(key=_PRODUCERS_KEY)
# The identifier of a producer goes before one of ours that is written the same way.
_LOCATED_BY_EITHER = _LOCATED.format(key=f"{_PRODUCERS_KEY}\nUNION ALL {_OWN_KEY}")
# Those of a record that is not open wait for its reopening, and may not stand before the others.
_AWAITING = """
SELECT announcement.record_id, announcement.document_id
FROM announcement JOIN health_record ON health_record.record_id = announcement.record_id
WHERE announcement.due_at <= %s AND health_record.state = 'open'
ORDER BY announcement.due_at, announcement.document_id LIMIT %s
"""
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
    """The registry of documents; see `dmp.acts.keepers.Documents`."""

    def __init__(
        self, cellar: Cellar, reader: Reader, pending: Pending, records: PostgresRecords
    ) -> None:
        self._cellar = cellar
        self._reader = reader
        self._pending = pending
        self._records = records

    async def located(self, named: UUID | UniqueId) -> tuple[HealthRecord, DocumentEntry] | None:
        """A document with its record: one statement, whether it is there or not."""
        row = await self._reader.one(*_naming(named))
        if row is None:
            return None
        entry, record_id, version, sheet = row
        return self._records.read_again(RecordId(record_id), version, sheet), entry_of(entry)

    async def awaiting(self, at: datetime, limit: int) -> Sequence[tuple[RecordId, UUID]]:
        """Documents hidden from their patient for which a notice or the reveal is due, oldest first; those
        of open records.
        """
        rows = await self._reader.all(_AWAITING, (at, Int8(limit)))
        return [(RecordId(record_id), document_id) for record_id, document_id in rows]

    def announcement_told(self, entry: DocumentEntry) -> None:
        """The patient was told to see a professional; what comes next is the reveal."""
        self._pending.announced.append(entry)

    async def by_id(self, document: UUID) -> DocumentEntry | None:
        """The current metadata of a document, by its identifier or that of any version."""
        row = await self._reader.one(_BY_ID, {"id": document})
        return None if row is None else entry_of(row[0])

    async def by_unique_id(self, unique_id: UniqueId) -> DocumentEntry | None:
        """The current metadata of the document with this producer's identifier, in any record."""
        row = await self._reader.one(_BY_UNIQUE_ID, {"unique_id": unique_id.value})
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

    def add(self, entry: DocumentEntry, content: bytes, findings: Findings | None = None) -> None:
        """Store the content with what it says in structured form, and register the entry."""
        self._pending.added.append((entry, content))
        if findings is not None:
            self._pending.findings.append((entry, findings))

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


def _naming(named: UUID | UniqueId) -> tuple[str, dict[str, object]]:
    """The statement that finds what is named so, and its parameters."""
    if not isinstance(named, UniqueId):
        return _LOCATED_BY_ID, {"id": named}
    own = uuid_in(named.value) if named.value.startswith("urn:uuid:") else None
    if own is None:
        return _LOCATED_BY_UNIQUE_ID, {"unique_id": named.value}
    return _LOCATED_BY_EITHER, {"unique_id": named.value, "id": own}


def _next(row: ResultRow) -> Position | None:
    _, more, created_at, document_id = row[:4]
    if not more or document_id is None:
        return None
    return Position(created_at=created_at, document_id=DocumentId(document_id))
