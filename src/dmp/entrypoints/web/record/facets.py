"""Facets of a list of documents: what it can be narrowed by, how many each leaves, and what is folded together.

Every number comes from the reader's own scope, and from what the other filters leave.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from dmp.acts.documents.find_documents import Browsed
from dmp.domain.documents.entry import DocumentEntry, Status
from dmp.domain.documents.query import DocumentQuery
from dmp.domain.documents.types import CATEGORIES
from dmp.domain.identifiers import DocumentId
from dmp.domain.identity.patient import folded
from dmp.entrypoints.web.record.criteria import READINGS, SORTS, Criteria, speciality_of
from dmp.entrypoints.web.record.episodes import grouped
from dmp.entrypoints.web.record.filing import COUNTED, LOOKED_AT, PAGE, Chip, category_of
from dmp.entrypoints.web.wording import author, local
from dmp.locale import translate

MOST_CHOICES = 12
"""Choices that a facet offers, those that leave most."""

Browse = Callable[[DocumentQuery], Awaitable[Browsed]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One choice of a facet: what it changes in the address, its words, how many documents it leaves."""

    changes: dict[str, str]
    words: str
    count: int
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Facet:
    """One facet with its choices; `name` is its title."""

    name: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the list: a document, and those that are folded behind it: earlier versions, duplicates."""

    entry: DocumentEntry
    folded: tuple[DocumentEntry, ...] = ()
    is_read: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """Lines that stand together; `title` names an episode of several."""

    lines: tuple[Line, ...]
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """One page of a list with its facets. `groups` are episodes, or one bundle without a title.

    `total` counts the documents that match, folded ones included; `onward` changes the address to go on.
    """

    criteria: Criteria
    groups: tuple[Bundle, ...]
    total: int
    all: int
    chips: tuple[Chip, ...]
    facets: tuple[Facet, ...]
    authors: tuple[str, ...]
    onward: dict[str, str]

    @property
    def entries(self) -> tuple[DocumentEntry, ...]:
        """The documents of the lines of this page."""
        return tuple(line.entry for group in self.groups for line in group.lines)

    @property
    def next(self) -> bool:
        """Whether there is a further page."""
        return bool(self.onward)


@dataclass(frozen=True, slots=True)
class _Found:
    """All documents of the state that was asked, and those that the reader opened before."""

    entries: tuple[DocumentEntry, ...]
    opened: frozenset[DocumentId]


async def all_of(criteria: Criteria, browse: Browse) -> _Found:
    """Every document of the reader's scope in the state and with the words that are asked."""
    query = replace(criteria.without_category(), after=None).query(COUNTED)
    found: list[DocumentEntry] = []
    opened: frozenset[DocumentId] = frozenset()
    while len(found) < LOOKED_AT:
        part = await browse(query)
        opened = part.opened
        found += part.page.entries
        if part.page.next is None:
            break
        query = replace(query, after=part.page.next)
    return _Found(tuple(found), opened)


def matching(criteria: Criteria, found: _Found) -> list[DocumentEntry]:
    """The documents that match."""
    return [
        entry
        for entry in found.entries
        if criteria.takes(entry, found.opened)
        and (not criteria.category or category_of(entry) == criteria.category)
    ]


def chosen(criteria: Criteria, found: _Found) -> list[DocumentEntry]:
    """The documents that match, in their order."""
    wanted = matching(criteria, found)
    _, compared, largest_first = SORTS[criteria.sort]
    key: Callable[[DocumentEntry], Any] = compared
    return sorted(wanted, key=key, reverse=largest_first)


async def shelf(criteria: Criteria, browse: Browse) -> Shelf:
    """A page of the list: of lines, or of episodes where these are asked."""
    found = await all_of(criteria, browse)
    wanted = chosen(criteria, found)
    lines = folded_lines(wanted, found.opened)
    first = (criteria.page - 1) * PAGE
    if criteria.grouping:
        bundles = _by_episode(lines)
        shown, is_more = bundles[first : first + PAGE], len(bundles) > first + PAGE
    else:
        here = lines[first : first + PAGE]
        shown, is_more = (Bundle(lines=here),) if here else (), len(lines) > first + PAGE
    whole = [e for e in found.entries if criteria.without_category().takes(e, found.opened)]
    numbers = Counter(map(category_of, whole))
    return Shelf(
        criteria=criteria,
        groups=shown,
        total=len(wanted),
        all=len(whole),
        chips=tuple(Chip(code=c, count=numbers[c]) for c in CATEGORIES if numbers[c]),
        facets=_facets(criteria, found),
        authors=tuple(sorted({author(entry) for entry in found.entries}, key=folded)),
        onward={"page": str(criteria.page + 1)} if is_more else {},
    )


