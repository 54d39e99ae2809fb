"""One application from the doors: each at its path, the pages at the root."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Protocol

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp

from dmp.entrypoints.fhir.routes import fhir_routes


class WebDoor(Protocol):
    """What the web door gives: its routes, and pages for addresses that nothing answers."""

    def routes(self) -> list[Route]:
        """Routes of every page and static file."""

    async def not_found(self, request: Request, _: Exception) -> Response:
        """The page for an unknown address."""

    async def wrong_method(self, request: Request, _: Exception) -> Response:
        """The page for a form sent to an address that takes none."""


FHIR = "/fhir"
"""Where the FHIR door stands under the base URL."""


def application(
    *,
    fhir: ASGIApp,
    web: WebDoor,
    others: Mapping[str, ASGIApp],
    running: Callable[[], AbstractAsyncContextManager[None]],
) -> Starlette:
    """The whole server.

    Args:
        fhir: the FHIR door.
        web: the pages, which take every path that no other door has.
        others: further applications by their path (simulated services, in the demo).
        running: entered when the server begins to answer, left when it has stopped.
    """

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with running():
            yield

    routes = fhir_routes(fhir, FHIR)
    routes += [Mount(path, app) for path, app in others.items()]
    routes += web.routes()
    handlers = {404: web.not_found, 405: web.wrong_method}
    return Starlette(routes=routes, lifespan=lifespan, exception_handlers=handlers)
