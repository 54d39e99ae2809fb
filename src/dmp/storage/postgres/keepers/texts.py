"""The keeper of the texts of documents, sealed with their record's key."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from functools import lru_cache, partial
from uuid import UUID, uuid5

from dmp.domain.access.filter import Scope
from dmp.domain.documents.entry import DocumentEntry
from dmp.domain.documents.query import DocumentQuery
from dmp.domain.documents.text.readable import DocumentText
from dmp.domain.documents.text.search import Searched
from dmp.domain.identifiers import RecordId
from dmp.storage.postgres.bodies import entry_of
from dmp.storage.postgres.cellar import Cellar
from dmp.storage.postgres.pending import Pending
from dmp.storage.postgres.reader import Reader
from dmp.storage.postgres.search import where
from dmp.storage.sealing import ContentDamaged, unseal

logger = logging.getLogger("dmp.search")

# The one statement of a search, whatever is looked for: the words never leave the process.
_IN_SCOPE = """
SELECT document.entry, document_text.sealed, record_key.wrapped
FROM document
JOIN record_key ON record_key.record_id = document.record_id
LEFT JOIN document_text ON document_text.record_id = document.record_id
    AND document_text.document_id = document.document_id
WHERE {where}
ORDER BY document.created_at DESC, document.document_id DESC
LIMIT %(most)s
"""
MOST = 5_000
"""Documents that one search looks into, the newest: more than any record holds."""
_TEXTS = UUID("4f6d7a58-3a0a-5c1e-8f0b-2f4f8d2c9e71")


def text_id(document_id: UUID) -> UUID:
    """The identifier that seals the text of a document: not that of its content, which may not stand in."""
    return uuid5(_TEXTS, document_id.hex)


@lru_cache(maxsize=256)
def _statement(condition: str) -> str:
    return _IN_SCOPE.format(where=condition)


def _opened(key: bytes, entry: DocumentEntry, sealed: bytes | None) -> str:
    if sealed is None:
        return ""
    try:
        return unseal(key, text_id(entry.document_id), sealed).decode("utf-8")
    except ContentDamaged:
        # The others are searched all the same: one damaged row must not close the whole record.
        logger.error("the sealed text of document %s does not open", entry.document_id)
        return ""


class PostgresTexts:
    """The texts of documents; see `dmp.acts.keepers.Texts`."""

    def __init__(self, cellar: Cellar, reader: Reader, pending: Pending) -> None:
        self._cellar = cellar
        self._reader = reader
        self._pending = pending

    async def in_scope(
        self, record_id: RecordId, query: DocumentQuery, scope: Scope
    ) -> Sequence[Searched]:
        """The documents that match the query and exist in the scope, newest first, still sealed."""
        condition, parameters = where(record_id, query, scope)
        parameters["most"] = MOST
        rows = await self._reader.all(_statement(condition), parameters)
        if not rows:
            return []
        key = self._cellar.keys.unwrap(record_id, rows[0][2])
        return [
            Searched(entry := entry_of(text), partial(_opened, key, entry, sealed))
            for text, sealed, _ in rows
        ]

    def keep(self, entry: DocumentEntry, text: DocumentText) -> None:
        """Keep the text of a document, in place of what was kept before."""
        self._pending.texts.append((entry, text))
