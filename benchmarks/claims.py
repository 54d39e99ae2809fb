"""`claims` and `replay`: new lines beside a bare COPY of the same rows; a known load beside its first.

The bare COPY writes the same rows, in the same order, into a twin of the table with the same index, in the
same database and the same run. It reads no file, joins nothing, looks up no record and leaves no trace.
"""

from __future__ import annotations

import asyncio
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from uuid import UUID, uuid4

import psycopg

from benchmarks.claims_files import LINES_EACH, matricules, write_files
from benchmarks.figures import Figure
from benchmarks.place import ROOT, Place, place
from dmp.bootstrap.claims_intake import Load, Receipt, load
from dmp.bootstrap.house import built
from dmp.domain.identifiers import InsRoot
from dmp.settings import Settings
from dmp.storage.postgres.claims_feed.bulk import COLUMNS
from dmp.storage.postgres.migrate import migrate

LINES = 400_000
SIZES = (400_000, 1_600_000, 6_400_000)
"""Lines of the loads whose memory is compared."""
_PIECE = 1 << 20
BARE, LOOSE = "bare_line", "loose_line"
"""Twins of the table of lines, with its index."""


@dataclass
class Sides:
    """Seconds of one run: the first load, the bare COPY, the same rows in no order, and the replays."""

    first: float
    bare: float
    loose: float
    known: float
    cut: float
    part: float


@cache
def measure(rounds: int, told: Callable[[str], None]) -> list[Figure]:
    """New lines, then the two replays; one measuring for both names."""
    told("claims: preparing")
    runs = min(rounds, 5)
    with place() as here:
        migrate(here.dsn)
        for table in (BARE, LOOSE):
            _execute(here.dsn, f"CREATE TABLE {table} (LIKE claim_line INCLUDING ALL)")
        sides = []
        for number in range(-1, runs):  # the first one warms both
            found = _run(here, number + 1)
            if number >= 0:
                sides.append(found)
                told(
                    f"claims: run {number + 1} of {runs}: {LINES / found.first:,.0f} against "
                    f"{LINES / found.bare:,.0f} lines/s; replay {found.known:.2f} s and "
                    f"{found.cut:.2f} s of {found.first:.2f} s"
                )
        memory = [_memory(here, lines) for lines in SIZES]
    return _figures(sides, memory)


def _run(here: Place, number: int) -> Sides:
    files = here.folder / f"delivery-{number}"
    write_files(files, LINES, number)
    records = people(here.dsn, LINES, number)
    data = here.folder / "house"
    first = _timed(here, data, files)
    # As the load puts them, person by person; and without an order, as files of a month come.
    bare = _copied(here.dsn, BARE, _rows(here.dsn, records, "claim_line.ctid"))
    loose = _copied(here.dsn, LOOSE, _rows(here.dsn, records, "claim_line.line_id"))
    known = _timed(here, data, files)
    cut, part = here.folder / "cut", here.folder / "part"
    _cut(files, cut, keep_all=True)
    _cut(files, part, keep_all=False)
    sides = Sides(first, bare, loose, known, _timed(here, data, cut), _timed(here, data, part))
    for folder in (files, cut, part):
        shutil.rmtree(folder)
    return sides


def _timed(here: Place, data: Path, files: Path) -> float:
    """Seconds of one load of this folder, the opening of the house not counted."""
    settings = replace(Settings(), database_url=here.dsn, data=data, test_mode=True)

    async def once() -> tuple[float, Receipt]:
        async with built(settings) as house:
            began = time.perf_counter()
            receipt = await load(house.house, Load(paths=(files,), data=data))
            return time.perf_counter() - began, receipt

    seconds, receipt = asyncio.run(once())
    assert receipt.counts.without_record == 0, "the people of the files have their records"
    return seconds


def people(dsn: str, lines: int, number: int) -> list[UUID]:
    """Open records for the people of a delivery; only what the feed looks at is there."""
    known = [(uuid4(), matricule) for matricule in matricules(lines, number)]
    with psycopg.connect(dsn) as connection, connection.cursor() as cursor:
        with cursor.copy(
            "COPY health_record (record_id, state, due_at, version, purge_pending, sheet) FROM STDIN"
        ) as rows:
            for record_id, _ in known:
                rows.write_row((record_id, "open", None, 1, False, "{}"))
        with cursor.copy("COPY ins_key (matricule, root, record_id) FROM STDIN") as rows:
            for record_id, matricule in known:
                rows.write_row((matricule, InsRoot.NIR_TEST.value, record_id))
    return [record_id for record_id, _ in known]


