"""The shipped table of what is due, against the calendars it cites: ages, doses, examinations, screenings."""

from __future__ import annotations

from datetime import date

import pytest

from dmp.bootstrap.knowledge import shipped_knowledge
from dmp.domain.clinical.assembling import synthesis_of
from dmp.domain.clinical.coding import ATC, CNAM_CCAM, CNAM_NABM, CNAM_NGAP
from dmp.domain.clinical.facts import Findings, Performed, Vaccination
from dmp.domain.clinical.follow_up import after
from dmp.domain.codes import Code
from dmp.domain.identity.patient import Sex
from tests.builders.clinical import (
    AT,
    TODAY,
    a_material,
    a_problem,
    a_source,
    a_test,
    a_vaccination,
    days_ago,
)
from tests.builders.people import some_traits

RULES = {rule.rule_id: rule for rule in shipped_knowledge().follow_up}
HEXAVALENT, PNEUMO, MEN_B, MEN_ACWY, MMR, ROTA = (
    "J07CA09", "J07AL02", "J07AH09", "J07AH08", "J07BD52", "J07BH01",
)  # fmt: skip
DTCAP, DTP, HPV, FLU, COVID, ZOSTER, RSV = (
    "J07CA02", "J07CA01", "J07BM03", "J07BB02", "J07BN01", "J07BK03", "J07BX05",
)  # fmt: skip
INFANT = (
    *((HEXAVALENT, months) for months in (2, 4, 11)),
    *((PNEUMO, months) for months in (2, 4, 11)),
    *((MEN_B, months) for months in (3, 5, 12)),
    *((MEN_ACWY, months) for months in (6, 12)),
    *((MMR, months) for months in (12, 16)),
    *((ROTA, months) for months in (2, 3)),
)
"""What the calendar of 2025 gives to a child of less than two years."""


def born(months: int) -> date:
    """The birth of somebody who is that old today."""
    return after(TODAY, -months)


def due_at(months: int, *facts: Findings, sex: Sex = Sex.FEMALE) -> set[str]:
    traits = some_traits(birth_date=born(months), sex=sex)
    found = synthesis_of(a_material(*facts, traits=traits), shipped_knowledge()).due
    return {one.rule_id for one in found}


def injected(months: int, doses: tuple[tuple[str, int], ...]) -> Findings:
    given = tuple(
        a_vaccination(on=after(born(months), age), label=atc, codes=(Code(atc, ATC),))
        for atc, age in doses
        if age <= months
    )
    return Findings(vaccinations=given)


def vaccines(rules: set[str]) -> set[str]:
    return {rule for rule in rules if rule.startswith("V")}


@pytest.mark.parametrize("months", [2, 3, 4, 5, 6, 11, 12, 16, 18, 23, 24, 36, 60])
def test_a_child_who_had_everything_lacks_no_vaccine(months: int) -> None:
    assert vaccines(due_at(months, injected(months, INFANT))) == set()


@pytest.mark.parametrize(
    ("months", "expected"),
    [
        (1, set()),
        (2, {"V01", "V04", "V14"}),
        (3, {"V01", "V04", "V07", "V14"}),
        (6, {"V01", "V04", "V07", "V10"}),  # too late for the rotavirus
        (12, {"V03", "V06", "V07", "V10", "V12"}),
        (72, {"V12", "V15"}),
        (132, {"V12", "V16", "V17", "V19"}),
        (300, {"V20"}),
        (540, {"V21"}),
    ],
)
def test_who_had_nothing_is_told_the_next_dose_of_each(months: int, expected: set[str]) -> None:
    assert vaccines(due_at(months)) == expected


def test_from_65_and_75_the_vaccines_of_these_ages_are_due() -> None:
    season = {"V24", "V26"}  # influenza and Covid: from October to the end of January
    assert vaccines(due_at(65 * 12 + 1)) - season == {"V22", "V27", "V28"}
    assert vaccines(due_at(76 * 12)) - season == {"V23", "V27", "V28", "V30"}


@pytest.mark.parametrize("row", sorted(RULES), ids=str)
def test_every_row_names_its_source(row: str) -> None:
    rule = RULES[row]
    assert len(rule.source) > 10 and rule.done_by and rule.from_months < rule.to_months


def test_infant_vaccines_are_said_to_be_obligatory() -> None:
    obligatory = {key for key, rule in RULES.items() if "obligatoire" in rule.source}
    assert obligatory == {f"V{n:02}" for n in range(1, 14)}


def examinations(months: int, letters: tuple[tuple[str, int], ...]) -> Findings:
    done = tuple(
        Performed(
            label="Consultation",
            on=after(born(months), age),
            code=Code(letter, CNAM_NGAP),
            sources=(a_source(),),
        )
        for letter, age in letters
    )
    return Findings(performed=done)


AGES = (0, 1, 2, 3, 4, 5, 8, 11, 12, 16, 23, 25, 36, 48, 60, 72, 96, 132, 180)
"""In months, where a child is in the middle of one of the twenty examinations (the first two share a month)."""


