"""A load client in a process of its own: keep-alive connections, requests prepared beforehand.

Made as lean as Python allows, and the same for both sides of a comparison. Reads one plan as JSON
on each line of stdin and answers one JSON line: rate, latencies, octets received.
"""

from __future__ import annotations

import asyncio
import base64
import json
import os
import sys
import time
from dataclasses import dataclass, field
from typing import Any, NoReturn, cast

import uvloop


@dataclass
class Load:
    """One burst: which requests, over how many connections, how many answers."""

    requests: list[bytes]
    answers: int
    expect: int
    started: int = 0
    latencies: list[float] = field(default_factory=list)
    octets: int = 0
    refused: int = 0
    finished: asyncio.Event = field(default_factory=asyncio.Event)


class Connection(asyncio.Protocol):
    """One keep-alive connection: sends, waits for the whole answer, sends the next."""

    def __init__(self, load: Load) -> None:
        self.load = load
        self.received = bytearray()
        self.needed = -1
        self.sent_at = 0.0
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)  # uvloop's is one by its shape only
        self.send()

    def send(self) -> None:
        load = self.load
        assert self.transport is not None
        if load.started >= load.answers:
            self.transport.close()
            return
        request = load.requests[load.started % len(load.requests)]
        load.started += 1
        self.sent_at = time.perf_counter()
        self.transport.write(request)

    def data_received(self, data: bytes) -> None:
        received = self.received
        received += data
        if self.needed < 0:
            end = received.find(b"\r\n\r\n")
            if end < 0:
                return
            head = bytes(received[:end]).lower()
            at = head.find(b"content-length:")
            if at < 0:
                raise SystemExit("client: the answer has no Content-Length")
            length = int(head[at + 15 :].split(b"\r\n", 1)[0])
            self.needed = end + 4 + length
            if int(head[9:12]) != self.load.expect:
                self.load.refused += 1
                print(bytes(received[:400]), file=sys.stderr)
        if len(received) < self.needed:
            return
        load = self.load
        load.latencies.append(time.perf_counter() - self.sent_at)
        load.octets += len(received)
        received.clear()
        self.needed = -1
        if len(load.latencies) >= load.answers:
            load.finished.set()
        self.send()

    def connection_lost(self, reason: Exception | None) -> None:
        if len(self.load.latencies) < self.load.answers and self.load.started < self.load.answers:
            print("client: the server closed a connection", file=sys.stderr)
            self.load.finished.set()


def give_up(_: asyncio.AbstractEventLoop, context: dict[str, Any]) -> NoReturn:
    """A fault of the client must not look like a slow server."""
    print(f"client: {context.get('exception') or context['message']}", file=sys.stderr)
    os._exit(1)


async def burst(plan: dict[str, Any]) -> dict[str, float]:
    load = Load(
        requests=[base64.b64decode(text) for text in plan["requests"]],
        answers=plan["answers"],
        expect=plan["expect"],
    )
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(give_up)
    began = time.perf_counter()
    for _ in range(plan["connections"]):
        await loop.create_connection(lambda: Connection(load), "127.0.0.1", plan["port"])
    await asyncio.wait_for(load.finished.wait(), timeout=120)
    seconds = time.perf_counter() - began
    ordered = sorted(load.latencies)
    return {
        "answers": len(ordered),
        "refused": load.refused,
        "rate": len(ordered) / seconds,
        "octets": load.octets / len(ordered),
        "p50": ordered[len(ordered) // 2] * 1000,
        "p99": ordered[min(len(ordered) - 1, len(ordered) * 99 // 100)] * 1000,
    }


def main() -> None:
    for line in sys.stdin:
        print(json.dumps(uvloop.run(burst(json.loads(line)))), flush=True)


if __name__ == "__main__":
    main()
