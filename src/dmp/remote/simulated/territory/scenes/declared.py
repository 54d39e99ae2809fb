"""What some of the cast declare of themselves: a medical profile, with measures taken at home."""

from __future__ import annotations

from datetime import date, time
from typing import Final
from uuid import UUID, uuid5

from dmp.acts.person.profile import SaveProfile, save_profile
from dmp.domain.record.declared.habits import Activity, Alcohol, Habits, Tobacco
from dmp.domain.record.declared.lines import (
    Allergy,
    Condition,
    Disability,
    DisabilityKind,
    FamilyCondition,
    HospitalStay,
    PersonToWarn,
    Relative,
    Severity,
    Treatment,
    VaccineGiven,
)
from dmp.domain.record.declared.measures import Measure, Measured
from dmp.domain.record.declared.said import PartialDay, Said
from dmp.domain.record.declared.sections import Section
from dmp.domain.record.declared.vaccines import Against
from dmp.domain.record.declared.wishes import Directives, Donation, TrustedPerson, Wishes
from dmp.domain.record.profile import BloodGroup, Profile
from dmp.remote.simulated.territory.diary import Diary
from dmp.remote.simulated.territory.scenes.plot import Plot

_LINES: Final = UUID("3b0c5a6e-6b2f-5a43-9d0e-5f1a7c2b9e10")
_WEEKS: Final = 26


def chronic_patient(plot: Plot, diary: Diary) -> None:
    """A patient with diabetes and hypertension who measures at home and said what she wants."""
    day = diary.ago(50)
    profile = _profile(plot, diary, Said(on=day))
    plot.add(
        plot.instant(day, 18),
        plot.person.caller(),
        save_profile,
        lambda stage: SaveProfile(record_id=stage.record_id, profile=profile),
    )


def _line(plot: Plot, words: str) -> UUID:
    return uuid5(_LINES, f"{plot.person.key}/{words}")


def _profile(plot: Plot, diary: Diary, said: Said) -> Profile:
    cataract, stay = _conditions(plot, said)
    return Profile(
        email=f"{plot.person.key}@exemple.invalid",
        phone="01 99 00 21 43",
        persons_to_warn=(
            PersonToWarn(
                line_id=_line(plot, "warn"),
                name="Paul Durand",
                phone="01 99 00 21 44",
                relation="époux",
                said=said,
            ),
        ),
        blood_group=BloodGroup.A_POSITIVE,
        blood_said=said,
        allergies=(_allergy(plot, said),),
        conditions=(cataract,),
        treatments=(_painkiller(plot, diary, said),),
        vaccines=_vaccines(plot, diary, said),
        stays=(stay,),
        disabilities=(
            Disability(
                line_id=_line(plot, "hearing"),
                label="Appareil auditif à droite",
                kind=DisabilityKind.AID,
                said=said,
            ),
        ),
        measures=_measures(plot, diary),
        family=(_mother(plot, said),),
        habits=_habits(said),
        wishes=_wishes(said),
        unshared=(Section.HABITS,),
    )


def _allergy(plot: Plot, said: Said) -> Allergy:
    return Allergy(
        line_id=_line(plot, "allergy"),
        substance="Pénicilline",
        reaction="Urticaire géante, gêne respiratoire",
        severity=Severity.SEVERE,
        since=PartialDay(year=1987),
        said=said,
    )


def _conditions(plot: Plot, said: Said) -> tuple[Condition, HospitalStay]:
    """A disease of the past, and the stay for another."""
    cataract = Condition(
        line_id=_line(plot, "cataract"),
        label="Cataracte opérée des deux yeux",
        active=False,
        since=PartialDay(year=2019),
        until=PartialDay(year=2019, month=11),
        said=said,
    )
    stay = HospitalStay(
        line_id=_line(plot, "stay"),
        reason="Ablation de la vésicule",
        place="Clinique des Tilleuls",
        start=PartialDay(year=2008, month=5),
        said=said,
    )
    return cataract, stay


def _painkiller(plot: Plot, diary: Diary, said: Said) -> Treatment:
    return Treatment(
        line_id=_line(plot, "painkiller"),
        label="Paracétamol 1 g",
        dosage="1 comprimé en cas de mal de dos",
        self_medication=True,
        start=PartialDay.of(diary.ago(60)),
        said=said,
    )


def _mother(plot: Plot, said: Said) -> FamilyCondition:
    return FamilyCondition(
        line_id=_line(plot, "mother"),
        relative=Relative.MOTHER,
        label="Diabète de type 2",
        age=58,
        said=said,
    )


def _habits(said: Said) -> Habits:
    return Habits(
        tobacco=Tobacco.STOPPED,
        alcohol=Alcohol.SOMETIMES,
        activity=Activity.MOST_DAYS,
        words="A arrêté de fumer à quarante ans.",
        said=said,
    )


def _vaccines(plot: Plot, diary: Diary, said: Said) -> tuple[VaccineGiven, ...]:
    return (
        VaccineGiven(
            line_id=_line(plot, "dtp"),
            against=Against.DTP,
            on=PartialDay(year=diary.today.year - 9, month=4),
            said=said,
        ),
        VaccineGiven(
            line_id=_line(plot, "flu"),
            against=Against.FLU,
            on=PartialDay.of(diary.ago(390)),
            by_whom="pharmacie du village",
            said=said,
        ),
    )


def _measures(plot: Plot, diary: Diary) -> tuple[Measure, ...]:
    """Six months of weights and blood pressures, taken on Sunday mornings."""
    found = [_measure(plot, Measured.HEIGHT, diary.ago(400), 163)]
    weight = 84.6
    for week in range(_WEEKS, 7, -1):
        day = diary.ago(7 * week)
        weight -= diary.rng.uniform(-0.15, 0.4)
        found.append(_measure(plot, Measured.WEIGHT, day, round(weight, 1)))
        if week % 2 == 0:
            found.append(_pressure(plot, diary, day))
        if week % 4 == 0:
            glucose = round(diary.rng.uniform(1.1, 1.6), 2)
            found.append(_measure(plot, Measured.GLUCOSE, day, glucose))
    return tuple(found)


def _measure(plot: Plot, what: Measured, day: date, value: float) -> Measure:
    return Measure(
        line_id=_line(plot, f"{what}/{day}"),
        what=what,
        value=value,
        on=day,
        at=time(8, 30),
        said=Said(on=day),
    )


def _pressure(plot: Plot, diary: Diary, day: date) -> Measure:
    return Measure(
        line_id=_line(plot, f"pressure/{day}"),
        what=Measured.BLOOD_PRESSURE,
        value=diary.rng.randint(124, 142),
        second=diary.rng.randint(70, 84),
        on=day,
        at=time(8, 35),
        said=Said(on=day),
    )


def _wishes(said: Said) -> Wishes:
    return Wishes(
        directives=Directives(
            text="Si je suis dans un état sans retour, je ne veux pas être maintenue par des machines.",
            kept_at="Chez mon médecin traitant, et dans le tiroir du buffet",
            said=said,
        ),
        trusted=TrustedPerson(
            name="Paul Durand", phone="01 99 00 21 44", relation="époux", agreed=True, said=said
        ),
        donation=Donation.IN_FAVOUR,
        donation_said=said,
    )
