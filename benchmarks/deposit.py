"""`deposit`: a CDA of 30 kB over HTTP with everything a deposit needs, beside the bare write."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from pathlib import Path

import psycopg

from benchmarks.crowd import matricule
from benchmarks.figures import Figure
from benchmarks.letters import OCTETS, letter
from benchmarks.listing import bearer
from benchmarks.place import Place, Worker, place, request, server, worker
from benchmarks.preparation import prepared

AT_ONCE = 16
ANSWERS = 1_000
PEOPLE = 500
_ROOT = "urn:oid:1.2.250.1.213.1.4.10"


def measure(rounds: int, told: Callable[[str], None]) -> Figure:
    told("deposit: preparing")
    with place() as here:
        data = here.folder / "house"
        prepared(here.dsn, data, documents=1, others=PEOPLE)
        bare = _bare_plan(here)
        with (
            server(here.dsn, data) as port,
            worker("benchmarks.client") as client,
            worker("benchmarks.bare_deposit") as writer,
        ):
            return _rounds(client, writer, (port, data), bare, rounds, told)


def _bare_plan(here: Place) -> dict[str, object]:
    """The bare writer writes the same letters, and rows of the same length."""
    folder = here.folder / "letters"
    folder.mkdir()
    for number in range(64):
        path = folder / f"{number:03d}.xml"
        path.write_bytes(letter(number, matricule(number)))
    with psycopg.connect(here.dsn) as connection:
        row = connection.execute("SELECT fhir, entry FROM document LIMIT 1").fetchone()
    fhir, entry = row or ("", "")
    return {
        "folder": str(folder),
        "at_once": AT_ONCE,
        "answers": 2 * ANSWERS,
        "dsn": here.dsn,
        "pack": str(here.folder / "bare.pack"),
        "fhir": fhir,
        "entry": entry,
    }


def _rounds(
    client: Worker,
    writer: Worker,
    side: tuple[int, Path],
    bare: Mapping[str, object],
    rounds: int,
    told: Callable[[str], None],
) -> Figure:
    values, baselines, notes = [], [], []
    for number in range(-1, rounds):  # the first one warms both
        found = client.do(_plan(side, number + 1))
        base = writer.do(bare)
        if number < 0:
            continue
        values.append(found["rate"])
        baselines.append(base["rate"])
        told(
            f"deposit: run {number + 1} of {rounds}: "
            f"{found['rate']:.0f} against {base['rate']:.0f} per s"
        )
        notes = [
            f"data: CDA of {OCTETS:,} octets, {PEOPLE} records; ITI-105, JSON with base64, "
            f"{AT_ONCE} at once, {ANSWERS:,} deposits a run",
            f"last run: p50 {found['p50']:.1f} ms, p99 {found['p99']:.1f} ms",
            "the bare write runs in one process without HTTP, JSON, base64, XML, hashes of the "
            "content, checks or trace",
        ]
    return Figure("deposit", "deposits/s", values, baselines, "at least 0.33", notes)


def _plan(side: tuple[int, Path], run: int) -> dict[str, object]:
    """A run's requests, each with a document never sent before."""
    port, data = side
    headers = {"Authorization": bearer(data), "Content-Type": "application/fhir+json"}
    first = 1_000 + run * ANSWERS
    return {
        "port": port,
        "requests": [
            request(port, "POST", "/fhir/DocumentReference", headers, _body(number))
            for number in range(first, first + ANSWERS)
        ],
        "connections": AT_ONCE,
        "answers": ANSWERS,
        "expect": 201,
    }


def _body(number: int) -> bytes:
    person = matricule(number % PEOPLE)
    content = letter(number, person)
    resource = {
        "resourceType": "DocumentReference",
        "status": "current",
        "subject": {"identifier": {"system": _ROOT, "value": person}},
        "content": [
            {
                "attachment": {
                    "contentType": "text/xml",
                    "data": base64.b64encode(content).decode(),
                }
            }
        ],
    }
    return json.dumps(resource).encode()
