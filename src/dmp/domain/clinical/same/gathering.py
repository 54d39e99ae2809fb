"""Ways to put facts together that do not depend on the order in which they come.

A fact that was put together is equal to itself put together again: doing it twice changes nothing.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from datetime import date
from operator import itemgetter
from typing import Any, Protocol, TypeVar

from dmp.domain.clinical.facts import Provenance, Source


class Sourced(Protocol):
    """A fact: something that has a label or a place, and sources."""

    @property
    def sources(self) -> tuple[Source, ...]:
        """Who said it."""


F = TypeVar("F", bound=Sourced)
V = TypeVar("V")

# By the values of the words: hashing a member of an enumeration is a call of Python.
_TRUST = {
    Provenance.STRUCTURED.value: 0,
    Provenance.EXTRACTED.value: 1,
    Provenance.CLAIMS.value: 2,
    Provenance.DECLARED.value: 3,
}
"""Whose words are kept where several say the same: a coded entry before what was paid or declared."""
_CLAIMS = Provenance.CLAIMS  # a member costs a tenth of a microsecond each time it is named


def in_order(sources: Iterable[Source]) -> tuple[Source, ...]:
    """Each source once: coded entries first, newest first."""
    # Facts of one document share their source, the very same value.
    once = {id(source): source for source in sources}
    if len(once) == 1:
        return tuple(once.values())
    # Trust and day tell most sources apart: numbers are cheaper to make and to sort than whole places.
    by_day = {
        _TRUST[source.provenance._value_] * _DAYS - source.on.toordinal(): source
        for source in once.values()
    }
    if len(by_day) == len(once):
        return tuple([by_day[place] for place in sorted(by_day)])
    # The place holds every field: it tells two sources apart as well, and costs less to hash.
    found = {_place(source): source for source in once.values()}
    if len(found) == 1:
        return tuple(found.values())
    return tuple([found[place] for place in sorted(found)])


_DAYS = 10_000_000
"""More than there are days in a calendar."""


def _place(source: Source) -> tuple[object, ...]:
    return (
        _TRUST[source.provenance._value_],
        -source.on.toordinal(),
        0 if source.document is None else source.document.int,
        source.anchor,
        source.title,
        source.author,
        source.author_id,
        source.speciality,
    )


def all_sources(facts: Sequence[Sourced]) -> tuple[Source, ...]:
    """The sources of all, each once."""
    return in_order(source for fact in facts for source in fact.sources)


def newest(fact: Sourced) -> date:
    """The day of its newest source."""
    sources = fact.sources
    if len(sources) == 1:
        return sources[0].on
    return max((source.on for source in sources), default=date.min)


def best_first(facts: Iterable[F]) -> list[F]:
    """The most trusted first, then the newest; equal ones in an order of their own content."""
    return _sorted(facts, _standing)


def _standing(fact: Sourced) -> tuple[int, int]:
    trust = min([_TRUST[source.provenance._value_] for source in fact.sources], default=9)
    return trust, -newest(fact).toordinal()


def _sorted(facts: Iterable[F], key: Callable[[F], tuple[Any, ...]]) -> list[F]:
    """In the order of the keys; those of one key in an order of their content, which is dear to write out."""
    keyed = [(key(fact), fact) for fact in facts]
    shared = Counter([place for place, _ in keyed])
    if len(shared) == len(keyed):
        keyed.sort(key=itemgetter(0))
    else:
        keyed.sort(key=lambda one: (one[0], repr(one[1]) if shared[one[0]] > 1 else ""))
    return [fact for _, fact in keyed]


def is_of_claims(fact: Sourced) -> bool:
    """Whether a line of the insurance is among its sources."""
    for source in fact.sources:  # noqa: SIM110  # asked thousands of times: a loop is half as long
        if source.provenance is _CLAIMS:
            return True
    return False


def without_claims(facts: Iterable[F]) -> list[F]:
    """Those of which no line of the insurance is a source."""
    return [
        fact
        for fact in facts
        # Nearly all have one source: it is looked at without a call.
        if (
            sources[0].provenance is not _CLAIMS
            if len(sources := fact.sources) == 1
            else not is_of_claims(fact)
        )
    ]


def only_claims(facts: Iterable[F]) -> list[F]:
    """Those that only lines of the insurance say."""
    return [fact for fact in facts if _is_all_claims(fact)]


Combine = Callable[[list[F]], F]
"""Makes one fact of several that are the same, the most trusted first."""


def by_key(facts: Sequence[F], keys: Sequence[Hashable], combine: Combine[F]) -> list[F]:
    """One fact for all that have the same of `keys`, which are those of the facts in their order."""
    if len(set(keys)) == len(facts):
        return list(facts)
    alone: dict[Hashable, F] = {}  # nearly all are
    groups: dict[Hashable, list[F]] = {}
    for what, fact in zip(keys, facts, strict=True):
        first = alone.setdefault(what, fact)
        if first is not fact:
            groups.setdefault(what, [first]).append(fact)
    for what, group in groups.items():
        alone[what] = combine(best_first(group))
    return list(alone.values())


def by_likeness(
    facts: Iterable[F],
    alike: Callable[[F, F], bool],
    combine: Combine[F],
    within: Callable[[F], Hashable] = lambda fact: None,
) -> list[F]:
    """One fact for all that are alike, or like one that is; again until nothing more is alike. Only facts that
    are the same `within` are compared.
    """
    buckets: dict[Hashable, list[F]] = {}
    for fact in facts:
        where = within(fact)
        bucket = buckets.get(where)
        if bucket is None:
            buckets[where] = [fact]
        else:
            bucket.append(fact)
    found: list[F] = []
    for bucket in buckets.values():
        found.extend(bucket if len(bucket) == 1 else _united(bucket, alike, combine))
    return found


def _united(facts: list[F], alike: Callable[[F, F], bool], combine: Combine[F]) -> list[F]:
    found = facts
    while True:
        groups = _groups(found, alike)
        if len(groups) == len(found):
            return found
        found = [group[0] if len(group) == 1 else combine(best_first(group)) for group in groups]


def _groups(facts: Sequence[F], alike: Callable[[F, F], bool]) -> list[list[F]]:
    groups: list[list[F]] = []
    for fact in facts:
        near = [group for group in groups if _has_like(fact, group, alike)]
        if not near:
            groups.append([fact])
            continue
        near[0].append(fact)
        for other in near[1:]:
            near[0].extend(other)
            groups.remove(other)
    return groups


def _has_like(fact: F, group: Sequence[F], alike: Callable[[F, F], bool]) -> bool:
    for other in group:  # noqa: SIM110  # where a long record spends its time: a loop is half as long
        if alike(fact, other):
            return True
    return False


def paired(
    facts: Iterable[F],
    *,
    takers: Callable[[list[F]], list[F]],
    taken: Callable[[list[F]], list[F]],
    day: Callable[[F], date],
    window: tuple[int, int],
    alike: Callable[[F, F], bool],
    combine: Combine[F],
) -> list[F]:
    """Each of the `takers` is put together with at most one of those that are `taken`, whose day lies in the
    `window` (days before, days after); in the order of the days, so that as many as possible find their like.
    """
    kept = list(facts)
    taking = takers(kept)
    free = taken(kept) if taking else []
    if not free:
        return kept
    taking, free = _in_time(taking, day), _in_time(free, day)
    gone: set[int] = set()
    joined: dict[int, F] = {}
    days = [day(other).toordinal() for other in free]
    for taker in taking:
        on = day(taker).toordinal()
        first = bisect_left(days, on + window[0])
        for index in range(first, bisect_right(days, on + window[1], lo=first)):
            other = free[index]
            if id(other) not in gone and alike(taker, other):
                gone.add(id(other))
                joined[id(taker)] = combine([taker, other])
                break
    return [joined.get(id(fact), fact) for fact in kept if id(fact) not in gone]


def _in_time(facts: list[F], day: Callable[[F], date]) -> list[F]:
    """By day; those of one day by what they are called."""
    return _sorted(facts, lambda fact: (day(fact), _called(fact)))


def _called(fact: Sourced) -> str:
    label = getattr(fact, "label", "") or getattr(fact, "place", "")
    return label if isinstance(label, str) else ""


def _is_all_claims(fact: Sourced) -> bool:
    """Whether only lines of the insurance say it."""
    for source in fact.sources:
        if source.provenance is not _CLAIMS:
            return False
    return bool(fact.sources)


def last_word(facts: Sequence[F]) -> F:
    """The fact of the newest source; where two are as new, the one that is still active."""
    return max(facts, key=lambda fact: (newest(fact), getattr(fact, "active", True)))


def first_of(values: Iterable[V | None]) -> V | None:
    """The first value that is not empty."""
    return next((value for value in values if value), None)


def earliest(days: Iterable[date | None]) -> date | None:
    """The earliest day that is known."""
    return min((day for day in days if day is not None), default=None)
