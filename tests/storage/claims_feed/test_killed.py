"""A load killed in the middle, as by a power cut, resumes and ends as one that was not."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from dmp.acts.claims.feed_claims import ListDeliveries, list_deliveries
from dmp.acts.perform import perform
from dmp.bootstrap.claims_intake import FEEDER
from dmp.domain.claims.deliveries import DeliveryState
from tests.builders import an_ins
from tests.formats.claims.rows import boxes, found, service, write
from tests.storage.claims_feed.feeding import house_of, lines_in, loaded
from tests.storage.opened import run

PEOPLE, LINES, BATCH = 40, 4_000, 100

LOADER = """
import asyncio, sys
from pathlib import Path
from tests.storage.claims_feed.feeding import house_of, loaded

def told(what, done, total):
    if what == "feeding":
        print(done, flush=True)

async def main(dsn, data, given):
    async with house_of(dsn, Path(data), people=1) as (house, _):
        await loaded(house, Path(data), Path(given), batch=100, told=told)

asyncio.run(main(*sys.argv[1:]))
"""


def _killed_after(dsn: str, data_dir: Path, given: Path, lines: int) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", LOADER, dsn, str(data_dir), str(given)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[3],
    )
    with process:
        assert process.stdout is not None
        for said in process.stdout:
            if int(said) >= lines:
                break
        process.kill()


@pytest.mark.slow
def test_a_load_that_is_killed_resumes_and_ends_the_same(database: str, data_dir: Path) -> None:
    rows = [
        service(n, BEN_NIR_PSA=an_ins(1 + n % PEOPLE).matricule, PRS_NAT_REF="3313")
        for n in range(LINES)
    ]
    given = write(data_dir / "in", {"ER_PRS_F": rows, "ER_PHA_F": [boxes(n) for n in range(LINES)]})
    expected = found(given, data_dir / "apart").lines

    async def people() -> dict[str, str]:
        async with house_of(database, data_dir, people=PEOPLE) as (_, records):
            return {record.ins.matricule: str(record.record_id) for record in records}

    record_of = run(people())
    for lines in (300, 900):
        _killed_after(database, data_dir, given, lines)
        assert 0 < len(lines_in(database)) < LINES

    async def resumed() -> None:
        async with house_of(database, data_dir, people=1) as (house, _):
            (cut,) = await perform(house, list_deliveries, ListDeliveries(), FEEDER)
            assert cut.state is DeliveryState.LOADING and 0 < cut.counts.new < LINES
            receipt = await loaded(house, data_dir, given, batch=BATCH)
            assert (receipt.known, receipt.counts.new) == (False, LINES)
            assert receipt.counts.unchanged == 0  # nothing was fed twice

    run(resumed())
    with psycopg.connect(database) as connection:
        there = connection.execute(
            "SELECT record_id::text, replace(line_id::text, '-', ''), code, quantity, mark::text "
            "FROM claim_line"
        ).fetchall()
    wanted = {
        (record_of[r["person"]], r["line_id"], r["code"], float(r["quantity"]), r["mark"])
        for r in expected
    }
    assert len(there) == LINES and set(there) == wanted
    left = [p for p in (data_dir / "claims").iterdir() if p.name.startswith("work-")]
    assert left == []  # what the killed ones left is gone too
