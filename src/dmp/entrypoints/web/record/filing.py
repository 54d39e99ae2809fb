"""Lists of documents: criteria from the address, counters by category, one page at a time.

Every number comes from the reader's own scope; nothing tells of what he may not see.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

from dmp.acts.keepers import DocumentPage
from dmp.domain.documents.entry import DocumentEntry, Status
from dmp.domain.documents.query import DocumentQuery, Position
from dmp.domain.documents.types import CATEGORIES, document_types
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import DocumentId
from dmp.entrypoints.web.visit import Visit

PAGE = 25
COUNTED = 500
"""So many documents are counted by category; beyond, counters are left out."""

STATES: dict[str, tuple[str, tuple[Status, ...]]] = {
    "en-cours": ("En cours", (Status.APPROVED,)),
    "archives": ("Archivés", (Status.ARCHIVED,)),
    "remplaces": ("Remplacés", (Status.DEPRECATED,)),
    "tous": ("Tous", (Status.APPROVED, Status.ARCHIVED, Status.DEPRECATED)),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Criteria:
    """What a reader asked for."""

    category: str = ""
    words: str = ""
    state: str = "en-cours"
    after: Position | None = None

    @property
    def is_narrowed(self) -> bool:
        """Whether something beside the state was asked."""
        return bool(self.category or self.words)

    def address(self, path: str, **changed: str) -> str:
        """The address of the list with these criteria, some of them changed."""
        asked = {"categorie": self.category, "recherche": self.words, "etat": self.state} | changed
        if asked["etat"] == "en-cours":
            del asked["etat"]
        query = urlencode({name: value for name, value in asked.items() if value})
        return f"{path}?{query}" if query else path

    def query(self, count: int) -> DocumentQuery:
        """The criteria as a search."""
        kinds = document_types().values()
        return DocumentQuery(
            statuses=STATES[self.state][1],
            types=tuple(kind.code.code for kind in kinds if kind.category == self.category),
            title=self.words,
            count=count,
            after=self.after,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Chip:
    """A category to choose, with its number of documents when all were counted."""

    code: str
    count: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One page of a list. `total` counts what matches; `next` is the address part that goes on."""

    criteria: Criteria
    entries: tuple[DocumentEntry, ...]
    total: int
    all: int
    chips: tuple[Chip, ...]
    next: str


def criteria_of(visit: Visit) -> Criteria:
    """Criteria from the address. Raises Refused: PARAMETER_INVALID."""
    category, state = visit.asked("categorie"), visit.asked("etat") or "en-cours"
    if category and category not in CATEGORIES:
        raise Refused(Reason.PARAMETER_INVALID, parameter="categorie", detail="catégorie inconnue")
    if state not in STATES:
        raise Refused(Reason.PARAMETER_INVALID, parameter="etat", detail="état inconnu")
    return Criteria(
        category=category,
        words=visit.asked("recherche"),
        state=state,
        after=_position(visit.asked("apres")),
    )


_UNKNOWN_PAGE = Refused(Reason.PARAMETER_INVALID, parameter="apres", detail="page inconnue")


def _position(text: str) -> Position | None:
    if not text:
        return None
    instant, _, document = text.partition("_")
    try:
        at = datetime.fromisoformat(instant)
        document_id = DocumentId(UUID(document))
    except ValueError:
        raise _UNKNOWN_PAGE from None
    if at.tzinfo is None:
        raise _UNKNOWN_PAGE
    return Position(created_at=at, document_id=document_id)


def _token(position: Position) -> str:
    return f"{position.created_at.isoformat()}_{position.document_id}"


Find = Callable[[DocumentQuery], Awaitable[DocumentPage]]


async def listed(criteria: Criteria, find: Find) -> Listing:
    """One page of documents with the counters of the categories."""
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
        chips=_chips(counted),
        next=_token(following) if following else "",
    )


def _chips(counted: DocumentPage) -> tuple[Chip, ...]:
    """Categories that hold something, in the order of the screen."""
    types = document_types()
    kinds = (types.get(entry.type_code.code) for entry in counted.entries)
    numbers = Counter(kind.category for kind in kinds if kind is not None)
    is_whole = counted.total <= len(counted.entries)
    return tuple(
        Chip(code=code, count=numbers[code] if is_whole else None)
        for code in CATEGORIES
        if numbers[code] or not is_whole
    )


def category_of(entry: DocumentEntry) -> str:
    """The category under which a document is found."""
    kind = document_types().get(entry.type_code.code)
    return kind.category if kind else "AUTR_DOC"
