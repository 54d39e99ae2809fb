"""Conditions of people as problems of their record: a name and a code of CIM-10.

Source: CIM-10 FR (ATIH).
"""

from __future__ import annotations

from datetime import date
from typing import Final

from dmp.domain.clinical.facts import Problem
from dmp.domain.codes import Code
from dmp.remote.simulated.territory.diary import Diary
from dmp.remote.simulated.territory.people import Condition

_CIM10: Final = "2.16.840.1.113883.6.3"
_NAMES: Final = {
    Condition.DIABETES: ("E11.9", "Diabète de type 2"),
    Condition.HYPERTENSION: ("I10", "Hypertension artérielle"),
    Condition.HEART_FAILURE: ("I50.9", "Insuffisance cardiaque à fraction d'éjection réduite"),
    Condition.COPD: ("J44.9", "Bronchopneumopathie chronique obstructive"),
    Condition.HYPOTHYROIDISM: ("E03.9", "Hypothyroïdie substituée"),
    Condition.ARTHROSIS: ("M19.9", "Arthrose"),
    Condition.DEPRESSION: ("F32.1", "Épisode dépressif, en rémission"),
    Condition.POLYMEDICATION: ("I48.9", "Fibrillation auriculaire sous anticoagulant"),
    Condition.ASTHMA: ("J45.9", "Asthme"),
    Condition.MIGRAINE: ("G43.0", "Migraine sans aura"),
}
_OVER: Final = frozenset((Condition.DEPRESSION,))


def problem(diary: Diary, condition: Condition) -> Problem:
    """The problem that a lasting condition of the person is.

    Raises:
        KeyError: the condition is none that a synthesis lists.
    """
    code, label = _NAMES[condition]
    return Problem(
        label=label,
        code=Code(code, _CIM10, label),
        since=diary.since(condition),
        active=condition not in _OVER,
    )


def problems(diary: Diary) -> tuple[Problem, ...]:
    """Everything that the person is followed for, in the order of the table."""
    return tuple(
        problem(diary, condition) for condition in _NAMES if condition in diary.person.conditions
    )


def pregnancy(start: date, due: date) -> Problem:
    """A pregnancy that goes well, from the last period to the expected day of birth."""
    return Problem(
        label="Grossesse en cours",
        code=Code("Z34.9", _CIM10, "Surveillance d'une grossesse normale"),
        since=start,
        until=due,
    )


def appendectomy() -> Problem:
    """What many had as a child, nobody remembers when."""
    return Problem(label="Appendicectomie dans l'enfance", active=False)
