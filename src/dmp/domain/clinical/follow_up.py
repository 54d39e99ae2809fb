"""What follow-up is due or missing: vaccinations, screenings, long-term conditions, pregnancy, children.

Source: table of follow-up rules, each with its own source.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import NamedTuple

from dmp.domain.clinical.coding import KIND_OF, atc_of, each_asked_by, plain
from dmp.domain.clinical.facts import Dispensed, Findings, Source, Vaccination
from dmp.domain.clinical.knowledge.medicines import Medicines
from dmp.domain.clinical.knowledge.rules import FollowUpRule
from dmp.domain.clinical.same.gathering import Sourced
from dmp.domain.clinical.synthesis import Due
from dmp.domain.clinical.watching.by_code import ByCode
from dmp.domain.clinical.watching.situations import Situations
from dmp.domain.codes import Code
from dmp.domain.identity.patient import Sex, Traits
from dmp.domain.record.calendar import months_after

SEASON_MONTHS = 4
"""How long what is due at a season may be done, from its first month."""
EARLY_MONTHS = 1
"""What is done this much before its time counts."""


class _Done(NamedTuple):
    on: date
    sources: tuple[Source, ...]


_new = tuple.__new__  # hundreds of them: their own constructor is a call of Python more for each
_UNKNOWN: list[_Done] = []
"""Stands for "not looked up yet", which None does not."""


def after(day: date, months: int) -> date:
    """The same day that many months later, or earlier; the last day of a shorter month."""
    return months_after(datetime(day.year, day.month, day.day, tzinfo=UTC), months).date()


def age_in_months(traits: Traits, today: date) -> int:
    """Completed months of age."""
    birth = traits.birth_date
    return (today.year - birth.year) * 12 + today.month - birth.month - (today.day < birth.day)


def due(
    rules: Iterable[FollowUpRule],
    facts: Findings,
    found_by: ByCode,
    situations: Situations,
    traits: Traits,
    medicines: Medicines,
    today: date,
) -> tuple[Due, ...]:
    """What is due today: what is late first, the longest first. `found_by`: the same facts by their codes."""
    age = age_in_months(traits, today)
    wanted = [
        rule
        for rule in rules
        if rule.from_months <= age < rule.to_months and _concerns(rule, traits, situations, today)
    ]
    if not wanted:
        return ()
    done = _Acts(facts, found_by, medicines, wanted)
    found: list[Due] = []
    missing_doses: set[tuple[str, ...]] = set()
    for rule in sorted(wanted, key=lambda rule: rule.rank):
        one = _due(rule, done, traits, today)
        # Of several doses that are missing, the next one is due, not all of them.
        if one is not None and not (rule.rank and rule.done_by in missing_doses):
            found.append(one)
            if rule.rank:
                missing_doses.add(rule.done_by)
    return tuple(sorted(found, key=lambda d: (d.late_since or date.max, d.rule_id)))


def _concerns(rule: FollowUpRule, traits: Traits, situations: Situations, today: date) -> bool:
    """Whether a rule of this age is about the person."""
    if rule.sex and traits.sex is not Sex(rule.sex):
        return False
    conditions = tuple(word for word in rule.condition.split("|") if word)
    return not conditions or situations.any_holds(conditions, today)


class _Acts:
    """What was done of all that the rules ask for, by kind and code."""

    def __init__(
        self,
        facts: Findings,
        found_by: ByCode,
        medicines: Medicines,
        rules: Iterable[FollowUpRule],
    ) -> None:
        self._wanted: dict[str, dict[str, list[_Done]]] = {}
        self._places: dict[tuple[str, str], list[_Done] | None] = {}
        for rule in rules:
            for word in rule.done_by:
                kind, _, code = word.partition(":")
                self._wanted.setdefault(kind, {}).setdefault(code, [])
        for kind, codes in self._wanted.items():
            for code, done in codes.items():
                acts = found_by.performed.get((kind, code), ())
                done.extend([_new(_Done, (act.on, act.sources)) for act in acts])
                results = found_by.results.get((kind, code), ())
                done.extend([_new(_Done, (one.at.date(), one.sources)) for one in results])
        for exam in facts.imaging:
            self._add(exam.code, exam.on, exam)
        for stay in facts.stays:
            for coded in stay.codes:
                self._add(coded, stay.start, stay)
        self._classes: dict[tuple[str, ...], tuple[list[_Done], ...]] = {}
        self._given(facts.vaccinations, medicines)
        self._given(facts.dispensed, medicines)

    def _add(self, code: Code | None, on: date, fact: Sourced) -> None:
        if code is not None and (done := self._of_code(code)) is not None:
            done.append(_Done(on, fact.sources))

    def _of_code(self, code: Code) -> list[_Done] | None:
        """Where what has this code is noted; None when no rule asks for it."""
        key = code.system, code.code
        found = self._places.get(key, _UNKNOWN)
        if found is _UNKNOWN:
            codes = self._wanted.get(KIND_OF.get(code.system, ""))
            found = self._places[key] = None if codes is None else codes.get(plain(code))
        return found

    def _given(self, facts: Sequence[Vaccination | Dispensed], medicines: Medicines) -> None:
        """Vaccines and medicines: by their own codes, and by the beginning of their ATC code."""
        known = self._classes
        for fact, asked in zip(facts, each_asked_by(facts), strict=True):
            classes = known.get(asked)
            if classes is None:
                classes = known[asked] = self._places_of(fact.codes, fact.label, medicines)
            for done in classes:
                done.append(_Done(fact.on, fact.sources))

    def _places_of(
        self, codes: tuple[Code, ...], label: str, medicines: Medicines
    ) -> tuple[list[_Done], ...]:
        medicine = medicines.by_codes(codes, label)
        atc = {atc_of(codes), medicine.atc if medicine is not None else ""} - {""}
        own = [done for code in codes if (done := self._of_code(code)) is not None]
        of_class = [
            done
            for prefix, done in self._wanted.get("atc", {}).items()
            if any(one.startswith(prefix) for one in atc)
        ]
        return (*own, *of_class)

    def of(self, rule: FollowUpRule) -> list[_Done]:
        """Each day on which something shows that the rule was followed, oldest first."""
        found: dict[date, _Done] = {}
        for word in rule.done_by:
            kind, _, code = word.partition(":")
            for one in self._wanted[kind][code]:
                found.setdefault(one.on, one)
        return [found[day] for day in sorted(found)]


def _due(rule: FollowUpRule, acts: _Acts, traits: Traits, today: date) -> Due | None:
    done = [one for one in acts.of(rule) if one.on <= today]
    last = done[-1] if done else None
    late: date | None
    if rule.season_from:
        start = _season(rule.season_from, today)
        if start is None or (last is not None and last.on >= start):
            return None
        late = start
    elif rule.every_months is not None:
        late = after(last.on, rule.every_months) if last is not None else None
        if late is not None and late > today:
            return None
    else:
        first_day = after(traits.birth_date, rule.from_months)
        if _is_complete(rule, done, first_day):
            return None
        late = first_day
    if last is None and rule.every_months is not None and not rule.season_from:
        late = None if rule.condition else after(traits.birth_date, rule.from_months)
    return Due(
        rule_id=rule.rule_id,
        label=rule.label,
        source=rule.source,
        late_since=late,
        last=last.on if last is not None else None,
        sources=last.sources if last is not None else (),
    )


def _is_complete(rule: FollowUpRule, done: list[_Done], first_day: date) -> bool:
    """Enough doses; or, for an act of one age, one that was done at that age."""
    if rule.rank:
        return len(done) >= rule.rank
    return any(one.on >= after(first_day, -EARLY_MONTHS) for one in done)


def _season(first_month: int, today: date) -> date | None:
    """The first day of the season that is open today; None out of season."""
    start = date(today.year if today.month >= first_month else today.year - 1, first_month, 1)
    return start if today < after(start, SEASON_MONTHS) else None


def upcoming(
    rules: Iterable[FollowUpRule], traits: Traits, today: date
) -> tuple[tuple[FollowUpRule, date], ...]:
    """What the calendar foresees for this person later in life, each with the day from which, soonest first.

    Only what is due at an age, to everybody of this sex: not what a situation or a season brings.
    """
    age = age_in_months(traits, today)
    found = [
        (rule, after(traits.birth_date, rule.from_months))
        for rule in rules
        if rule.from_months > age
        and not rule.condition
        and not (rule.sex and traits.sex is not Sex(rule.sex))
    ]
    return tuple(sorted(found, key=lambda one: (one[1], one[0].rule_id)))
