"""The step of a record's life that an act under way makes: who, when, through which channel."""

from __future__ import annotations

from dmp.acts.tracing import frozen
from dmp.acts.work import Work
from dmp.domain.identity.caller import (
    Caller,
    DeskAgent,
    Holder,
    Professional,
    Representative,
    SystemJob,
)
from dmp.domain.record.health_record import Channel, State, Step

PHARMACIST = "21"
"""Profession of pharmacists in TRE_G15."""


def channel_of(caller: Caller) -> Channel:
    """The channel is a fact of who asks, not a claim."""
    match caller.who:
        case Holder() | Representative():
            return Channel.ONLINE
        case DeskAgent():
            return Channel.DESK
        case Professional(profession=profession):
            return Channel.PHARMACY if profession.code == PHARMACIST else Channel.PROFESSIONAL
        case SystemJob():
            return Channel.AUTOMATIC
        case _:
            return Channel.OPERATOR


def step_of(work: Work, state: State, consent: str = "") -> Step:
    """The step this act makes. `consent` is the consent as recorded, in words."""
    return Step(
        state=state,
        at=work.now,
        by=work.caller.id,
        by_name=frozen(work.caller).name,
        channel=channel_of(work.caller),
        consent=consent,
    )
