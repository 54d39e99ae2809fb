"""What happens to people who follow no script: an opening, a doctor, care, a few readings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Final

from dmp.remote.simulated.territory.diary import Diary
from dmp.remote.simulated.territory.papers import Results
from dmp.remote.simulated.territory.people import Condition, Person
from dmp.remote.simulated.territory.professionals import BY_KEY
from dmp.remote.simulated.territory.scenes.plot import Plot, Scene, diary_of
from dmp.remote.simulated.territory.stories import elders, everyday, family, heart, metabolic

_STORIES: Final[dict[Condition, Callable[[Diary], None]]] = {
    Condition.DIABETES: metabolic.diabetes,
    Condition.HYPERTENSION: heart.hypertension,
    Condition.HEART_FAILURE: heart.heart_failure,
    Condition.COPD: heart.copd,
    Condition.ASTHMA: everyday.asthma,
    Condition.PREGNANCY: family.pregnancy,
    Condition.DEPRESSION: everyday.depression,
    Condition.HYPOTHYROIDISM: metabolic.thyroid,
    Condition.ARTHROSIS: everyday.back_pain,
    Condition.POLYMEDICATION: elders.many_medicines,
    Condition.ALLERGY: everyday.allergy,
    Condition.SPORT_INJURY: everyday.sport_injury,
    Condition.MIGRAINE: everyday.migraine,
    Condition.SIGHT: everyday.sight,
}
_LASTING: Final = frozenset(
    {
        Condition.DIABETES,
        Condition.HYPERTENSION,
        Condition.HEART_FAILURE,
        Condition.COPD,
        Condition.ASTHMA,
        Condition.POLYMEDICATION,
    }
)
_OPENINGS: Final = ("online", "online", "desk", "automatic", "sophie-caron", "lucie-perrin")


def cared_for(diary: Diary) -> None:
    """Lay the visits that the person's age and conditions bring."""
    person, age = diary.person, diary.person.age_on(diary.today)
    if Condition.NEWBORN in person.conditions:
        family.birth(diary)
    if age < 18:
        family.growth(diary)
        family.shots(diary)
    elif not person.conditions & _LASTING:
        metabolic.check_up(diary)
    for condition in sorted(person.conditions & _STORIES.keys()):
        _STORIES[condition](diary)
    if age >= 65 or (person.conditions & _LASTING and age >= 18):
        everyday.flu_shot(diary)
        elders.synthesis(diary)
    everyday.winter(diary)
    if age >= 18 and len(diary.visits) < 5 and Condition.HYPOTHYROIDISM not in person.conditions:
        everyday.tired(diary)
    if Condition.STUDENT in person.conditions:
        everyday.certificate(diary, diary.ago(diary.rng.randint(20, 90)))


def opening_day(diary_seed: int, person: Person, today: date) -> date:
    """When the record was opened: in the last three years, for a newborn two days after birth."""
    days = 400 + (diary_seed * 7919 + int(person.ins.matricule[7:13], 36)) % 720
    day = today - timedelta(days=days)
    return max(day, person.traits.birth_date + timedelta(days=2))


def lived(seed: int, person: Person, today: date) -> tuple[Diary, str]:
    """The care of somebody without a script, and in which way the record was opened."""
    opened = opening_day(seed, person, today)
    diary = diary_of(Plot(person, seed, today), opened)
    way = person.doctor
    if Condition.NEWBORN in person.conditions:
        way = "dr-klein"
    elif person.age_on(opened) >= 18:
        way = diary.rng.choice((*_OPENINGS, person.doctor))
    cared_for(diary)
    return diary, way


def routine(person: Person, family_of: Mapping[str, Person], seed: int, today: date) -> list[Scene]:
    """The scenes of somebody without a script, oldest first.

    Args:
        person: who.
        family_of: the people of the household by key, for the parents.
        seed: of the territory.
        today: the day on which the territory is created.
    """
    plot = Plot(person, seed, today)
    diary, way = lived(seed, person, today)
    plot.opened(diary.opened, way)
    begun(plot, diary.opened, family_of)
    plot.deposited(diary.visits)
    _looked_at(plot, diary)
    return plot.in_order()


def begun(plot: Plot, opened: date, family_of: Mapping[str, Person]) -> None:
    """The declarations that follow an opening: attending doctor, parents of a minor."""
    plot.attended(opened, plot.person.doctor)
    if plot.person.age_on(opened) < 18:
        for key in plot.person.parents:
            plot.represented(opened, family_of[key])


def _looked_at(plot: Plot, diary: Diary) -> None:
    """The attending doctor reads the last results; a pharmacist looks in with consent."""
    doctor = BY_KEY[plot.person.doctor].caller()
    tested = [visit for visit in diary.visits if isinstance(visit.papers[0], Results)]
    if tested and diary.rng.random() < 0.35:
        last = max(tested, key=lambda visit: visit.at)
        at = plot.instant(last.at.date() + timedelta(days=1), 16, diary.rng.randint(0, 59))
        if at.date() < plot.today:
            plot.listed(at, doctor)
            plot.read(plot.instant(at.date(), 17), doctor, last.key)
    if diary.rng.random() < 0.15 and diary.days > 60:
        day = diary.ago(diary.rng.randint(5, 50))
        plot.consented(day, "sophie-caron")
        plot.listed(plot.instant(day, 8, 30), BY_KEY["sophie-caron"].caller())
