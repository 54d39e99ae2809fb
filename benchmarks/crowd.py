"""Many records at once, for measuring: copies of one real record, made by SQL.

The model record and its documents were opened and deposited through the acts; a copy differs by its
identifiers and by the person's matricule only. Keys of content are not copied: nobody reads content here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

import psycopg
from psycopg import sql

SLICE = 20_000
"""Records made by one statement."""


@dataclass(frozen=True)
class Model:
    """The record that is copied."""

    record_id: UUID
    matricule: str
    root: str


def matricule(number: int) -> str:
    """The matricule of the copy with this number, with a valid key; 2.4 million are distinct."""
    order, rest = number % 999 + 1, number // 999
    month, rest = rest % 12 + 1, rest // 12
    year, rest = rest % 100, rest // 100
    first = f"{rest % 2 + 1}{year:02d}{month:02d}75056{order:03d}"
    return f"{first}{97 - int(first) % 97:02d}"


_NUMBERS = """
    SELECT n,
        md5('record ' || n)::uuid AS record_id,
        ((n / 999 / 12 / 100) %% 2 + 1)::text || lpad(((n / 999 / 12) %% 100)::text, 2, '0')
            || lpad(((n / 999) %% 12 + 1)::text, 2, '0') || '75056'
            || lpad((n %% 999 + 1)::text, 3, '0') AS first
    FROM generate_series(%(low)s::bigint, %(high)s::bigint - 1) AS n
"""

_RECORDS = f"""
WITH numbered AS ({_NUMBERS}),
copied AS MATERIALIZED (
    SELECT n, record_id, first || lpad((97 - first::bigint %% 97)::text, 2, '0') AS matricule
    FROM numbered
),
records AS (
    INSERT INTO health_record (record_id, state, due_at, version, purge_pending, sheet)
    SELECT c.record_id, m.state, m.due_at, m.version, m.purge_pending,
        replace(replace(m.sheet, %(model)s::text, c.record_id::text), %(matricule)s, c.matricule)
    FROM copied AS c, health_record AS m WHERE m.record_id = %(model)s
),
keys AS (
    INSERT INTO record_key (record_id, wrapped)
    SELECT c.record_id, m.wrapped FROM copied AS c, record_key AS m WHERE m.record_id = %(model)s
)
INSERT INTO ins_key (matricule, root, record_id)
SELECT c.matricule, %(root)s, c.record_id FROM copied AS c
"""  # noqa: S608  # made of constants of this file

_DOCUMENTS = f"""
WITH numbered AS ({_NUMBERS}),
copied AS MATERIALIZED (
    SELECT n, record_id, first || lpad((97 - first::bigint %% 97)::text, 2, '0') AS matricule
    FROM numbered
),
model AS MATERIALIZED (
    SELECT * FROM document WHERE record_id = %(model)s
    ORDER BY created_at DESC, document_id DESC LIMIT %(documents)s
)
INSERT INTO document ({{columns}})
SELECT {{values}}
FROM copied AS c CROSS JOIN model AS m
CROSS JOIN LATERAL (SELECT md5(c.n || ' ' || m.document_id)::uuid AS new_id) AS made
"""  # noqa: S608  # made of constants of this file

_REPLACED = {
    "record_id": "c.record_id",
    "document_id": "made.new_id",
    "entry_uuid": "made.new_id",
    "unique_id": "m.unique_id || '.' || c.n",
    "fhir": (
        "replace(replace(m.fhir, m.document_id::text, made.new_id::text), %(matricule)s, c.matricule)"
    ),
    "entry": (
        "replace(replace(m.entry, m.document_id::text, made.new_id::text), %(matricule)s, c.matricule)"
    ),
}


def multiply(
    dsn: str,
    model: Model,
    *,
    low: int,
    high: int,
    documents: int,
    told: Callable[[int, int], None] = lambda done, total: None,
) -> None:
    """Make the copies numbered `low` (included) to `high` (excluded), each with so many documents."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("SET synchronous_commit = 'off'")
        statement = _documents_statement(connection)
        for start in range(low, high, SLICE):
            values = {
                "low": start,
                "high": min(high, start + SLICE),
                "model": model.record_id,
                "matricule": model.matricule,
                "root": model.root,
                "documents": documents,
            }
            connection.execute(_RECORDS, values)
            connection.execute(statement, values)
            told(min(high, start + SLICE) - low, high - low)


def _documents_statement(connection: psycopg.Connection) -> sql.SQL:
    columns = [
        str(row[0])
        for row in connection.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = 'document'::regclass "
            "AND attnum > 0 AND NOT attisdropped ORDER BY attnum"
        )
    ]
    values = [_REPLACED.get(name, f"m.{name}") for name in columns]
    text = _DOCUMENTS.replace("{{", "{").replace("}}", "}")
    return sql.SQL(
        text.replace("{columns}", ", ".join(columns)).replace("{values}", ", ".join(values))
    )


def settle(dsn: str) -> str:
    """Let the planner know what is there and the pages come to rest; returns the size on disk."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("VACUUM (ANALYZE) health_record, ins_key, record_key, document")
        connection.execute("CHECKPOINT")
        row = connection.execute("SELECT pg_size_pretty(pg_database_size(current_database()))")
        found = row.fetchone()
        return str(found[0]) if found else "unknown"
