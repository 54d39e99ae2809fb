"""What the session remembers of the operations of a counter: initials and receipt, until it ends."""

from __future__ import annotations

from datetime import datetime

from dmp.domain.identity.patient import Traits
from dmp.entrypoints.web.record.identity_form import Person
from dmp.entrypoints.web.visit import Visit

REMEMBERED = 30


def remember_operation(visit: Visit, at: datetime, person: Person, receipt: str = "") -> None:
    """Remember whose operation that of this instant was, and where its receipt stands."""
    state = visit.live.state
    kept = {**state.operations, at.isoformat(): (_initials(person.traits), receipt)}
    state.operations = dict(list(kept.items())[-REMEMBERED:])
    visit.live.changed = True


def _initials(traits: Traits) -> str:
    """`C. D.`: enough for the agent to know of whom he speaks, for nobody else."""
    given = traits.used_given_name or traits.first_given_name
    name = traits.used_name or traits.birth_name
    return f"{given[:1]}. {name[:1]}.".upper()
