"""What a holder chooses for her own pages: prevention she does not want, her first visit, notices she has read.

These choices right nothing and hide nothing from anybody else: they only change what is offered to whoever
made them. Source: activation, prévention and notifications of Mon espace santé.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from dmp.domain.clinical.synthesis import AlertClass, Synthesis

MOST_DECLINED: Final = 200
"""So many lines of prevention are declined at most: more than there are rules."""


class VisitStep(StrEnum):
    """One step of the first visit; its value is the word of its address."""

    IDENTITY = "identite"
    SHARING = "partage"
    EMERGENCY = "urgence"
    PASSKEY = "cle"


@dataclass(frozen=True, slots=True, kw_only=True)
class Declined:
    """One line of prevention that is not offered any more, and since when."""

    rule_id: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SpaceChoices:
    """The choices of the holder, or those of who represents her (`arrangement_id`).

    `proposes`: whether prevention is offered at all. `steps` of the first visit are those that were done,
    `visited_at` when it was finished or put aside. `read_until`: notices up to this instant were read.
    """

    slip_id: UUID
    proposes: bool = True
    declined: tuple[Declined, ...] = ()
    steps: tuple[VisitStep, ...] = ()
    visited_at: datetime | None = None
    read_until: datetime | None = None

    @property
    def declined_rules(self) -> frozenset[str]:
        """The rules whose lines are not offered."""
        return frozenset(one.rule_id for one in self.declined)

    def without(self, rule_id: str, at: datetime) -> SpaceChoices:
        """With this line declined; once is enough."""
        if rule_id in self.declined_rules:
            return self
        kept = (*self.declined, Declined(rule_id=rule_id, at=at))
        return replace(self, declined=kept[-MOST_DECLINED:])

    def offered_again(self, rule_id: str) -> SpaceChoices:
        """With this line offered again."""
        kept = tuple(one for one in self.declined if one.rule_id != rule_id)
        return replace(self, declined=kept)

    def done(self, step: VisitStep) -> SpaceChoices:
        """With this step of the first visit done."""
        return self if step in self.steps else replace(self, steps=(*self.steps, step))


def as_offered(synthesis: Synthesis, choices: SpaceChoices) -> Synthesis:
    """The synthesis without the prevention that its reader does not want to be offered."""
    if not choices.proposes:
        return _without(synthesis, frozenset(one.rule_id for one in synthesis.due))
    return _without(synthesis, choices.declined_rules)


def _without(synthesis: Synthesis, rules: Collection[str]) -> Synthesis:
    if not rules:
        return synthesis
    return replace(
        synthesis,
        due=tuple(one for one in synthesis.due if one.rule_id not in rules),
        alerts=tuple(
            one
            for one in synthesis.alerts
            if one.alert_class is not AlertClass.DUE or one.rule_id not in rules
        ),
    )
