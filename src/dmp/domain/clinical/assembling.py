"""The synthesis of one reader: everything that exists for him, as one page of facts and alerts.

It looks at nothing but its `Material`: what is not there leaves no trace.

Source: design of the zones Z0 to Z7; volet de synthèse médicale (VSM).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from itertools import islice

from dmp.domain.clinical.alerts import Evaluated, alerts_of, new_alerts
from dmp.domain.clinical.claims_facts import facts_of_lines
from dmp.domain.clinical.facts import Dispensed, Findings, Prescribed, Problem, Stay
from dmp.domain.clinical.knowledge.knowledge import Knowledge
from dmp.domain.clinical.material import Described, Material
from dmp.domain.clinical.merging import merged
from dmp.domain.clinical.optical_prescription import PRESCRIPTION_CLASS, is_of_sight, is_optical
from dmp.domain.clinical.results.paid_since import with_later_tests
from dmp.domain.clinical.results.series import series_of
from dmp.domain.clinical.same.attaching import of_document
from dmp.domain.clinical.same.declared import ending_nothing, of_profile
from dmp.domain.clinical.same.gathering import newest
from dmp.domain.clinical.synthesis import Alert, News, Pregnancy, Synthesis
from dmp.domain.clinical.treatments import courses
from dmp.domain.clinical.watching.by_code import ByCode
from dmp.domain.clinical.watching.pregnancy_weeks import reached_on
from dmp.domain.clinical.watching.situations import Situations
from dmp.domain.documents.types import document_types
from dmp.domain.record.calendar import LOCAL
from dmp.domain.record.declared.wishes import NO_DIRECTIVES
from dmp.domain.record.profile import Profile

SHOWN_TITLES = 3
_REPORTS = frozenset({"CPT_REND", "SYNTHESE"})
_LABORATORY = frozenset({"BIOLOGIE"})
_DIRECTIVES = "DIR_ANT"
_TRUSTED = "personne de confiance"


def synthesis_of(material: Material, knowledge: Knowledge) -> Synthesis:
    """Everything the page shows, each part in the order in which it is shown."""
    today = material.at.astimezone(LOCAL).date()
    facts = findings_of(material, knowledge)
    treatments = courses(facts.prescribed, facts.dispensed, knowledge.medicines, today)
    series = series_of(facts.results)
    found_by = ByCode(facts)
    evaluated = alerts_of(
        Evaluated(
            today=today,
            traits=material.traits,
            facts=facts,
            courses=treatments,
            series=series,
            knowledge=knowledge,
            found_by=found_by,
        )
    )
    situations = Situations(facts, treatments)
    active, past = _present_and_past(facts.problems, situations, today)
    return replace(
        _of_registry(material),
        allergies=tuple(sorted(facts.allergies, key=lambda a: (not a.active, a.label))),
        no_known_allergy=facts.no_known_allergy,
        alerts=evaluated.alerts,
        evaluated_rules=evaluated.rules,
        problems=tuple(sorted(active, key=_weightiest)),
        past=tuple(sorted(past, key=_last_ended)),
        pregnancy=_pregnancy(facts, situations, today),
        treatments=evaluated.treatments,
        series=with_later_tests(series, found_by.performed, knowledge.loinc_of),
        stays=tuple(sorted(facts.stays, key=_last_stay)),
        imaging=tuple(sorted(facts.imaging, key=lambda i: (-i.on.toordinal(), i.label))),
        vaccinations=tuple(sorted(facts.vaccinations, key=lambda v: (-v.on.toordinal(), v.label))),
        performed=tuple(
            sorted(facts.performed, key=lambda p: (-p.on.toordinal(), p.label, p.code.code))
        ),
        devices=tuple(sorted(facts.devices, key=lambda d: (-d.on.toordinal(), d.label))),
        due=evaluated.due,
        editions=tuple(edition.label for edition in knowledge.editions.values()),
    )


def interactions_of_prescription(
    prescribed: Sequence[Prescribed | Dispensed], material: Material, knowledge: Knowledge
) -> tuple[Alert, ...]:
    """The alerts that a new prescription or delivery brings, beside what the record already holds."""
    today = material.at.astimezone(LOCAL).date()
    facts = findings_of(material, knowledge)
    return new_alerts(
        prescribed,
        Evaluated(
            today=today,
            traits=material.traits,
            facts=facts,
            courses=courses(facts.prescribed, facts.dispensed, knowledge.medicines, today),
            series=series_of(facts.results),
            knowledge=knowledge,
            found_by=ByCode(facts),
        ),
    )


def findings_of(material: Material, knowledge: Knowledge) -> Findings:
    """Every fact of the material, each once, with all its sources."""
    today = material.at.astimezone(LOCAL).date()
    claims = None if material.claims_document is None else material.claims_document.document_id
    parts = [
        of_document(entry, findings)
        for entry, findings in material.documents
        # The lines say more than the document that was made of them.
        if findings is not None and not (material.lines and entry.document_id == claims)
    ]
    if material.lines:
        parts.append(facts_of_lines(material.lines, claims, knowledge, today, material.names))
    if material.profile is not None:
        declared = of_profile(material.profile, material.traits.birth_date, today)
        parts.append(ending_nothing(declared, parts))
    return merged(parts, knowledge.medicines)


def _weightiest(problem: Problem) -> tuple[object, ...]:
    """Long-term conditions first, then the most recent."""
    recent = problem.since or newest(problem)
    return not problem.long_term, -recent.toordinal(), problem.label


def _present_and_past(
    problems: Iterable[Problem], situations: Situations, today: date
) -> tuple[list[Problem], list[Problem]]:
    """Those in course and those that are over; what was of a pregnancy ends with it."""
    active: list[Problem] = []
    past: list[Problem] = []
    for one in problems:
        if not one.active:
            past.append(one)
        elif situations.is_over(one, today):
            past.append(replace(one, active=False))
        else:
            active.append(one)
    return active, past


def _pregnancy(facts: Findings, situations: Situations, today: date) -> Pregnancy | None:
    """How far the pregnancy is that holds today; None where none is stated or nothing dates it."""
    stated = situations.pregnancy(today)
    return None if stated is None else reached_on(today, stated, facts)


def _last_ended(problem: Problem) -> tuple[object, ...]:
    return -(problem.until or problem.since or newest(problem)).toordinal(), problem.label


def _last_stay(stay: Stay) -> tuple[object, ...]:
    return -stay.start.toordinal(), -(stay.end or stay.start).toordinal(), stay.place


def _of_registry(material: Material) -> Synthesis:
    """What the registry and the holder's profile give: news, titles, whom to call."""
    entries = [entry for entry, _ in material.documents]
    categories = _categories(entries)
    newest_first = sorted(
        material.documents, key=lambda one: (one[0].service_start, one[0].document_id), reverse=True
    )

    def of(kinds: frozenset[str]) -> tuple[News, ...]:
        return _titles(e for e, _ in newest_first if categories[e.type_code.code] in kinds)

    profile = material.profile
    blood = profile.blood_group if profile is not None else None
    return Synthesis(
        at=material.at,
        news=_news(material, entries),
        last_access=material.last_access,
        latest_report_titles=of(_REPORTS),
        latest_laboratory_titles=of(_LABORATORY),
        latest_prescription_titles=_titles(
            e for e, _ in newest_first if e.class_code.code == PRESCRIPTION_CLASS
        ),
        latest_optical_titles=_titles(e for e, found in newest_first if is_optical(e, found)),
        latest_sight_titles=_titles(e for e, _ in newest_first if is_of_sight(e)),
        claims_until=_claims_until(material),
        blood_group="" if blood is None else blood.value,
        persons_to_warn=() if profile is None else _persons(profile),
        # Silence is not "none": somebody else's directives may exist out of this reader's sight.
        has_directives=_has_directives(categories.values(), profile),
    )


