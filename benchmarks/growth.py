"""`growth`: the same list at 10 000 and at a million records, each in a database of its own."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from benchmarks.crowd import multiply, settle
from benchmarks.figures import Figure
from benchmarks.listing import ANSWERS, CONNECTIONS, MEASURED, bearer, plan, requests_for
from benchmarks.place import Place, place, server, worker
from benchmarks.preparation import DOCUMENTS, prepared

SMALL = 10_000
CROWD_DOCUMENTS = 1
"""Documents of a record that is not read: a million records then fit 12 GB and some minutes."""
OCTETS_PER_RECORD = 13_000


def measure(rounds: int, records: int, told: Callable[[str], None]) -> Figure:
    with place() as here:
        free = shutil.disk_usage(here.folder).free
        if free < records * OCTETS_PER_RECORD:
            raise RuntimeError(
                f"growth needs {records * OCTETS_PER_RECORD / 1e9:.0f} GB in the temporary folder; "
                "set TMPDIR to another disk, or take fewer --records."
            )
        small = _filled(here, "small", SMALL, told)
        large = _filled(here, "large", records, told)
        return _compared(small, large, rounds, records, told)


def _filled(
    here: Place, name: str, records: int, told: Callable[[str], None]
) -> tuple[str, Path, str]:
    dsn, data = here.database(name), here.folder / name
    model = prepared(dsn, data)
    multiply(dsn, model, low=0, high=MEASURED, documents=DOCUMENTS)

    def progress(done: int, total: int) -> None:
        if done % 100_000 == 0 or done == total:
            told(f"growth: {done + MEASURED:,} of {total + MEASURED:,} records")

    multiply(dsn, model, low=MEASURED, high=records, documents=CROWD_DOCUMENTS, told=progress)
    return dsn, data, settle(dsn)


def _compared(
    small: tuple[str, Path, str],
    large: tuple[str, Path, str],
    rounds: int,
    records: int,
    told: Callable[[str], None],
) -> Figure:
    with (
        server(small[0], small[1]) as small_port,
        server(large[0], large[1]) as large_port,
        worker("benchmarks.client") as client,
    ):
        plans = []
        for port, data in ((small_port, small[1]), (large_port, large[1])):
            headers = {"Authorization": bearer(data), "Accept": "application/fhir+json"}
            # The measured records stand among the others: their identifiers are random.
            plans.append(plan(port, requests_for(port, range(MEASURED), headers)))
            client.do({**plans[-1], "answers": 3_000})
        values, baselines = [], []
        for number in range(rounds):
            before, after = (client.do(side) for side in plans)
            baselines.append(1000 / before["rate"])
            values.append(1000 / after["rate"])
            told(
                f"growth: run {number + 1} of {rounds}: "
                f"{values[-1]:.3f} ms against {baselines[-1]:.3f} ms a list"
            )
    notes = [
        f"data: {SMALL:,} records ({small[2]}) and {records:,} records ({large[2]}); "
        f"{MEASURED:,} of them with {DOCUMENTS} documents and read at random, "
        f"the others with {CROWD_DOCUMENTS}",
        f"{CONNECTIONS} connections, {ANSWERS:,} answers a run; time per list at full load",
    ]
    return Figure("growth", "ms/list", values, baselines, "at most 1.3", notes)
