"""Documents of a list put together by what they tell of: a stay, a consultation, what was sent at once.

Only documents of the list are looked at, which exist for its reader; a group names nothing that they do not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from dmp.domain.documents.entry import DocumentEntry
from dmp.entrypoints.web.wording import author, day, local
from dmp.locale import translate

_LONGEST_STAY = 200
"""Days: what says that it lasts longer is no stay (a long-term condition, a plan of care)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Documents of one episode, newest first; `start` and `end` are its days."""

    start: date
    end: date
    place: str
    entries: tuple[DocumentEntry, ...]

    @property
    def title(self) -> str:
        """The place and the days, for people."""
        if self.end == self.start:
            said = translate("le {day}", day=day(self.start))
        else:
            said = translate("du {first} au {last}", first=day(self.start), last=day(self.end))
        return translate("{place}, {days}", place=self.place, days=said) if self.place else said

    @property
    def is_stay(self) -> bool:
        """Whether one of the documents tells of more than a day."""
        return any(_last_day(entry) > _first_day(entry) for entry in self.entries)


def grouped(entries: Sequence[DocumentEntry]) -> tuple[Group, ...]:
    """The groups, the one with the newest act first; a document that goes with no other is one of its own."""
    roots: dict[object, int] = {}
    parents = list(range(len(entries)))

    def root(rank: int) -> int:
        while parents[rank] != rank:
            parents[rank] = parents[parents[rank]]
            rank = parents[rank]
        return rank

    def join(key: object, rank: int) -> None:
        first = roots.setdefault(key, rank)
        parents[root(rank)] = root(first)

    for rank, entry in enumerate(entries):
        for key in _links(entry):
            join(key, rank)
    for rank, inside in _of_stays(entries):
        parents[root(inside)] = root(rank)
    groups: dict[int, list[DocumentEntry]] = {}
    for rank, entry in enumerate(entries):
        groups.setdefault(root(rank), []).append(entry)
    made = (_group(found) for found in groups.values())
    return tuple(sorted(made, key=lambda group: (group.end, group.start), reverse=True))


def _links(entry: DocumentEntry) -> Iterator[object]:
    """What another document of the same episode has as well: it was sent at once, is another version, carries
    out the same order, or was made in the same place on the same day.
    """
    yield "sent", entry.submission_id
    if entry.set_id:
        yield "set", entry.set_id
    for one in entry.references:
        if one.value:
            yield "order", one.system, one.value
    for structure in _structures(entry):
        yield "act", structure, _first_day(entry)


def _of_stays(entries: Sequence[DocumentEntry]) -> Iterator[tuple[int, int]]:
    """A document of a stay, and another one of the same place that was made during it."""
    by_place: dict[str, list[int]] = {}
    for rank, entry in enumerate(entries):
        for structure in _structures(entry):
            by_place.setdefault(structure, []).append(rank)
    for ranks in by_place.values():
        for rank in ranks:
            first, last = _first_day(entries[rank]), _last_day(entries[rank])
            if first == last:
                continue
            for other in ranks:
                if other != rank and first <= _first_day(entries[other]) <= last:
                    yield rank, other


def _structures(entry: DocumentEntry) -> Iterator[str]:
    return (one.structure_id for one in entry.authors if one.structure_id)


def _first_day(entry: DocumentEntry) -> date:
    return local(entry.service_start).date()


def _last_day(entry: DocumentEntry) -> date:
    first = _first_day(entry)
    last = local(entry.service_stop).date() if entry.service_stop is not None else first
    return last if first <= last and (last - first).days <= _LONGEST_STAY else first


def _group(found: Sequence[DocumentEntry]) -> Group:
    """A group in the order of the acts; its place is the one that most of its documents name."""
    ordered = sorted(found, key=lambda entry: entry.service_start, reverse=True)
    return Group(
        start=min(_first_day(entry) for entry in ordered),
        end=max(_last_day(entry) for entry in ordered),
        place=_place(ordered),
        entries=tuple(ordered),
    )


def _place(found: Iterable[DocumentEntry]) -> str:
    named: dict[str, int] = {}
    for entry in found:
        structure = next((one.structure_name for one in entry.authors if one.structure_name), "")
        name = structure or author(entry)
        named[name] = named.get(name, 0) + 1
    return max(named, key=lambda name: named[name]) if named else ""
