"""What every ceremony of a passkey has in common: begun on a page, answered by its form, used once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from uuid import UUID

from dmp.acts.login.passkeys import NewPasskey
from dmp.domain.errors import Reason, Refused
from dmp.entrypoints.web.login import ceremony
from dmp.entrypoints.web.login.ceremony import CeremonyFailed
from dmp.entrypoints.web.login.sessions import CeremonyUnderWay
from dmp.entrypoints.web.visit import Visit
from dmp.entrypoints.web.wording import refusal

__all__ = ["CeremonyFailed", "added", "begun", "guest", "key_of", "taken"]

FAILED = "La clé d’accès n’a pas pu être ajoutée. Recommencez, sans quitter cette page entre-temps."


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


async def added(visit: Visit, add: Callable[[NewPasskey], Awaitable[object]]) -> dict[str, str]:
    """Add the key that the form answers with; the sentence beside its field where that is not possible.

    Raises Refused: whatever `add` refuses for another reason.
    """
    try:
        answer, name = visit.form.text("reponse"), visit.form.text("nom")
        await add(ceremony.new_key(visit.options, await taken(visit), answer, name, visit.now))
    except CeremonyFailed:
        return {"nom": FAILED}
    except Refused as refused:
        if refused.reason is not Reason.PASSKEY_NOT_POSSIBLE:
            raise
        return {"nom": refusal(refused)}
    return {}


def key_of(visit: Visit) -> UUID:
    """Which key a form names. Raises Refused: PASSKEY_NOT_POSSIBLE."""
    try:
        return UUID(visit.form.text("cle_acces"))
    except ValueError:
        raise Refused(Reason.PASSKEY_NOT_POSSIBLE, detail="this key is not known") from None
