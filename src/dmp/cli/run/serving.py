"""A server process: serves on a port already taken, until it is stopped."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp

from dmp.bootstrap.jobs import tune_collector
from dmp.cli.house import STOPS


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
    # So does the mail server of the demo, with the addresses of people.
    logging.getLogger("mail.log").setLevel(logging.WARNING)
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
