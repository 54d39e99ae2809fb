"""Whoever has just proved who she is comes in: a new session, the login noted, on to where she wanted to go.

Whatever the way in, it ends here.
"""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from dmp.acts.act import Act
from dmp.acts.login.log_in import NoteLogin, note_login
from dmp.acts.login.reader_settings import read_settings
from dmp.acts.login.unlocking import ReadUnlocking, read_unlocking
from dmp.domain.errors import Refused
from dmp.domain.identity.caller import DeskAgent, Holder
from dmp.entrypoints.web.login.identities import caller_of
from dmp.entrypoints.web.login.reading import bring_settings
from dmp.entrypoints.web.login.sessions import (
    AgentIdentity,
    Identity,
    ProfessionalIdentity,
)
from dmp.entrypoints.web.visit import Visit, is_ours
from dmp.entrypoints.web.wording import moment
from dmp.locale import sentence, translate

ARRIVING_ACTS: tuple[Act[Any, Any], ...] = (note_login, read_unlocking, read_settings)
"""Acts of every page at which somebody may come in."""

MEANS = {
    "oidc:holder": "avec votre identité numérique",
    "oidc:pro": "avec votre identité professionnelle",
    "passkey": "avec une clé d’accès",
    "access-code": "avec le code d’une lettre",
}
"""How a login was proven, in words."""


async def come_in(
    visit: Visit, who: Identity, *, then: str, means: str = "", shared: bool = False
) -> Response:
    """Begin the session of somebody who is proven, and lead on."""
    call = visit.session.state.call if visit.session is not None else None
    fresh = visit.door.sessions.begin(visit.now, who)
    state = fresh.state
    state.then, state.means, state.shared, state.call = then, means, shared, call
    await visit.door.begin_session(visit, fresh)
    if isinstance(who, ProfessionalIdentity) and who.workplace is None:
        return visit.go_to("/pro/situation")
    await welcome(visit)
    return visit.go_to(after_login(then, who))


async def welcome(visit: Visit) -> None:
    """Note the login, tell when the one before was, and know whether a quick unlocking is possible."""
    state = visit.live.state
    visit.caller = caller_of(state.who, state.means)
    who = visit.caller.who
    means = visit.caller.means
    try:
        ins = who.ins if isinstance(who, Holder) else None
        before = await visit.do(note_login, NoteLogin(means=means, ins=ins))
        if not isinstance(who, Holder | DeskAgent):
            state.unlocks = (await visit.do(read_unlocking, ReadUnlocking())).is_quick
        await bring_settings(visit)
    except Refused:
        # Somebody who may do nothing here: his first page says so.
        return
    if before is not None:
        visit.notice(
            translate(
                "Dernière connexion le {moment}, {means}.",
                moment=moment(before.at),
                means=sentence(MEANS.get(before.means, "d’une autre façon")),
            )
        )


def after_login(then: str, who: Identity) -> str:
    """Where one wanted to go, when it is of one's own face; else home."""
    homes: tuple[str, ...] = ("/espace",)
    default = "/espace"
    if isinstance(who, AgentIdentity):
        homes, default = ("/guichet",), "/guichet"
    elif isinstance(who, ProfessionalIdentity):
        homes, default = ("/pro", "/guichet"), "/pro"
    path = then.partition("?")[0]
    fits = any(path == home or path.startswith(home + "/") for home in homes)
    return then if is_ours(then) and fits else default
