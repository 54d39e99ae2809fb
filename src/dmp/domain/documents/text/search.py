"""Looking for what was asked in the documents that exist for one reader; nothing else is ever seen here.

All clauses must hold, in the text of a document or in its heading (title, type, author, date). Other spellings
are tried only when nothing at all was found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from dmp.domain.documents.entry import DocumentEntry
from dmp.domain.documents.text.asked import Asked, Clause
from dmp.domain.documents.text.excerpts import Excerpt, Part, beginning, excerpts, parts_of
from dmp.domain.documents.text.readable import fold
from dmp.domain.documents.text.spelling import corrections, edits_allowed
from dmp.domain.documents.text.synonyms import known_words
from dmp.domain.record.calendar import LOCAL

MAX_COUNTED = 20
"""Places counted in one document for one clause: more say no more of it."""
MAX_MARKED = 60
MAX_KEPT = 40_000_000
"""Characters that one search keeps folded, so that another spelling is tried without opening them again."""


@dataclass(frozen=True, slots=True)
class Searched:
    """A document, and how its text is had: it is opened when it is looked into, and not kept."""

    entry: DocumentEntry
    text: Callable[[], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A document in which everything was found. `in_title` counts clauses, `as_typed` those met as they
    were typed, `count` the places.
    """

    document: Searched
    in_title: int
    as_typed: int
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """A word that was found nowhere, and what was looked for instead (folded)."""

    typed: str
    tried: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Hits, best first; what was asked in the end; and how it was corrected."""

    hits: tuple[Hit, ...]
    asked: Asked
    corrections: tuple[Correction, ...] = ()


def search(asked: Asked, documents: Sequence[Searched]) -> Found:
    """Every document in which everything was found: those that name it in their title first, then those
    that say it as it was typed, then those that say it more often, then the most recent.
    """
    opened = _Folded(documents)
    met = [False] * len(asked.clauses)
    hits = _hits(asked, opened, met)
    if hits or all(met) or not asked:
        return Found(hits=hits, asked=asked)
    changed, corrected = _corrected(asked, opened, met)
    if not corrected:
        return Found(hits=(), asked=asked)
    met = [False] * len(changed.clauses)
    hits = tuple(replace(hit, as_typed=0) for hit in _hits(changed, opened, met))
    return Found(hits=_in_order(hits), asked=changed, corrections=corrected)


class _Folded:
    """Documents as they are searched: their title, and all of their words, each between two blanks."""

    def __init__(self, documents: Sequence[Searched]) -> None:
        self._documents = documents
        self._kept: dict[int, tuple[str, str]] = {}
        self._size = 0

    def __iter__(self) -> Iterator[tuple[Searched, str, str]]:
        for number, document in enumerate(self._documents):
            title, words = self._kept.get(number) or self._opened(number, document)
            yield document, title, words

    def _opened(self, number: int, document: Searched) -> tuple[str, str]:
        title = f" {fold(document.entry.title)} "
        found = title, f"{title} {fold(heading(document.entry))}   {fold(document.text())} "
        if self._size + len(found[1]) <= MAX_KEPT:
            self._size += len(found[1])
            self._kept[number] = found
        return found


def shown_of(asked: Asked, shown: str) -> tuple[Excerpt, ...]:
    """What a reader is shown of the text of a hit: around what was found, else its first words."""
    text = f" {fold(shown)} "
    found = [
        (span, number)
        for number, clause in enumerate(asked.clauses)
        for pattern in clause.patterns
        for span in islice(pattern.spans(text), MAX_MARKED)
    ]
    if found:
        return excerpts(shown, found)
    first = beginning(shown)
    return (first,) if first is not None else ()


def parts_of_title(asked: Asked, title: str) -> tuple[Part, ...]:
    """The title, with what was asked marked in it."""
    text = f" {fold(title)} "
    spans = (s for c in asked.clauses for p in c.patterns for s in p.spans(text))
    return parts_of(title, (0, len(title)), spans)


def heading(entry: DocumentEntry) -> str:
    """What is searched of a document beside its text and title: its type, its authors, its date."""
    day = entry.service_start.astimezone(LOCAL)
    authors = " ".join(f"{a.given} {a.family} {a.structure_name}" for a in entry.authors)
    return f"{entry.type_code.display} {authors} {day:%d/%m/%Y} {_MONTHS[day.month - 1]}"


_MONTHS = (
    *("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre"),
    *("octobre", "novembre", "décembre"),
)


def _hits(asked: Asked, documents: _Folded, met: list[bool]) -> tuple[Hit, ...]:
    """The hits in their order. `met` notes which clauses were found anywhere."""
    found = (_hit(asked, document, title, words, met) for document, title, words in documents)
    return _in_order(hit for hit in found if hit is not None)


def _in_order(hits: Iterable[Hit]) -> tuple[Hit, ...]:
    return tuple(
        sorted(
            hits,
            key=lambda hit: (
                hit.in_title, hit.as_typed, hit.count, hit.document.entry.service_start,
            ),
            reverse=True,
        )
    )  # fmt: skip


def _hit(asked: Asked, document: Searched, title: str, words: str, met: list[bool]) -> Hit | None:
    in_title = as_typed = count = 0
    is_hit = bool(asked)
    for number, clause in enumerate(asked.clauses):
        if not is_hit and met[number]:
            continue
        places, typed = _places(clause, words)
        if not places:
            is_hit = False
            continue
        met[number] = True
        count += places
        as_typed += typed
        in_title += bool(_places(clause, title)[0])
    if not is_hit:
        return None
    return Hit(document=document, in_title=in_title, as_typed=as_typed, count=count)


def _places(clause: Clause, text: str) -> tuple[int, bool]:
    """In how many places the clause is met by its alternatives that are met, and whether as typed."""
    places, typed = 0, False
    for number, alternative in enumerate(clause.alternatives):
        each = [pattern.count(text, MAX_COUNTED) for pattern in alternative]
        if all(each):
            places += sum(each)
            typed = typed or number == 0
    return places, typed


def _corrected(
    asked: Asked, documents: _Folded, met: list[bool]
) -> tuple[Asked, tuple[Correction, ...]]:
    """The clauses that were found nowhere, with words of these documents that look like theirs."""
    vocabulary: list[str] | None = None
    clauses = list(asked.clauses)
    found: list[Correction] = []
    for number, clause in enumerate(asked.clauses):
        if met[number] or not edits_allowed(clause.word):
            continue
        if vocabulary is None:
            vocabulary = _vocabulary(documents)
        near = corrections(clause.word, (word for word in vocabulary if word != clause.word))
        if near:
            clauses[number] = clause.corrected(near)
            found.append(Correction(typed=clause.typed, tried=near))
    return Asked(clauses=tuple(clauses)), tuple(found)


def _vocabulary(documents: _Folded) -> list[str]:
    """Words of these documents and those that have synonyms, in the order of the alphabet."""
    words = set(known_words())
    for _, _, text in documents:
        words.update(text.split())
    return sorted(words)