@pytest.mark.parametrize("months", AGES, ids=str)
@pytest.mark.parametrize("letter", ["COE", "GS", "CS"])
def test_an_examination_of_its_age_is_the_one_that_is_due(months: int, letter: str) -> None:
    missing = {rule for rule in due_at(months) if rule.startswith("E")}
    assert missing == ({"E01", "E02"} if months == 0 else {f"E{AGES.index(months) + 2:02}"})
    done = due_at(months, examinations(months, ((letter, months),)))
    assert not {rule for rule in done if rule.startswith("E")}


@pytest.mark.parametrize("months", [7, 10, 14, 21, 90, 125, 170, 210])
def test_between_two_examinations_none_is_due(months: int) -> None:
    assert not {rule for rule in due_at(months) if rule.startswith("E")}


@pytest.mark.parametrize(
    ("years", "sex", "expected"),
    [
        (24, Sex.FEMALE, set()),
        (25, Sex.FEMALE, {"S03"}),
        (30, Sex.FEMALE, {"S04"}),
        (50, Sex.FEMALE, {"S01", "S02", "S04"}),
        (66, Sex.FEMALE, {"S01", "S02"}),
        (75, Sex.FEMALE, set()),
        (49, Sex.MALE, set()),
        (50, Sex.MALE, {"S01"}),
        (74, Sex.MALE, {"S01"}),
    ],
)
def test_screenings_are_offered_at_their_ages(years: int, sex: Sex, expected: set[str]) -> None:
    assert {rule for rule in due_at(years * 12, sex=sex) if rule.startswith("S")} == expected


def test_a_screening_that_was_done_is_due_again_after_its_interval() -> None:
    for days, due in ((23 * 30, False), (25 * 31, True)):
        breast = Performed(
            label="Mammographie",
            on=days_ago(days),
            code=Code("QEQK004", CNAM_CCAM),
            sources=(a_source(),),
        )
        assert ("S02" in due_at(55 * 12, Findings(performed=(breast,)))) is due


DIABETES = Findings(problems=(a_problem("Diabète de type 2", "E119", since=days_ago(900)),))


def test_hba1c_is_due_in_diabetes_only_and_twice_a_year() -> None:
    assert "C01" not in due_at(600) and "C01" in due_at(600, DIABETES)
    recent = Findings(performed=(a_test("1577", 170),))
    assert "C01" not in due_at(600, DIABETES, recent)
    assert "C01" in due_at(600, DIABETES, Findings(performed=(a_test("1577", 190),)))


def pregnant(weeks: int, *codes: tuple[str, str, int]) -> set[str]:
    """What is due in that week of a pregnancy whose end is foreseen; acts are (system, code, days ago)."""
    stated = a_problem(
        "Grossesse", "Z34", since=days_ago(weeks * 7 - 28), until=days_ago(weeks * 7 - 287)
    )
    acts = tuple(
        Performed(label=code, on=days_ago(ago), code=Code(code, system), sources=(a_source(),))
        for system, code, ago in codes
    )
    found = due_at(30 * 12, Findings(problems=(stated,), performed=acts))
    return {rule for rule in found if rule.startswith("G") or rule in {"V25", "V31"}}


FIRST = {"G04", "G05", "G06", "G07", "G08", "G09", "G10"}


@pytest.mark.parametrize(
    ("weeks", "expected"),
    [
        (6, FIRST | {"G11"}),
        (12, FIRST | {"G01", "G11"}),
        (20, FIRST | {"G02", "G12", "V31"}),
        (25, FIRST | {"G02", "G12", "G13", "V31"}),
        (32, FIRST | {"G03", "G12", "V31"}),
        (39, FIRST | {"G12"}),
    ],
)
def test_a_pregnancy_has_the_schedule_of_its_weeks(weeks: int, expected: set[str]) -> None:
    assert pregnant(weeks) - {"V25"} == expected


def test_a_pregnancy_that_is_followed_has_nothing_due() -> None:
    tests = tuple(
        (CNAM_NABM, code, 90) for code in ("1140", "1141", "1420", "1773", "1256", "4715", "388")
    )
    followed = (*tests, (CNAM_NGAP, "SF", 10), (CNAM_CCAM, "JQQM018", 5), (CNAM_NABM, "1104", 8))
    assert pregnant(25, *followed) - {"V25"} == {"V31"}


def test_what_was_given_to_another_pregnancy_does_not_count() -> None:
    long_ago = (*((CNAM_NABM, code, 900) for code in ("1141", "1420")), (CNAM_NABM, "1140", 900))
    assert pregnant(12, *long_ago) - {"V25"} == (FIRST | {"G01", "G11"}) - {"G04"}


def test_an_undated_birthday_of_the_29th_of_february_is_no_fault() -> None:
    traits = some_traits(birth_date=date(2024, 2, 29))
    found = synthesis_of(a_material(Findings(), at=AT, traits=traits), shipped_knowledge()).due
    assert {one.rule_id for one in found} >= {"V12"}


def test_a_vaccine_that_was_only_delivered_counts_like_an_injection() -> None:
    delivered = Vaccination(
        label="ROR",
        on=days_ago(30),
        codes=(Code(MMR, ATC),),
        delivered_only=True,
        sources=(a_source(),),
    )
    assert "V13" in due_at(20, Findings(vaccinations=(delivered,)))
    assert "V12" not in due_at(20, Findings(vaccinations=(delivered,)))
