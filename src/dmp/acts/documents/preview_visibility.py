"""Show the holder who would see a document, today and after a change he considers.

The same engine as every other answer, asked on behalf of hypothetical readers.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from dmp.acts.act import Act, OfDocument, OfRecord, always
from dmp.acts.work import Work
from dmp.domain.access.actions import Action
from dmp.domain.access.preview import Row, preview
from dmp.domain.documents.entry import DocumentEntry
from dmp.domain.documents.visibility import Visibility
from dmp.domain.identifiers import RecordId


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewVisibility:
    """Which document, and the visibility considered; None shows today's only."""

    document: UUID
    within: RecordId
    considered: Visibility | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VisibilityPreview:
    """The document, and one row for each reader or group of readers."""

    entry: DocumentEntry
    rows: tuple[Row, ...]


async def _preview(request: PreviewVisibility, work: Work) -> VisibilityPreview:
    entry = work.document
    considered = (request.considered or entry.visibility).checked()
    rows = preview(work.record, entry, considered, work.matrix, work.now)
    return VisibilityPreview(entry=entry, rows=rows)


preview_visibility = Act(
    name="preview-visibility",
    actions=always(Action.PREVIEW_VISIBILITY),
    target=lambda request: OfDocument(request.document, OfRecord(request.within)),
    run=_preview,
    reads=True,
)
