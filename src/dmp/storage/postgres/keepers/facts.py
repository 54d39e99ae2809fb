"""The keeper of what documents say in structured form, sealed with their record's key."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from uuid import UUID, uuid5

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from psycopg.types.numeric import Int8

from dmp.domain.access.filter import Scope
from dmp.domain.access.rules.deposits import REIMBURSEMENTS
from dmp.domain.clinical.facts import FINDINGS_FORM, Findings
from dmp.domain.clinical.material import DECLARED, Outline
from dmp.domain.clinical.same.attaching import attached
from dmp.domain.documents.entry import DocumentEntry
from dmp.domain.documents.text.readable import TEXT_FORM
from dmp.domain.identifiers import RecordId
from dmp.domain.record.profile import Profile, shared_part
from dmp.storage.former_findings import formerly_said
from dmp.storage.packed_findings import Unpacking, packed
from dmp.storage.postgres.bodies import outline_of, profile_of, text_of
from dmp.storage.postgres.cellar import Cellar
from dmp.storage.postgres.pending import Pending
from dmp.storage.postgres.reader import Reader
from dmp.storage.postgres.search import in_scope
from dmp.storage.sealing import seal, unseal

# What says something says what it is, too: the entry is not taken from the row, where it is compressed. One row
# of columns: four hundred rows would wake the page thirty times.
_IN_SCOPE = """
SELECT (SELECT wrapped FROM record_key WHERE record_id = %(record_id)s),
    array_agg(document_id), array_agg(sealed), array_agg(entry)
FROM (
    SELECT document.document_id, document_findings.sealed,
        CASE WHEN document_findings.form >= %(stated)s THEN NULL ELSE document.entry END AS entry
    FROM document
    LEFT JOIN document_findings ON document_findings.record_id = document.record_id
        AND document_findings.document_id = document.document_id
    WHERE document.record_id = %(record_id)s AND document.status = 'approved' AND {condition}
    ORDER BY document.created_at DESC, document.document_id DESC
) AS seen
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
    (SELECT sealed FROM profile WHERE record_id = %(record_id)s AND %(declared)s),
    (SELECT wrapped FROM record_key WHERE record_id = %(record_id)s)
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
    AND body NOT LIKE '%%"act":"look-for-news"%%'
ORDER BY trace_id DESC LIMIT 1
"""
_NAMESPACE = UUID("6d0a2d0e-8a3b-5e0c-9b57-54b2b0d5b1f4")
_PART = b"findings"
_RAW_UP_TO = 1_536
"""Octets of findings that are not compressed: it would spare little, and cost hundreds of openings a page."""
_STATED = 2
"""The first form of findings that says what the document is."""


def _former_id(document_id: UUID) -> UUID:
    """The identifier that sealed findings in the first form, before the house reads them again."""
    return uuid5(_NAMESPACE, document_id.hex)


@lru_cache(maxsize=8)
def _statements(condition: str) -> tuple[str, str]:
    return _IN_SCOPE.format(condition=condition), _STAMP.format(condition=condition)


def sealed_findings(key: bytes, entry: DocumentEntry, findings: Findings) -> bytes:
    """What a document says, sealed beside what it is."""
    octets = packed(Outline.of(entry), findings)
    return seal(key, entry.document_id, octets, part=_PART, raw_up_to=_RAW_UP_TO)


def _opened(
    unpacking: Unpacking,
    cipher: AESGCM,
    document_id: UUID,
    sealed: bytes | None,
    entry: str | None,
) -> tuple[Outline, Findings | None]:
    """A document and its findings, each fact with the document as its source."""
    if entry is None and sealed is not None:
        return unpacking.opened(unseal(cipher, document_id, sealed, part=_PART))
    outline = outline_of(entry or "")
    if sealed is None:
        return outline, None
    found = formerly_said(unseal(cipher, _former_id(document_id), sealed))
    return outline, attached(outline, found)


class PostgresFacts:
    """What documents say; see `dmp.acts.keepers.Facts`."""

    def __init__(self, cellar: Cellar, reader: Reader, pending: Pending) -> None:
        self._cellar = cellar
        self._reader = reader
        self._pending = pending

    async def in_scope(
        self, record_id: RecordId, scope: Scope
    ) -> Sequence[tuple[Outline, Findings | None]]:
        """The valid documents that exist in the scope, newest first, each with its findings.

        Raises:
            ContentDamaged: what is stored does not open with the record's key.
        """
        condition, parameters = in_scope(scope)
        parameters |= {"record_id": record_id, "stated": Int8(_STATED)}
        row = await self._reader.one(_statements(condition)[0], parameters)
        wrapped, *columns = row or (None,)
        if wrapped is None or columns[0] is None:  # the key is gone, or nothing is in the scope
            return []
        cipher = AESGCM(self._cellar.keys.unwrap(record_id, wrapped))
        unpacking = Unpacking()
        return [_opened(unpacking, cipher, *one) for one in zip(*columns, strict=True)]

    async def stamp(self, record_id: RecordId, scope: Scope, *, whole: bool = False) -> str:
        """A word that changes whenever what the scope lets through changes, and with nothing else."""
        condition, parameters = in_scope(scope)
        declared, _ = scope.verdict(DECLARED)
        parameters |= {"record_id": record_id, "claims": REIMBURSEMENTS, "declared": declared}
        row = await self._reader.one(_statements(condition)[1], parameters)
        if row is None:
            return ""
        documents, lines, sealed, wrapped = row
        said = "" if sealed is None else self._declared(record_id, sealed, wrapped, whole=whole)
        return "/".join((documents, lines or "", said))

    def _declared(self, record_id: RecordId, sealed: bytes, wrapped: bytes, *, whole: bool) -> str:
        """What was declared, as the reader sees it, in a word: a section that is not shared is not in it."""
        profile = profile_of(
            unseal(self._cellar.keys.unwrap(record_id, wrapped), record_id, sealed)
        )
        seen = profile if whole else shared_part(profile)
        if seen == Profile():
            return ""
        return hashlib.blake2s(text_of(seen).encode("utf-8"), digest_size=16).hexdigest()

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
