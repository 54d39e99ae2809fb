"""The rows that are not taken, each with its line, its column and the reason; never what the field held."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb

from dmp.formats.claims.outcomes import REJECTED, Outcome, Part
from dmp.formats.claims.reading import Read

_TABLE = """
CREATE TABLE reject (file VARCHAR, number UINTEGER, line UBIGINT, field VARCHAR, reason VARCHAR)
"""
_MALFORMED = """
INSERT INTO reject SELECT ?, ?, line, '', reason FROM bad_line WHERE file = ?
"""
# Row n of the table is line n + 2 of the file, and one more for each unreadable line before it.
_OF_FILE = """
INSERT INTO reject
WITH faulty AS (
    SELECT place_in - {first} AS place_in, said FROM ({faults})
    WHERE place_in >= {first} AND place_in < {behind}
), unreadable AS (
    SELECT line - 1 - rank AS place_in, max(rank) AS rank FROM (
        SELECT line, row_number() OVER (ORDER BY line) AS rank FROM bad_line WHERE file = {number}
    ) GROUP BY 1
)
SELECT ?, {number}, faulty.place_in + 2 + coalesce(unreadable.rank, 0),
    split_part(said, '|', 1), split_part(said, '|', 2)
FROM faulty ASOF LEFT JOIN unreadable ON faulty.place_in >= unreadable.place_in
"""
_PERSONS = {
    Part.PRS: ("service", "BEN_NIR_PSA"),
    Part.IMB: ("long_term", "BEN_NIR_PSA"),
    Part.MCO_C: ("stay", "NIR_ANO_17"),
}


def gather(connection: duckdb.DuckDBPyConnection, reads: Sequence[Read]) -> int:
    """Fill the table `reject`; returns how many rows are rejected."""
    connection.execute(_TABLE)
    for read in reads:
        if read.source.table is None:
            continue
        name = read.source.path.name
        connection.execute(_MALFORMED, [name, read.number, read.number])
        faults = _faults(read.source.table.part, read.source.table.target)
        connection.execute(
            _OF_FILE.format(
                first=read.first, behind=read.behind, number=read.number, faults=faults
            ),
            [name],
        )
    counted = connection.execute("SELECT count(*) FROM reject").fetchone()
    return int(counted[0]) if counted else 0


def _faults(part: Part, target: str) -> str:
    """Every fault of the rows of one table: of the row itself, of its person, of what it belongs to."""
    faults = [f"SELECT rowid AS place_in, bad AS said FROM {target} WHERE bad IS NOT NULL"]  # noqa: S608
    if part in _PERSONS:
        table, column = _PERSONS[part]
        faults.append(
            f"SELECT {table}.rowid, '{column}|' || person.bad FROM {table} "  # noqa: S608
            f"JOIN person ON person.who = {table}.who "
            f"WHERE {table}.bad IS NULL AND person.bad IS NOT NULL"
        )
    cases = " ".join(
        f"WHEN {int(outcome)} THEN '{column}|{reason}'"
        for outcome, (column, reason) in REJECTED.items()
        if outcome is not Outcome.PERSON_REJECTED
    )
    faults.append(
        f"SELECT place_in, CASE outcome {cases} END FROM rejected WHERE part = {int(part)}"  # noqa: S608 - ours
    )
    return " UNION ALL ".join(faults)


def write(connection: duckdb.DuckDBPyConnection, to: Path) -> None:
    """Write the rejected rows as CSV (`file;line;column;reason`) to a file of the work folder."""
    connection.execute(
        f'COPY (SELECT file, line, field AS "column", reason FROM reject ORDER BY number, line) '  # noqa: S608
        f"TO '{to}' (FORMAT csv, DELIMITER ';', HEADER true)"
    )
    to.chmod(0o600)
