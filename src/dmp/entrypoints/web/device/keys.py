"""What every ceremony of a passkey has in common: begun on a page, answered by its form, used once."""

from __future__ import annotations

from dmp.entrypoints.web.login import ceremony
from dmp.entrypoints.web.login.ceremony import CeremonyFailed
from dmp.entrypoints.web.login.sessions import CeremonyUnderWay
from dmp.entrypoints.web.visit import Visit

__all__ = ["CeremonyFailed", "begun", "guest", "taken"]


async def guest(visit: Visit) -> None:
    """A session for somebody who is not known yet, so that a form can be of it."""
    if visit.session is None:
        await visit.door.begin_session(visit, visit.door.sessions.begin(visit.now))


def begun(visit: Visit, purpose: str, handle: str = "") -> CeremonyUnderWay:
    """A new challenge, in place of whichever the session had."""
    under_way = ceremony.ceremony(purpose, visit.now, handle)
    visit.live.state.ceremony = under_way
    visit.live.changed = True
    return under_way


async def taken(visit: Visit) -> CeremonyUnderWay | None:
    """The challenge of the session, which is used with it, whatever comes of it."""
    session = visit.live
    under_way, session.state.ceremony = session.state.ceremony, None
    session.changed = True
    await visit.door.sessions.save(session, visit.now)
    return under_way
