"""The modes in which a professional works on one patient: an emergency he stated, a minor's secret session.

Both stand in the session, under the reference of the patient; while they last, every act about this
patient carries them, and every page says so.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import datetime

from dmp.domain.identity.caller import Motive, Professional, Purpose
from dmp.domain.identity.capacity import Capacity
from dmp.entrypoints.web.login.sessions import EmergencyStatement
from dmp.entrypoints.web.visit import Visit

REMEMBERED_STATEMENTS = 20
MODES = {
    Purpose.BREAK_GLASS: "Accès en urgence",
    Purpose.REGULATION: "Régulation du SAMU",
}
MOTIVES = {
    Motive.LIFE_AT_RISK: "Son pronostic vital est engagé",
    Motive.CANNOT_EXPRESS_WILL: "Il est hors d’état d’exprimer sa volonté",
    Motive.OTHER: "Autre motif",
}
_IN_SHORT = {
    Motive.LIFE_AT_RISK: "pronostic vital engagé",
    Motive.CANNOT_EXPRESS_WILL: "patient hors d’état d’exprimer sa volonté",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Emergency:
    """An emergency under way: its mode and motive in words, its end, the seconds that are left."""

    mode: str
    motive: str
    ends_at: datetime
    seconds: int

    @property
    def minutes(self) -> int:
        """The minutes that are left, one that has begun included: 60 at first, never 0."""
        return max(1, -(-self.seconds // 60))


@dataclass(frozen=True, slots=True, kw_only=True)
class Mode:
    """What the top of a patient's pages says. `path` is the address of these pages."""

    path: str
    emergency: Emergency | None
    is_secret: bool


def statement_of(visit: Visit, reference: str) -> EmergencyStatement | None:
    """The emergency that is under way with this patient, or None."""
    stated = visit.live.state.emergencies.get(reference)
    return stated if stated is not None and visit.now < _end(visit, stated) else None


def ended_at(visit: Visit, reference: str) -> datetime | None:
    """When the emergency stated for this patient ended by itself, or None when there was none."""
    stated = visit.live.state.emergencies.get(reference)
    if stated is None or visit.now < _end(visit, stated):
        return None
    return _end(visit, stated)


def _end(visit: Visit, stated: EmergencyStatement) -> datetime:
    return stated.since + visit.house.policy.emergency


def take_on(visit: Visit, reference: str) -> None:
    """Let the acts of this visit carry the modes of this patient."""
    stated = statement_of(visit, reference)
    caller = replace(visit.caller, secret=reference in visit.live.state.secret)
    if stated is not None:
        caller = replace(
            caller,
            purpose=Purpose(stated.purpose),
            motive=Motive(stated.motive) if stated.motive else None,
            purpose_reason=stated.reason,
            purpose_since=stated.since,
        )
    visit.caller = caller


def mode_of(visit: Visit, reference: str, path: str) -> Mode:
    """What the pages about this patient say at their top."""
    stated = statement_of(visit, reference)
    return Mode(
        path=path,
        emergency=_emergency(visit, stated) if stated is not None else None,
        is_secret=reference in visit.live.state.secret,
    )


def _emergency(visit: Visit, stated: EmergencyStatement) -> Emergency:
    ends_at = _end(visit, stated)
    motive = _IN_SHORT.get(Motive(stated.motive), "") if stated.motive else ""
    return Emergency(
        mode=MODES[Purpose(stated.purpose)],
        motive=" : ".join(filter(None, (motive, stated.reason))),
        ends_at=ends_at,
        seconds=math.ceil((ends_at - visit.now).total_seconds()),
    )


def state_emergency(visit: Visit, reference: str, stated: EmergencyStatement) -> None:
    """An emergency begins with this patient; an earlier one is over."""
    state = visit.live.state
    others = {known: one for known, one in state.emergencies.items() if known != reference}
    recent = list(others.items())[-REMEMBERED_STATEMENTS + 1 :]
    state.emergencies = {**dict(recent), reference: stated}
    visit.live.changed = True
    take_on(visit, reference)


def forget_emergency(visit: Visit, reference: str) -> None:
    """The emergency with this patient is over, or was never granted."""
    if visit.live.state.emergencies.pop(reference, None) is not None:
        visit.live.changed = True


def begin_secret(visit: Visit, reference: str) -> None:
    """A secret session with this minor begins."""
    state = visit.live.state
    if reference not in state.secret:
        state.secret = (*state.secret, reference)
        visit.live.changed = True
    take_on(visit, reference)


def end_secret(visit: Visit, reference: str) -> None:
    """The secret session with this minor is over."""
    state = visit.live.state
    if reference in state.secret:
        state.secret = tuple(known for known in state.secret if known != reference)
        visit.live.changed = True


def may_state_emergency(visit: Visit) -> bool:
    """Whether the law lets whoever is logged in break the glass at all; the rules have the last word."""
    who = visit.caller.who
    barred = (Capacity.OCCUPATIONAL, Capacity.BARRED)
    return isinstance(who, Professional) and who.capacity not in barred
