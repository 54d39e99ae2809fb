"""From the working tables to the lines: joined by the nine keys, cleaned, put in order, counted.

The persons are worked at in shares, so that the lines of one share can be on their way while those of the
next are made. Which share a person is in depends on his INS alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

import duckdb

from dmp.formats.claims.outcomes import Outcome, Part
from dmp.formats.claims.secret_care import AtcOf, hide_codes, natures
from dmp.formats.claims.workbench import make_room, statement


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What a delivery amounts to. `left_out` by rule; `replaced` lines that it holds in a later form too;
    `unknown_medicines` codes of medicines without a known ATC code.
    """

    lines: int
    persons: int
    rejected: int
    replaced: int
    unknown_medicines: int
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
# Some, when two keys only have the same hash; none are deleted then.
_SEVERAL = """
SELECT count(*) - count(DISTINCT hash(key)) FROM service WHERE bad IS NULL
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
_LINE_ID = "coalesce(line_id, body[1:32])"
_REPEATED = "SELECT count(id_hash) - count(DISTINCT id_hash) FROM line WHERE rowid >= ?"
# Rows that are left out are counted, each of them, when none of their keys is loaded.
_KEEP_LAST_LINE = f"""
DELETE FROM line WHERE rowid IN (
    SELECT row FROM (
        SELECT rowid AS row,
            row_number() OVER (
                PARTITION BY coalesce(person, gone), {_LINE_ID}
                ORDER BY flow DESC NULLS LAST, place_in DESC
            ) AS place,
            bool_or(person IS NOT NULL) OVER (PARTITION BY coalesce(person, gone), {_LINE_ID}) AS any_stands
        FROM line WHERE {_LINE_ID} IS NOT NULL AND rowid >= ?
    ) WHERE place > 1 AND any_stands
)
"""  # noqa: S608 - names of ours
# Every detail that can be read has met its service: the join need not be made again to find those without one.
_ALL_JOINED = """
SELECT (SELECT count(*) FROM line WHERE part BETWEEN {PHA} AND {ETE})
    = (SELECT count(*) FROM detail WHERE bad IS NULL)
"""
_BEHIND = "SELECT coalesce(max(rowid) + 1, 0) FROM line"
_EXPECTED = """
SELECT (SELECT count(*) FROM detail) + (SELECT count(*) FROM alone) + (SELECT count(*) FROM long_term)
    + (SELECT count(*) FROM stay_line)
"""
SHARES = 48
"""Most shares: half of what the key of an INS tells, so that none is twice as large as another."""
PART_ROWS = 500_000
"""Rows of a table that are joined at a time: what is held meanwhile does not grow with the delivery."""


@dataclass(slots=True, kw_only=True)
class Assembler:
    """Makes the lines of a delivery, share by share. `expected` is how many there are at most.

    `replaced` counts rows of the delivery whose place another one of it took; `unknown_medicines` codes whose
    ATC code is not known.
    """

    connection: duckdb.DuckDBPyConnection
    groups: int
    expected: int
    replaced: int
    unknown_medicines: int

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
        connection.execute(statement("apart").format(**_WORDS))
        with ThreadPoolExecutor(
            1
        ) as beside:  # the codes are looked at one by one, by one processor
            alone = beside.submit(
                _part_by_part, connection, "alone", of="service", against="detail"
            )
            unknown = hide_codes(connection.cursor(), atc_of)
            alone.result()
        connection.execute(statement("stays").format(**_WORDS))
        services = _number(connection, "SELECT count(*) FROM service")
        return cls(
            connection=connection,
            groups=max(1, min(SHARES, services // share_rows)),
            expected=_number(connection, _EXPECTED),
            replaced=replaced,
            unknown_medicines=unknown,
        )

    def assemble(self, group: int) -> tuple[int, int]:
        """Make the lines of one share; returns where they begin in the table, and the place behind them.

        Shares are made in their order, each once.
        """
        cursor = self.connection.cursor()
        if (
            group == 1
        ):  # the lines of the first share are on their way by now, and the database has to keep up
            make_room(cursor)
        first = _number(cursor, _BEHIND)
        words = {**_WORDS, "groups": self.groups, "group": group}
        cursor.execute(statement("lines").format(**words))
        behind = _number(cursor, _BEHIND)
        if _number(cursor, _REPEATED, first):
            self.replaced += _number(cursor, _KEEP_LAST_LINE, first)
        return first, behind

    def find_lost(self) -> None:
        """Find the details that have no service, behind the lines of every share. Once."""
        if _number(self.connection, _ALL_JOINED.format(**_WORDS)):
            return
        _part_by_part(self.connection, "lost", of="detail", against="service")


def _part_by_part(
    connection: duckdb.DuckDBPyConnection, name: str, *, of: str, against: str
) -> None:
    """Run a statement over the rows of a table, some at a time. `against` is the table they are held against:
    a large one is first narrowed to the rows that meet one of theirs, on its way past them.
    """
    connection = connection.cursor()
    others = against
    if _number(connection, f"SELECT count(*) FROM {against}") > PART_ROWS:  # noqa: S608 - a name of ours
        others += f" SEMI JOIN taken ON taken.key = {against}.key"
    behind = _number(connection, f"SELECT coalesce(max(rowid) + 1, 0) FROM {of}")  # noqa: S608
    for first in range(0, behind, PART_ROWS):
        words = {**_WORDS, "first": first, "behind": first + PART_ROWS, "others": others}
        connection.execute(statement(name).format(**words))


def tally(
    connection: duckdb.DuckDBPyConnection, *, rejected: int, replaced: int, unknown_medicines: int
) -> Tally:
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
        unknown_medicines=unknown_medicines,
        left_out=MappingProxyType(left_out),
        earliest=earliest,
        latest=latest,
    )


def _number(connection: duckdb.DuckDBPyConnection, statement: str, *parameters: object) -> int:
    row = connection.execute(statement, list(parameters)).fetchone()
    return int(row[0]) if row else 0