def folded_lines(
    entries: Sequence[DocumentEntry], opened: Collection[DocumentId]
) -> tuple[Line, ...]:
    """One line for each document: its earlier versions and what repeats it are folded behind it."""
    leaders: dict[Hashable, int] = {}
    folds: list[list[DocumentEntry]] = []
    for entry in sorted(entries, key=lambda one: one.status is not Status.APPROVED):
        keys = _same(entry)
        place = next((leaders[key] for key in keys if key in leaders), None)
        if place is None:
            folds.append([])
            place = len(folds) - 1
        folds[place].append(entry)
        leaders |= {key: leaders.get(key, place) for key in keys}
    order = {entry.document_id: number for number, entry in enumerate(entries)}
    folds.sort(key=lambda fold: order[fold[0].document_id])
    return tuple(
        Line(
            entry=fold[0],
            folded=tuple(fold[1:]),
            is_read=fold[0].document_id in opened,
        )
        for fold in folds
    )


def _same(entry: DocumentEntry) -> tuple[Hashable, ...]:
    """By what a document is known again: its octets, its set, the document that it replaces.

    A same title on a same day is not enough: two prescriptions would hide one another.
    """
    found: tuple[Hashable, ...] = (("octets", entry.content.sha256),)
    if entry.set_id:
        found += (("set", entry.set_id),)
    if entry.replaces is not None:
        found += (("version", entry.replaces),)
    return (*found, ("version", entry.document_id))


def _by_episode(lines: Sequence[Line]) -> tuple[Bundle, ...]:
    by_id = {line.entry.document_id: line for line in lines}
    return tuple(
        Bundle(
            lines=tuple(by_id[entry.document_id] for entry in group.entries),
            title=group.title if len(group.entries) > 1 else "",
        )
        for group in grouped([line.entry for line in lines])
    )


def _facets(criteria: Criteria, found: _Found) -> tuple[Facet, ...]:
    facets = (
        _facet("Lecture", criteria, found, "lecture", _reading_of(found.opened)),
        _facet(
            "Type", criteria, found, "type", lambda entry: entry.type_code.code, _type_name(found)
        ),
        _facet("Spécialité", criteria, found, "specialite", speciality_of),
        _facet("Auteur", criteria, found, "auteur", author),
        _years(criteria, found),
    )
    return tuple(facet for facet in facets if len(facet.choices) > 1 or _is_used(facet))


def _is_used(facet: Facet) -> bool:
    return any(choice.is_chosen for choice in facet.choices)


def _reading_of(opened: Collection[DocumentId]) -> Callable[[DocumentEntry], str]:
    return lambda entry: "lus" if entry.document_id in opened else "non-lus"


def _type_name(found: _Found) -> Callable[[str], str]:
    names = {entry.type_code.code: entry.type_code.display for entry in found.entries}
    return lambda code: names.get(code, code)


_FIELDS = {"lecture": "reading", "type": "kind", "specialite": "speciality", "auteur": "author"}


def _facet(
    name: str,
    criteria: Criteria,
    found: _Found,
    word: str,
    value_of: Callable[[DocumentEntry], str],
    said: Callable[[str], str] | None = None,
) -> Facet:
    """A facet by one value of each document: counted among what every other filter leaves."""
    field = _FIELDS[word]
    cleared: dict[str, Any] = {field: ""}
    without = replace(criteria, **cleared)
    numbers = Counter(value_of(entry) for entry in matching(without, found))
    asked = getattr(criteria, field)
    offered = [value for value, _ in numbers.most_common(MOST_CHOICES) if value]
    if asked and asked not in offered:
        offered.append(asked)
    return Facet(
        name=name,
        choices=tuple(
            Choice(
                changes={word: "" if value == asked else value},
                words=translate(READINGS[value]) if word == "lecture" else (said or str)(value),
                count=numbers[value],
                is_chosen=value == asked,
            )
            for value in offered
        ),
    )


def _years(criteria: Criteria, found: _Found) -> Facet:
    """The years of the acts, the newest first."""
    without = replace(criteria, since="", until="")
    numbers = Counter(local(entry.service_start).year for entry in matching(without, found))
    choices = []
    for year in sorted(numbers, reverse=True)[:MOST_CHOICES]:
        first, last = f"{year:04}-01-01", f"{year:04}-12-31"
        is_chosen = (criteria.since, criteria.until) == (first, last)
        choices.append(
            Choice(
                changes={"du": "" if is_chosen else first, "au": "" if is_chosen else last},
                words=str(year),
                count=numbers[year],
                is_chosen=is_chosen,
            )
        )
    return Facet(name="Période", choices=tuple(choices))


def neighbours(
    entry: DocumentEntry, entries: Iterable[DocumentEntry]
) -> tuple[DocumentEntry | None, DocumentEntry | None]:
    """The documents before and after one in a list; None at its ends, or when it is not in it."""
    listed = list(entries)
    place = next((n for n, one in enumerate(listed) if one.document_id == entry.document_id), None)
    if place is None:
        return None, None
    before = listed[place - 1] if place else None
    after = listed[place + 1] if place + 1 < len(listed) else None
    return before, after
