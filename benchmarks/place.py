"""Where a benchmark runs: a PostgreSQL of its own in a temporary folder, and processes beside it."""

from __future__ import annotations

import base64
import http.client
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from dmp.storage.embedded import start

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Place:
    """A temporary folder with a running PostgreSQL. `dsn` leads to the database `dmp`."""

    folder: Path
    dsn: str

    def database(self, name: str) -> str:
        """Make another database beside the first; returns its connection string."""
        with psycopg.connect(self.dsn, autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return psycopg.conninfo.make_conninfo(self.dsn, dbname=name)


@contextmanager
def place() -> Iterator[Place]:
    """An embedded PostgreSQL of our own; stopped and removed at the end."""
    folder = Path(tempfile.mkdtemp(prefix="dmp-bench-"))
    try:
        server = start(folder / "data")
        try:
            yield Place(folder, server.dsn)
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def process(command: Sequence[str], environment: Mapping[str, str], port: int) -> Iterator[None]:
    """A server process that answers on `port`; stopped by SIGTERM at the end."""
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("DMP_")}
    with tempfile.TemporaryFile() as said:
        running = subprocess.Popen(
            [sys.executable, *command],
            cwd=ROOT,
            env={**inherited, "PYTHONPATH": f"{ROOT}/src", **environment},
            stdout=said,
            stderr=subprocess.STDOUT,
        )
        try:
            _await(running, port, said)
            yield
        finally:
            running.terminate()
            with suppress(subprocess.TimeoutExpired):
                running.wait(timeout=30)
            running.kill()


def _await(running: subprocess.Popen[bytes], port: int, said: Any) -> None:
    for _ in range(600):
        if running.poll() is not None:
            said.seek(0)
            raise RuntimeError(f"a server did not start: {said.read()[-2000:].decode()}")
        # The port is taken before the house stands, so an answer is waited for.
        with suppress(OSError, http.client.HTTPException):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
            connection.request("GET", "/")
            connection.getresponse().read()
            connection.close()
            return
        time.sleep(0.1)
    raise RuntimeError("a server did not answer within a minute")


@contextmanager
def server(dsn: str, data: Path, *, module: str = "dmp") -> Iterator[int]:
    """The real server, as `dmp serve` runs it, in test mode; gives its port."""
    port = free_port()
    environment = {
        "DATABASE_URL": dsn,
        "DMP_DATA": str(data),
        "DMP_PORT": str(port),
        "DMP_TEST_MODE": "true",
        # One doctor reads more records than a ceiling allows: it is counted, and lets her through.
        "DMP_CEILING_REFUSES": "false",
    }
    with process(["-m", module, "serve"], environment, port):
        yield port


@contextmanager
def bare_server(application: str, environment: Mapping[str, str]) -> Iterator[int]:
    """A bare application behind the same uvicorn settings as the server; gives its port."""
    port = free_port()
    command = [
        "-m", "uvicorn", application, "--port", str(port), "--loop", "uvloop",
        "--http", "httptools", "--no-access-log", "--log-level", "warning", "--no-server-header",
    ]  # fmt: skip
    with process(command, environment, port):
        yield port


class Worker:
    """A process of `benchmarks` that answers one plan after the other."""

    def __init__(self, running: subprocess.Popen[str]) -> None:
        self._running = running

    def do(self, plan: Mapping[str, object]) -> dict[str, float]:
        """One burst; raises when the worker failed."""
        assert self._running.stdin is not None
        assert self._running.stdout is not None
        self._running.stdin.write(json.dumps(plan) + "\n")
        self._running.stdin.flush()
        line = self._running.stdout.readline()
        if not line:
            raise RuntimeError("a worker of the benchmark ended early; its reason stands above")
        found: dict[str, float] = json.loads(line)
        if found.get("refused"):
            raise RuntimeError(f"{found['refused']:.0f} answers had another status than expected")
        return found


@contextmanager
def worker(module: str) -> Iterator[Worker]:
    running = subprocess.Popen(
        [sys.executable, "-m", module],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{ROOT}/src"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with ExitStack() as stack:
        stack.callback(running.wait)
        stack.callback(lambda: running.stdin and running.stdin.close())
        yield Worker(running)


def request(
    port: int, method: str, path: str, headers: Mapping[str, str], body: bytes = b""
) -> str:
    """One prepared HTTP/1.1 request, in base64 for the plan."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{port}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    if body:
        lines.append(f"Content-Length: {len(body)}")
    return base64.b64encode("\r\n".join(lines).encode() + b"\r\n\r\n" + body).decode()
