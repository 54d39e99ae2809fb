"""What a holder declares: what cannot be so, what changes do, what is kept from others, what is computed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dmp.domain.record.declared.changes import (
    Change,
    ChangedMeanwhile,
    Deny,
    Faulty,
    PutLine,
    RemoveLine,
    SetBlood,
    SetDirectives,
    SetDonation,
    SetHabits,
    SetOtherWishes,
    SetTrusted,
    Share,
    changed,
    identified,
    lines_of,
    mark_of,
)
from dmp.domain.record.declared.checks import Fault, Lifetime, Line, faults
from dmp.domain.record.declared.habits import NO_HABITS, Habits, Tobacco
from dmp.domain.record.declared.lines import (
    Allergy,
    Condition,
    Disability,
    FamilyCondition,
    HospitalStay,
    PersonToWarn,
    Relative,
    Treatment,
    VaccineGiven,
)
from dmp.domain.record.declared.measures import (
    SCALES,
    Measure,
    Measured,
    body_mass_index,
    in_order,
    indexes,
)
from dmp.domain.record.declared.said import NO_LINE, UNSAID, PartialDay, Said, Speaker
from dmp.domain.record.declared.sections import MEDICAL, Section
from dmp.domain.record.declared.states import filled, is_filled, last_said
from dmp.domain.record.declared.vaccines import VACCINES, Against
from dmp.domain.record.declared.wishes import (
    NO_DIRECTIVES,
    Directives,
    Donation,
    TrustedPerson,
    Wishes,
)
from dmp.domain.record.profile import BloodGroup, Denial, Profile, shared_part

TODAY = date(2026, 6, 1)
LIFE = Lifetime(birth=date(1960, 4, 2), today=TODAY)
SAID = Said(on=TODAY)
YEAR = PartialDay(year=2015)
LINES: dict[Section, Line] = {
    Section.ALLERGIES: Allergy(substance="Latex"),
    Section.CONDITIONS: Condition(label="Asthme"),
    Section.TREATMENTS: Treatment(label="Ventoline"),
    Section.VACCINATIONS: VaccineGiven(against=Against.FLU, on=YEAR),
    Section.STAYS: HospitalStay(reason="Fracture", start=YEAR),
    Section.DISABILITIES: Disability(label="Fauteuil"),
    Section.MEASURES: Measure(what=Measured.WEIGHT, value=70, on=date(2026, 1, 1)),
    Section.FAMILY: FamilyCondition(relative=Relative.MOTHER, label="AVC"),
    Section.PERSONS: PersonToWarn(name="Luc", phone="0612345678"),
}
FULL = Profile(
    email="a@exemple.fr",
    phone="0612345678",
    blood_group=BloodGroup.A_POSITIVE,
    blood_said=SAID,
    habits=Habits(tobacco=Tobacco.NEVER, said=SAID),
    wishes=Wishes(directives=Directives(text="Refus", said=SAID)),
)
for _section, _line in LINES.items():
    FULL = changed(FULL, PutLine(section=_section, line=_line), SAID, LIFE, uuid4)


def done(profile: Profile, change: Change) -> Profile:
    return changed(profile, change, SAID, LIFE, uuid4)


@pytest.mark.parametrize(
    ("line", "field", "fault"),
    [
        (Allergy(substance=" "), "substance", Fault.MISSING),
        (Allergy(substance="x" * 201), "substance", Fault.TOO_LONG),
        (Allergy(substance="x", since=PartialDay(year=2027)), "since", Fault.IN_FUTURE),
        (Allergy(substance="x", since=PartialDay(year=2026, month=7)), "since", Fault.IN_FUTURE),
        (Allergy(substance="x", since=PartialDay(year=1959)), "since", Fault.BEFORE_BIRTH),
        (Condition(label="x", note="x" * 2001), "note", Fault.TOO_LONG),
        (
            Condition(label="x", since=YEAR, until=PartialDay(year=2014)),
            "until",
            Fault.ENDS_BEFORE_START,
        ),
        (Treatment(label=""), "label", Fault.MISSING),
        (VaccineGiven(against=Against.OTHER, on=YEAR), "label", Fault.MISSING),
        (HospitalStay(reason="", start=YEAR), "reason", Fault.MISSING),
        (FamilyCondition(relative=Relative.MOTHER, label="x", age=131), "age", Fault.OUT_OF_BOUNDS),
        (PersonToWarn(name="x", phone="demain"), "phone", Fault.NOT_A_PHONE),
    ],
)
def test_what_cannot_be_so_is_said_of_its_field(line: Line, field: str, fault: Fault) -> None:
    assert faults(line, LIFE) == {field: fault}


@pytest.mark.parametrize(
    "line",
    [
        *LINES.values(),
        Allergy(substance="x", since=PartialDay(year=1960)),
        Treatment(label="x", start=YEAR, stop=PartialDay(year=2030)),  # an end may be foreseen
        VaccineGiven(against=Against.OTHER, label="x", on=YEAR),
        Condition(label="x", since=PartialDay(year=2015, month=3), until=YEAR),
        PersonToWarn(name="x", phone="+33 6 12 34 56 78"),
        PersonToWarn(name="x", phone="15.5"),
    ],
)
def test_what_may_be_is_taken(line: Line) -> None:
    assert faults(line, LIFE) == {}


@pytest.mark.parametrize("what", [what for what in Measured if what is not Measured.BMI])
def test_a_measure_outside_of_what_is_possible_is_not_taken(what: Measured) -> None:
    scale = SCALES[what]
    on = date(2026, 1, 1)
    low = scale.second.lowest if scale.second is not None else None
    for value in (scale.lowest, scale.highest):
        assert faults(Measure(what=what, value=value, second=low, on=on), LIFE) == {}
    for value in (scale.lowest - 0.01, scale.highest + 0.01, -scale.highest, float("nan")):
        found = faults(Measure(what=what, value=value, second=low, on=on), LIFE)
        assert found["value"] is Fault.OUT_OF_BOUNDS, value
    assert faults(Measure(what=what, value=scale.highest, second=low, on=date(2026, 6, 2)), LIFE)


def test_blood_pressure_has_two_values_in_their_order() -> None:
    def found(first: float, second: float | None) -> dict[str, Fault]:
        measure = Measure(
            what=Measured.BLOOD_PRESSURE, value=first, second=second, on=date(2026, 1, 1)
        )
        return faults(measure, LIFE)

    assert found(120, 80) == {}
    assert found(120, None) == {"second": Fault.MISSING}
    assert found(120, 120) == {"second": Fault.NOT_BELOW_FIRST}
    assert found(120, 10) == {"second": Fault.OUT_OF_BOUNDS}


def test_an_index_is_computed_and_never_entered() -> None:
    assert body_mass_index(70, 175) == 22.9
    entered = Measure(what=Measured.BMI, value=22, on=date(2026, 1, 1))
    assert faults(entered, LIFE) == {"value": Fault.OUT_OF_BOUNDS}


def test_the_index_takes_the_last_height_before_the_weight() -> None:
    def weight(day: date, value: float) -> Measure:
        return Measure(what=Measured.WEIGHT, value=value, on=day)

    def height(day: date, value: float) -> Measure:
        return Measure(what=Measured.HEIGHT, value=value, on=day)

    adult = date(1960, 1, 1)
    measures = [
        weight(date(2026, 3, 1), 70),
        height(date(1999, 1, 1), 175),
        weight(date(1990, 1, 1), 60),
        height(date(2026, 4, 1), 100),
    ]
    assert [(one.on, one.value) for one in indexes(measures, adult)] == [(date(2026, 3, 1), 22.9)]
    child = date(2018, 1, 1)
    grown = [height(date(2023, 1, 1), 100), weight(date(2026, 3, 1), 30)]
    assert indexes(grown, child) == ()
    assert len(indexes([*grown, height(date(2026, 1, 1), 125)], child)) == 1


def test_measures_of_one_day_stand_by_their_hour() -> None:
    day = date(2026, 1, 1)
    late = Measure(what=Measured.GLUCOSE, value=1, on=day, at=time(20))
    early = Measure(what=Measured.GLUCOSE, value=1, on=day, at=time(7))
    assert in_order([late, early]) == (early, late)


@given(
    year=st.integers(1, 9999),
    month=st.none() | st.integers(1, 12),
    day=st.none() | st.integers(1, 31),
)
def test_a_partial_day_is_one_that_a_calendar_knows(
    year: int, month: int | None, day: int | None
) -> None:
    try:
        partial = PartialDay(year=year, month=month, day=day)
    except ValueError:
        assert month is None or day is not None
        return
    assert partial.is_whole is (day is not None)
    assert partial.first_day == date(year, month or 1, day or 1)


@pytest.mark.parametrize("section", LINES)
def test_a_line_is_added_changed_and_taken_away(section: Section) -> None:
    added = done(Profile(), PutLine(section=section, line=LINES[section]))
    (line,) = lines_of(added, section)
    assert line.line_id != NO_LINE and line.said == SAID
    assert is_filled(added, section) and last_said(added, section) == SAID
    carer = Said(on=TODAY, by="Luc", speaker=Speaker.CARER)
    again = PutLine(section=section, line=line, seen=mark_of(line))
    (after,) = lines_of(changed(added, again, carer, LIFE, uuid4), section)
    assert after.said == carer and after.line_id == line.line_id
    gone = done(added, RemoveLine(section=section, line_id=line.line_id, seen=mark_of(line)))
    assert lines_of(gone, section) == () and not is_filled(gone, section)


@pytest.mark.parametrize("section", LINES)
def test_what_is_not_what_was_seen_is_not_changed(section: Section) -> None:
    profile = done(Profile(), PutLine(section=section, line=LINES[section]))
    (line,) = lines_of(profile, section)
    stale: tuple[Change, ...] = (
        PutLine(section=section, line=line, seen="other"),
        PutLine(section=section, line=replace(line, line_id=UUID(int=9)), seen=mark_of(line)),
        RemoveLine(section=section, line_id=line.line_id, seen="other"),
        RemoveLine(section=section, line_id=UUID(int=9), seen=mark_of(line)),
    )
    for change in stale:
        with pytest.raises(ChangedMeanwhile):
            done(profile, change)


@pytest.mark.parametrize(
    "change",
    [
        SetBlood(group=None, seen="x"),
        SetHabits(habits=NO_HABITS, seen="x"),
        SetDirectives(directives=NO_DIRECTIVES, seen="x"),
        SetTrusted(trusted=None, seen="x"),
        SetDonation(donation=None, seen="x"),
        SetOtherWishes(words="", seen="x"),
    ],
)
def test_what_is_one_answer_is_changed_as_it_was_seen(change: Change) -> None:
    with pytest.raises(ChangedMeanwhile):
        done(FULL, change)


def test_wishes_and_habits_are_set_each_by_itself() -> None:
    person = TrustedPerson(name="Luc", phone="0612345678")
    wishes = FULL.wishes
    after = done(FULL, SetTrusted(trusted=person, seen=mark_of(wishes.trusted)))
    after = done(after, SetDonation(donation=Donation.OPPOSED, seen=mark_of(None)))
    after = done(after, SetOtherWishes(words="Musique", seen=mark_of("")))
    after = done(after, SetBlood(group=None, seen=mark_of(FULL.blood_group)))
    after = done(after, SetHabits(habits=NO_HABITS, seen=mark_of(FULL.habits)))
    assert after.wishes.trusted == replace(person, said=SAID)
    assert after.wishes.directives == wishes.directives
    assert (after.wishes.donation, after.wishes.other) == (Donation.OPPOSED, "Musique")
    assert after.blood_group is None and not after.habits.is_filled
    assert after.allergies == FULL.allergies


def test_the_same_line_twice_is_not_taken() -> None:
    with pytest.raises(Faulty) as twice:
        done(FULL, PutLine(section=Section.ALLERGIES, line=Allergy(substance="LATEX ")))
    assert twice.value.faults == {"substance": Fault.ALREADY_THERE}
    other = done(FULL, PutLine(section=Section.ALLERGIES, line=Allergy(substance="Arachide")))
    assert len(other.allergies) == 2


def test_none_is_not_said_where_something_stands_and_ends_with_a_line() -> None:
    with pytest.raises(ChangedMeanwhile):
        done(FULL, Deny(section=Section.ALLERGIES))
    with pytest.raises(ChangedMeanwhile):
        done(Profile(), Deny(section=Section.BLOOD))
    none = done(Profile(), Deny(section=Section.ALLERGIES))
    assert none.no_known_allergy and none.denial(Section.ALLERGIES) == Denial(
        section=Section.ALLERGIES, said=SAID
    )
    some = done(none, PutLine(section=Section.ALLERGIES, line=Allergy(substance="Latex")))
    assert not some.no_known_allergy and some.denial(Section.ALLERGIES) is None
    back = done(none, Deny(section=Section.ALLERGIES, none=False))
    assert back == Profile()


def test_what_was_kept_before_lines_had_identifiers_gets_some_that_stay() -> None:
    before = Profile(
        allergies=(Allergy(substance="Latex"), Allergy(substance="Latex")), no_known_allergy=False
    )
    once, twice = identified(before), identified(before)
    assert once == twice
    assert len({line.line_id for line in once.allergies}) == 2
    assert identified(once) is once
    assert Profile(no_known_allergy=True).denial(Section.ALLERGIES) == Denial(
        section=Section.ALLERGIES, said=UNSAID
    )


@given(away=st.sets(st.sampled_from(Section)))
def test_an_unshared_section_is_as_if_nothing_had_been_said_in_it(away: set[Section]) -> None:
    private = FULL
    for section in sorted(away):
        private = done(private, Share(section=section, shared=False))
    shared = shared_part(private)
    assert shared.unshared == () and (shared.email, shared.phone) == ("", "")
    for section in Section:
        assert is_filled(shared, section) is (section not in away), section
    # Whatever is said in it, others see the same.
    assert shared == shared_part(
        replace(shared, email="b@exemple.fr", unshared=tuple(sorted(away)))
    )


def test_nothing_shared_is_the_same_as_no_profile() -> None:
    assert shared_part(replace(FULL, unshared=tuple(Section))) == Profile()
    denied = Profile(denials=tuple(Denial(section=one, said=SAID) for one in Section))
    assert shared_part(replace(denied, unshared=tuple(Section))) == Profile()


def test_a_section_shared_again_shows_what_it_held() -> None:
    kept = done(FULL, Share(section=Section.WISHES, shared=False))
    assert not kept.is_shared(Section.WISHES)
    again = done(
        done(kept, Share(section=Section.WISHES, shared=False)),
        Share(section=Section.WISHES, shared=True),
    )
    assert again == FULL


def test_the_ten_sections_are_counted() -> None:
    assert filled(Profile()) == 0
    assert filled(FULL) == len(MEDICAL) == 10
    assert filled(Profile(no_known_allergy=True)) == 1


def test_every_word_of_the_carnet_has_a_code_but_other() -> None:
    assert set(VACCINES) == set(Against)
    assert [key for key, (_, atc) in VACCINES.items() if not atc.startswith("J07")] == [
        Against.OTHER
    ]
