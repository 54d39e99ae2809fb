"""Show the holder who would see a document, today and after a change he considers.

The same engine as every other answer, asked on behalf of hypothetical readers.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from dmp.acts.act import Act, OfDocument, OfRecord, always
from dmp.acts.documents.whole_record import whole_record
from dmp.acts.work import Work
from dmp.domain.access.actions import Action
from dmp.domain.access.preview import Row, preview
from dmp.domain.access.readers import professions_told
from dmp.domain.documents.entry import DocumentEntry
from dmp.domain.documents.visibility import Visibility
from dmp.domain.identifiers import RecordId
from dmp.domain.record.confidences import told_to
from dmp.domain.record.health_record import HealthRecord
from dmp.domain.record.preferences import Mask


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewVisibility:
    """Which document, and the visibility considered; None shows today's only.

    `kept` is a mask to some that is considered beside it, `shown_again` one that would end.
    """

    document: UUID
    within: RecordId
    considered: Visibility | None = None
    kept: Mask | None = None
    shown_again: Mask | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VisibilityPreview:
    """The document, and one row for each reader or group of readers."""

    entry: DocumentEntry
    rows: tuple[Row, ...]


async def _preview(request: PreviewVisibility, work: Work) -> VisibilityPreview:
    entry = work.document
    considered = (request.considered or entry.visibility).checked()
    record = told_to(work.record, work.caller)
    rows = preview(
        record,
        entry,
        considered,
        work.policy,
        work.now,
        known=professions_told(await whole_record(work)),
        instead=_considered(request, record),
    )
    return VisibilityPreview(entry=entry, rows=rows)


def _considered(request: PreviewVisibility, record: HealthRecord) -> HealthRecord:
    """The record with the masks to some that are considered."""
    choices = record.preferences
    if request.kept is not None:
        choices = choices.with_mask(request.kept)
    if request.shown_again is not None:
        choices = choices.without_mask(request.shown_again)
    return replace(record, preferences=choices)


preview_visibility = Act(
    name="preview-visibility",
    actions=always(Action.PREVIEW_VISIBILITY),
    target=lambda request: OfDocument(request.document, OfRecord(request.within)),
    run=_preview,
    reads=True,
)
