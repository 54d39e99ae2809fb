"""Medicines taken twice: the same substance or class in two supplies that overlap.

Source: Eur J Clin Pharmacol 2011, doi 10.1007/s00228-011-1025-4 (ATC level 5 is a duplicate drug, level 4 a
duplicate class, topical ones left out); periods are compared where they overlap by more than the rule's days.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from enum import Enum
from functools import partial
from itertools import combinations, pairwise
from typing import NamedTuple

from dmp.domain.clinical.knowledge.knowledge import Knowledge
from dmp.domain.clinical.knowledge.made_ready import MadeReady
from dmp.domain.clinical.knowledge.rules import Comparison, RedundancyRule, Weight
from dmp.domain.clinical.redundancy import Repeat, covers_recently, is_about
from dmp.domain.clinical.supply.holding import prescribed_until
from dmp.domain.clinical.treatments import Course, Delivery
from dmp.domain.clinical.watching.tests_done import Act

ALLOWED_TOGETHER = ("A10A", "N03AX", "J07", "J05A", "L01", "D", "S01", "S02", "R01A")
"""Classes whose members are given together on purpose, or act where they are put."""
LEVEL_4 = 5
"""Characters of an ATC code of level 4."""
_ATC_GROUP = re.compile(r"[A-Z]\d{2}[A-Z]{0,2}(?:\+[A-Z]\d{2}[A-Z]{0,2})*")
_RECENT_DELIVERIES = 3
_RECENT = timedelta(days=60)
_DAY = timedelta(days=1)


def doubled_medicines(courses: Sequence[Course], knowledge: Knowledge, today: date) -> list[Repeat]:
    """One for each two medicines, by the most precise rule that speaks of them."""
    periods = _Periods()
    recent = [course for course in courses if covers_recently(course, today)]
    whole_body = [(course, course.treatment.atc) for course in recent if not course.is_local]
    found: dict[str, Repeat] = {}
    for compared in _MOST_PRECISE_FIRST.of(knowledge):
        for repeat in _of_rule(compared, recent, whole_body, periods, today):
            found.setdefault(repeat.subject, repeat)
    return list(found.values())


class _By(Enum):
    """What a rule compares, the most precise first."""

    SUBSTANCE = "the same substance"
    COMBINATION = "one substance of several"
    LEVEL_4 = "the same ATC class of level 4"
    GROUPS = "groups of ATC classes that it names"


class _Compared(NamedTuple):
    """A rule made ready: what it compares, by more than how much, which classes it lets pass, its groups."""

    rule: RedundancyRule
    by: _By
    least: timedelta
    let_pass: tuple[str, ...]
    groups: tuple[tuple[str, ...], ...]


def _most_precise_first(knowledge: Knowledge) -> tuple[_Compared, ...]:
    rules = [rule for rule in knowledge.redundancy if rule.comparison is Comparison.MEDICINE]
    return tuple(_made_ready(rule) for rule in sorted(rules, key=_precision))


def _precision(rule: RedundancyRule) -> tuple[object, ...]:
    order = ("level 5", "substance", "combination", "level 4", "atc4")
    rank = next((i for i, words in enumerate(order) if is_about(rule, words)), len(order))
    return rank, rule.weight is not Weight.WARN, rule.rule_id


def _made_ready(rule: RedundancyRule) -> _Compared:
    if is_about(rule, "level 5") or is_about(rule, "substance"):
        by = _By.SUBSTANCE
    elif is_about(rule, "combination"):
        by = _By.COMBINATION
    else:
        of_level = is_about(rule, "level 4") or is_about(rule, "atc4")
        by = _By.LEVEL_4 if of_level else _By.GROUPS
    return _Compared(
        rule=rule,
        by=by,
        least=timedelta(days=rule.min_days or 0),
        let_pass=(
            *ALLOWED_TOGETHER,
            *(word[4:] for word in rule.silent_in if word.startswith("atc:")),
        ),
        groups=tuple(tuple(code.split("+")) for code in rule.codes if _ATC_GROUP.fullmatch(code)),
    )


_MOST_PRECISE_FIRST = MadeReady(_most_precise_first)
_Known = tuple[Course, str]
"""A treatment with its ATC code."""


def _of_rule(
    compared: _Compared,
    recent: Sequence[Course],
    whole_body: Sequence[_Known],
    periods: _Periods,
    today: date,
) -> Iterator[Repeat]:
    rule, by, least, let_pass, _ = compared
    if by is _By.SUBSTANCE:
        for course in recent:
            yield from _same_substance(rule, course, least, today)
        return
    for (a, one), (b, other) in _paired(compared, whole_body):
        if one.startswith(let_pass) and any(
            one.startswith(prefix) and other.startswith(prefix) for prefix in let_pass
        ):
            continue
        if periods.overlap_longer(a, b, least):
            one_last, other_last = periods.last(a), periods.last(b)
            is_later = (one_last.on, a.key) > (other_last.on, b.key)
            earlier, later = (other_last, one_last) if is_later else (one_last, other_last)
            subject = "|".join(sorted((a.key, b.key)))
            yield Repeat(rule, subject, later.on, partial(_both, earlier, later))


def _paired(compared: _Compared, courses: Sequence[_Known]) -> Iterator[tuple[_Known, _Known]]:
    """The pairs of treatments that the rule is about: those that share what it compares."""
    by = compared.by
    groups: dict[object, list[_Known]] = {}
    if by is _By.COMBINATION:
        for known in courses:
            for substance in known[0].substances:
                groups.setdefault(substance, []).append(known)
    elif by is _By.LEVEL_4:
        for known in courses:
            if len(known[1]) > LEVEL_4:
                groups.setdefault(known[1][:LEVEL_4], []).append(known)
    else:
        for prefixes in compared.groups:
            groups[prefixes] = [known for known in courses if known[1].startswith(prefixes)]
    for group in groups.values():
        for a, b in combinations(group, 2):
            if by is not _By.COMBINATION or len(a[0].substances) + len(b[0].substances) > 2:
                yield a, b


def _periods(course: Course) -> list[tuple[date, date]]:
    """First and last day of the last supplies, as delivered; of the prescription where nothing was."""
    if course.deliveries:
        return [
            (d.fact.on, d.fact.on + timedelta(days=d.days - 1))
            for d in course.deliveries[-_RECENT_DELIVERIES:]
        ]
    return [
        (order.start or min(source.on for source in order.sources), prescribed_until(order))
        for order in course.prescribed[-_RECENT_DELIVERIES:]
        if order.start is not None or order.sources
    ]


class _Periods:
    """The periods and last acts of treatments, each worked out once; the key of a treatment is its own."""

    def __init__(self) -> None:
        self._known: dict[str, list[tuple[date, date]]] = {}
        self._lasts: dict[str, Act] = {}

    def _of(self, course: Course) -> list[tuple[date, date]]:
        found = self._known.get(course.key)
        if found is None:
            found = self._known[course.key] = _periods(course)
        return found

    def last(self, course: Course) -> Act:
        """Its last delivery, else its last prescription."""
        found = self._lasts.get(course.key)
        if found is None:
            found = self._lasts[course.key] = _last(course)
        return found

    def overlap_longer(self, a: Course, b: Course, least: timedelta) -> bool:
        """Whether two supplies cover more than so much time together."""
        for start, end in self._of(a):
            for other_start, other_end in self._of(b):
                first = start if start > other_start else other_start
                last = end if end < other_end else other_end
                if last - first + _DAY > least:
                    return True
        return False


def _both(earlier: Act, later: Act) -> tuple[Act, Act]:
    return earlier, later


def _last(course: Course) -> Act:
    """The last delivery, else the last prescription, for people."""
    if course.deliveries:
        return _delivered(course.deliveries[-1])
    order = course.prescribed[-1]
    on = order.start or max((source.on for source in order.sources), default=date.min)
    return Act(
        label=course.treatment.name, on=on, author=order.prescriber.display, result=order.dosage,
        sources=order.sources,
    )  # fmt: skip


def _both_delivered(earlier: Delivery, later: Delivery) -> tuple[Act, Act]:
    return _delivered(earlier), _delivered(later)


def _delivered(delivery: Delivery) -> Act:
    fact = delivery.fact
    name = delivery.medicine.name if delivery.medicine is not None else fact.label
    return Act(label=name, on=fact.on, author=fact.prescriber.display, sources=fact.sources)


def _same_substance(
    rule: RedundancyRule, course: Course, least: timedelta, today: date
) -> Iterator[Repeat]:
    """Two deliveries of one substance that overlap: another product or another prescriber."""
    if course.treatment.atc.startswith(ALLOWED_TOGETHER):
        return
    since = today - _RECENT
    deliveries = course.deliveries
    first = len(deliveries)
    while first > 1 and deliveries[first - 1].fact.on >= since:  # they stand in the order of days
        first -= 1
    for earlier, later in pairwise(deliveries[first - 1 :] if first else ()):
        on = later.fact.on
        if on < since:
            continue
        left = earlier.fact.on + timedelta(days=earlier.days) - on
        if left > least and _is_another(earlier, later):
            yield Repeat(rule, course.key, on, partial(_both_delivered, earlier, later))
            return


def _is_another(earlier: Delivery, later: Delivery) -> bool:
    """Another prescriber; or another product that does not come from the same prescription."""
    a, b = earlier.fact, later.fact
    if a.prescriber.id and b.prescriber.id and a.prescriber.id != b.prescriber.id:
        return True
    same_order = a.on == b.on or (
        a.prescribed_on is not None and a.prescribed_on == b.prescribed_on
    )
    keys = [d.medicine.key if d.medicine is not None else d.fact.label for d in (earlier, later)]
    return keys[0] != keys[1] and not same_order
