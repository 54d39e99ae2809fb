"""`synthesis`: the synthesis of a heavy record, computed and rendered, cold and when nothing changed.

The baseline is a bare query of the same rows: the sealed findings of the documents, and the lines.
"""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from statistics import median
from time import perf_counter_ns

import httpx
import psycopg

from benchmarks.doctor_before_pages import logged_in, timed
from benchmarks.figures import Figure
from benchmarks.heavy import DOCUMENTS, LINES, Heavy, heavy
from benchmarks.place import Place, place
from dmp.bootstrap.house import Built, built
from dmp.bootstrap.jobs import tune_collector
from dmp.entrypoints.web.synthesis import boards
from dmp.settings import Settings
from dmp.storage.postgres.cellar import Remembered

PAGES = 5
"""Pages of each kind in a run."""
_DOCUMENTS = """
SELECT document.document_id, document_findings.sealed FROM document
LEFT JOIN document_findings ON document_findings.record_id = document.record_id
    AND document_findings.document_id = document.document_id
WHERE document.record_id = %s AND document.status = 'approved'
ORDER BY document.created_at DESC, document.document_id DESC
"""
_LINES = "SELECT * FROM claim_line WHERE record_id = %s ORDER BY care_start DESC, line_id"


@dataclass(frozen=True)
class _Reader:
    """A doctor before his browser. `page` fetches the synthesis and returns milliseconds."""

    http: httpx.AsyncClient
    path: str
    cookie: dict[str, str]

    async def page(self) -> float:
        return await timed(self.http, self.path, self.cookie, "Problèmes")


def measure(rounds: int, told: Callable[[str], None]) -> list[Figure]:
    told(f"synthesis: preparing a record of {DOCUMENTS} documents and {LINES} lines")
    now = datetime.now(UTC)
    with place() as here:
        record = heavy(here.dsn, here.folder / "house", now)
        return asyncio.run(_compared(here, record, rounds, told))


async def _compared(
    here: Place, record: Heavy, rounds: int, told: Callable[[str], None]
) -> list[Figure]:
    settings = Settings(database_url=here.dsn, data=here.folder / "house", test_mode=True)
    async with built(settings) as standing:
        reader = await _before(standing, settings, record)
        await reader.page()
        tune_collector()
        cold: list[float] = []
        warm: list[float] = []
        bare: list[float] = []
        with psycopg.connect(here.dsn, autocommit=True, prepare_threshold=1) as connection:
            _bare(connection, record)
            for number in range(rounds):
                cold.append(await _median(lambda: _cold(standing, reader)))
                warm.append(await _median(reader.page))
                bare.append(median(_bare(connection, record) for _ in range(PAGES)))
                told(
                    f"synthesis: run {number + 1} of {rounds}: {cold[-1]:.0f} ms cold, "
                    f"{warm[-1]:.0f} ms unchanged, {bare[-1]:.1f} ms bare rows"
                )
        await reader.http.aclose()
    notes = [
        f"data: {DOCUMENTS} structured documents, {LINES} lines; the page as its reader gets it: session, "
        "decision, trace made durable, facts, rules, HTML",
        f"{PAGES} pages of each kind a run, medians; baseline: the same rows by one connection",
    ]
    return [
        Figure("synthesis, cold", "ms", cold, bare, "under 100 ms", notes),
        Figure("synthesis, nothing changed", "ms", warm, bare, "under 30 ms", notes),
    ]


async def _median(once: Callable[[], Awaitable[float]]) -> float:
    return median([await once() for _ in range(PAGES)])


async def _cold(standing: Built, reader: _Reader) -> float:
    """A page after everything that was remembered of syntheses is forgotten."""
    memory = standing.house.remembered
    if not isinstance(memory, Remembered):
        raise TypeError("the house remembers in another way")
    memory.clear()
    boards.forget()
    gc.collect()
    return await reader.page()


def _bare(connection: psycopg.Connection, record: Heavy) -> float:
    began = perf_counter_ns()
    for statement in (_DOCUMENTS, _LINES):
        connection.execute(statement.encode(), (record.record_id,), binary=True).fetchall()
    return (perf_counter_ns() - began) / 1e6


async def _before(standing: Built, settings: Settings, record: Heavy) -> _Reader:
    """The attending doctor, logged in, before the page of his patient."""
    http, patient, cookie = await logged_in(standing, settings, record.doctor, record.ins)
    return _Reader(http, f"{patient}/synthese", cookie)
