"""What is still to be told to a patient about documents hidden from him: one row for each."""

from __future__ import annotations

from collections.abc import Sequence

from dmp.domain.documents.entry import DocumentEntry, Status
from dmp.domain.record.calendar import announcement_due, reveal_due
from dmp.storage.postgres.commits.insertion import given, insert_rows, insertion
from dmp.storage.postgres.connections import Connection

_PLACE = (("record_id", "uuid"), ("document_id", "uuid"))
_DUE = (*_PLACE, ("due_at", "timestamptz"))
# A document that was announced and stays hidden keeps its next date.
_INSERT = insertion("announcement", _DUE) + " ON CONFLICT (record_id, document_id) DO NOTHING"
_TOLD = f"""
UPDATE announcement SET due_at = u.due_at FROM {given(_DUE)}
WHERE announcement.record_id = u.record_id AND announcement.document_id = u.document_id
"""  # noqa: S608 - names of this package
_DELETE = f"""
DELETE FROM announcement USING {given(_PLACE)}
WHERE announcement.record_id = u.record_id AND announcement.document_id = u.document_id
"""  # noqa: S608 - names of this package


def awaits(entry: DocumentEntry) -> bool:
    """Whether the patient is still to be told of this document."""
    return entry.visibility.hidden_from_patient and entry.status is not Status.DELETED


async def write_announcements(
    connection: Connection,
    added: Sequence[DocumentEntry],
    changed: Sequence[tuple[DocumentEntry, DocumentEntry]],
    told: Sequence[DocumentEntry],
) -> None:
    """Rows for documents that are added or hidden now, none for those shown or deleted.

    `changed` are documents after and before their change; of those `told` the patient knows that he is
    to see a professional.
    """
    hidden = [e for e in added if awaits(e)] + [
        after for after, before in changed if awaits(after) and not awaits(before)
    ]
    due = sorted((e.record_id, e.document_id, announcement_due(e.waits_since)) for e in hidden)
    await insert_rows(connection, _INSERT, due)
    next_due = sorted((e.record_id, e.document_id, reveal_due(e.waits_since)) for e in told)
    await insert_rows(connection, _TOLD, next_due)
    shown = sorted(
        (before.record_id, before.document_id)
        for after, before in changed
        if awaits(before) and not awaits(after)
    )
    await insert_rows(connection, _DELETE, shown)
