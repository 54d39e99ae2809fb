"""Alerts: what the rules say of the facts of one reader, the gravest first, each with its proofs.

Nothing blocks. Contre-indications and associations déconseillées interrupt; precautions and what is to be
taken into account stand in the side list. One alert for each two products.

Source: ANSM, Thésaurus des interactions médicamenteuses; tables of redundancy, follow-up and critical values.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from dmp.domain.clinical.facts import Dispensed, Findings, Prescribed
from dmp.domain.clinical.follow_up import due
from dmp.domain.clinical.interactions import index_of
from dmp.domain.clinical.knowledge.editions import ReferenceKind
from dmp.domain.clinical.knowledge.knowledge import Knowledge
from dmp.domain.clinical.knowledge.rules import Weight
from dmp.domain.clinical.knowledge.thesaurus import Level, Pair
from dmp.domain.clinical.redundancy import Repeat, repeated_tests
from dmp.domain.clinical.synthesis import (
    Alert,
    AlertClass,
    Due,
    Series,
    Treatment,
    Words,
)
from dmp.domain.clinical.treatments import Course, courses
from dmp.domain.clinical.watching.allergens import FAMILIES, AllergyMatch, allergy_matches
from dmp.domain.clinical.watching.by_code import ByCode
from dmp.domain.clinical.watching.critical_values import (
    AGAINST,
    BOUNDS,
    Critical,
    critical_values,
)
from dmp.domain.clinical.watching.doubled_medicines import doubled_medicines
from dmp.domain.clinical.watching.repeated_imaging import repeated_imaging
from dmp.domain.clinical.watching.situations import Situations
from dmp.domain.clinical.watching.wording import (
    Shown,
    last_day,
    of_allergy,
    of_critical,
    of_due,
    of_duplicate,
    of_interaction,
)
from dmp.domain.identity.patient import Traits
from dmp.domain.record.calendar import LOCAL

_CLASS_STEP = 100
_ORDER = {alert_class: rank * _CLASS_STEP for rank, alert_class in enumerate(AlertClass)}
_OF_DUPLICATES = _ORDER[AlertClass.DUPLICATE]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluated:
    """What the rules look at: the facts of one reader on one day, and what is known. `found_by`: the same facts
    by their codes.
    """

    today: date
    traits: Traits
    facts: Findings
    courses: Sequence[Course]
    series: Sequence[Series]
    knowledge: Knowledge
    found_by: ByCode


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Alerts in the order of the page, what is due, treatments with their duplicates, rules evaluated."""

    alerts: tuple[Alert, ...]
    due: tuple[Due, ...]
    treatments: tuple[Treatment, ...]
    rules: int


def alerts_of(evaluated: Evaluated) -> Verdict:
    """Everything that the rules say."""
    facts, known, today = evaluated.facts, evaluated.knowledge, evaluated.today
    situations = Situations(facts, evaluated.courses, evaluated.traits.birth_date)
    current = [course for course in evaluated.courses if course.treatment.is_current]
    found_by = evaluated.found_by
    doubled = doubled_medicines(evaluated.courses, known, today)
    repeats = [
        *repeated_tests(found_by, situations, known, today),
        *repeated_imaging(facts, situations, known, today),
        *doubled,
    ]
    missing = due(
        known.follow_up, facts, found_by, situations, evaluated.traits, known.medicines, today
    )
    interactions = _interactions(current, known)
    told = {frozenset(alert.key.removeprefix("interaction:").split("|")) for alert in interactions}
    found = [
        *interactions,
        *(_allergy(m, known) for m in allergy_matches(facts.allergies, current, known.medicines)),
        *(_critical(c) for c in critical_values(evaluated.series, current, today)),
        *(_duplicate(repeat, known, told) for repeat in repeats),
        *(_due(one, today) for one in missing),
    ]
    return Verdict(
        alerts=ordered(found),
        due=missing,
        treatments=_with_duplicates(evaluated.courses, doubled),
        rules=rules_in(known),
    )


def rules_in(knowledge: Knowledge) -> int:
    """How many rules are evaluated each time."""
    tables = len(knowledge.redundancy) + len(knowledge.follow_up)
    return len(knowledge.thesaurus.pairs) + tables + len(BOUNDS) + len(AGAINST) + len(FAMILIES)


def ordered(alerts: Iterable[Alert]) -> tuple[Alert, ...]:
    """Each key once; those of the side list last; by severity, then the newest."""
    once: dict[str, Alert] = {}
    for alert in sorted(alerts, key=_place):
        once.setdefault(alert.key, alert)
    return tuple(once.values())


def _place(alert: Alert) -> tuple[object, ...]:
    return alert.side, alert.rank, -alert.on.toordinal(), alert.key


def new_alerts(new: Sequence[Prescribed | Dispensed], evaluated: Evaluated) -> tuple[Alert, ...]:
    """What new medicines bring: interactions with one another and with what is current, allergies, values that
    speak against them. A renewal says again what the medicine meets.
    """
    known, today = evaluated.knowledge, evaluated.today
    added = courses(
        [_of_today(fact, today) for fact in new if isinstance(fact, Prescribed)],
        [fact for fact in new if isinstance(fact, Dispensed)],
        known.medicines,
        today,
    )
    keys = {course.key for course in added}
    others = [c for c in evaluated.courses if c.treatment.is_current and c.key not in keys]
    found = [
        alert
        for alert in _interactions([*added, *others], known)
        if keys & set(alert.key.removeprefix("interaction:").split("|"))
    ]
    found.extend(
        _allergy(match, known)
        for match in allergy_matches(evaluated.facts.allergies, added, known.medicines)
    )
    found.extend(
        _critical(one)
        for one in critical_values(evaluated.series, added, today)
        if one.course is not None
    )
    return ordered(found)


