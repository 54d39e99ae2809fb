"""What the session remembers of the operations of a counter: initials, receipts, what is left to do.

It ends with the session, and names nobody.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from dmp.domain.identity.patient import Traits
from dmp.entrypoints.web.record.identity_form import Person
from dmp.entrypoints.web.visit import Visit

REMEMBERED = 30
UNFINISHED = 8
"""Persons for whom something is left to do that a session remembers."""


class Left(StrEnum):
    """What is left to do for a person."""

    DECIDE = "decide"  # her identity is checked, nothing was decided
    CODE = "code"  # her record is open, no code was handed over
    REPRESENTATIVE = "representative"  # a minor whose representative is not declared


def remember_operation(visit: Visit, at: datetime, person: Person, receipt: str = "") -> None:
    """Remember whose operation that of this instant was, and where its receipt stands."""
    state = visit.live.state
    kept = {**state.operations, at.isoformat(): (_initials(person.traits), receipt)}
    state.operations = dict(list(kept.items())[-REMEMBERED:])
    visit.live.changed = True


def leave_unfinished(visit: Visit, person: Person, path: str, left: Left) -> None:
    """Remember that something is left to do for the person of these pages, in place of what was left before."""
    state = visit.live.state
    others = {known: what for known, what in state.unfinished.items() if known != path}
    kept = {**others, path: (_initials(person.traits), left.value)}
    state.unfinished = dict(list(kept.items())[-UNFINISHED:])
    visit.live.changed = True


def finished(visit: Visit, path: str) -> None:
    """Nothing is left to do for the person of these pages."""
    state = visit.live.state
    if path in state.unfinished:
        state.unfinished = {
            known: what for known, what in state.unfinished.items() if known != path
        }
        visit.live.changed = True


def _initials(traits: Traits) -> str:
    """`C. D.`: enough for the agent to know of whom he speaks, for nobody else."""
    given = traits.used_given_name or traits.first_given_name
    name = traits.used_name or traits.birth_name
    return f"{given[:1]}. {name[:1]}.".upper()
