"""What a demonstration adds to the pages: whom one can be, and one address for everybody."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import URL
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from dmp.entrypoints.web.options import Persona
from dmp.remote.simulated.oidc import identities
from dmp.remote.simulated.territory.cast import cast_people
from dmp.remote.simulated.territory.professionals import DESK

_BARE: Final = frozenset({"127.0.0.1", "::1"})


def personas(seed: int) -> tuple[Persona, ...]:
    """The scripted people, in the order of the cast: those of whom there is something to see."""
    faces = {
        "holder": identities.holders(seed, len(cast_people())),
        "professional": identities.professionals(),
    }
    return tuple(
        Persona(
            key=one.key,
            face="desk" if one.key == DESK.key else face,
            name=one.name,
            detail=one.detail,
            shows=one.shows,
        )
        for face, people in faces.items()
        for one in people
    )


class AtItsName:
    """Leads pages asked for at the bare address of this machine to the name of the demonstration.

    Sessions and passkeys belong to one name. What software asks (`apart`, beginnings of paths) is answered
    where it was asked.
    """

    def __init__(self, app: ASGIApp, base_url: str, apart: tuple[str, ...]) -> None:
        self._app = app
        self._base = urlsplit(base_url)
        self._apart = apart

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or lead on."""
        if scope["type"] == "http" and scope["method"] == "GET" and self._is_elsewhere(scope):
            there = URL(scope=scope).replace(scheme=self._base.scheme, netloc=self._base.netloc)
            await RedirectResponse(there, status_code=307)(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _is_elsewhere(self, scope: Scope) -> bool:
        asked = URL(scope=scope)
        return (
            asked.hostname in _BARE
            and self._base.hostname == "localhost"
            and not asked.path.startswith(self._apart)
        )
