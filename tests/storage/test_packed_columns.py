"""Columns of values on their way to the database: what arrives is what was sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum
from uuid import UUID

import psycopg
import pytest

from dmp.storage.postgres.packed_columns import column


class _Word(StrEnum):
    OPEN = "open"


_SUMMER = timezone(timedelta(hours=2))
_COLUMNS: dict[str, list[Sequence[object]]] = {
    "uuid": [(UUID(int=7), None, UUID(int=2**128 - 1)), (None,)],
    "text": [("é", "", None, 'a"{},\\'), (_Word.OPEN,), ("œ" * 70_000,)],
    "bigint": [(0, None, -(2**63), 2**63 - 1)],
    "boolean": [(True, False, None)],
    "bytea": [(b"", b"\x00\xff", None)],
    "timestamptz": [
        (datetime(2026, 7, 1, 10, 30, 0, 123456, _SUMMER), None),
        (datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 30, 23, 59, 59, 999999, UTC)),
        (None, None),
    ],
}


@pytest.mark.parametrize("kind", _COLUMNS)
def test_a_column_arrives_as_it_was_sent(database: str, kind: str) -> None:
    echo = f"SELECT u.value FROM unnest(%b::{kind}[]) WITH ORDINALITY AS u (value, place) ORDER BY place"  # noqa: S608 - the names above
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("SET TIME ZONE 'UTC'")
        for values in _COLUMNS[kind]:
            cursor = connection.cursor(binary=True)
            found = cursor.execute(echo.encode(), [column(values)]).fetchall()
            assert [value for (value,) in found] == list(values)


def test_what_no_column_holds_is_a_fault_of_ours() -> None:
    with pytest.raises(TypeError):
        column([1.5])
