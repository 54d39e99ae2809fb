"""Everybody in the territory: the cast first, then inhabitants up to the number asked for."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Final

from dmp.remote.simulated.territory.cast import cast_people
from dmp.remote.simulated.territory.numbers import CivilRegister
from dmp.remote.simulated.territory.people import Person, inhabitants

SEED: Final = 1
PEOPLE: Final = 300


def population(seed: int = SEED, people: int = PEOPLE) -> Iterator[Person]:
    """The people of the territory, the cast first and whole.

    The first of them are the same whatever `people` is; 100 000 take some seconds.
    """
    cast = cast_people()
    yield from cast.values()
    register = CivilRegister({person.ins.matricule[:13] for person in cast.values()})
    yield from islice(inhabitants(seed, register), max(0, people - len(cast)))