def _of_today(fact: Prescribed, today: date) -> Prescribed:
    """A prescription that is being written begins today where it does not say when."""
    return fact if fact.start is not None else fact._replace(start=today)


def _interactions(current: Sequence[Course], known: Knowledge) -> list[Alert]:
    with_medicine = [course for course in current if course.medicine is not None]
    medicines = [course.medicine for course in with_medicine if course.medicine is not None]
    edition = known.cited(ReferenceKind.ANSM)
    met = index_of(known.thesaurus).check(medicines)
    # Each once: a medicine may meet many others, by the same pairs.
    meeting = {rank for one in met for rank in (one.a, one.b)}
    shown = {rank: Shown.of(with_medicine[rank]) for rank in meeting}
    graded: dict[int, _Grade] = {}
    found: list[Alert] = []
    for one in met:
        a, b, first = with_medicine[one.a], with_medicine[one.b], one.pairs[0]
        grade = graded.get(id(first))
        if grade is None:
            grade = graded[id(first)] = _grade(first)
        alert_class, rank, rule_id, side = grade
        key = f"interaction:{a.key}|{b.key}" if a.key < b.key else f"interaction:{b.key}|{a.key}"
        a_shown, b_shown = shown[one.a], shown[one.b]
        words = Words(partial(of_interaction, one.pairs, a_shown, b_shown, edition))
        on = max(a_shown.on, b_shown.on)
        found.append(Alert(key, alert_class, on, rank, rule_id, side, words))
    return found


_Grade = tuple[AlertClass, int, str, bool]
"""Of a pair: the class of its alert, the rank, the rule, and whether it stands in the side list."""


def _grade(pair: Pair) -> _Grade:
    worst = pair.worst
    is_contraindicated = worst is Level.CONTRAINDICATED
    alert_class = AlertClass.CONTRAINDICATION if is_contraindicated else AlertClass.INTERACTION
    rank = _ORDER[alert_class] + 10 * (Level.CONTRAINDICATED - worst) + pair.is_conditional
    return alert_class, rank, f"ansm:{pair.a_term}+{pair.b_term}", worst < Level.NOT_RECOMMENDED


def _allergy(match: AllergyMatch, known: Knowledge) -> Alert:
    allergy, course = match.allergy, match.course
    return Alert(
        key=f"allergy:{allergy.label.lower()}|{course.key}",
        alert_class=AlertClass.ALLERGY,
        on=last_day(course),
        rank=_ORDER[AlertClass.ALLERGY] + match.by_class,
        rule_id="allergy-class" if match.by_class else "allergy-substance",
        side=False,
        words=Words(partial(of_allergy, match, known)),
    )


def _critical(found: Critical) -> Alert:
    course, against = found.course, found.against
    key, rule = f"critical:{found.series.label}", "critical-value"
    if course is not None and against is not None:
        key, rule = f"{key}|{course.key}", against.rule_id
    return Alert(
        key=key,
        alert_class=AlertClass.CRITICAL,
        on=found.result.at.astimezone(LOCAL).date(),
        rank=_ORDER[AlertClass.CRITICAL],
        rule_id=rule,
        side=False,
        words=Words(partial(of_critical, found)),
    )


def _duplicate(repeat: Repeat, known: Knowledge, told: set[frozenset[str]]) -> Alert:
    """A repeat; it steps aside where an interaction of the same two medicines already interrupts."""
    is_information = repeat.rule.weight is Weight.INFO
    return Alert(
        key=f"duplicate:{repeat.subject}:{repeat.on.isoformat()}",
        alert_class=AlertClass.DUPLICATE,
        on=repeat.on,
        rank=_OF_DUPLICATES + is_information,
        rule_id=repeat.rule.rule_id,
        side=is_information
        or ("|" in repeat.subject and frozenset(repeat.subject.split("|")) in told),
        words=Words(partial(of_duplicate, repeat, known)),
    )


def _due(one: Due, today: date) -> Alert:
    return Alert(
        key=f"due:{one.rule_id}",
        alert_class=AlertClass.DUE,
        on=date.min if one.last is None else one.late_since or today,
        rank=_ORDER[AlertClass.DUE],
        rule_id=one.rule_id,
        side=one.last is None,  # nothing proves it: it stands in the list of what is due
        words=Words(partial(of_due, one)),
    )


def _with_duplicates(
    all_courses: Sequence[Course], doubled: Sequence[Repeat]
) -> tuple[Treatment, ...]:
    """Treatments with the keys of those that double them."""
    names: dict[str, set[str]] = {}
    for repeat in doubled:
        first, _, second = repeat.subject.partition("|")
        names.setdefault(first, set()).add(second or first)
        names.setdefault(second or first, set()).add(first)
    return tuple(
        replace(course.treatment, duplicates=tuple(sorted(names[course.key])))
        if course.key in names
        else course.treatment
        for course in all_courses
    )
