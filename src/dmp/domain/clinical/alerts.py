"""Alerts: what the rules say of the facts of one reader, the gravest first, each with its proofs.

Nothing blocks. Contre-indications and associations déconseillées interrupt; precautions and what is to be
taken into account stand in the side list. One alert for each two products.

Source: ANSM, Thésaurus des interactions médicamenteuses; tables of redundancy, follow-up and critical values.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from dmp.domain.clinical.facts import Dispensed, Findings, Prescribed, Source
from dmp.domain.clinical.follow_up import due
from dmp.domain.clinical.interactions import Interaction, index_of
from dmp.domain.clinical.knowledge.editions import ReferenceKind
from dmp.domain.clinical.knowledge.knowledge import Knowledge
from dmp.domain.clinical.knowledge.rules import Weight
from dmp.domain.clinical.knowledge.thesaurus import Level, Pair
from dmp.domain.clinical.redundancy import (
    Repeat,
    printed_result,
    repeated_tests,
)
from dmp.domain.clinical.synthesis import Alert, AlertClass, Due, Proof, Series, Treatment
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
from dmp.domain.identity.patient import Traits
from dmp.domain.record.calendar import LOCAL

ABBREVIATIONS = {
    Level.CONTRAINDICATED: "CI",
    Level.NOT_RECOMMENDED: "ASDEC",
    Level.PRECAUTION: "PE",
    Level.TAKE_INTO_ACCOUNT: "APEC",
}
WORDS = {
    Level.CONTRAINDICATED: "contre-indication",
    Level.NOT_RECOMMENDED: "association déconseillée",
    Level.PRECAUTION: "précaution d'emploi",
    Level.TAKE_INTO_ACCOUNT: "à prendre en compte",
}
FAMILIES_EDITION = "Familles d'allergies de l'outil, d'après les RCP (section 4.3)"
_CLASS_STEP = 100
_ORDER = {alert_class: rank * _CLASS_STEP for rank, alert_class in enumerate(AlertClass)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluated:
    """What the rules look at: the facts of one reader on one day, and what is known."""

    today: date
    traits: Traits
    facts: Findings
    courses: Sequence[Course]
    series: Sequence[Series]
    knowledge: Knowledge


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
    found_by = ByCode(facts)
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


def levels_of(pair: Pair) -> str:
    """The levels in the printed order: `CI-ASDEC`."""
    return "-".join(ABBREVIATIONS[level] for level in pair.levels)


def _interactions(current: Sequence[Course], known: Knowledge) -> list[Alert]:
    with_medicine = [course for course in current if course.medicine is not None]
    medicines = [course.medicine for course in with_medicine if course.medicine is not None]
    edition = known.cited(ReferenceKind.ANSM)
    proofs: dict[str, Proof] = {}  # each once: a medicine may meet many others

    def proof(course: Course) -> Proof:
        if course.key not in proofs:
            proofs[course.key] = _proof(course)
        return proofs[course.key]

    def told(found: Interaction) -> Alert:
        a, b = with_medicine[found.a], with_medicine[found.b]
        return _interaction(found, (a, proof(a)), (b, proof(b)), edition)

    return [told(found) for found in index_of(known.thesaurus).check(medicines)]


def _interaction(
    found: Interaction, one: tuple[Course, Proof], other: tuple[Course, Proof], edition: str
) -> Alert:
    (a, a_proof), (b, b_proof) = one, other
    first = found.pairs[0]
    worst = first.worst
    is_contraindicated = worst is Level.CONTRAINDICATED
    alert_class = AlertClass.CONTRAINDICATION if is_contraindicated else AlertClass.INTERACTION
    labels = f"{a.treatment.label} + {b.treatment.label}"
    words = " ou ".join(WORDS[level] for level in first.levels)
    depends = ", selon la dose ou le contexte" if first.is_conditional else ""
    return Alert(
        key="interaction:" + "|".join(sorted((a.key, b.key))),
        alert_class=alert_class,
        sentence=f"{labels} : {words}{depends}",
        on=max(a_proof.on or date.min, b_proof.on or date.min),
        rank=_ORDER[alert_class] + 10 * (Level.CONTRAINDICATED - worst) + first.is_conditional,
        rule_id=f"ansm:{first.a_term}+{first.b_term}",
        edition=edition,
        level=levels_of(first),
        mechanism=_printed(found.pairs, [pair.mechanism for pair in found.pairs]),
        conduct=_printed(found.pairs, [pair.conduct for pair in found.pairs]),
        side=worst < Level.NOT_RECOMMENDED,
        proofs=(a_proof, b_proof),
    )


def _printed(pairs: Sequence[Pair], texts: Sequence[str]) -> str:
    """The printed text; where several pairs are matched, each under its own heading."""
    if len(pairs) == 1:
        return texts[0]
    return "\n".join(
        f"{pair.a} + {pair.b} ({levels_of(pair)}) : {text}"
        for pair, text in zip(pairs, texts, strict=True)
        if text
    )


def _last_day(course: Course) -> date:
    shown = course.treatment
    days = [supply.on for supply in shown.supplies[-1:]]
    days.extend(order.start for order in course.prescribed[-1:] if order.start is not None)
    return max(days, default=shown.start or date.min)


def _proof(course: Course) -> Proof:
    """The last delivery and the last prescription of a treatment."""
    sources: list[Source] = [
        *(source for delivery in course.deliveries[-1:] for source in delivery.fact.sources),
        *(source for order in course.prescribed[-1:] for source in order.sources),
    ]
    return Proof(
        label=course.treatment.name, on=_last_day(course), sources=tuple(dict.fromkeys(sources))
    )


def _allergy(match: AllergyMatch, known: Knowledge) -> Alert:
    allergy, course = match.allergy, match.course
    family = " (même famille)" if match.by_class else ""
    return Alert(
        key=f"allergy:{allergy.label.lower()}|{course.key}",
        alert_class=AlertClass.ALLERGY,
        sentence=f"{course.treatment.label} malgré une allergie : {allergy.label}{family}",
        on=_last_day(course),
        rank=_ORDER[AlertClass.ALLERGY] + match.by_class,
        rule_id="allergy-class" if match.by_class else "allergy-substance",
        edition=known.cited(ReferenceKind.BDPM) if not match.by_class else FAMILIES_EDITION,
        mechanism=allergy.reaction,
        proofs=(
            Proof(label=f"Allergie : {allergy.label}", on=allergy.since, sources=allergy.sources),
            _proof(course),
        ),
    )


def _critical(found: Critical) -> Alert:
    result, course, against = found.result, found.course, found.against
    day = result.at.astimezone(LOCAL).date()
    proofs = [Proof(label=printed_result(result), on=day, sources=result.sources)]
    sentence, key, rule = printed_result(result), f"critical:{found.series.label}", "critical-value"
    if course is not None and against is not None:
        proofs.append(_proof(course))
        sentence = f"{sentence} : {against.sentence}"
        key, rule = f"{key}|{course.key}", against.rule_id
    return Alert(
        key=key,
        alert_class=AlertClass.CRITICAL,
        sentence=sentence,
        on=day,
        rank=_ORDER[AlertClass.CRITICAL],
        rule_id=rule,
        edition=found.source,
        proofs=tuple(proofs),
    )


def _duplicate(repeat: Repeat, known: Knowledge, told: set[frozenset[str]]) -> Alert:
    """A repeat; it steps aside where an interaction of the same two medicines already interrupts."""
    rule, earlier, later = repeat.rule, repeat.earlier, repeat.later
    is_information = rule.weight is Weight.INFO
    said_by = f" par {earlier.author}" if earlier.author else ""
    value = f" ({earlier.result})" if earlier.result else ""
    hour = f" à {earlier.hour}" if earlier.hour else ""
    before = f"déjà le {_figures(earlier.on)}{hour}{said_by}{value}"
    name = later.label if later.label == earlier.label else f"{later.label} / {earlier.label}"
    if rule.min_days is None:
        name = rule.label  # not the interval is the matter, but what the label says
    acts = (earlier,) if rule.min_days is None and earlier == later else (earlier, later)
    state = "" if rule.state.startswith("cited") else f" ({rule.state})"
    return Alert(
        key=f"duplicate:{repeat.subject}:{later.on.isoformat()}",
        alert_class=AlertClass.DUPLICATE,
        sentence=f"{name} : {before}",
        on=later.on,
        rank=_ORDER[AlertClass.DUPLICATE] + is_information,
        rule_id=rule.rule_id,
        edition=f"{known.cited(ReferenceKind.RULES)} — {rule.source}{state}".strip(" —"),
        side=is_information or frozenset(repeat.subject.split("|")) in told,
        proofs=tuple(Proof(label=act.label, on=act.on, sources=act.sources) for act in acts),
    )


def _figures(day: date) -> str:
    return f"{day.day:02}/{day.month:02}/{day.year:04}"


def _due(one: Due, today: date) -> Alert:
    # Of what was never found nobody knows since when it is late: an age that was reached says nothing of it, as
    # for a vaccine that did not exist then.
    late = last = ""
    if one.last is None:
        last = " : non retrouvé dans le dossier"
    else:
        last = f" ; dernier le {one.last:%d/%m/%Y}"
        late = f" (depuis le {one.late_since:%d/%m/%Y})" if one.late_since is not None else ""
    return Alert(
        key=f"due:{one.rule_id}",
        alert_class=AlertClass.DUE,
        sentence=f"{one.label}{late}{last}",
        on=date.min if one.last is None else one.late_since or today,
        rank=_ORDER[AlertClass.DUE],
        rule_id=one.rule_id,
        edition=one.source,
        side=one.last is None,  # nothing proves it: it stands in the list of what is due
        proofs=()
        if one.last is None
        else (Proof(label=one.label, on=one.last, sources=one.sources),),
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
