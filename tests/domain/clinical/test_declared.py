"""What a holder declares, as facts: each with who said it; nothing that a document says is ended by it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time

from dmp.domain.clinical.assembling import synthesis_of
from dmp.domain.clinical.facts import Findings, Prescribed, Provenance
from dmp.domain.clinical.follow_up import upcoming
from dmp.domain.clinical.knowledge.knowledge import Knowledge
from dmp.domain.clinical.knowledge.rules import FollowUpRule
from dmp.domain.clinical.material import Material
from dmp.domain.clinical.same.declared import ending_nothing, of_profile
from dmp.domain.clinical.same.gathering import Sourced
from dmp.domain.clinical.treatments import courses
from dmp.domain.record.declared.lines import (
    Allergy,
    Condition,
    Disability,
    DisabilityKind,
    HospitalStay,
    Severity,
    Treatment,
    VaccineGiven,
)
from dmp.domain.record.declared.measures import Measure, Measured
from dmp.domain.record.declared.said import PartialDay, Said, Speaker
from dmp.domain.record.declared.sections import Section
from dmp.domain.record.declared.vaccines import Against
from dmp.domain.record.declared.wishes import Directives, TrustedPerson, Wishes
from dmp.domain.record.profile import BloodGroup, Denial, PersonToWarn, Profile
from tests.builders import some_traits
from tests.builders.clinical_facts import a_problem, a_source

BIRTH, TODAY = date(1960, 4, 2), date(2026, 6, 1)
AT = datetime(2026, 6, 1, 9, tzinfo=UTC)
SAID = Said(on=date(2026, 5, 1))
HELPED = Said(on=date(2026, 5, 2), by="Paul Girard", speaker=Speaker.CARER)
PROFILE = Profile(
    allergies=(Allergy(substance="Latex", severity=Severity.SEVERE, said=SAID),),
    conditions=(
        Condition(label="Asthme", since=PartialDay(year=2001), said=HELPED),
        Condition(label="Otite", active=False, until=PartialDay(year=1970), said=SAID),
    ),
    treatments=(Treatment(label="Millepertuis", self_medication=True, said=SAID),),
    vaccines=(
        VaccineGiven(against=Against.FLU, on=PartialDay.of(date(2025, 10, 3)), said=SAID),
        VaccineGiven(against=Against.RABIES, on=PartialDay(year=1990), said=SAID),
    ),
    stays=(HospitalStay(reason="Fracture", start=PartialDay(year=2010), said=SAID),),
    disabilities=(
        Disability(label="Stimulateur", kind=DisabilityKind.IMPLANT, said=SAID),
        Disability(label="Fauteuil", said=SAID),
    ),
    measures=(
        Measure(what=Measured.WEIGHT, value=70, on=date(2026, 1, 2), said=SAID),
        Measure(what=Measured.HEIGHT, value=175, on=date(2026, 1, 1), said=SAID),
        Measure(
            what=Measured.BLOOD_PRESSURE,
            value=128,
            second=76,
            on=date(2026, 1, 2),
            at=time(8),
            said=SAID,
        ),
    ),
)


def test_every_fact_says_who_declared_it_and_when() -> None:
    found = of_profile(PROFILE, BIRTH, TODAY)
    facts: list[Sourced] = [
        *found.allergies, *found.problems, *found.prescribed, *found.vaccinations, *found.stays,
        *found.devices, *found.results,
    ]  # fmt: skip
    sources = [fact.sources[0] for fact in facts]
    assert {source.provenance for source in sources} == {Provenance.DECLARED}
    assert {source.document for source in sources} == {None}
    by = {fact.label: fact.sources[0] for fact in found.problems}
    assert (by["Asthme"].author, by["Asthme"].on) == ("Paul Girard (proche aidant)", HELPED.on)
    assert (by["Otite"].author, by["Otite"].on) == ("Titulaire", SAID.on)


def test_what_was_kept_without_a_day_counts_as_said_today() -> None:
    found = of_profile(Profile(no_known_allergy=True), BIRTH, TODAY)
    assert [source.on for source in found.no_known_allergy] == [TODAY]
    denied = Profile(denials=(Denial(section=Section.CONDITIONS, said=SAID),))
    assert [s.on for s in of_profile(denied, BIRTH, TODAY).no_known_problem] == [SAID.on]


def test_facts_are_coded_where_the_code_is_known() -> None:
    found = of_profile(PROFILE, BIRTH, TODAY)
    assert found.allergies[0].severity == "sévère"
    assert [one.codes[0].code for one in found.vaccinations] == ["J07BB", "J07BG"]
    assert [one.undated for one in found.vaccinations] == [False, True]
    assert "1990" in found.vaccinations[1].label
    assert found.prescribed[0].dosage == "sans ordonnance"
    assert [one.label for one in found.devices] == ["Stimulateur"]
    values = {one.code.code: (one.value, one.unit) for one in found.results if one.code}
    assert values == {
        "29463-7": (70, "kg"), "8302-2": (175, "cm"), "39156-5": (22.9, "kg/m²"),
        "8480-6": (128, "mmHg"), "8462-4": (76, "mmHg"),
    }  # fmt: skip


def test_a_declaration_ends_nothing_that_a_document_says() -> None:
    declared = of_profile(PROFILE, BIRTH, TODAY)
    document = Findings(problems=(a_problem(label="otite"),))
    labels = [one.label for one in ending_nothing(declared, [document]).problems]
    assert labels == ["Asthme"]
    assert len(ending_nothing(declared, []).problems) == 2


def test_the_synthesis_takes_all_of_it_and_directives_in_three_answers() -> None:
    material = Material(at=AT, traits=some_traits(birth_date=BIRTH), profile=PROFILE)
    found = synthesis_of(material, Knowledge())
    assert [one.label for one in found.problems] == ["Asthme"]
    assert [one.label for one in found.past] == ["Otite"]
    assert [one.name for one in found.treatments if one.is_current] == ["Millepertuis"]
    assert found.has_directives is None and not found.blood_group
    said = replace(
        PROFILE,
        blood_group=BloodGroup.A_POSITIVE,
        persons_to_warn=(PersonToWarn(name="Luc", phone="15"),),
        wishes=Wishes(directives=Directives(kept_at="tiroir")),
    )
    found = synthesis_of(replace(material, profile=said), Knowledge())
    assert found.has_directives is True and found.blood_group == "A+"
    assert found.persons_to_warn == (("Luc", "15", ""),)
    trusted = TrustedPerson(name="Luc", phone="15", relation="frère")
    named = replace(said, wishes=Wishes(trusted=trusted))
    found = synthesis_of(replace(material, profile=named), Knowledge())
    assert found.persons_to_warn == (("Luc", "15", "frère, personne de confiance"),)
    none = replace(said, wishes=Wishes(directives=Directives(none_written=True)))
    assert synthesis_of(replace(material, profile=none), Knowledge()).has_directives is False


def test_the_calendar_foresees_what_an_age_brings_and_to_whom() -> None:
    def rule(name: str, months: int, sex: str = "", condition: str = "") -> FollowUpRule:
        return FollowUpRule(
            rule_id=name, label=name, done_by=("atc:J07BB",), from_months=months, to_months=2000,
            source="Calendrier", sex=sex, condition=condition,
        )  # fmt: skip

    rules = [
        rule("later", 900),
        rule("soon", 800),
        rule("past", 12),
        rule("women", 810, sex="F"),
        rule("ill", 805, condition="ald8"),
    ]
    traits = some_traits(birth_date=date(1960, 4, 2))
    names = [one.rule_id for one, _ in upcoming(rules, traits, TODAY)]
    assert names == (["soon", "women", "later"] if traits.sex == "F" else ["soon", "later"])
    assert {one.rule_id: day for one, day in upcoming(rules, traits, TODAY)}["soon"] == date(
        2026, 12, 2
    )


def test_a_declared_dosage_gives_way_to_a_prescribed_one_that_lasts() -> None:
    def dosage(prescribed_on: date) -> str:
        told = Prescribed(
            label="Millepertuis",
            dosage="1 le matin",
            start=prescribed_on,
            sources=(a_source(on=prescribed_on),),
        )
        own = of_profile(PROFILE, BIRTH, TODAY).prescribed
        (course,) = courses([told, *own], [], Knowledge().medicines, TODAY)
        return course.treatment.dosage

    assert dosage(date(2026, 4, 1)) == "1 le matin"
    assert dosage(date(2024, 4, 1)) == "sans ordonnance"
