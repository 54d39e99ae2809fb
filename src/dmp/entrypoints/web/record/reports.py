"""Reports of a kind, and those of which no value could be read: they are read as documents.

Both faces ask: the leaf of the laboratory of a chart, and the holder's results.
"""

from __future__ import annotations

from collections.abc import Iterable

from dmp.acts.documents.find_documents import FindDocuments, find_documents
from dmp.domain.clinical.synthesis import Series
from dmp.domain.documents.entry import DocumentEntry
from dmp.domain.documents.query import DocumentQuery
from dmp.domain.documents.types import document_types
from dmp.domain.identifiers import Ins, RecordId
from dmp.entrypoints.web.visit import Visit

LABORATORY = "BIOLOGIE"
"""The category of what laboratories send."""
MOST = 200
"""Documents of a category that are looked at, the newest."""


async def of_categories(
    visit: Visit, of: Ins | RecordId, categories: Iterable[str]
) -> tuple[DocumentEntry, ...]:
    """The current documents of these categories that exist for this reader, the newest act first."""
    wanted = frozenset(categories)
    types = tuple(code for code, kind in document_types().items() if kind.category in wanted)
    query = DocumentQuery(types=types, count=MOST)
    page = await visit.do(find_documents, FindDocuments(of=of, query=query))
    return tuple(sorted(page.entries, key=lambda one: one.service_start, reverse=True))


def unread(
    documents: Iterable[DocumentEntry], series: Iterable[Series]
) -> tuple[DocumentEntry, ...]:
    """Reports of which no value stands in these series."""
    told = {source.document for one in series for point in one.points for source in point.sources}
    return tuple(one for one in documents if one.document_id not in told)
