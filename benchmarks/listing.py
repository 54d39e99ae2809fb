"""`list`: 50 documents of one person over HTTP, with decision and durable trace, beside a bare route."""

from __future__ import annotations

import http.client
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from random import Random

from benchmarks.crowd import matricule, multiply, settle
from benchmarks.figures import Figure
from benchmarks.place import Place, Worker, bare_server, place, request, server, worker
from benchmarks.preparation import DOCTOR, DOCUMENTS, prepared
from dmp.bootstrap.tokens import token_signer
from dmp.settings import Settings

MEASURED = 2_000
"""Records whose lists are read, at random: 100 000 documents, more than the database keeps in memory."""
CONNECTIONS = 32
ANSWERS = 1_500
DAY = 86_400
_ROOT = "1.2.250.1.213.1.4.10"


def path_of(number: int) -> str:
    """The search for the current documents of the person with this number."""
    identifier = f"urn:oid:{_ROOT}%7C{matricule(number)}"
    return f"/fhir/DocumentReference?patient.identifier={identifier}&status=current&_count=50"


def bearer(data: Path) -> str:
    """A token of the measuring doctor for the server of this data folder."""
    return "Bearer " + token_signer(Settings(data=data, test_mode=True))(DOCTOR, DAY)


def requests_for(port: int, numbers: Sequence[int], headers: Mapping[str, str]) -> list[str]:
    """Prepared requests in a random order, the same at each call."""
    drawn = Random(7).choices(numbers, k=ANSWERS)  # noqa: S311  # an order, no secret
    return [request(port, "GET", path_of(number), headers) for number in drawn]


def frame_of(port: int, headers: Mapping[str, str]) -> tuple[str, str, int]:
    """What stands around the entries in the real answer, the base of its addresses, its length."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path_of(0), headers=dict(headers))
    answer = connection.getresponse()
    body = answer.read().decode()
    connection.close()
    if answer.status != 200:
        raise RuntimeError(f"the list answered {answer.status}: {body[:300]}")
    first, last = body.index('{"fullUrl":'), body.rindex('"search":{"mode":"match"}}') + 26
    base = body[first + 12 :].split("DocumentReference/", 1)[0]
    return f"{body[:first]}@@{body[last:]}", base, len(body.encode())


def plan(port: int, requests: Sequence[str], answers: int = ANSWERS) -> dict[str, object]:
    return {
        "port": port,
        "requests": list(requests),
        "connections": CONNECTIONS,
        "answers": answers,
        "expect": 200,
    }


def measure(rounds: int, told: Callable[[str], None]) -> Figure:
    told("list: preparing 2 000 records of 50 documents")
    with place() as here:
        model = prepared(here.dsn, here.folder / "house")
        multiply(here.dsn, model, low=0, high=MEASURED, documents=DOCUMENTS)
        size = settle(here.dsn)
        return _compared(here, rounds, size, told)


def _compared(here: Place, rounds: int, size: str, told: Callable[[str], None]) -> Figure:
    data = here.folder / "house"
    headers = {"Authorization": bearer(data), "Accept": "application/fhir+json"}
    with server(here.dsn, data) as port:
        frame, base, octets = frame_of(port, headers)
        environment = {"BARE_DSN": here.dsn, "BARE_FRAME": frame, "BARE_BASE": base}
        with (
            bare_server("benchmarks.bare_list:app", environment) as bare_port,
            worker("benchmarks.client") as client,
        ):
            real = plan(port, requests_for(port, range(MEASURED), headers))
            bare = plan(bare_port, requests_for(bare_port, range(MEASURED), headers))
            return _rounds(client, real, bare, rounds, (size, octets), told)


def _rounds(
    client: Worker,
    real: dict[str, object],
    bare: dict[str, object],
    rounds: int,
    data: tuple[str, int],
    told: Callable[[str], None],
) -> Figure:
    for side in (real, bare):  # warm both: prepared statements, page cache, known tokens
        client.do({**side, "answers": 1_000})
    values, baselines, notes = [], [], []
    for number in range(rounds):
        found, base = client.do(real), client.do(bare)
        values.append(found["rate"])
        baselines.append(base["rate"])
        told(
            f"list: run {number + 1} of {rounds}: {found['rate']:.0f} against {base['rate']:.0f} per s"
        )
        notes = [
            f"data: {MEASURED:,} records of {DOCUMENTS} documents, {data[0]}; "
            f"answers of {data[1]:,} octets (bare: {base['octets']:,.0f} with headers)",
            f"{CONNECTIONS} connections, {ANSWERS:,} answers a run; last run: "
            f"p50 {found['p50']:.1f} ms, p99 {found['p99']:.1f} ms "
            f"(bare {base['p50']:.1f} and {base['p99']:.1f})",
        ]
    return Figure("list", "lists/s", values, baselines, "at least 0.6", notes)
