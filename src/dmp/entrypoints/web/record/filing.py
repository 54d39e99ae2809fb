"""Lists of documents: counters by category, authors to choose from, one page at a time.

Every number and every name comes from the reader's own scope; nothing tells of what he may not see.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from dmp.acts.keepers import DocumentPage
from dmp.domain.documents.entry import DocumentEntry
from dmp.domain.documents.query import DocumentQuery, Position
from dmp.domain.documents.types import CATEGORIES, document_types
from dmp.domain.identity.patient import folded
from dmp.entrypoints.web.record.criteria import SORTS, STATES, Criteria, criteria_of
from dmp.entrypoints.web.record.episodes import Group, grouped
from dmp.entrypoints.web.wording import author

__all__ = ["STATES", "Chip", "Criteria", "Listing", "category_of", "criteria_of", "listed"]

PAGE = 25
COUNTED = 500
"""So many documents are counted by category; beyond, counters are left out."""
LOOKED_AT = 5000
"""So many documents are looked at, one by one, when a list is sifted or sorted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chip:
    """A category to choose, with its number of documents when all were counted."""

    code: str
    count: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One page of a list. `total` counts what matches; `next` is the address part that goes on.

    `onward` is what changes in the address to go on; `authors` are the names to choose from. `groups` are the
    same documents put together by episode, where that was asked.
    """

    criteria: Criteria
    entries: tuple[DocumentEntry, ...]
    total: int
    all: int
    chips: tuple[Chip, ...]
    onward: dict[str, str] = field(default_factory=dict)
    authors: tuple[str, ...] = ()
    groups: tuple[Group, ...] = ()

    @property
    def next(self) -> bool:
        """Whether there is a further page."""
        return bool(self.onward)


Find = Callable[[DocumentQuery], Awaitable[DocumentPage]]


async def listed(criteria: Criteria, find: Find) -> Listing:
    """One page of documents with the counters of the categories."""
    if criteria.is_of_the_whole:
        return await _of_the_whole(criteria, find)
    whole = replace(criteria, category="", words="", after=None)
    counted = await find(whole.query(COUNTED))
    if criteria.is_narrowed or criteria.after is not None:
        page = await find(criteria.query(PAGE))
        entries, total, following = page.entries, page.total, page.next
    else:
        entries, total, following = counted.entries[:PAGE], counted.total, None
        if counted.total > PAGE:
            last = entries[-1]
            following = Position(created_at=last.created_at, document_id=last.document_id)
    return Listing(
        criteria=criteria,
        entries=entries,
        total=total,
        all=counted.total,
        chips=_chips(counted.entries, is_whole=counted.total <= len(counted.entries)),
        onward={"apres": _token(following)} if following else {},
        authors=_authors(counted.entries),
    )


async def _of_the_whole(criteria: Criteria, find: Find) -> Listing:
    """A page of a list that is sifted or sorted here: all documents of the scope are read."""
    query = criteria.without_category().query(COUNTED)
    found: list[DocumentEntry] = []
    while len(found) < LOOKED_AT:
        page = await find(query)
        found += page.entries
        if page.next is None:
            break
        query = replace(query, after=page.next)
    wanted = [entry for entry in found if criteria.takes(entry)]
    chosen = [e for e in wanted if not criteria.category or category_of(e) == criteria.category]
    _, compared, largest_first = SORTS[criteria.sort]
    key: Callable[[DocumentEntry], Any] = compared
    chosen.sort(key=key, reverse=largest_first)
    first = (criteria.page - 1) * PAGE
    together = grouped(chosen) if criteria.grouping else ()
    groups = together[first : first + PAGE]
    shown = [entry for group in groups for entry in group.entries]
    is_more = len(together or chosen) > first + PAGE
    return Listing(
        criteria=criteria,
        entries=tuple(shown if criteria.grouping else chosen[first : first + PAGE]),
        groups=groups,
        total=len(chosen),
        all=len(wanted),
        chips=_chips(wanted, is_whole=True),
        onward={"page": str(criteria.page + 1)} if is_more else {},
        authors=_authors(found),
    )


def _token(position: Position) -> str:
    return f"{position.created_at.isoformat()}_{position.document_id}"


def _chips(entries: Iterable[DocumentEntry], *, is_whole: bool) -> tuple[Chip, ...]:
    """Categories that hold something, in the order of the screen."""
    types = document_types()
    kinds = (types.get(entry.type_code.code) for entry in entries)
    numbers = Counter(kind.category for kind in kinds if kind is not None)
    return tuple(
        Chip(code=code, count=numbers[code] if is_whole else None)
        for code in CATEGORIES
        if numbers[code] or not is_whole
    )


def _authors(entries: Iterable[DocumentEntry]) -> tuple[str, ...]:
    return tuple(sorted({author(entry) for entry in entries}, key=folded))


def category_of(entry: DocumentEntry) -> str:
    """The category under which a document is found."""
    kind = document_types().get(entry.type_code.code)
    return kind.category if kind else "AUTR_DOC"
