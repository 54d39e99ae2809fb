"""A house with people whose records take lines, and what stands in the tables afterwards."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg

from dmp.bootstrap.claims_intake import Load, Receipt, load
from dmp.domain.record.health_record import HealthRecord, State
from tests.acts.standing import Standing, standing
from tests.builders import a_record, an_ins
from tests.formats.claims.rows import Row, service
from tests.storage.opened import kept_record

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@asynccontextmanager
async def house_of(
    database: str, data_dir: Path, people: int = 2, **changes: Any
) -> AsyncIterator[tuple[Standing, list[HealthRecord]]]:
    """A house with the open records of persons 1, 2…; made when they are not there yet."""
    async with standing(database, data_dir) as house:
        records = []
        for number in range(1, people + 1):
            unit = house.unit()
            known = await unit.records.by_ins(an_ins(number))
            await unit.close()
            records.append(known or await kept_record(house.store, ins=an_ins(number), **changes))
        yield house, records


async def loaded(house: Standing, data: Path, *given: Path, **changes: Any) -> Receipt:
    """Load these files."""
    return await load(house, Load(paths=given, data=data, **changes))


def lines_in(database: str) -> list[tuple[Any, ...]]:
    """Every line, in a fixed order."""
    with psycopg.connect(database) as connection:
        return connection.execute("SELECT * FROM claim_line ORDER BY record_id, line_id").fetchall()


def changes_in(database: str) -> dict[Any, datetime]:
    """When the lines of each fed record changed last."""
    with psycopg.connect(database) as connection:
        return dict(connection.execute("SELECT record_id, changed_at FROM claim_feed").fetchall())


def closed_record(**changes: Any) -> HealthRecord:
    """A record that takes nothing."""
    return a_record(state=State.CLOSED, **changes)


def person(number: int) -> str:
    """The INS of one of them."""
    return an_ins(number).matricule


def consultations(count: int, first: int = 1, **changes: str) -> list[Row]:
    """Consultations of the first two persons in turn."""
    return [
        service(number, **{"BEN_NIR_PSA": person(1 + number % 2), **changes})
        for number in range(first, first + count)
    ]
