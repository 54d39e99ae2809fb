"""Laboratory tests that were done: claims and reports put together, each time a test was done once.

The insurance tells that a test was paid for, a report gives its result: a day apart at most, they are one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from dmp.domain.clinical.facts import Performed, Result, Source
from dmp.domain.clinical.knowledge.knowledge import Knowledge
from dmp.domain.clinical.results.series import trend_of
from dmp.domain.clinical.same.gathering import in_order
from dmp.domain.clinical.synthesis import Trend
from dmp.domain.clinical.watching.by_code import ByCode
from dmp.domain.record.calendar import LOCAL

SAME_TEST_DAYS = 1
"""The day that the insurance gives and the day of the sample may differ by this much."""


class Act(NamedTuple):
    """One of the two acts of a repeat: for people, with its result where the record holds it. `hour` (`08:10`)
    where it tells one from the other.
    """

    label: str
    on: date
    hour: str = ""
    author: str = ""
    result: str = ""
    sources: tuple[Source, ...] = ()


@dataclass(slots=True)
class DoneTest:
    """One time that a test was done, with its claim, its results, or both."""

    on: date
    label: str
    act: Performed | None = None
    results: list[Result] | None = None

    def is_result_of(self, other: DoneTest) -> bool:
        """Whether one is a claim without result and the other a result without claim, a day apart."""
        if (other.on - self.on).days > SAME_TEST_DAYS:
            return False
        only_claim = self.results is None and other.act is None
        return only_claim or (self.act is None and other.results is None)

    def take(self, other: DoneTest) -> None:
        """Put another together with this one."""
        self.act = self.act or other.act
        if other.results:
            self.results = [*(self.results or []), *other.results]

    @property
    def hour(self) -> str:
        """When its sample was taken (`08:10`); empty of a claim."""
        return f"{self.results[0].at.astimezone(LOCAL):%H:%M}" if self.results else ""

    def is_positive(self) -> bool:
        """Whether a result of it was out of its range."""
        return any(trend_of(result) in (Trend.HIGH, Trend.LOW) for result in self.results or ())

    def shown(self, hour: str = "") -> Act:
        """For people: the first value, who did it, every source."""
        results = self.results or []
        sources = [source for result in results for source in result.sources]
        author = next((source.author for source in sources if source.author), "")
        if self.act is not None:
            sources.extend(self.act.sources)
            author = author or self.act.performer.display
        return Act(
            label=self.act.label if self.act is not None else self.label,
            on=self.on,
            hour=hour,
            author=author,
            result=" ; ".join(dict.fromkeys(printed_result(result) for result in results[:3])),
            sources=in_order(sources),
        )


def sampled(results: list[Result]) -> DoneTest:
    """The test of results of one sample, on its local day."""
    first = results[0]
    return DoneTest(first.at.astimezone(LOCAL).date(), first.label, results=results)


def claimed(act: Performed) -> DoneTest:
    """The test of a claim."""
    return DoneTest(act.on, act.label, act=act)


def printed_result(result: Result) -> str:
    """`HbA1c 7,2 %`: label, value with a comma, unit; or the words of the result."""
    if result.value is None:
        return f"{result.label} {result.text}".strip()
    value = f"{result.value:g}".replace(".", ",")
    return f"{result.label} {value} {result.unit}".strip()


class DoneTests:
    """What was tested since a day, by NABM code and by LOINC code; the acts of `ever` at any time."""

    def __init__(
        self, found_by: ByCode, knowledge: Knowledge, since: date, ever: frozenset[str]
    ) -> None:
        self._loinc_of = knowledge.loinc_of
        always = {loinc for code in ever for loinc in knowledge.loinc_of.get(code, ())}
        self.most_per_order = knowledge.most_per_order
        self.performed: dict[str, list[Performed]] = {}
        for (kind, code), acts in found_by.performed.items():
            if kind == "nabm":
                kept = acts if code in ever else [act for act in acts if act.on >= since]
                if kept:
                    self.performed[code] = kept
        self._since, self._always = since, always
        self._found = found_by.results
        self._dated: dict[str, list[tuple[date, Result]]] = {}

    def has(self, codes: tuple[str, ...]) -> bool:
        """Whether the record knows of one of these acts, or of a result of one; of any, where none is named."""
        if not codes:
            return True
        return any(
            code in self.performed
            or any(("loinc", one) in self._found for one in self._loinc_of.get(code, ()))
            for code in codes
        )

    def values_of(self, codes: Iterable[str]) -> list[tuple[date, Result]]:
        """Every result of these acts with its day, by their LOINC codes."""
        loinc = {one for code in codes for one in self._loinc_of.get(code, ())}
        return [
            one
            for code in sorted(loinc)
            if ("loinc", code) in self._found
            for one in self._of(code)
        ]

    def _of(self, code: str) -> list[tuple[date, Result]]:
        dated = self._dated.get(code)
        if dated is None:
            since = date.min if code in self._always else self._since
            dated = self._dated[code] = [
                (day, result)
                for result in self._found["loinc", code]
                if (day := result.at.date()) >= since
            ]
        return dated

    def of(self, codes: Sequence[str], since: date) -> list[DoneTest]:
        """Every time one of these acts was done from that day on, oldest first; a claim and its result are one
        time.
        """
        acts = [
            claimed(act)
            for code in codes
            for act in self.performed.get(code, ())
            if act.on >= since
        ]
        values = [
            DoneTest(day, result.label, results=[result])
            for day, result in self.values_of(codes)
            if day >= since
        ]
        if len(acts) + len(values) < 2:
            return acts + values
        days: dict[date, DoneTest] = {}
        for test in sorted(acts + values, key=lambda t: (t.on, t.act is None, t.label)):
            if test.on in days:
                days[test.on].take(test)
            else:
                days[test.on] = test
        found: list[DoneTest] = []
        for test in days.values():
            if found and found[-1].is_result_of(test):
                found[-1].take(test)
            else:
                found.append(test)
        return found
