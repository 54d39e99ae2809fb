"""From the working tables to the lines: joined by the nine keys, cleaned, put in order, counted.

The persons are worked at in shares, so that the lines of one share can be on their way while those of the
next are made. Which share a person is in depends on his INS alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

import duckdb

from dmp.formats.claims.outcomes import Outcome, Part
from dmp.formats.claims.secret_care import AtcOf, hide_codes, natures
from dmp.formats.claims.workbench import statement


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What a delivery amounts to. `left_out` by rule; `replaced` lines that it holds in a later form too."""

    lines: int
    persons: int
    rejected: int
    replaced: int
    left_out: Mapping[Outcome, int]
    earliest: date | None
    latest: date | None


_OUTCOMES = {f"{outcome.name.lower()}": int(outcome) for outcome in Outcome}
_PARTS = {part.name: int(part) for part in Part}
_WORDS: dict[str, object] = {**_OUTCOMES, **_PARTS}
_LOAD_NATURES = """
INSERT INTO nature
SELECT unnest(?::INTEGER[]), unnest(?::VARCHAR[]), unnest(?::VARCHAR[]), unnest(?::VARCHAR[])
"""
_SEVERAL = """
SELECT count(*) - count(DISTINCT key) FROM service WHERE bad IS NULL
"""
# The row that came last stands for those with the same keys.
_KEEP_LAST_SERVICE = """
DELETE FROM service WHERE rowid IN (
    SELECT place_in FROM (
        SELECT rowid AS place_in, row_number() OVER (PARTITION BY key ORDER BY rowid DESC) AS place
        FROM service WHERE bad IS NULL
    ) WHERE place > 1
)
"""
_REPEATED = "SELECT count(line_id) - count(DISTINCT line_id) FROM line WHERE rowid >= ?"
_KEEP_LAST_LINE = """
DELETE FROM line WHERE rowid IN (
    SELECT row FROM (
        SELECT rowid AS row,
            row_number() OVER (
                PARTITION BY person, line_id ORDER BY flow DESC NULLS LAST, place_in DESC
            ) AS place
        FROM line WHERE person IS NOT NULL AND rowid >= ?
    ) WHERE place > 1
)
"""
_BEHIND = "SELECT coalesce(max(rowid) + 1, 0) FROM line"
_EXPECTED = """
SELECT (SELECT count(*) FROM detail) + (SELECT count(*) FROM alone) + (SELECT count(*) FROM long_term)
    + (SELECT count(*) FROM stay_line)
"""
SHARES = 10
"""Most shares: as many as a digit tells."""


@dataclass(slots=True, kw_only=True)
class Assembler:
    """Makes the lines of a delivery, share by share. `expected` is how many there are at most.

    `replaced` counts rows of the delivery whose place another one of it took.
    """

    connection: duckdb.DuckDBPyConnection
    groups: int
    expected: int
    replaced: int

    @classmethod
    def prepare(
        cls, connection: duckdb.DuckDBPyConnection, atc_of: AtcOf, share_rows: int
    ) -> Assembler:
        """Do what is done once. A share has about `share_rows` services, or all of them."""
        columns = [list(column) for column in zip(*natures(), strict=True)]
        connection.execute(_LOAD_NATURES, columns)
        replaced = 0
        if _number(connection, _SEVERAL):
            replaced += _number(connection, _KEEP_LAST_SERVICE)
        hide_codes(connection, atc_of)
        connection.execute(statement("stays").format(**_WORDS))
        connection.execute(statement("apart").format(**_WORDS))
        services = _number(connection, "SELECT count(*) FROM service")
        return cls(
            connection=connection,
            groups=max(1, min(SHARES, services // share_rows)),
            expected=_number(connection, _EXPECTED),
            replaced=replaced,
        )

    def assemble(self, group: int) -> tuple[int, int]:
        """Make the lines of one share; returns where they begin in the table, and the place behind them.

        Shares are made in their order, each once.
        """
        cursor = self.connection.cursor()
        first = _number(cursor, _BEHIND)
        words = {**_WORDS, "groups": self.groups, "group": group}
        cursor.execute(statement("lines").format(**words))
        behind = _number(cursor, _BEHIND)
        if _number(cursor, _REPEATED, first):
            self.replaced += _number(cursor, _KEEP_LAST_LINE, first)
        return first, behind


def tally(connection: duckdb.DuckDBPyConnection, *, rejected: int, replaced: int) -> Tally:
    """Count what the lines amount to."""
    lines, persons = connection.execute(
        "SELECT count(person), count(DISTINCT person) FROM line"
    ).fetchall()[0]
    earliest, latest = connection.execute(
        "SELECT min(care_start), max(care_start) FROM ("
        "SELECT care_start FROM service WHERE bad IS NULL "
        "UNION ALL SELECT care_start FROM stay WHERE bad IS NULL)"
    ).fetchall()[0]
    outcomes = connection.execute(
        "SELECT outcome, count(*) FROM line WHERE person IS NULL GROUP BY outcome"
    ).fetchall()
    left_out = {
        Outcome(outcome): rows for outcome, rows in outcomes if outcome < Outcome.NO_SERVICE
    }
    return Tally(
        lines=lines,
        persons=persons,
        rejected=rejected,
        replaced=replaced,
        left_out=MappingProxyType(left_out),
        earliest=earliest,
        latest=latest,
    )


def _number(connection: duckdb.DuckDBPyConnection, statement: str, *parameters: object) -> int:
    row = connection.execute(statement, list(parameters)).fetchone()
    return int(row[0]) if row else 0
