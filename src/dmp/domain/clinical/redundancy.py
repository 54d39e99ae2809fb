"""Acts repeated too early and medicines taken twice, by the table of rules; said, never blocking.

The earlier act is always shown with its day, who did it and, where the record holds it, its result. A test is
the same whether the insurance paid for it, a report gives its result, or both.

Source: table of redundancy rules, each with its own source and state.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple

from dmp.domain.clinical.facts import Performed, Result, Source
from dmp.domain.clinical.knowledge.knowledge import Knowledge
from dmp.domain.clinical.knowledge.rules import Comparison, RedundancyRule, Weight
from dmp.domain.clinical.results.series import trend_of
from dmp.domain.clinical.same.gathering import in_order
from dmp.domain.clinical.synthesis import Trend
from dmp.domain.clinical.treatments import Course
from dmp.domain.clinical.watching.by_code import ByCode
from dmp.domain.clinical.watching.occasions import claimed_twice, sampled_twice
from dmp.domain.clinical.watching.situations import THERAPY_CHANGE_DAYS, Situations
from dmp.domain.record.calendar import LOCAL

RECENT_DAYS = 180
"""A repeat whose later act is older than this is history, and no longer said."""
SAME_TEST_DAYS = 1
"""The day that the insurance gives and the day of the sample may differ by this much."""
_SIX_MONTHS = 183
_THERAPIES: tuple[tuple[frozenset[str], tuple[str, ...], int], ...] = (
    (frozenset({"1577"}), ("A10",), _SIX_MONTHS),
    (
        frozenset({"1206", "1207", "1208", "1209", "1210", "1211", "1212"}),
        ("H03", "C01BD01"),
        THERAPY_CHANGE_DAYS,
    ),
    (frozenset({"996", "580", "590", "2001"}), ("C10",), THERAPY_CHANGE_DAYS),
    (frozenset({"1213"}), ("B03A",), THERAPY_CHANGE_DAYS),
)
"""Treatments whose change explains a repeated test, and for how many days; for other tests, any treatment."""
POSITIVE = "positive"
"""A rule with this word is silent when the earlier result was out of its range: it is to be confirmed."""
FIRST = "first"
"""A rule with this word is silent on the first one, and on a second that belongs to it."""
ONE_CONTEXT_DAYS = 30
"""Two determinations that near to each other were meant together."""
WITHIN_A_DAY = 1.0
"""An interval of that many days or less is one of hours."""


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


class Repeat(NamedTuple):
    """An act that repeats an earlier one. `subject` names what was repeated, the same over readings."""

    rule: RedundancyRule
    subject: str
    earlier: Act
    later: Act

    @property
    def days(self) -> int:
        """Days between the two."""
        return (self.later.on - self.earlier.on).days


def repeated_tests(
    found_by: ByCode, situations: Situations, knowledge: Knowledge, today: date
) -> list[Repeat]:
    """Laboratory tests repeated too early, several times on one order, or beside one that contains them."""
    rules = [rule for rule in knowledge.redundancy if rule.comparison is Comparison.LABORATORY]
    if not rules:
        return []
    longest = max((rule.min_days or 0) for rule in rules)
    ever = frozenset(
        code
        for rule in rules
        if rule.min_days is None
        for element in rule.codes
        for code in element.split("/")
    )
    tests = _Tests(found_by, knowledge, today - timedelta(days=RECENT_DAYS + longest), ever)
    found: list[Repeat] = []
    for rule in rules:
        found.extend(_of_rule(rule, tests, situations, today))
    return _one_per_repeat(found)


class _Tests:
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
        self._results: dict[str, list[tuple[date, Result]]] = {}
        for (kind, code), results in found_by.results.items():
            if kind == "loinc":
                dated = [(result.at.date(), result) for result in results]
                self._results[code] = (
                    dated if code in always else [one for one in dated if one[0] >= since]
                )

    def values_of(self, codes: Iterable[str]) -> list[tuple[date, Result]]:
        """Every result of these acts with its day, by their LOINC codes."""
        loinc = {one for code in codes for one in self._loinc_of.get(code, ())}
        return [one for code in sorted(loinc & self._results.keys()) for one in self._results[code]]

    def of(self, codes: Sequence[str], since: date) -> list[_Test]:
        """Every time one of these acts was done from that day on, oldest first; a claim and its result are one
        time.
        """
        acts = [
            _Test(act.on, act.label, act=act)
            for code in codes
            for act in self.performed.get(code, ())
            if act.on >= since
        ]
        values = [
            _Test(day, result.label, results=[result])
            for day, result in self.values_of(codes)
            if day >= since
        ]
        if len(acts) + len(values) < 2:
            return acts + values
        days: dict[date, _Test] = {}
        for test in sorted(acts + values, key=lambda t: (t.on, t.act is None, t.label)):
            if test.on in days:
                days[test.on].take(test)
            else:
                days[test.on] = test
        found: list[_Test] = []
        for test in days.values():
            if found and found[-1].is_result_of(test):
                found[-1].take(test)
            else:
                found.append(test)
        return found


@dataclass(slots=True)
class _Test:
    on: date
    label: str
    act: Performed | None = None
    results: list[Result] | None = None

    def is_result_of(self, other: _Test) -> bool:
        """Whether one is a claim without result and the other a result without claim, a day apart."""
        if (other.on - self.on).days > SAME_TEST_DAYS:
            return False
        only_claim = self.results is None and other.act is None
        return only_claim or (self.act is None and other.results is None)

    def take(self, other: _Test) -> None:
        self.act = self.act or other.act
        if other.results:
            self.results = [*(self.results or []), *other.results]

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


def printed_result(result: Result) -> str:
    """`HbA1c 7,2 %`: label, value with a comma, unit; or the words of the result."""
    if result.value is None:
        return f"{result.label} {result.text}".strip()
    value = f"{result.value:g}".replace(".", ",")
    return f"{result.label} {value} {result.unit}".strip()


def _of_rule(
    rule: RedundancyRule, tests: _Tests, situations: Situations, today: date
) -> Iterator[Repeat]:
    for element in rule.codes:
        if rule.min_days is None:
            yield from _without_need(rule, element.split("/"), tests, situations, today)
        elif element == "*":
            yield from _too_often(rule, tests, situations, today)
        elif "+" in element:
            yield from _together(rule, element.split("+"), tests, situations, today)
        elif rule.min_days and rule.min_days <= WITHIN_A_DAY:
            yield from _within_a_day(rule, element.split("/"), tests, situations, today)
        elif rule.min_days:
            yield from _too_early(rule, element.split("/"), tests, situations, today)
    if rule.min_days == 0 and len(rule.codes) > 1 and not any("+" in code for code in rule.codes):
        yield from _together(rule, rule.codes, tests, situations, today)


def is_recent(day: date, today: date) -> bool:
    """Whether a repeat of that day is still said."""
    return today - _RECENT <= day <= today


_RECENT = timedelta(days=RECENT_DAYS)


def _too_early(
    rule: RedundancyRule, codes: Sequence[str], tests: _Tests, situations: Situations, today: date
) -> Iterator[Repeat]:
    least = timedelta(days=rule.min_days or 0)
    since = today - _RECENT
    done = tests.of(codes, since - least)
    for earlier, later in pairwise(done):
        apart: timedelta = later.on - earlier.on
        if apart >= least or not since <= later.on <= today:
            continue
        if POSITIVE in rule.silent_in and earlier.is_positive():
            continue
        if not _is_silent(rule, codes, later.on, situations):
            yield Repeat(
                rule=rule, subject="/".join(codes), earlier=earlier.shown(), later=later.shown()
            )


def _without_need(
    rule: RedundancyRule, codes: Sequence[str], tests: _Tests, situations: Situations, today: date
) -> Iterator[Repeat]:
    """The last of these tests, where nothing that is read here tells why it was done, or done again.

    With the one before it; where a single one is enough to be said, it stands for itself.
    """
    done = tests.of(codes, date.min)
    if not done or not is_recent(done[-1].on, today):
        return
    *before, last = done
    if FIRST in rule.silent_in:
        before = [test for test in before if (last.on - test.on).days > ONE_CONTEXT_DAYS]
        if not before:
            return
    if not _is_silent(rule, codes, last.on, situations):
        earlier = before[-1] if before else last
        yield Repeat(
            rule=rule, subject="/".join(codes), earlier=earlier.shown(), later=last.shown()
        )


def _within_a_day(
    rule: RedundancyRule, codes: Sequence[str], tests: _Tests, situations: Situations, today: date
) -> Iterator[Repeat]:
    """Twice within hours: reports tell the hours; of claims, that somebody else ordered or did the second."""
    found = [
        (
            _Test(_day(earlier), earlier[0].label, results=earlier),
            _Test(_day(later), later[0].label, results=later),
        )
        for earlier, later in sampled_twice(
            [result for _, result in tests.values_of(codes)], timedelta(days=rule.min_days or 0)
        )
    ]
    known = {later.on for _, later in found}
    acts = (act for code in codes for act in tests.performed.get(code, ()))
    found.extend(
        (_Test(a.on, a.label, act=a), _Test(b.on, b.label, act=b))
        for a, b in claimed_twice(acts)
        if a.on not in known
    )
    for first, second in found:
        if is_recent(second.on, today) and not _is_silent(rule, codes, second.on, situations):
            yield Repeat(
                rule=rule,
                subject="/".join(codes),
                earlier=first.shown(_hour(first)),
                later=second.shown(_hour(second)),
            )


def _day(results: Sequence[Result]) -> date:
    return results[0].at.astimezone(LOCAL).date()


def _hour(test: _Test) -> str:
    return f"{test.results[0].at.astimezone(LOCAL):%H:%M}" if test.results else ""


def _is_silent(
    rule: RedundancyRule, codes: Sequence[str], day: date, situations: Situations
) -> bool:
    if situations.any_holds(rule.silent_in, day):
        return True
    if "therapy-change" not in rule.silent_in:
        return False
    prefixes, days = next(
        ((atc, days) for tests, atc, days in _THERAPIES if tests & set(codes)),
        (("",), THERAPY_CHANGE_DAYS),
    )
    return situations.changed_therapy(prefixes, day - timedelta(days=days), day)


def _too_often(
    rule: RedundancyRule, tests: _Tests, situations: Situations, today: date
) -> Iterator[Repeat]:
    """More often on one day than the nomenclature lets an order hold."""
    since = today - _RECENT
    for code, acts in tests.performed.items():
        most = tests.most_per_order.get(code)
        if most is None:
            continue
        days: dict[date, list[Performed]] = {}
        for act in acts:
            if since <= act.on <= today:
                days.setdefault(act.on, []).append(act)
        for day, same in days.items():
            if sum(act.quantity for act in same) > most and not _is_silent(
                rule, (code,), day, situations
            ):
                first, last = (
                    _Test(day, same[0].label, act=same[0]),
                    _Test(day, same[-1].label, act=same[-1]),
                )
                yield Repeat(rule=rule, subject=code, earlier=first.shown(), later=last.shown())


def _together(
    rule: RedundancyRule, codes: Sequence[str], tests: _Tests, situations: Situations, today: date
) -> Iterator[Repeat]:
    """Two acts on one day of which one contains, or makes useless, the other."""
    by_day: dict[date, dict[str, Performed]] = {}
    for code in codes:
        for act in tests.performed.get(code, ()):
            if is_recent(act.on, today):
                by_day.setdefault(act.on, {})[code] = act
    for day, done in by_day.items():
        if len(done) > 1 and not _is_silent(rule, codes, day, situations):
            first, last, *_ = (
                _Test(day, done[code].label, act=done[code]) for code in codes if code in done
            )
            yield Repeat(
                rule=rule, subject="+".join(codes), earlier=first.shown(), later=last.shown()
            )


def _one_per_repeat(found: Iterable[Repeat]) -> list[Repeat]:
    """One for each later act and what it repeats: a warning before an information."""
    kept: dict[tuple[str, date], Repeat] = {}
    for repeat in sorted(
        found, key=lambda r: (r.rule.weight is not Weight.WARN, -(r.rule.min_days or 0))
    ):
        kept.setdefault((repeat.subject, repeat.later.on), repeat)
    return list(kept.values())


def is_about(rule: RedundancyRule, words: str) -> bool:
    """Whether a rule on medicines compares what `words` say (`level 5`, `combination`...)."""
    return any(words in code.lower() for code in rule.codes)


def covers_recently(course: Course, today: date) -> bool:
    """Whether a treatment is current, or its last supply ended within a month."""
    return course.treatment.is_current or (
        course.treatment.end is not None and course.treatment.end >= today - timedelta(days=30)
    )
