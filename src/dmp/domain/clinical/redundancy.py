"""Acts repeated too early and medicines taken twice, by the table of rules; said, never blocking.

The earlier act is always shown with its day, who did it and, where the record holds it, its result. A test is
the same whether the insurance paid for it, a report gives its result, or both.

Source: table of redundancy rules, each with its own source and state.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from dmp.domain.clinical.coding import KIND_OF, plain
from dmp.domain.clinical.facts import Findings, Imaging, Performed, Result, Source
from dmp.domain.clinical.knowledge.knowledge import Knowledge
from dmp.domain.clinical.knowledge.rules import Comparison, RedundancyRule, Weight
from dmp.domain.clinical.same.exams import modality_of, regions_of
from dmp.domain.clinical.same.gathering import in_order
from dmp.domain.clinical.treatments import Course
from dmp.domain.clinical.watching.situations import THERAPY_CHANGE_DAYS, Situations
from dmp.domain.codes import LOINC

RECENT_DAYS = 180
"""A repeat whose later act is older than this is history, and no longer said."""
SAME_TEST_DAYS = 1
"""The day that the insurance gives and the day of the sample may differ by this much."""
MODALITIES = frozenset({"CT", "MR", "DX", "US", "MG", "NM", "PT", "XA", "BMD", "OP"})
_WITHOUT_REGION = frozenset({"MG", "BMD"})
_THERAPIES: tuple[tuple[frozenset[str], tuple[str, ...]], ...] = (
    (frozenset({"1577"}), ("A10",)),
    (frozenset({"1206", "1207", "1208", "1209", "1210", "1211", "1212"}), ("H03", "C01BD01")),
    (frozenset({"996", "580", "590", "2001"}), ("C10",)),
    (frozenset({"1213"}), ("B03A",)),
)
"""Treatments whose change explains a repeated test; for the other tests, any treatment."""
_CCAM = re.compile(r"[A-Z]{4}\d{3}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One of the two acts of a repeat: for people, with its result where the record holds it."""

    label: str
    on: date
    author: str = ""
    result: str = ""
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeat:
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
    facts: Findings, situations: Situations, knowledge: Knowledge, today: date
) -> list[Repeat]:
    """Laboratory tests repeated too early, several times on one order, or beside one that contains them."""
    rules = [rule for rule in knowledge.redundancy if rule.comparison is Comparison.LABORATORY]
    if not rules:
        return []
    longest = max((rule.min_days or 0) for rule in rules)
    tests = _Tests(facts, knowledge, today - timedelta(days=RECENT_DAYS + longest))
    found: list[Repeat] = []
    for rule in rules:
        if rule.min_days is not None:
            found.extend(_of_rule(rule, tests, situations, today))
    return _one_per_repeat(found)


