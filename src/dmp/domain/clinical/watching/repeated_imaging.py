"""Imaging exams repeated too early: the same act, or the same modality of the same region.

Source: table of redundancy rules, each with its own source and state.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from functools import partial
from operator import attrgetter
from typing import NamedTuple

from dmp.domain.clinical.facts import Findings, Imaging
from dmp.domain.clinical.knowledge.knowledge import Knowledge
from dmp.domain.clinical.knowledge.made_ready import MadeReady
from dmp.domain.clinical.knowledge.rules import Comparison, RedundancyRule, Weight
from dmp.domain.clinical.redundancy import RECENT_DAYS, Repeat, is_recent
from dmp.domain.clinical.same.exams import modality_of, regions_of
from dmp.domain.clinical.watching.situations import Situations
from dmp.domain.clinical.watching.tests_done import Act

MODALITIES = frozenset({"CT", "MR", "DX", "US", "MG", "NM", "PT", "XA", "BMD", "OP"})
_WITHOUT_REGION = frozenset({"MG", "BMD"})
_CCAM = re.compile(r"[A-Z]{4}\d{3}")
_BY_DAY_AND_LABEL = attrgetter("on", "label")
_NO_TIME = timedelta(0)


def repeated_imaging(
    facts: Findings, situations: Situations, knowledge: Knowledge, today: date
) -> list[Repeat]:
    """Imaging exams repeated too early: the same act, or the same modality of the same region."""
    rules = _ON_IMAGING.of(knowledge)
    exams, kinds = _described(facts.imaging) if rules else ((), ())
    found: list[tuple[str, Repeat]] = []
    for compared in rules:
        rule, least = compared.rule, compared.least
        since = today - timedelta(days=RECENT_DAYS) - least
        subjects = [compared.of(kind) for kind in kinds]
        last: dict[str, Imaging] = {}
        for exam, kind in exams:
            about = subjects[kind]
            if not about or exam.on < since:
                continue
            for subject in about:
                earlier = last.get(subject)
                last[subject] = exam
                if (
                    earlier is not None
                    and _NO_TIME < exam.on - earlier.on < least
                    and is_recent(exam.on, today)
                    and not situations.any_holds(rule.silent_in, exam.on)
                ):
                    repeat = Repeat(rule, subject, exam.on, partial(_both, earlier, exam))
                    found.append((exam.label, repeat))
    return _one_per_exam(found)


class _Kind(NamedTuple):
    """What exams of one kind have in common: code, modality, and the modality with each of their regions."""

    code: str
    modality: str
    regions: tuple[str, ...]


def _described(
    imaging: Iterable[Imaging],
) -> tuple[Sequence[tuple[Imaging, int]], Sequence[_Kind]]:
    """Exams, the oldest first, each with its kind by the place in the list of kinds."""
    known: dict[tuple[str, str, str, str], int] = {}
    exams: list[tuple[Imaging, int]] = []
    kinds: list[_Kind] = []
    for exam in sorted(imaging, key=_BY_DAY_AND_LABEL):
        words = (
            exam.code.code if exam.code is not None else "",
            exam.modality,
            exam.region,
            exam.label,
        )
        kind = known.get(words)
        if kind is None:
            modality = modality_of(exam)
            regions = sorted(regions_of(exam)) if modality else ()
            kinds.append(
                _Kind(words[0], modality, tuple(f"{modality}|{region}" for region in regions))
            )
            kind = known[words] = len(kinds) - 1
        exams.append((exam, kind))
    return exams, kinds


def _one_per_exam(found: Iterable[tuple[str, Repeat]]) -> list[Repeat]:
    kept: dict[tuple[date, str], Repeat] = {}
    for label, repeat in sorted(found, key=lambda one: _gravest_first(one[1].rule)):
        kept.setdefault((repeat.on, label), repeat)
    return list(kept.values())


def _gravest_first(rule: RedundancyRule) -> tuple[object, ...]:
    return rule.weight is not Weight.WARN, rule.rule_id


class _Compared:
    """What a rule compares of an exam, made ready."""

    def __init__(self, rule: RedundancyRule) -> None:
        self.rule = rule
        self.least = timedelta(days=rule.min_days or 0)
        self._acts = frozenset(code for code in rule.codes if _CCAM.fullmatch(code))
        self._by_region = any("region" in code.lower() for code in rule.codes)
        named = MODALITIES.intersection(rule.codes)
        if self._by_region and not named:
            named = MODALITIES.intersection(re.findall(r"\b[A-Z]{2,3}\b", rule.label))
        if any(code.lower().startswith("mammogra") for code in rule.codes):
            named |= {"MG"}
        self._modalities = named

    def of(self, kind: _Kind) -> tuple[str, ...]:
        """The act, or the modality with each of its regions; nothing where the rule is not about such exams."""
        if kind.code in self._acts:
            return (kind.code,)
        if not kind.modality or not (self._by_region or self._modalities):
            return ()
        if self._modalities and kind.modality not in self._modalities:
            return ()
        if kind.modality in _WITHOUT_REGION and self._modalities:
            return (kind.modality,)
        return kind.regions


def _on_imaging(knowledge: Knowledge) -> tuple[_Compared, ...]:
    return tuple(
        _Compared(rule)
        for rule in knowledge.redundancy
        if rule.comparison is Comparison.IMAGING and rule.min_days
    )


_ON_IMAGING = MadeReady(_on_imaging)


def _both(earlier: Imaging, later: Imaging) -> tuple[Act, Act]:
    return _seen(earlier), _seen(later)


def _seen(exam: Imaging) -> Act:
    author = exam.performer.display or next((s.author for s in exam.sources if s.author), "")
    return Act(
        label=exam.label, on=exam.on, author=author, result=exam.conclusion, sources=exam.sources
    )
