"""Acts repeated too early and medicines taken twice, by the table of rules; said, never blocking.

The earlier act is always shown with its day, who did it and, where the record holds it, its result. A test is
the same whether the insurance paid for it, a report gives its result, or both.

Source: table of redundancy rules, each with its own source and state.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from functools import lru_cache, partial
from itertools import pairwise
from typing import NamedTuple

from dmp.domain.clinical.facts import Performed
from dmp.domain.clinical.knowledge.knowledge import Knowledge
from dmp.domain.clinical.knowledge.made_ready import MadeReady
from dmp.domain.clinical.knowledge.rules import Comparison, RedundancyRule, Weight
from dmp.domain.clinical.treatments import Course
from dmp.domain.clinical.watching.by_code import ByCode
from dmp.domain.clinical.watching.occasions import claimed_twice, sampled_twice
from dmp.domain.clinical.watching.situations import THERAPY_CHANGE_DAYS, Situations
from dmp.domain.clinical.watching.tests_done import Act, DoneTest, DoneTests, claimed, sampled

RECENT_DAYS = 180
"""A repeat whose later act is older than this is history, and no longer said."""
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


class Repeat(NamedTuple):
    """An act that repeats, on a day, an earlier one. `subject` names what was repeated, the same over readings;
    `acts` tells of the earlier and of the later one, for whoever reads of it.
    """

    rule: RedundancyRule
    subject: str
    on: date
    acts: Callable[[], tuple[Act, Act]]


def repeated_tests(
    found_by: ByCode, situations: Situations, knowledge: Knowledge, today: date
) -> list[Repeat]:
    """Laboratory tests repeated too early, several times on one order, or beside one that contains them."""
    checks, longest, ever = _LABORATORY.of(knowledge)
    if not checks:
        return []
    tests = DoneTests(found_by, knowledge, today - _RECENT - longest, ever)
    found: list[Repeat] = []
    for rule, codes, look in checks:
        if tests.has(codes):
            found.extend(look(rule, codes, tests, situations, today))
    return _one_per_repeat(found)


_Look = Callable[[RedundancyRule, tuple[str, ...], DoneTests, Situations, date], Iterable[Repeat]]
_Check = tuple[RedundancyRule, tuple[str, ...], _Look]
"""A rule, the acts of one element of it (none: every act), and how they are looked at."""


def _of_laboratory(knowledge: Knowledge) -> tuple[tuple[_Check, ...], timedelta, frozenset[str]]:
    """The rules on tests made ready, their longest interval, and the acts that count at whatever interval."""
    rules = tuple(r for r in knowledge.redundancy if r.comparison is Comparison.LABORATORY)
    ever = frozenset(
        code
        for rule in rules
        if rule.min_days is None
        for element in rule.codes
        for code in element.split("/")
    )
    longest = max((rule.min_days or 0 for rule in rules), default=0)
    checks = tuple(check for rule in rules for check in _checks(rule))
    return checks, timedelta(days=longest), ever


def _checks(rule: RedundancyRule) -> Iterator[_Check]:
    for element in rule.codes:
        codes = tuple(element.split("/"))
        if rule.min_days is None:
            yield rule, codes, _without_need
        elif element == "*":
            yield rule, (), _too_often
        elif "+" in element:
            yield rule, tuple(element.split("+")), _together
        elif rule.min_days and rule.min_days <= WITHIN_A_DAY:
            yield rule, codes, _within_a_day
        elif rule.min_days:
            yield rule, codes, _too_early
    if rule.min_days == 0 and len(rule.codes) > 1 and not any("+" in code for code in rule.codes):
        yield rule, rule.codes, _together


_LABORATORY = MadeReady(_of_laboratory)


def is_recent(day: date, today: date) -> bool:
    """Whether a repeat of that day is still said."""
    return today - _RECENT <= day <= today


_RECENT = timedelta(days=RECENT_DAYS)
_A_FEW_DAYS = timedelta(days=3)
"""The test before a recent one, less than a day earlier, wherever on earth its day was told."""


def _too_early(
    rule: RedundancyRule,
    codes: tuple[str, ...],
    tests: DoneTests,
    situations: Situations,
    today: date,
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
            yield Repeat(rule, "/".join(codes), later.on, partial(_shown, earlier, later))


def _without_need(
    rule: RedundancyRule,
    codes: tuple[str, ...],
    tests: DoneTests,
    situations: Situations,
    today: date,
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
        yield Repeat(rule, "/".join(codes), last.on, partial(_shown, earlier, last))


def _within_a_day(
    rule: RedundancyRule,
    codes: tuple[str, ...],
    tests: DoneTests,
    situations: Situations,
    today: date,
) -> Iterator[Repeat]:
    """Twice within hours: reports tell the hours; of claims, that somebody else ordered or did the second."""
    since = today - _RECENT - _A_FEW_DAYS
    results = [result for day, result in tests.values_of(codes) if day >= since]
    found = [
        (sampled(earlier), sampled(later))
        for earlier, later in sampled_twice(results, timedelta(days=rule.min_days or 0))
    ]
    known = {later.on for _, later in found}
    acts = [act for code in codes for act in tests.performed.get(code, ()) if act.on >= since]
    found.extend((claimed(a), claimed(b)) for a, b in claimed_twice(acts) if a.on not in known)
    for first, second in found:
        if is_recent(second.on, today) and not _is_silent(rule, codes, second.on, situations):
            shown = partial(_shown_with_hours, first, second)
            yield Repeat(rule, "/".join(codes), second.on, shown)


def _shown(earlier: DoneTest, later: DoneTest) -> tuple[Act, Act]:
    return earlier.shown(), later.shown()


def _shown_with_hours(earlier: DoneTest, later: DoneTest) -> tuple[Act, Act]:
    return earlier.shown(earlier.hour), later.shown(later.hour)


def _is_silent(
    rule: RedundancyRule, codes: tuple[str, ...], day: date, situations: Situations
) -> bool:
    if situations.any_holds(rule.silent_in, day):
        return True
    if "therapy-change" not in rule.silent_in:
        return False
    prefixes, days = _therapies(codes)
    return situations.changed_therapy(prefixes, day - days, day)


@lru_cache(maxsize=256)
def _therapies(codes: tuple[str, ...]) -> tuple[tuple[str, ...], timedelta]:
    """Treatments whose change explains that these tests of the table were repeated, and for how long."""
    for tests, atc, days in _THERAPIES:
        if not tests.isdisjoint(codes):
            return atc, timedelta(days=days)
    return ("",), timedelta(days=THERAPY_CHANGE_DAYS)


def _too_often(
    rule: RedundancyRule, _: tuple[str, ...], tests: DoneTests, situations: Situations, today: date
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
                acts_shown = partial(_shown, claimed(same[0]), claimed(same[-1]))
                yield Repeat(rule, code, day, acts_shown)


def _together(
    rule: RedundancyRule,
    codes: tuple[str, ...],
    tests: DoneTests,
    situations: Situations,
    today: date,
) -> Iterator[Repeat]:
    """Two acts on one day of which one contains, or makes useless, the other."""
    by_day: dict[date, dict[str, Performed]] = {}
    for code in codes:
        for act in tests.performed.get(code, ()):
            if is_recent(act.on, today):
                by_day.setdefault(act.on, {})[code] = act
    for day, done in by_day.items():
        if len(done) > 1 and not _is_silent(rule, codes, day, situations):
            first, last, *_ = (claimed(done[code]) for code in codes if code in done)
            yield Repeat(rule, "+".join(codes), day, partial(_shown, first, last))


def _one_per_repeat(found: Iterable[Repeat]) -> list[Repeat]:
    """One for each later act and what it repeats: a warning before an information."""
    kept: dict[tuple[str, date], Repeat] = {}
    for repeat in sorted(
        found, key=lambda r: (r.rule.weight is not Weight.WARN, -(r.rule.min_days or 0))
    ):
        kept.setdefault((repeat.subject, repeat.on), repeat)
    return list(kept.values())


def is_about(rule: RedundancyRule, words: str) -> bool:
    """Whether a rule on medicines compares what `words` say (`level 5`, `combination`...)."""
    return any(words in code.lower() for code in rule.codes)


def covers_recently(course: Course, today: date) -> bool:
    """Whether a treatment is current, or its last supply ended within a month."""
    return course.treatment.is_current or (
        course.treatment.end is not None and course.treatment.end >= today - timedelta(days=30)
    )
