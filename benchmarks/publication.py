"""`publication`: the rate of lists while histories of reimbursements are published, beside the rate without.

The server is the real one with its own job; what it publishes was fed before, as the feed leaves it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID, uuid4

import psycopg

from benchmarks.crowd import multiply, settle
from benchmarks.figures import Figure
from benchmarks.listing import CONNECTIONS, bearer, plan, requests_for
from benchmarks.place import Place, Worker, place, server, worker
from benchmarks.preparation import DOCUMENTS, prepared

MEASURED = 1_000
"""Records whose lists are read, at random."""
FED = 60
"""Other records, that are fed."""
LINES = 100
"""Lines of each: a person's 24 months."""
_FIRST_FED = 1_500_000
_LINE = """
COPY claim_line (
    record_id, line_id, kind, system, code, care_start, nature, quantity, prescriber,
    prescriber_speciality, performer, performer_speciality, place, prescriber_place, diagnoses
) FROM STDIN
"""
_FED = """
INSERT INTO claim_feed (record_id, changed_at) SELECT unnest(%s::uuid[]), now()
ON CONFLICT (record_id) DO UPDATE SET changed_at = excluded.changed_at
"""
_WAITING = "SELECT count(*) FROM claim_feed WHERE published_at IS NULL OR published_at < changed_at"
_KINDS = (
    ("medicine", "cip13", "34009000000{:02d}"),
    ("care", "ngap", "G{:02d}"),
    ("biology", "nabm", "05{:02d}"),
    ("imaging", "ccam", "ZBQK0{:02d}"),
)


def feed(dsn: str, records: Sequence[UUID], lines: int) -> None:
    """So many new lines for each record, within the last months, and the mark that they changed."""
    today = datetime.now(UTC).date()
    drawn = Random(11)  # noqa: S311  # codes and days, no secret
    with psycopg.connect(dsn) as connection:
        with connection.cursor().copy(_LINE) as rows:
            for record in records:
                for _ in range(lines):
                    kind, system, code = drawn.choice(_KINDS)
                    day = today - timedelta(days=drawn.randrange(700))
                    rows.write_row((
                        record, uuid4(), kind, system, code.format(drawn.randrange(100)), day, "1111", 1,
                        "10100000017", "01", "10100000025", "01", "750000016", "750000024", "",
                    ))  # fmt: skip
        connection.execute(_FED, (list(records),))


def waiting(dsn: str) -> int:
    """How many records wait for their document."""
    with psycopg.connect(dsn) as connection:
        row = connection.execute(_WAITING).fetchone()
        return int(row[0]) if row else 0


def until(dsn: str, reached: Callable[[int], bool]) -> float:
    """Wait until so many are left; returns the seconds waited."""
    began = time.perf_counter()
    for _ in range(6_000):
        if reached(waiting(dsn)):
            return time.perf_counter() - began
        time.sleep(0.1)
    raise RuntimeError("the histories were not published within ten minutes")


def measure(rounds: int, told: Callable[[str], None]) -> Figure:
    told(
        f"publication: preparing {MEASURED:,} records of {DOCUMENTS} documents, and {FED} to be fed"
    )
    with place() as here:
        data = here.folder / "house"
        model = prepared(here.dsn, data, others=FED)
        with psycopg.connect(here.dsn) as connection:
            rows = connection.execute(
                "SELECT record_id FROM health_record WHERE record_id <> %s", (model.record_id,)
            )
            fed = [row[0] for row in rows]
        multiply(here.dsn, model, low=_FIRST_FED, high=_FIRST_FED + MEASURED, documents=DOCUMENTS)
        size = settle(here.dsn)
        feed(here.dsn, fed, LINES)
        return _compared(here, fed, rounds, size, told)


def _compared(
    here: Place, fed: Sequence[UUID], rounds: int, size: str, told: Callable[[str], None]
) -> Figure:
    data = here.folder / "house"
    headers = {"Authorization": bearer(data), "Accept": "application/fhir+json"}
    with server(here.dsn, data) as port, worker("benchmarks.client") as client:
        numbers = range(_FIRST_FED, _FIRST_FED + MEASURED)
        lists = plan(port, requests_for(port, numbers, headers))
        client.do({**lists, "answers": 1_000})
        until(here.dsn, lambda left: left < FED)
        alone = until(here.dsn, lambda left: left == 0)
        return _rounds(client, lists, (here.dsn, fed), rounds, (size, FED / max(alone, 0.1)), told)


def _rounds(
    client: Worker,
    lists: dict[str, object],
    fed: tuple[str, Sequence[UUID]],
    rounds: int,
    data: tuple[str, float],
    told: Callable[[str], None],
) -> Figure:
    dsn, records = fed
    values, baselines, published, waits = [], [], [], []
    for number in range(rounds):
        base = client.do(lists)
        feed(dsn, records, 1)
        until(dsn, lambda left: left < FED)
        before = waiting(dsn)
        began = time.perf_counter()
        found = client.do(lists)
        published.append((before - waiting(dsn)) / (time.perf_counter() - began))
        until(dsn, lambda left: left == 0)
        values.append(found["rate"])
        baselines.append(base["rate"])
        waits.append(f"{found['p99']:.0f}/{base['p99']:.0f}")
        told(
            f"publication: run {number + 1} of {rounds}: {found['rate']:.0f} with, "
            f"{base['rate']:.0f} without, {published[-1]:.1f} documents/s meanwhile"
        )
    notes = [
        f"data: {MEASURED:,} records of {DOCUMENTS} documents, {data[0]}; {FED} others with {LINES} lines",
        f"{CONNECTIONS} connections; published meanwhile {min(published):.1f} to {max(published):.1f} "
        f"documents/s, with nobody reading {data[1]:.1f}; p99 with/without (ms): {', '.join(waits)}",
    ]
    return Figure("publication", "lists/s", values, baselines, "at least 0.9", notes)
