"""A server process: takes its port before the long work, serves until it is stopped."""

from __future__ import annotations

import asyncio
import errno
import logging
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp

from dmp.bootstrap import tune_collector
from dmp.cli.house import STOPS
from dmp.cli.terminal import CannotDo
from dmp.settings import Settings

NEXT_PORTS = 50
"""How many further ports are tried when the usual one is busy."""


def listening(settings: Settings, *, may_move: bool) -> tuple[socket.socket, Settings]:
    """The listening socket, and the settings with the port it got.

    Raises:
        CannotDo: the port is taken, not allowed, or the address is not of this machine.
    """
    last = min(65535, settings.port + (NEXT_PORTS if may_move else 0))
    for port in range(settings.port, last + 1):
        try:
            return _bound(settings.host, port), settings.at_port(port)
        except OSError as refusal:
            if refusal.errno != errno.EADDRINUSE or port == last:
                raise CannotDo(_why(refusal, settings, port)) from None
    raise CannotDo(f"no free port from {settings.port} on; choose one with DMP_PORT.")


def _bound(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    taken = socket.socket(family, socket.SOCK_STREAM)
    try:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind((host, port))
        taken.listen(2048)
    except OSError:
        taken.close()
        raise
    return taken


def _why(refusal: OSError, settings: Settings, port: int) -> str:
    if refusal.errno == errno.EADDRINUSE:
        return f"port {port} is taken by another program; choose another one with DMP_PORT."
    if refusal.errno == errno.EACCES:
        return f"port {port} may not be used by this account; choose one above 1023 with DMP_PORT."
    return f"cannot listen on {settings.host}: {refusal.strerror}; check DMP_HOST."


class _Announcing(uvicorn.Server):
    """Says when it answers."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Stop on the usual signals. Unlike uvicorn, do not raise them again: the house has still
        to close in peace.
        """
        loop = asyncio.get_running_loop()
        for number in STOPS:
            loop.add_signal_handler(number, self.handle_exit, number, None)
        try:
            yield
        finally:
            for number in STOPS:
                loop.add_signal_handler(number, lambda: None)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start answering, then say so."""
        await super().startup(sockets=sockets)
        if self.started:
            self._ready()


async def serve(app: ASGIApp, taken: socket.socket, ready: Callable[[], None]) -> None:
    """Serve until SIGINT or SIGTERM: answers under way are finished first."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    # Addresses hold INS: neither uvicorn nor httpx may write them into a log.
    logging.getLogger("httpx").setLevel(logging.WARNING)
    config = uvicorn.Config(
        app,
        loop="uvloop",
        http="httptools",
        ws="none",
        lifespan="on",
        access_log=False,
        server_header=False,
        date_header=True,
        log_level="warning",
        timeout_graceful_shutdown=20,
        timeout_keep_alive=75,
    )
    tune_collector()
    await _Announcing(config, ready).serve(sockets=[taken])
