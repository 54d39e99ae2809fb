"""The facts of the holder's own profile: what he declares, in the same form as what documents say."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time

from dmp.domain.clinical.coding import ATC, folded_label
from dmp.domain.clinical.facts import (
    Allergy,
    Device,
    Findings,
    Prescribed,
    Problem,
    Provenance,
    Result,
    Source,
    Stay,
    Vaccination,
)
from dmp.domain.codes import LOINC, Code
from dmp.domain.record import profile as kept
from dmp.domain.record.calendar import LOCAL
from dmp.domain.record.declared import lines
from dmp.domain.record.declared.lines import DisabilityKind, Severity
from dmp.domain.record.declared.measures import SCALES, Measure, indexes
from dmp.domain.record.declared.said import PartialDay, Said, Speaker
from dmp.domain.record.declared.sections import Section
from dmp.domain.record.declared.vaccines import VACCINES

HOLDER = "Titulaire"
"""Who is named as the author of what the holder declares himself."""
_TITLE = "Profil médical"
_TREATMENTS_LISTED = "10160-0"
"""A treatment that a list tells of is taken for current for a year, when no end is said."""
_NOON = time(12)

SEVERITIES: dict[Severity, str] = {
    Severity.LIGHT: "légère",
    Severity.MODERATE: "modérée",
    Severity.SEVERE: "sévère",
}
SPEAKERS: dict[Speaker, str] = {
    Speaker.HOLDER: "",
    Speaker.REPRESENTATIVE: "représentant légal",
    Speaker.CARER: "proche aidant",
}
"""In which quality somebody else declared it."""


def of_profile(profile: kept.Profile, birth: date, today: date) -> Findings:
    """What is declared. What was kept before days were counts as said today."""
    measures = (*profile.measures, *indexes(profile.measures, birth))
    past_and_present = tuple(_problem(one, today) for one in profile.conditions)
    return Findings(
        allergies=tuple(_allergy(one, today) for one in profile.allergies),
        problems=past_and_present,
        prescribed=tuple(_treatment(one, today) for one in profile.treatments),
        vaccinations=tuple(_vaccination(one, today) for one in profile.vaccines),
        stays=tuple(_stay(one, today) for one in profile.stays),
        results=tuple(result for one in measures for result in results_of(one, today)),
        devices=tuple(
            _device(one, today)
            for one in profile.disabilities
            if one.kind is DisabilityKind.IMPLANT
        ),
        no_known_allergy=_denied(profile, Section.ALLERGIES, today),
        no_known_problem=_denied(profile, Section.CONDITIONS, today),
    )


def ending_nothing(declared: Findings, others: Iterable[Findings]) -> Findings:
    """What is declared, without the problems that the holder calls past and a document calls by the same words:
    a declaration does not end what a document says.
    """
    told = {folded_label(problem.label) for part in others for problem in part.problems}
    kept_problems = tuple(
        one for one in declared.problems if one.active or folded_label(one.label) not in told
    )
    return declared._replace(problems=kept_problems)


def said_by(said: Said) -> str:
    """Who declared it, for people: `Titulaire`, or a name with the quality in which he speaks."""
    quality = SPEAKERS[said.speaker]
    return f"{said.by} ({quality})" if said.by and quality else HOLDER


def source_of(said: Said, today: date, anchor: str = "") -> tuple[Source, ...]:
    """The profile as a source."""
    return (
        Source(
            provenance=Provenance.DECLARED,
            on=said.on or today,
            anchor=anchor,
            title=_TITLE,
            author=said_by(said),
        ),
    )


def results_of(measure: Measure, today: date) -> tuple[Result, ...]:
    """A measure as values: two of a blood pressure."""
    scale = SCALES[measure.what]
    at = datetime.combine(measure.on, measure.at or _NOON, LOCAL)
    sources = source_of(measure.said, today)
    found = [(scale, measure.value)]
    if scale.second is not None and measure.second is not None:
        found.append((scale.second, measure.second))
    return tuple(
        Result(
            label=part.label,
            at=at,
            code=Code(part.code, LOINC, part.label),
            value=value,
            unit=part.unit,
            sources=sources,
        )
        for part, value in found
    )


def _denied(profile: kept.Profile, section: Section, today: date) -> tuple[Source, ...]:
    denial = profile.denial(section)
    return () if denial is None else source_of(denial.said, today)


def _day(partial: PartialDay | None) -> date | None:
    return None if partial is None else partial.first_day


def _allergy(one: lines.Allergy, today: date) -> Allergy:
    return Allergy(
        label=one.substance,
        reaction=one.reaction,
        severity="" if one.severity is None else SEVERITIES[one.severity],
        since=_day(one.since),
        sources=source_of(one.said, today),
    )


def _problem(one: lines.Condition, today: date) -> Problem:
    return Problem(
        label=one.label,
        since=_day(one.since),
        until=_day(one.until),
        active=one.active,
        sources=source_of(one.said, today),
    )


def _treatment(one: lines.Treatment, today: date) -> Prescribed:
    dosage = one.dosage
    if one.self_medication:
        dosage = f"{dosage} (sans ordonnance)" if dosage else "sans ordonnance"
    return Prescribed(
        label=one.label,
        dosage=dosage,
        start=_day(one.start),
        stop=_day(one.stop),
        sources=source_of(one.said, today, _TREATMENTS_LISTED),
    )


def _vaccination(one: lines.VaccineGiven, today: date) -> Vaccination:
    words, atc = VACCINES[one.against]
    label = one.label or words
    if not one.on.is_whole:
        # The day is not known; the year is part of what is told.
        label = f"{label} ({one.on.year})"
    return Vaccination(
        label=label,
        on=one.on.first_day,
        codes=(Code(atc, ATC, words),) if atc else (),
        lot=one.lot,
        targets=(words,) if atc else (),
        undated=not one.on.is_whole,
        sources=source_of(one.said, today),
    )


def _stay(one: lines.HospitalStay, today: date) -> Stay:
    return Stay(
        place=one.place or "Établissement non précisé",
        start=one.start.first_day,
        end=_day(one.end),
        nature="Hospitalisation",
        reason=one.reason,
        sources=source_of(one.said, today),
    )


def _device(one: lines.Disability, today: date) -> Device:
    return Device(label=one.label, on=_day(one.since) or today, sources=source_of(one.said, today))
