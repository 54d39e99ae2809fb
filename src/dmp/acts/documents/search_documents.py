"""Search inside the documents of a record: words and phrases, in what exists for the caller and nothing else.

Who: whoever may find and read documents. What he may not see is not looked into, so that no answer, no count
and no time tells of it. What was looked for stands in no trace and no log.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from dmp.acts.act import Act, OfPatient, OfRecord, always
from dmp.acts.work import Work
from dmp.domain.access.actions import Action
from dmp.domain.access.rules import Duty
from dmp.domain.clinical.knowledge.medicines import Medicines
from dmp.domain.documents.entry import DocumentEntry
from dmp.domain.documents.query import DocumentQuery
from dmp.domain.documents.text.asked import Asked, Names, asked
from dmp.domain.documents.text.excerpts import Excerpt, Part
from dmp.domain.documents.text.readable import fold
from dmp.domain.documents.text.search import (
    Correction,
    Found,
    Hit,
    parts_of_title,
    search,
    shown_of,
)
from dmp.domain.identifiers import Ins, RecordId

_SHORTEST_NAME, _MOST_SUBSTANCES = 5, 3
MAX_COUNT = 50
"""Largest page, whatever is asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchDocuments:
    """What is looked for, as typed, in which record; `query` narrows to authors, types, periods.

    `first` hits are passed over, at most `count` are told.
    """

    of: Ins | RecordId
    words: str
    query: DocumentQuery = field(default_factory=DocumentQuery)
    first: int = 0
    count: int = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentFound:
    """A document with what is shown of it. `duties`: of these the reader is warned before its content, so
    that it comes without excerpts.
    """

    entry: DocumentEntry
    title: tuple[Part, ...]
    excerpts: tuple[Excerpt, ...]
    duties: tuple[Duty, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchAnswer:
    """A page of what was found, best first. `total` counts all of it, `types` by code of the type.

    `others` and `corrections` are what was looked for besides what was typed.
    """

    documents: tuple[DocumentFound, ...]
    total: int
    types: dict[str, int]
    others: tuple[str, ...] = ()
    corrections: tuple[Correction, ...] = ()


def _target(request: SearchDocuments) -> OfPatient | OfRecord:
    return OfPatient(request.of) if isinstance(request.of, Ins) else OfRecord(request.of)


def names_in(medicines: Medicines) -> Names:
    """Whoever looks for a medicine by its brand finds its substance too."""

    def others(word: str) -> tuple[str, ...]:
        if len(word) < _SHORTEST_NAME:
            return ()
        found = medicines.by_codes((), word)
        # The label of a fact may begin with a name; a word that is looked for must be one.
        if found is None or fold(found.name).split()[:1] != [word]:
            return ()
        substances = (one.lower() for one in found.substances[:_MOST_SUBSTANCES])
        return tuple(one for one in substances if fold(one) != word)

    return others


async def _search(request: SearchDocuments, work: Work) -> SearchAnswer:
    wanted = asked(request.words, names_in(work.knowledge.medicines))
    if not wanted:
        return SearchAnswer(documents=(), total=0, types={})
    documents = await work.texts.in_scope(work.record.record_id, request.query, work.scope)
    # Opening and reading hundreds of texts takes the time of many other answers: beside the event loop.
    found = await asyncio.to_thread(search, wanted, documents)
    first = max(request.first, 0)
    page = found.hits[first : first + min(max(request.count, 0), MAX_COUNT)]
    duties = [_warnings(hit, work) for hit in page]
    return SearchAnswer(
        documents=await asyncio.to_thread(_told, found.asked, page, duties),
        total=len(found.hits),
        types=_by_type(found),
        others=found.asked.others,
        corrections=found.corrections,
    )


_WARNINGS = (Duty.WARN_NOT_ANNOUNCED, Duty.WARN_HIDDEN_FROM_REPRESENTATIVES)


def _warnings(hit: Hit, work: Work) -> tuple[Duty, ...]:
    """What the reader is warned of before he reads this document. Source: EX_3.2-1025."""
    duties = work.authorise(Action.READ_DOCUMENT, hit.document.entry).duties
    return tuple(duty for duty in duties if duty in _WARNINGS)


def _told(
    wanted: Asked, page: Sequence[Hit], duties: Sequence[tuple[Duty, ...]]
) -> tuple[DocumentFound, ...]:
    return tuple(
        DocumentFound(
            entry=hit.document.entry,
            title=parts_of_title(wanted, hit.document.entry.title),
            excerpts=() if warned else shown_of(wanted, hit.document.text()),
            duties=warned,
        )
        for hit, warned in zip(page, duties, strict=True)
    )


def _by_type(found: Found) -> dict[str, int]:
    return dict(Counter(hit.document.entry.type_code.code for hit in found.hits))


search_documents = Act(
    name="search-documents",
    actions=always(Action.FIND_DOCUMENTS, Action.READ_DOCUMENT),
    target=_target,
    run=_search,
    reads=True,
)
