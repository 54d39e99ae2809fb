"""Show the holder who would see a document, today and after a change he considers.

The same engine as every other answer, asked on behalf of hypothetical readers.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from dmp.acts.act import Act, OfDocument, OfRecord, always
from dmp.acts.work import Work
from dmp.domain.access.actions import Action
from dmp.domain.documents.entry import DocumentEntry
from dmp.domain.documents.visibility import Visibility
from dmp.domain.identifiers import RecordId


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewVisibility:
    """Which document, and the visibility considered."""

    document: UUID
    within: RecordId
    considered: Visibility
