"""Find what comes from one document alone, so that masking it can take along what would tell of it.

CSP R1111-49. Who: the holder, his representatives; among the documents that exist for them.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from dmp.acts.act import Act, OfDocument, OfRecord, always
from dmp.acts.documents.whole_record import whole_record
from dmp.acts.work import Work
from dmp.domain.access.actions import Action
from dmp.domain.documents.entry import DocumentEntry
from dmp.domain.documents.episode import Related, episode_of
from dmp.domain.identifiers import RecordId


@dataclass(frozen=True, slots=True, kw_only=True)
class FindEpisode:
    """Of which document, in which record."""

    document: UUID
    within: RecordId


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """The document, and those that come from it alone, the surest links first."""

    entry: DocumentEntry
    related: tuple[Related, ...]


async def _find(_: FindEpisode, work: Work) -> Episode:
    known = await whole_record(work)
    return Episode(entry=work.document, related=episode_of(work.document, known))


find_episode = Act(
    name="find-episode",
    actions=always(Action.PREVIEW_VISIBILITY),
    target=lambda request: OfDocument(request.document, OfRecord(request.within)),
    run=_find,
    reads=True,
)