def _rows(dsn: str, records: Sequence[UUID], order: str) -> bytes:
    """The lines of these records as they were written."""
    with psycopg.connect(dsn) as connection, connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE wanted (record_id uuid PRIMARY KEY)")
        with cursor.copy("COPY wanted FROM STDIN") as rows:
            for record_id in records:
                rows.write_row((record_id,))
        names = ", ".join(f"claim_line.{name}" for name in COLUMNS.split(", "))
        wanted = f"SELECT {names} FROM claim_line JOIN wanted USING (record_id)"  # noqa: S608  # names of this file
        with cursor.copy(f"COPY ({wanted} ORDER BY {order}) TO STDOUT") as out:
            return b"".join(bytes(piece) for piece in out)


def _copied(dsn: str, table: str, rows: bytes) -> float:
    """Seconds that one COPY of these rows takes, its connection included."""
    copying = f"COPY {table} ({COLUMNS}) FROM STDIN"
    began = time.perf_counter()
    with (
        psycopg.connect(dsn) as connection,
        connection.cursor() as cursor,
        cursor.copy(copying) as copy,
    ):
        for at in range(0, len(rows), _PIECE):
            copy.write(rows[at : at + _PIECE])
    return time.perf_counter() - began


def _cut(files: Path, to: Path, *, keep_all: bool) -> None:
    """The same rows in twice as many files, the later half first; or the first half alone."""
    to.mkdir()
    for path in sorted(files.glob("*.csv")):
        with path.open("rb") as file:
            header, *rows = file.readlines()
        half = len(rows) // 2
        if keep_all:
            (to / f"{path.stem}_1.csv").write_bytes(header + b"".join(rows[half:]))
            (to / f"{path.stem}_2.csv").write_bytes(header + b"".join(rows[:half]))
        elif path.stem == "ER_PRS_F":
            (to / path.name).write_bytes(header + b"".join(rows[:half]))
        else:
            (to / path.name).write_bytes(header + b"".join(rows))


def _memory(here: Place, lines: int) -> tuple[int, float]:
    """The most memory that a process held which did nothing but load so many lines, in MiB."""
    dsn = here.database(f"memory_{lines}")
    migrate(dsn)
    files = here.folder / f"memory-{lines}"
    write_files(files, lines, 0)
    people(dsn, lines, 0)
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.claims_memory", dsn, str(here.folder / "m"), str(files)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    shutil.rmtree(files)
    return lines, float(done.stdout)


def _figures(sides: Sequence[Sides], memory: Sequence[tuple[int, float]]) -> list[Figure]:
    part = statistics.median(side.first / side.part for side in sides)
    sizes = "; ".join(f"{lines:,} lines: {mib:.0f} MiB" for lines, mib in memory)
    firsts = [side.first for side in sides]
    loose = statistics.median(side.loose / side.first for side in sides)
    rate = statistics.median(LINES / side.loose for side in sides)
    return [
        Figure(
            "claims",
            "lines/s",
            [LINES / side.first for side in sides],
            [LINES / side.bare for side in sides],
            "at least 0.5",
            [
                f"data: {LINES:,} lines of {LINES // LINES_EACH:,} persons a run, from four CSV tables",
                f"a bare COPY of the same rows in no order: {rate:,.0f} lines/s, ratio {loose:.2f}",
                f"most memory of the loading process: {sizes}",
            ],
        ),
        Figure("replay, the same files", "s", [s.known for s in sides], firsts, "at most 0.33"),
        Figure(
            "replay, the same rows in other files",
            "s",
            [side.cut for side in sides],
            firsts,
            "at most 0.33",
            [f"half of the services again, told line by line: {part:.1f} times faster than first"],
        ),
    ]


def _execute(dsn: str, statement: str) -> None:
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(statement.encode())
