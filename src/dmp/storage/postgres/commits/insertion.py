"""Many rows in one statement: each column travels as one array, so that the text never varies."""

from __future__ import annotations

from collections.abc import Sequence

from dmp.storage.postgres.connections import Connection
from dmp.storage.postgres.packed_columns import column

Row = tuple[object, ...]
Columns = Sequence[tuple[str, str]]
"""Names of columns with their types."""


def insertion(table: str, columns: Columns) -> str:
    """One INSERT of many rows."""
    names = ", ".join(name for name, _ in columns)
    values = ", ".join(f"u.{name}::{kind}" for name, kind in columns)
    return f"INSERT INTO {table} ({names}) SELECT {values} FROM {given(columns)}"  # noqa: S608 - names of this package


def given(columns: Columns) -> str:
    """The rows that travel with a statement, as the table `u`."""
    names = ", ".join(name for name, _ in columns)
    arrays = ", ".join(f"%b::{_travels_as(kind)}[]" for _, kind in columns)
    return f"unnest({arrays}) AS u ({names})"


def _travels_as(kind: str) -> str:
    return "text" if kind.endswith("[]") else kind


async def insert_rows(connection: Connection, statement: str, rows: Sequence[Row]) -> None:
    """Send rows with a statement of `insertion`, or one that takes its rows by `given`."""
    if rows:
        columns = [column(values) for values in zip(*rows, strict=True)]
        await connection.execute(statement.encode("utf-8"), columns)
