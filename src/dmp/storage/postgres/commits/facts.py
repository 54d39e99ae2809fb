"""Writing what documents say, and which histories of reimbursements are made."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from dmp.domain.clinical.facts import FINDINGS_FORM
from dmp.domain.identifiers import DocumentId, RecordId
from dmp.storage.postgres.commits.insertion import given, insert_rows, insertion
from dmp.storage.postgres.connections import Connection

_FINDINGS = (
    ("record_id", "uuid"),
    ("document_id", "uuid"),
    ("form", "bigint"),
    ("sealed", "bytea"),
)
_UPSERT_FINDINGS = (
    insertion("document_findings", _FINDINGS)
    + " ON CONFLICT (record_id, document_id)"
    + " DO UPDATE SET form = excluded.form, sealed = excluded.sealed"
)
_MADE = (("record_id", "uuid"), ("made_at", "timestamptz"))
_MARK_PUBLISHED = f"""
UPDATE claim_feed SET published_at = u.made_at FROM {given(_MADE)}
WHERE claim_feed.record_id = u.record_id
"""  # noqa: S608 - names of this file


async def upsert_findings(
    connection: Connection, findings: Sequence[tuple[RecordId, DocumentId, bytes]]
) -> None:
    """Keep sealed findings, in place of what was kept of the same documents."""
    rows = {(record, document): sealed for record, document, sealed in findings}
    await insert_rows(
        connection,
        _UPSERT_FINDINGS,
        [(record, document, FINDINGS_FORM, sealed) for (record, document), sealed in rows.items()],
    )


async def mark_published(
    connection: Connection, published: Sequence[tuple[RecordId, datetime]]
) -> None:
    """Note up to which change of its lines the document of each record was made."""
    await insert_rows(connection, _MARK_PUBLISHED, list(dict(published).items()))
