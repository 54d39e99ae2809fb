"""Medicines taken twice: the same substance or class in two supplies that overlap.

Source: Eur J Clin Pharmacol 2011, doi 10.1007/s00228-011-1025-4 (ATC level 5 is a duplicate drug, level 4 a
duplicate class, topical ones left out); periods are compared where they overlap by more than the rule's days.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import combinations

from dmp.domain.clinical.knowledge.knowledge import Knowledge
from dmp.domain.clinical.knowledge.rules import Comparison, RedundancyRule, Weight
from dmp.domain.clinical.redundancy import Act, Repeat, covers_recently, is_about
from dmp.domain.clinical.treatments import Course, Delivery, prescribed_until

ALLOWED_TOGETHER = ("A10A", "N03AX", "J07", "J05A", "L01", "D", "S01", "S02", "R01A")
"""Classes whose members are given together on purpose, or act where they are put."""
LEVEL_4 = 5
"""Characters of an ATC code of level 4."""
_ATC_GROUP = re.compile(r"[A-Z]\d{2}[A-Z]{0,2}(?:\+[A-Z]\d{2}[A-Z]{0,2})*")
_RECENT_DELIVERIES = 3
_RECENT = timedelta(days=60)
_DAY, _NO_TIME = timedelta(days=1), timedelta(0)


def doubled_medicines(courses: Sequence[Course], knowledge: Knowledge, today: date) -> list[Repeat]:
    """One for each two medicines, by the most precise rule that speaks of them."""
    rules = [rule for rule in knowledge.redundancy if rule.comparison is Comparison.MEDICINE]
    periods = _Periods()
    recent = [course for course in courses if covers_recently(course, today)]
    whole_body = [course for course in recent if not course.is_local]
    found: dict[str, Repeat] = {}
    for rule in sorted(rules, key=_most_precise):
        for repeat in _of_rule(rule, recent, whole_body, periods, today):
            found.setdefault(repeat.subject, repeat)
    return list(found.values())


def _most_precise(rule: RedundancyRule) -> tuple[object, ...]:
    order = ("level 5", "substance", "combination", "level 4", "atc4")
    rank = next((i for i, words in enumerate(order) if is_about(rule, words)), len(order))
    return rank, rule.weight is not Weight.WARN, rule.rule_id


def _of_rule(
    rule: RedundancyRule,
    recent: Sequence[Course],
    whole_body: Sequence[Course],
    periods: _Periods,
    today: date,
) -> Iterator[Repeat]:
    least = timedelta(days=rule.min_days or 0)
    if is_about(rule, "level 5") or is_about(rule, "substance"):
        for course in recent:
            yield from _same_substance(rule, course, least, today)
        return
    let_pass = (
        *ALLOWED_TOGETHER,
        *(word[4:] for word in rule.silent_in if word.startswith("atc:")),
    )
    for a, b in _compared(rule, whole_body):
        one, other = a.treatment.atc, b.treatment.atc
        if one.startswith(let_pass) and any(
            one.startswith(prefix) and other.startswith(prefix) for prefix in let_pass
        ):
            continue
        if periods.overlap(a, b) > least:
            earlier, later = sorted((a, b), key=lambda course: (_last(course).on, course.key))
            yield Repeat(
                rule=rule,
                subject="|".join(sorted((a.key, b.key))),
                earlier=_last(earlier),
                later=_last(later),
            )


def _compared(rule: RedundancyRule, courses: Sequence[Course]) -> Iterator[tuple[Course, Course]]:
    """The pairs of treatments that the rule is about: those that share what it compares."""
    groups: dict[str, list[Course]] = {}
    of_combinations = is_about(rule, "combination")
    if of_combinations:
        for course in courses:
            for substance in course.substances:
                groups.setdefault(substance, []).append(course)
    elif is_about(rule, "level 4") or is_about(rule, "atc4"):
        for course in courses:
            if len(course.treatment.atc) > LEVEL_4:
                groups.setdefault(course.treatment.atc[:LEVEL_4], []).append(course)
    else:
        for code in rule.codes:
            if _ATC_GROUP.fullmatch(code):
                prefixes = tuple(code.split("+"))
                groups[code] = [c for c in courses if c.treatment.atc.startswith(prefixes)]
    for group in groups.values():
        for a, b in combinations(group, 2):
            if not of_combinations or len(a.substances) + len(b.substances) > 2:
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
    """The periods of treatments, each worked out once; the key of a treatment is its own."""

    def __init__(self) -> None:
        self._known: dict[str, list[tuple[date, date]]] = {}

    def _of(self, course: Course) -> list[tuple[date, date]]:
        found = self._known.get(course.key)
        if found is None:
            found = self._known[course.key] = _periods(course)
        return found

    def overlap(self, a: Course, b: Course) -> timedelta:
        """The longest time that two supplies cover together."""
        longest = _NO_TIME
        for start, end in self._of(a):
            for other_start, other_end in self._of(b):
                both = min(end, other_end) - max(start, other_start) + _DAY
                longest = max(longest, both)
        return longest


def _last(course: Course) -> Act:
    """The last delivery, else the last prescription, for people."""
    treatment = course.treatment
    if course.deliveries:
        return _delivered(course.deliveries[-1])
    order = course.prescribed[-1]
    on = order.start or max((source.on for source in order.sources), default=date.min)
    return Act(
        label=treatment.name, on=on, author=order.prescriber.display, result=order.dosage,
        sources=order.sources,
    )  # fmt: skip


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
    for earlier, later in zip(course.deliveries, course.deliveries[1:], strict=False):
        on = later.fact.on
        if on < since:
            continue
        left = earlier.fact.on + timedelta(days=earlier.days) - on
        if left > least and _is_another(earlier, later):
            yield Repeat(
                rule=rule, subject=course.key, earlier=_delivered(earlier), later=_delivered(later)
            )
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
