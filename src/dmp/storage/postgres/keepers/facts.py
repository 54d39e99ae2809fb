"""The keeper of what documents say in structured form, sealed with their record's key."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from uuid import UUID, uuid5

from psycopg.types.numeric import Int8

from dmp.domain.access.filter import Scope
from dmp.domain.access.rules.deposits import REIMBURSEMENTS
from dmp.domain.clinical.facts import FINDINGS_FORM, Findings
from dmp.domain.clinical.material import DECLARED
from dmp.domain.documents.entry import DocumentEntry
from dmp.domain.documents.text.readable import TEXT_FORM
from dmp.domain.identifiers import RecordId
from dmp.storage.postgres.bodies import entry_of, findings_of
from dmp.storage.postgres.cellar import Cellar
from dmp.storage.postgres.pending import Pending
from dmp.storage.postgres.reader import Reader
from dmp.storage.postgres.search import in_scope
from dmp.storage.sealing import unseal

_IN_SCOPE = """
SELECT document.entry, document_findings.sealed, record_key.wrapped
FROM document
JOIN record_key ON record_key.record_id = document.record_id
LEFT JOIN document_findings ON document_findings.record_id = document.record_id
    AND document_findings.document_id = document.document_id
WHERE document.record_id = %(record_id)s AND document.status = 'approved' AND {condition}
ORDER BY document.created_at DESC, document.document_id DESC
"""
# Everything that the answer depends on, within the scope: the versions of the documents and the form they were
# read in; the last change of the lines only where a document tells of them; what the holder declared only
# where the scope lets it through. The parts of what is not let through are empty, not absent.
_STAMP = """
SELECT coalesce(md5(string_agg(
        document.entry_uuid::text || coalesce(document_findings.form, 0), ','
        ORDER BY document.document_id
    )), ''),
    CASE WHEN bool_or(document.type_code = %(claims)s) THEN (
        SELECT changed_at::text FROM claim_feed WHERE record_id = %(record_id)s
    ) END,
    (SELECT md5(sealed) FROM profile WHERE record_id = %(record_id)s AND %(declared)s)
FROM document
LEFT JOIN document_findings ON document_findings.record_id = document.record_id
    AND document_findings.document_id = document.document_id
WHERE document.record_id = %(record_id)s AND document.status = 'approved' AND {condition}
"""
_UNDERIVED = """
SELECT document.record_id, document.document_id
FROM document
JOIN health_record ON health_record.record_id = document.record_id
LEFT JOIN document_findings ON document_findings.record_id = document.record_id
    AND document_findings.document_id = document.document_id
LEFT JOIN document_text ON document_text.record_id = document.record_id
    AND document_text.document_id = document.document_id
WHERE health_record.state = 'open' AND document.status = 'approved'
    AND (document_text.form IS NULL OR document_text.form < %s
        OR (document.entry NOT LIKE '%%"mime_type":"application/pdf"%%'
            AND (document_findings.form IS NULL OR document_findings.form < %s)))
LIMIT %s
"""
_LAST_READING = """
SELECT at FROM trace
WHERE record_id = %s AND caller_id = %s AND at < %s AND body LIKE '%%"outcome":"done"%%'
ORDER BY trace_id DESC LIMIT 1
"""
_FINDINGS = UUID("6d0a2d0e-8a3b-5e0c-9b57-54b2b0d5b1f4")


def findings_id(document_id: UUID) -> UUID:
    """The identifier that seals the findings of a document: not that of its content, which may not stand in."""
    return uuid5(_FINDINGS, document_id.hex)


@lru_cache(maxsize=8)
def _statements(condition: str) -> tuple[str, str]:
    return _IN_SCOPE.format(condition=condition), _STAMP.format(condition=condition)


class PostgresFacts:
    """What documents say; see `dmp.acts.keepers.Facts`."""

    def __init__(self, cellar: Cellar, reader: Reader, pending: Pending) -> None:
        self._cellar = cellar
        self._reader = reader
        self._pending = pending

    async def in_scope(
        self, record_id: RecordId, scope: Scope
    ) -> Sequence[tuple[DocumentEntry, Findings | None]]:
        """The valid documents that exist in the scope, newest first, each with its findings.

        Raises:
            ContentDamaged: what is stored does not open with the record's key.
        """
        condition, parameters = in_scope(scope)
        parameters["record_id"] = record_id
        rows = await self._reader.all(_statements(condition)[0], parameters)
        if not rows:
            return []
        key = self._cellar.keys.unwrap(record_id, rows[0][2])
        return [
            (entry := entry_of(text), self._opened(key, entry, sealed)) for text, sealed, _ in rows
        ]

    def _opened(self, key: bytes, entry: DocumentEntry, sealed: bytes | None) -> Findings | None:
        if sealed is None:
            return None
        return findings_of(unseal(key, findings_id(entry.document_id), sealed))

    async def stamp(self, record_id: RecordId, scope: Scope) -> str:
        """A word that changes whenever what the scope lets through changes, and with nothing else."""
        condition, parameters = in_scope(scope)
        declared, _ = scope.verdict(DECLARED)
        parameters |= {"record_id": record_id, "claims": REIMBURSEMENTS, "declared": declared}
        row = await self._reader.one(_statements(condition)[1], parameters)
        return "/".join(part or "" for part in row or ())

    async def underived(self, limit: int) -> Sequence[tuple[RecordId, UUID]]:
        """Documents of open records that were read in no form, or in an earlier one: for findings or text."""
        rows = await self._reader.all(
            _UNDERIVED, (Int8(TEXT_FORM), Int8(FINDINGS_FORM), Int8(limit))
        )
        return [(RecordId(record_id), document_id) for record_id, document_id in rows]

    def keep(self, entry: DocumentEntry, findings: Findings) -> None:
        """Keep what a registered document says, in place of what was kept before."""
        self._pending.findings.append((entry, findings))

    async def last_reading(
        self, record_id: RecordId, caller_id: str, before: datetime
    ) -> datetime | None:
        """When this caller last did something in the record before an instant."""
        row = await self._reader.one(_LAST_READING, (record_id, caller_id, before))
        return None if row is None else row[0]