def _categories(entries: Iterable[Described]) -> dict[str, str]:
    """The category of each type of document that there is; empty for a type that is not known."""
    types = document_types()
    there = {entry.type_code.code for entry in entries}
    return {code: types[code].category if code in types else "" for code in there}


def _persons(profile: Profile) -> tuple[tuple[str, str, str], ...]:
    """Whom to call: the person of trust, who speaks for the patient, then those to warn."""
    others = tuple((p.name, p.phone, p.relation) for p in profile.persons_to_warn)
    trusted = profile.wishes.trusted
    if trusted is None:
        return others
    relation = f"{trusted.relation}, {_TRUSTED}" if trusted.relation else _TRUSTED
    first = (trusted.name, trusted.phone, relation)
    return first, *(one for one in others if one[1] != trusted.phone)


def _has_directives(categories: Iterable[str], profile: Profile | None) -> bool | None:
    """Whether there are advance directives: as documents or as declared; False when the holder says so."""
    if _DIRECTIVES in categories:
        return True
    directives = NO_DIRECTIVES if profile is None else profile.wishes.directives
    if directives.exist:
        return True
    return False if directives.none_written else None


def _claims_until(material: Material) -> date | None:
    """The last day that the lines of the insurance know of."""
    return max([line.flow or line.start for line in material.lines], default=None)


def _news(material: Material, entries: Sequence[Described]) -> tuple[News, ...]:
    """Documents that were added since the reader's last access, newest first."""
    since = material.last_access
    if since is None:
        return ()
    new = [entry for entry in entries if entry.submitted_at > since]
    return tuple(
        _named(entry, entry.submitted_at)
        for entry in sorted(new, key=lambda e: (e.submitted_at, e.document_id), reverse=True)
    )


def _titles(newest_first: Iterable[Described]) -> tuple[News, ...]:
    shown = islice(newest_first, SHOWN_TITLES)
    return tuple(_named(entry, entry.service_start) for entry in shown)


def _named(entry: Described, at: datetime) -> News:
    author = entry.authors[0].display if entry.authors else ""
    return News(document=entry.document_id, title=entry.title, on=at, author=author)
