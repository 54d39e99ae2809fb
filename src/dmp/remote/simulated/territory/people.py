"""The people of the territory: households drawn one after the other from the seed.

A household depends on the seed, its rank and the matricules given out before it, so that the first
people are the same however many follow.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from random import Random
from typing import Final

from dmp.domain.identifiers import Ins
from dmp.domain.identity.caller import Caller, Door, Holder, Representative, Strength
from dmp.domain.identity.patient import Sex, Traits
from dmp.remote.simulated.territory import names, numbers
from dmp.remote.simulated.territory.professionals import MEANS

EPOCH: Final = date(2026, 9, 1)
"""Births come before this day, whenever the territory is created: an identity never changes."""


class Condition(StrEnum):
    """What somebody is treated or followed for; it chooses the care stories."""

    DIABETES = "diabetes"
    HYPERTENSION = "hypertension"
    HEART_FAILURE = "heart-failure"
    COPD = "copd"
    ASTHMA = "asthma"
    PREGNANCY = "pregnancy"
    DEPRESSION = "depression"
    HYPOTHYROIDISM = "hypothyroidism"
    ARTHROSIS = "arthrosis"
    POLYMEDICATION = "polymedication"
    NEWBORN = "newborn"
    CHILD = "child"
    ALLERGY = "allergy"
    STUDENT = "student"
    SPORT_INJURY = "sport-injury"
    MIGRAINE = "migraine"
    SIGHT = "sight"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One invented inhabitant. `parents` are keys of the people who represent him while a minor.

    `rank` numbers the household's story; `key` is stable for a seed.
    """

    key: str
    ins: Ins
    traits: Traits
    conditions: frozenset[Condition] = frozenset()
    parents: tuple[str, ...] = ()
    doctor: str = "dr-martin"

    @property
    def name(self) -> str:
        """Name for people: `Prénom NOM`, with the names in use."""
        given = self.traits.used_given_name or self.traits.first_given_name
        return f"{given} {(self.traits.used_name or self.traits.birth_name).upper()}"

    @property
    def is_woman(self) -> bool:
        """Whether forms of address and stories are a woman's."""
        return self.traits.sex is Sex.FEMALE

    def age_on(self, day: date) -> int:
        """Completed years on that day."""
        return self.traits.age_on(day)

    def caller(self, *, means: str = MEANS, door: Door = Door.WEB) -> Caller:
        """The person as the holder of his own record."""
        who = Holder(ins=self.ins, name=self.name)
        return Caller(who=who, strength=Strength.INDIVIDUAL, door=door, means=means)

    def as_representative(self, *, means: str = MEANS, door: Door = Door.WEB) -> Caller:
        """The person exercising somebody else's rights."""
        who = Representative(ins=self.ins, name=self.name)
        return Caller(who=who, strength=Strength.INDIVIDUAL, door=door, means=means)


def _born_at_age(rng: Random, age: int) -> date:
    return EPOCH - timedelta(days=round(age * 365.25) + rng.randint(1, 364))


@dataclass(slots=True)
class _Household:
    rng: Random
    register: numbers.CivilRegister
    rank: int
    members: list[Person]

    def add(self, sex: Sex, born: date, family: str, used: str = "", parents: tuple[str, ...] = (),
            place: str = "") -> Person:  # fmt: skip
        place = place or numbers.birth_place(self.rng, born)
        traits = Traits(
            birth_name=family.upper(),
            given_names=names.given_names(self.rng, sex, born.year).upper(),
            sex=sex,
            birth_date=born,
            birth_place=place,
            used_name=used.upper(),
        )
        traits = replace(traits, used_given_name=_capitals(traits.first_given_name))
        person = Person(
            key=f"h{self.rank:05d}-{len(self.members) + 1}",
            ins=self.register.register(self.rng, sex, born, place),
            traits=traits,
            conditions=_conditions(self.rng, sex, EPOCH.year - born.year),
            parents=parents,
            doctor="dr-petit" if self.rank % 4 == 0 else "dr-martin",
        )
        self.members.append(person)
        return person


def _capitals(name: str) -> str:
    return "-".join(part.capitalize() for part in name.split("-"))


def inhabitants(seed: int, register: numbers.CivilRegister) -> Iterator[Person]:
    """Inhabitants without end, household by household, parents before their children."""
    rank = 0
    while True:
        rank += 1
        yield from _household(Random(f"{seed}/household/{rank}"), register, rank)  # noqa: S311  # invented people need no secret randomness