class _Tests:
    """What was tested since a day, by NABM code and by LOINC code."""

    def __init__(self, facts: Findings, knowledge: Knowledge, since: date) -> None:
        self._loinc_of = knowledge.loinc_of
        self.most_per_order = knowledge.most_per_order
        self.performed: dict[str, list[Performed]] = {}
        self.results: dict[str, list[tuple[date, Result]]] = {}
        for act in facts.performed:
            if act.on >= since and KIND_OF.get(act.code.system) == "nabm":
                self.performed.setdefault(plain(act.code), []).append(act)
        for result in facts.results:
            code = result.code
            if code is not None and code.system == LOINC and (day := result.at.date()) >= since:
                self.results.setdefault(code.code, []).append((day, result))

    def of(self, codes: Iterable[str], since: date) -> list[_Test]:
        """Every time one of these acts was done from that day on, oldest first; a claim and its result are one
        time.
        """
        acts = [
            _Test(act.on, act.label, act=act)
            for code in codes
            for act in self.performed.get(code, ())
            if act.on >= since
        ]
        loinc = {one for code in codes for one in self._loinc_of.get(code, ())}
        values = [
            _Test(day, result.label, results=[result])
            for code in sorted(loinc & self.results.keys())
            for day, result in self.results[code]
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

    def shown(self) -> Act:
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
        if element == "*":
            yield from _too_often(rule, tests, situations, today)
        elif "+" in element:
            yield from _together(rule, element.split("+"), tests, situations, today)
        elif rule.min_days:
            yield from _too_early(rule, element.split("/"), tests, situations, today)
    if rule.min_days == 0 and len(rule.codes) > 1 and not any("+" in code for code in rule.codes):
        yield from _together(rule, rule.codes, tests, situations, today)


def _is_recent(day: date, today: date) -> bool:
    return today - timedelta(days=RECENT_DAYS) <= day <= today


def _too_early(
    rule: RedundancyRule, codes: Sequence[str], tests: _Tests, situations: Situations, today: date
) -> Iterator[Repeat]:
    least = timedelta(days=rule.min_days or 0)
    done = tests.of(codes, today - least - timedelta(days=RECENT_DAYS))
    for earlier, later in pairwise(done):
        apart: timedelta = later.on - earlier.on
        if apart >= least or not _is_recent(later.on, today):
            continue
        if not _is_silent(rule, codes, later.on, situations):
            yield Repeat(
                rule=rule, subject="/".join(codes), earlier=earlier.shown(), later=later.shown()
            )


def _is_silent(
    rule: RedundancyRule, codes: Sequence[str], day: date, situations: Situations
) -> bool:
    if situations.any_holds(rule.silent_in, day):
        return True
    if "therapy-change" not in rule.silent_in:
        return False
    prefixes = next((atc for tests, atc in _THERAPIES if tests & set(codes)), ("",))
    return situations.changed_therapy(prefixes, day - timedelta(days=THERAPY_CHANGE_DAYS), day)


def _too_often(
    rule: RedundancyRule, tests: _Tests, situations: Situations, today: date
) -> Iterator[Repeat]:
    """More often on one day than the nomenclature lets an order hold."""
    for code, acts in tests.performed.items():
        most = tests.most_per_order.get(code)
        if most is None:
            continue
        days: dict[date, list[Performed]] = {}
        for act in acts:
            if _is_recent(act.on, today):
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
            if _is_recent(act.on, today):
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


def repeated_imaging(
    facts: Findings, situations: Situations, knowledge: Knowledge, today: date
) -> list[Repeat]:
    """Imaging exams repeated too early: the same act, or the same modality of the same region."""
    rules = [rule for rule in knowledge.redundancy if rule.comparison is Comparison.IMAGING]
    exams = sorted(facts.imaging, key=lambda exam: (exam.on, exam.label))
    found = []
    for rule in rules:
        if not rule.min_days:
            continue
        since = today - timedelta(days=RECENT_DAYS + rule.min_days)
        compared = _Compared(rule)
        last: dict[str, Imaging] = {}
        for exam in exams:
            for subject in compared.of(exam) if exam.on >= since else ():
                earlier = last.get(subject)
                last[subject] = exam
                if (
                    earlier is not None
                    and 0 < (exam.on - earlier.on).days < rule.min_days
                    and _is_recent(exam.on, today)
                    and not situations.any_holds(rule.silent_in, exam.on)
                ):
                    found.append(
                        Repeat(
                            rule=rule, subject=subject, earlier=_seen(earlier), later=_seen(exam)
                        )
                    )
    return _one_per_exam(found)


def _one_per_exam(found: Iterable[Repeat]) -> list[Repeat]:
    kept: dict[tuple[date, str], Repeat] = {}
    for repeat in sorted(found, key=lambda r: (r.rule.weight is not Weight.WARN, r.rule.rule_id)):
        kept.setdefault((repeat.later.on, repeat.later.label), repeat)
    return list(kept.values())


class _Compared:
    """What a rule compares of an exam."""

    def __init__(self, rule: RedundancyRule) -> None:
        self._acts = frozenset(code for code in rule.codes if _CCAM.fullmatch(code))
        self._by_region = any("region" in code.lower() for code in rule.codes)
        named = MODALITIES.intersection(rule.codes)
        if self._by_region and not named:
            named = MODALITIES.intersection(re.findall(r"\b[A-Z]{2,3}\b", rule.label))
        if any(code.lower().startswith("mammogra") for code in rule.codes):
            named |= {"MG"}
        self._modalities = named

    def of(self, exam: Imaging) -> tuple[str, ...]:
        """The act, or the modality with each of its regions; nothing where the rule is not about the exam."""
        if exam.code is not None and exam.code.code in self._acts:
            return (exam.code.code,)
        modality = modality_of(exam)
        if not modality or not (self._by_region or self._modalities):
            return ()
        if self._modalities and modality not in self._modalities:
            return ()
        if modality in _WITHOUT_REGION and self._modalities:
            return (modality,)
        return tuple(f"{modality}|{region}" for region in sorted(regions_of(exam)))


def _seen(exam: Imaging) -> Act:
    author = exam.performer.display or next((s.author for s in exam.sources if s.author), "")
    return Act(
        label=exam.label, on=exam.on, author=author, result=exam.conclusion, sources=exam.sources
    )


def is_about(rule: RedundancyRule, words: str) -> bool:
    """Whether a rule on medicines compares what `words` say (`level 5`, `combination`...)."""
    return any(words in code.lower() for code in rule.codes)


def covers_recently(course: Course, today: date) -> bool:
    """Whether a treatment is current, or its last supply ended within a month."""
    return course.treatment.is_current or (
        course.treatment.end is not None and course.treatment.end >= today - timedelta(days=30)
    )
