"""A scripted case: what is put into the files, to whom, and what is expected of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from dmp.domain.identity.patient import Sex
from dmp.remote.simulated.claims.codes import boxes
from dmp.remote.simulated.claims.lines import ACTORS, Actor, Claims, Line
from dmp.remote.simulated.claims.treatments import delivery
from dmp.remote.simulated.territory.people import Condition, Person


class Family(StrEnum):
    """What a case is about."""

    INTERACTION = "interaction"
    REDUNDANCY = "redundancy"
    FEED = "feed"
    SECRECY = "secrecy"
    STORY = "story"


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """The person of a case and the period: the claims end the day before `until`, and begin at `since`."""

    person: Person
    since: date
    until: date

    def ago(self, days: int) -> date:
        """The day so many days before the end."""
        return self.until - timedelta(days=days)

    @property
    def doctor(self) -> str:
        """The key of the attending doctor."""
        return self.person.doctor


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """A code that is not delivered between two days, both included."""

    code: str
    first: date
    last: date

    def holds(self, line: Line) -> bool:
        """Whether a line is among what is missing."""
        return line.code == self.code and self.first <= line.day <= self.last


@dataclass(slots=True, kw_only=True)
class Told:
    """What a case puts into the files, and what is expected, in words that a program reads."""

    claims: Claims = field(default_factory=Claims)
    expected: dict[str, object] = field(default_factory=dict)
    missing: tuple[Missing, ...] = ()

    def added_to(self, usual: Claims) -> Claims:
        """The usual claims of the person, without what is missing, with what the case adds."""
        usual.lines = [
            line for line in usual.lines if not any(each.holds(line) for each in self.missing)
        ]
        usual.add(self.claims)
        return usual


@dataclass(frozen=True, slots=True, kw_only=True)
class Fits:
    """Whom a case is for. Without `key`: somebody of no script, of that age and sex, free of conditions.

    `among` are conditions that he may have, all others he may not.
    """

    key: str = ""
    youngest: int = 25
    oldest: int = 95
    sex: Sex | None = None
    among: frozenset[Condition] = frozenset()

    def takes(self, person: Person, until: date, *, scripted: bool) -> bool:
        """Whether the case may be this person's."""
        if self.key or scripted:
            return person.key == self.key
        if self.sex is not None and person.traits.sex is not self.sex:
            return False
        if person.conditions - self.among - _HARMLESS:
            return False
        return self.youngest <= person.age_on(until) <= self.oldest


_HARMLESS: Final = frozenset(
    {Condition.SIGHT, Condition.STUDENT, Condition.ALLERGY, Condition.SPORT_INJURY, Condition.CHILD}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One scripted case. `alone`: the person has no other claims, so that what is expected is all there is.

    `breaks` names a case with rows that cannot be taken: the demo does without them.
    """

    key: str
    family: Family
    shows: str
    tell: Callable[[Setting], Told]
    who: Fits = Fits()
    alone: bool = True
    breaks: bool = False


def box(
    setting: Setting,
    key: str,
    days: int,
    *,
    by: str = "",
    quantity: int = 1,
    pharmacy: Actor | None = None,
) -> Line:
    """A delivery so many days before the end, prescribed by the attending doctor unless said."""
    found = boxes()[key]
    worker = ACTORS[by or setting.doctor]
    day = setting.ago(days)
    if pharmacy is not None:
        return delivery(found, day, worker, quantity=quantity, pharmacy=pharmacy)
    return delivery(found, day, worker, quantity=quantity)


def expect(kind: str, **more: object) -> dict[str, object]:
    """What is expected, with its kind first; days become text."""
    return {"expect": kind, **{name: _plain(fact) for name, fact in more.items()}}


def _plain(fact: object) -> object:
    if isinstance(fact, date):
        return fact.isoformat()
    if isinstance(fact, tuple | list):
        return [_plain(each) for each in fact]
    if isinstance(fact, Mapping):
        return {name: _plain(each) for name, each in fact.items()}
    return fact
