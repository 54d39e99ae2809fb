"""`filter`: the statement of a list of 50 with the reader's scope, beside the same statement without it.

The statement is the server's own, heard at the reading connection; both sides run on one connection, in turn.
"""

from __future__ import annotations

import asyncio
import statistics
from collections.abc import Callable, Mapping
from dataclasses import replace
from random import Random
from time import perf_counter_ns
from typing import Any
from uuid import UUID

import psycopg

from benchmarks.crowd import multiply, settle
from benchmarks.decide import SPECIALIST, questions
from benchmarks.figures import Figure
from benchmarks.place import place
from benchmarks.preparation import DOCUMENTS, prepared
from dmp.domain.access.actions import Action
from dmp.domain.access.decide import decide
from dmp.domain.access.filter import CONDITION, Scope
from dmp.domain.access.policy import Policy
from dmp.domain.documents.query import DocumentQuery
from dmp.domain.identifiers import RecordId
from dmp.storage.postgres.keepers.documents import PostgresDocuments

MEASURED = 2_000
LISTS = 1_000
"""Lists of each side in a run."""
_SETTINGS = ("SET plan_cache_mode = 'force_generic_plan'", "SET jit = off")


def scope() -> Scope:
    """What a specialist sees of a record with consents, blocks and masks that concern him."""
    asked = next(q for q in questions() if q.caller is SPECIALIST)
    decision = decide(replace(asked, action=Action.FIND_DOCUMENTS, document=None), Policy())
    if decision.scope is None or not decision.scope.kept_documents or not decision.scope.kept_types:
        raise RuntimeError("the specialist of the benchmark is to read, with masks")
    return decision.scope


class _Listening:
    """A reading connection that keeps what it was asked, and answers with an empty page."""

    def __init__(self) -> None:
        self.statement = ""
        self.parameters: dict[str, Any] = {}

    async def one(self, statement: str, parameters: Mapping[str, Any]) -> tuple[Any, ...]:
        self.statement, self.parameters = statement, dict(parameters)
        return 0, False, None, None, b""


def statements() -> tuple[bytes, bytes, dict[str, Any]]:
    """The server's statement for a list of 50, the same without the scope, and its parameters."""
    heard: Any = _Listening()
    keeper = PostgresDocuments(heard, heard, heard, heard)
    query = DocumentQuery(count=50)
    asyncio.run(
        keeper.find_ready(RecordId(UUID(int=0)), query, scope(), "https://dmp.example/fhir/")
    )
    if CONDITION not in heard.statement:
        raise RuntimeError("the scope's condition is not in the statement of a list as it was made")
    bare = heard.statement.replace(CONDITION, "true")
    return heard.statement.encode(), bare.encode(), heard.parameters


def measure(rounds: int, told: Callable[[str], None]) -> Figure:
    told("filter: preparing 2 000 records of 50 documents")
    with place() as here:
        model = prepared(here.dsn, here.folder / "house")
        multiply(here.dsn, model, low=0, high=MEASURED, documents=DOCUMENTS)
        size = settle(here.dsn)
        with psycopg.connect(here.dsn, autocommit=True, prepare_threshold=1) as connection:
            for setting in _SETTINGS:
                connection.execute(setting)
            return _compared(connection, rounds, size, told)


def _compared(
    connection: psycopg.Connection, rounds: int, size: str, told: Callable[[str], None]
) -> Figure:
    filtered, bare, parameters = statements()
    records = [
        row[0] for row in connection.execute("SELECT record_id FROM document GROUP BY record_id")
    ]
    drawn = Random(13)  # noqa: S311  # an order, no secret
    _run(connection, filtered, bare, parameters, drawn.choices(records, k=LISTS))  # warm
    values, baselines = [], []
    for number in range(rounds):
        times, base = _run(connection, filtered, bare, parameters, drawn.choices(records, k=LISTS))
        values.append(statistics.median(times) / 1_000)
        baselines.append(statistics.median(base) / 1_000)
        told(
            f"filter: run {number + 1} of {rounds}: {values[-1]:.0f} µs against {baselines[-1]:.0f} µs"
        )
    return Figure(
        "filter",
        "µs a list",
        values,
        baselines,
        "at most 1.20",
        [
            f"data: {MEASURED:,} records of {DOCUMENTS} documents, {size}; a page of 50 as FHIR text",
            f"{LISTS:,} lists of each side a run, one connection, record by record in turn; medians; "
            f"planning (ms): {_planned(connection, filtered, parameters, records[0])}",
        ],
    )


def _run(
    connection: psycopg.Connection,
    filtered: bytes,
    bare: bytes,
    parameters: dict[str, Any],
    records: list[UUID],
) -> tuple[list[int], list[int]]:
    """Nanoseconds of each list with the scope, and without; the side that begins alternates."""
    times: dict[bytes, list[int]] = {filtered: [], bare: []}
    cursor = connection.cursor(binary=True)
    for number, record in enumerate(records):
        sides = (filtered, bare) if number % 2 else (bare, filtered)
        answers = []
        for statement in sides:
            began = perf_counter_ns()
            cursor.execute(statement, {**parameters, "record_id": record})
            answers.append(cursor.fetchone())
            times[statement].append(perf_counter_ns() - began)
        if answers[0] != answers[1]:
            raise RuntimeError("the two sides of the comparison gave different lists")
    return times[filtered], times[bare]


def _planned(
    connection: psycopg.Connection, statement: bytes, parameters: dict[str, Any], record: UUID
) -> str:
    cursor = connection.execute(
        b"EXPLAIN (ANALYZE, TIMING OFF, SUMMARY) " + statement, {**parameters, "record_id": record}
    )
    said = [row[0] for row in cursor if "Time:" in row[0]]
    return ", ".join(" ".join(line.split()) for line in said)