def _household(rng: Random, register: numbers.CivilRegister, rank: int) -> list[Person]:
    home = _Household(rng, register, rank, [])
    kind = rng.choices(
        ("family", "one-parent", "couple", "elders", "elder", "alone", "student"),
        (23, 7, 15, 17, 17, 15, 6),
    )[0]
    match kind:
        case "family":
            mother, father = _couple(home, rng.randint(27, 49))
            _children(home, (mother, father), father.traits.birth_name)
        case "one-parent":
            sex = Sex.FEMALE if rng.random() < 0.8 else Sex.MALE
            parent = home.add(sex, _born_at_age(rng, rng.randint(26, 48)), names.family_name(rng))
            _children(home, (parent,), parent.traits.birth_name)
        case "couple":
            _couple(home, rng.randint(24, 66))
        case "elders":
            _couple(home, rng.randint(67, 92))
        case "elder":
            sex = Sex.FEMALE if rng.random() < 0.7 else Sex.MALE
            home.add(sex, _born_at_age(rng, rng.randint(70, 99)), names.family_name(rng))
        case "student":
            sex = rng.choice((Sex.FEMALE, Sex.MALE))
            student = home.add(sex, _born_at_age(rng, rng.randint(18, 24)), names.family_name(rng))
            home.members[-1] = replace(student, conditions=student.conditions | {Condition.STUDENT})
        case _:
            sex = rng.choice((Sex.FEMALE, Sex.MALE))
            home.add(sex, _born_at_age(rng, rng.randint(22, 68)), names.family_name(rng))
    return home.members


def _couple(home: _Household, age: int) -> tuple[Person, Person]:
    rng = home.rng
    hers, his = names.family_name(rng), names.family_name(rng)
    used = his if rng.random() < (0.8 if age > 60 else 0.45) else ""
    woman = home.add(Sex.FEMALE, _born_at_age(rng, age), hers, used)
    man = home.add(Sex.MALE, _born_at_age(rng, min(100, age + rng.randint(-3, 6))), his)
    return woman, man


def _children(home: _Household, parents: tuple[Person, ...], family: str) -> None:
    rng = home.rng
    youngest_parent = min(parent.age_on(EPOCH) for parent in parents)
    oldest = min(17, youngest_parent - 20)
    place = numbers.birth_place(rng, EPOCH)
    ages = sorted(rng.sample(range(oldest + 1), min(rng.choice((1, 2, 2, 3)), oldest + 1)))
    for age in reversed(ages):
        born = EPOCH - timedelta(days=age * 365 + age // 4 + rng.randint(40, 330))
        sex = rng.choice((Sex.FEMALE, Sex.MALE))
        home.add(sex, born, family, parents=tuple(p.key for p in parents), place=place)


# For each condition, from which age on and how often; further rules stand in `_conditions`.
_FREQUENCY: Final = (
    (Condition.HYPERTENSION, 45, 0.34),
    (Condition.DIABETES, 42, 0.16),
    (Condition.HEART_FAILURE, 68, 0.13),
    (Condition.COPD, 55, 0.09),
    (Condition.ARTHROSIS, 58, 0.28),
    (Condition.HYPOTHYROIDISM, 35, 0.07),
    (Condition.DEPRESSION, 20, 0.08),
    (Condition.POLYMEDICATION, 76, 0.45),
    (Condition.ASTHMA, 5, 0.07),
    (Condition.MIGRAINE, 18, 0.09),
    (Condition.SIGHT, 8, 0.22),
    (Condition.ALLERGY, 3, 0.12),
)


def _conditions(rng: Random, sex: Sex, age: int) -> frozenset[Condition]:
    found = {
        condition
        for condition, start, frequency in _FREQUENCY
        if rng.random() < frequency and age >= start
    }
    if sex is Sex.FEMALE and 24 <= age <= 41 and rng.random() < 0.07:
        found.add(Condition.PREGNANCY)
    if age < 2:
        found.add(Condition.NEWBORN)
    if age < 18:
        found.add(Condition.CHILD)
    if 12 <= age <= 45 and rng.random() < 0.15:
        found.add(Condition.SPORT_INJURY)
    return frozenset(found)
