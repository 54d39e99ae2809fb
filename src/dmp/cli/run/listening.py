"""The port of a server: taken before the long work begins."""

from __future__ import annotations

import errno
import socket

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
