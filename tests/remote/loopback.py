"""An official site on loopback: whatever host is meant, the server of the test answers."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar
from urllib.parse import parse_qsl

import httpx

Answer = Callable[[dict[str, str]], bytes | None]


class Site(BaseHTTPRequestHandler):
    """Answers by host and path what the test put there: octets, what a function makes of the query (None: no
    such page), or an address to go to.
    """

    pages: ClassVar[dict[str, bytes | Answer]] = {}
    moved: ClassVar[dict[str, str]] = {}
    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        place = self.headers["X-Asked"]
        type(self).asked.append(place)
        if place in self.moved:
            self.send_response(302)
            self.send_header("Location", self.moved[place])
            self.end_headers()
            return
        content = self.pages.get(place)
        if callable(content):
            content = content(dict(parse_qsl(self.headers["X-Query"])))
        self.send_response(200 if content is not None else 404)
        self.end_headers()
        self.wfile.write(content or b"")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the name of the library
        """Nothing is written."""


class ToLoopback(httpx.BaseTransport):
    """Carries a request for any host to the server of the test, and says which host was meant."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._inner = httpx.HTTPTransport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        asked = f"{request.url.host}{request.url.path}"
        url = httpx.URL(f"http://127.0.0.1:{self._port}{request.url.path}")
        headers = {"X-Asked": asked, "X-Query": request.url.query.decode()}
        return self._inner.handle_request(httpx.Request("GET", url, headers=headers))

    def close(self) -> None:
        self._inner.close()


@contextmanager
def site(
    pages: Mapping[str, bytes | Answer], moved: dict[str, str] | None = None
) -> Iterator[tuple[httpx.BaseTransport, list[str]]]:
    log: list[str] = []
    handler = type("OneSite", (Site,), {"pages": pages, "moved": moved or {}, "asked": log})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield ToLoopback(server.server_address[1]), log
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
