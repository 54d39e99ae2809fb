"""Imaging exams repeated too early: the same act, or the same modality of the same region.

Source: table of redundancy rules, each with its own source and state.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta

from dmp.domain.clinical.facts import Findings, Imaging
from dmp.domain.clinical.knowledge.knowledge import Knowledge
from dmp.domain.clinical.knowledge.rules import Comparison, RedundancyRule, Weight
from dmp.domain.clinical.redundancy import RECENT_DAYS, Act, Repeat, is_recent
from dmp.domain.clinical.same.exams import modality_of, regions_of
from dmp.domain.clinical.watching.situations import Situations

MODALITIES = frozenset({"CT", "MR", "DX", "US", "MG", "NM", "PT", "XA", "BMD", "OP"})
_WITHOUT_REGION = frozenset({"MG", "BMD"})
_CCAM = re.compile(r"[A-Z]{4}\d{3}")


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
                    and is_recent(exam.on, today)
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
