"""Things done that are the same: by day, place and what was done."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from dmp.domain.clinical.coding import compared, folded_label, same_key
from dmp.domain.clinical.facts import Device, Imaging, Performed, Result, Stay, Vaccination
from dmp.domain.clinical.same.exams import same_exam
from dmp.domain.clinical.same.gathering import (
    all_sources,
    by_key,
    by_likeness,
    first_of,
    is_of_claims,
    only_claims,
    paired,
    without_claims,
)
from dmp.domain.clinical.same.supplies import Known

DELIVERY_BEFORE_INJECTION_DAYS = 92
DELIVERY_AFTER_INJECTION_DAYS = 7
"""A vaccine is delivered within the three months before it is given; pharmacies may bill a little later."""
IMAGING_DAYS = 1
STAY_DAYS = 1
VACCINE_CLASS = 5
"""Characters of an ATC code that name what a vaccine is against (`J07BB`)."""


def results(facts: Sequence[Result]) -> list[Result]:
    """Each value once: the same analyte, day, value and unit."""
    measured = [
        (
            code.code if code is not None else folded_label(label),
            at.date(),
            value,
            unit if value is not None else text,
        )
        for label, at, code, value, text, unit, *_ in facts
    ]
    return by_key(facts, measured, _one_result)


def _one_result(facts: list[Result]) -> Result:
    best = facts[0]
    return best._replace(
        at=max(fact.at for fact in facts),
        low=best.low if best.low is not None else _present(fact.low for fact in facts),
        high=best.high if best.high is not None else _present(fact.high for fact in facts),
        interpretation=best.interpretation or first_of(f.interpretation for f in facts) or "",
        sources=all_sources(facts),
    )


def _present(values: Iterable[float | None]) -> float | None:
    return next((value for value in values if value is not None), None)


def vaccinations(facts: Iterable[Vaccination], known: Known) -> list[Vaccination]:
    """Each vaccination once; a delivery joins the injection that follows it."""

    def same_vaccine(a: Vaccination, b: Vaccination) -> bool:
        a_key, a_atc = known.product(a.codes, a.label)
        b_key, b_atc = known.product(b.codes, b.label)
        if a_key == b_key or (a_atc and a_atc[:VACCINE_CLASS] == b_atc[:VACCINE_CLASS]):
            return True
        if a_atc and b_atc:
            return False
        return folded_label(a.label) == folded_label(b.label) or bool({*a.targets} & {*b.targets})

    def alike(a: Vaccination, b: Vaccination) -> bool:
        return a.on == b.on and a.delivered_only == b.delivered_only and same_vaccine(a, b)

    found = by_likeness(facts, alike, _one_vaccination, within=lambda fact: fact.on)
    while True:
        before = len(found)
        found = paired(
            found,
            takers=lambda facts: [one for one in facts if not one.delivered_only],
            taken=lambda facts: [one for one in facts if one.delivered_only],
            day=lambda fact: fact.on,
            window=(-DELIVERY_BEFORE_INJECTION_DAYS, DELIVERY_AFTER_INJECTION_DAYS),
            alike=same_vaccine,
            combine=_one_vaccination,
        )
        if len(found) == before:
            return found


def _one_vaccination(facts: list[Vaccination]) -> Vaccination:
    best = next((fact for fact in facts if not fact.delivered_only), facts[0])
    return replace(
        best,
        codes=tuple(dict.fromkeys(code for fact in (best, *facts) for code in fact.codes)),
        lot=best.lot or first_of(fact.lot for fact in facts) or "",
        rank=best.rank if best.rank is not None else first_of(fact.rank for fact in facts),
        targets=best.targets or first_of(fact.targets for fact in facts) or (),
        sources=all_sources(facts),
    )


def stays(facts: Iterable[Stay]) -> list[Stay]:
    """Each stay once: overlapping days at one place; a claim joins the letter of the same days."""

    def same_place(a: Stay, b: Stay) -> bool:
        return a.start <= (b.end or b.start) and b.start <= (a.end or a.start)

    def same_days(a: Stay, b: Stay) -> bool:
        if a.end is None or b.end is None:
            return a.start == b.start
        return abs((a.end - b.end).days) <= STAY_DAYS

    found = list(facts)
    while True:
        before = len(found)
        found = paired(
            by_likeness(found, same_place, _one_stay, within=lambda fact: folded_label(fact.place)),
            takers=without_claims,
            taken=only_claims,
            day=lambda fact: fact.start,
            window=(-STAY_DAYS, STAY_DAYS),
            alike=same_days,
            combine=_one_stay,
        )
        if len(found) == before:
            return found


def _one_stay(facts: list[Stay]) -> Stay:
    best = facts[0]
    return replace(
        best,
        start=min(fact.start for fact in facts),
        end=max((fact.end for fact in facts if fact.end is not None), default=None),
        reason=best.reason or first_of(fact.reason for fact in facts) or "",
        nature=best.nature or first_of(fact.nature for fact in facts) or "",
        codes=tuple(dict.fromkeys(code for fact in facts for code in fact.codes)),
        sources=all_sources(facts),
    )


def imaging(facts: Iterable[Imaging]) -> list[Imaging]:
    """Each exam once; a claim joins the report of the same exam, a day apart at most."""

    def same_day(a: Imaging, b: Imaging) -> bool:
        return a.on == b.on and same_exam(a, b) and is_of_claims(a) == is_of_claims(b)

    found = list(facts)
    while True:
        before = len(found)
        # A report that has its claim is of claims too: another claim of its day then joins it.
        found = paired(
            by_likeness(found, same_day, _one_imaging, within=lambda fact: fact.on),
            takers=without_claims,
            taken=only_claims,
            day=lambda fact: fact.on,
            window=(-IMAGING_DAYS, IMAGING_DAYS),
            alike=same_exam,
            combine=_one_imaging,
        )
        if len(found) == before:
            return found


def _one_imaging(facts: list[Imaging]) -> Imaging:
    best = facts[0]
    return best._replace(
        code=best.code or first_of(fact.code for fact in facts),
        modality=best.modality or first_of(fact.modality for fact in facts) or "",
        region=best.region or first_of(fact.region for fact in facts) or "",
        conclusion=best.conclusion or first_of(fact.conclusion for fact in facts) or "",
        performer=first_of(f.performer for f in facts if f.performer.display) or best.performer,
        sources=all_sources(facts),
    )


def performed(facts: Sequence[Performed]) -> list[Performed]:
    """Each act once: the same code, day, prescriber and performer; a report joins the line of its act."""
    done = [
        (compared(code.system, code.code), on, prescriber.id, performer.id)
        for _, on, code, _, prescriber, performer, _ in facts
    ]
    found = by_key(facts, done, _one_performed)
    return paired(
        found,
        takers=without_claims,
        taken=only_claims,
        day=lambda fact: fact.on,
        window=(0, 0),
        alike=lambda a, b: same_key(a.code) == same_key(b.code),
        combine=_one_performed,
    )


def _one_performed(facts: list[Performed]) -> Performed:
    best = facts[0]
    return best._replace(
        quantity=max(fact.quantity for fact in facts),
        performer=first_of(f.performer for f in facts if f.performer.display) or best.performer,
        prescriber=first_of(f.prescriber for f in facts if f.prescriber.display) or best.prescriber,
        sources=all_sources(facts),
    )


def devices(facts: Sequence[Device]) -> list[Device]:
    """Each device once: the same code on the same day."""
    what = [
        (same_key(fact.code) if fact.code else folded_label(fact.label), fact.on) for fact in facts
    ]
    return by_key(facts, what, lambda group: replace(group[0], sources=all_sources(group)))
