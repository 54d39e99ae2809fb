"""Writing the texts of documents."""

from __future__ import annotations

from collections.abc import Sequence

from dmp.domain.documents.text.readable import TEXT_FORM
from dmp.domain.identifiers import DocumentId, RecordId
from dmp.storage.postgres.commits.insertion import insert_rows, insertion
from dmp.storage.postgres.connections import Connection

_TEXT = (
    ("record_id", "uuid"),
    ("document_id", "uuid"),
    ("form", "bigint"),
    ("sealed", "bytea"),
)
_UPSERT_TEXT = (
    insertion("document_text", _TEXT)
    + " ON CONFLICT (record_id, document_id)"
    + " DO UPDATE SET form = excluded.form, sealed = excluded.sealed"
)


async def upsert_texts(
    connection: Connection, texts: Sequence[tuple[RecordId, DocumentId, bytes]]
) -> None:
    """Keep sealed texts, in place of what was kept of the same documents."""
    rows = {(record, document): sealed for record, document, sealed in texts}
    await insert_rows(
        connection,
        _UPSERT_TEXT,
        [(record, document, TEXT_FORM, sealed) for (record, document), sealed in rows.items()],
    )
