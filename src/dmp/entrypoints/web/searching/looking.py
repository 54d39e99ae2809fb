"""What is looked for inside documents: from the address to the search, and from the answer to the page.

Every number comes from the reader's own scope; nothing tells of what he may not see.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from urllib.parse import urlencode

from dmp.acts.documents.search_documents import SearchAnswer
from dmp.domain.documents.query import DocumentQuery, Period
from dmp.domain.documents.text.asked import MAX_TYPED, asked
from dmp.domain.documents.types import CATEGORIES, document_types
from dmp.domain.errors import Reason, Refused
from dmp.domain.record.calendar import local_midnight
from dmp.entrypoints.web.record.filing import STATES, Chip
from dmp.entrypoints.web.record.typed_day import typed_day
from dmp.entrypoints.web.visit import Visit

PAGE = 25
LAST_PAGE = 200
_EARLIEST, _LATEST = date(1900, 1, 1), date(2200, 1, 1)
_WRONG_DAY = {
    "du": "Début de la période : écrivez une date qui existe, par exemple 12/03/2024.",
    "au": "Fin de la période : écrivez une date qui existe, par exemple 12/03/2024.",
}
_WRONG_ORDER = "La fin de la période est avant son début."


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What a reader asked, as he typed it. `errors` are by the name of the field."""

    words: str = ""
    category: str = ""
    author: str = ""
    since: str = ""
    until: str = ""
    state: str = "en-cours"
    page: int = 1
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def is_asked(self) -> bool:
        """Whether there is a word to look for."""
        return bool(asked(self.words))

    @property
    def is_narrowed(self) -> bool:
        """Whether something beside words was asked."""
        narrowed = (self.category, self.author, self.since, self.until)
        return any(narrowed) or self.state != "en-cours"

    def address(self, path: str, **changed: str) -> str:
        """The address of this search, some of it changed, from its first page on."""
        told = {
            "mots": self.words,
            "categorie": self.category,
            "auteur": self.author,
            "du": self.since,
            "au": self.until,
            "etat": "" if self.state == "en-cours" else self.state,
        } | changed
        return f"{path}?{urlencode({name: value for name, value in told.items() if value})}"

    def query(self) -> DocumentQuery:
        """What narrows the search. The days are local, both included."""
        kinds = document_types().values()
        first, last = _day(self.since), _day(self.until)
        period = Period(
            start=local_midnight(first) if first else None,
            end=local_midnight(last + timedelta(days=1)) if last else None,
        )
        return DocumentQuery(
            statuses=STATES[self.state][1],
            types=tuple(kind.code.code for kind in kinds if kind.category == self.category),
            authors=(self.author,) if self.author else (),
            period=(period,) if first or last else (),
        )


def looked_of(visit: Visit) -> Looked:
    """What the address asks. Raises Refused: PARAMETER_INVALID for what no form of ours sends."""
    category, state = visit.asked("categorie"), visit.asked("etat") or "en-cours"
    if category and category not in CATEGORIES:
        raise Refused(Reason.PARAMETER_INVALID, parameter="categorie", detail="catégorie inconnue")
    if state not in STATES:
        raise Refused(Reason.PARAMETER_INVALID, parameter="etat", detail="état inconnu")
    since, until = visit.asked("du", 20), visit.asked("au", 20)
    errors = {
        name: _WRONG_DAY[name]
        for name, typed in (("du", since), ("au", until))
        if typed and not _day(typed)
    }
    first, last = _day(since), _day(until)
    if first and last and last < first:
        errors["au"] = _WRONG_ORDER
    return Looked(
        words=visit.asked("mots", MAX_TYPED),
        category=category,
        author=visit.asked("auteur", 100),
        since=since,
        until=until,
        state=state,
        page=_page(visit.asked("page", 5)),
        errors=errors,
    )


def _day(typed: str) -> date | None:
    """A day that a document may be of; None when it is none."""
    try:
        day = typed_day(typed)
    except ValueError:
        return None
    return day if _EARLIEST <= day < _LATEST else None


def _page(typed: str) -> int:
    if not typed:
        return 1
    if not (typed.isascii() and typed.isdigit() and 1 <= int(typed) <= LAST_PAGE):
        raise Refused(Reason.PARAMETER_INVALID, parameter="page", detail="page inconnue")
    return int(typed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """A page of results. `chips` count what was found by category; `tried` is what was looked for besides."""

    answer: SearchAnswer
    chips: tuple[Chip, ...]
    tried: tuple[str, ...]
    previous: int
    following: int

    @property
    def corrected(self) -> bool:
        """Whether another spelling than the one typed was looked for."""
        return bool(self.answer.corrections)


_NOTHING = DocumentQuery(count=0)
Search = Callable[[str, DocumentQuery, int], Awaitable[SearchAnswer]]
"""Looks for words, narrowed, from the hit of that number on."""


async def results_of(looked: Looked, search: Search) -> Results | None:
    """The page of results that was asked; None when nothing can be looked for.

    The search is asked in any case, for no word: the rules tell whether this reader has this page at all.
    """
    if not looked.is_asked or looked.errors:
        await search("", _NOTHING, 0)
        return None
    first = (looked.page - 1) * PAGE
    answer = await search(looked.words, looked.query(), first)
    corrected = tuple(word for one in answer.corrections for word in one.tried)
    return Results(
        answer=answer,
        chips=_chips(answer.types),
        tried=tuple(dict.fromkeys((*corrected, *answer.others))),
        previous=looked.page - 1,
        following=looked.page + 1 if answer.total > first + PAGE else 0,
    )


def _chips(types: dict[str, int]) -> tuple[Chip, ...]:
    """Categories in which something was found, in the order of the screen."""
    kinds = document_types()
    numbers: Counter[str] = Counter()
    for code, count in types.items():
        numbers[kinds[code].category if code in kinds else "AUTR_DOC"] += count
    return tuple(Chip(code=code, count=numbers[code]) for code in CATEGORIES if numbers[code])
