"""From the working tables to the lines: joined by the nine keys, cleaned, put in order, counted.

The persons are worked at in shares, so that the lines of one share can be on their way while those of the
next are made. Which share a person is in depends on his INS alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """The lines of some of the persons, in a table of their own, which goes when they are fed. They are from
    row `first` to before row `behind` of the lines of the delivery.
    """

    number: int
    first: int
    behind: int

    @property
    def table(self) -> str:
        """The name of the table."""
        return _table(self.number)


def _table(share: int) -> str:
    return f"line_{share}"


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
_REPEATED = "SELECT count(id_hash) - count(DISTINCT id_hash) FROM {table}"
# Rows that are left out are counted, each of them, when none of their keys is loaded.
_KEEP_LAST_LINE = f"""
DELETE FROM {{table}} WHERE rowid IN (
    SELECT row FROM (
        SELECT rowid AS row,
            row_number() OVER (
                PARTITION BY coalesce(person, gone), {_LINE_ID}
                ORDER BY flow DESC NULLS LAST, place_in DESC
            ) AS place,
            bool_or(person IS NOT NULL) OVER (PARTITION BY coalesce(person, gone), {_LINE_ID}) AS any_stands
        FROM {{table}} WHERE {_LINE_ID} IS NOT NULL
    ) WHERE place > 1 AND any_stands
)
"""  # noqa: S608 - names of ours
# Every detail that can be read has met its service: the join need not be made again to find those without one.
_JOINED = "SELECT count(*) FROM {table} WHERE part BETWEEN {PHA} AND {ETE}"
_DETAILS = "SELECT count(*) FROM detail WHERE bad IS NULL"
_NEW_SHARE = "CREATE TABLE {table} AS FROM line LIMIT 0"
_BEHIND = "SELECT coalesce(max(rowid) + 1, 0) FROM {table}"
_KEEP_REJECTED = f"""
INSERT INTO rejected SELECT part, place_in, outcome FROM {{table}}
WHERE person IS NULL AND outcome BETWEEN {int(Outcome.NO_SERVICE)} AND {int(Outcome.NO_GROUP)}
    AND outcome <> {int(Outcome.PERSON_REJECTED)}
"""  # noqa: S608 - names of ours
_STANDING = "SELECT count(person), count(DISTINCT person) FROM {table}"
_LEFT_OUT = f"""
SELECT outcome, count(*) FROM {{table}} WHERE person IS NULL AND outcome < {int(Outcome.NO_SERVICE)}
GROUP BY outcome
"""  # noqa: S608 - names of ours
_EXPECTED = """
SELECT (SELECT count(*) FROM detail) + (SELECT count(*) FROM alone) + (SELECT count(*) FROM long_term)
    + (SELECT count(*) FROM stay_line)
"""
_DAYS = """
SELECT min(care_start), max(care_start) FROM (
    SELECT care_start FROM service WHERE bad IS NULL UNION ALL SELECT care_start FROM stay WHERE bad IS NULL
)
"""
SHARES_SOON = 8
"""So many small shares are enough for the first lines to be on their way soon."""
LARGER = 2
"""By so much a share of a large delivery is larger: for each share all rows are passed once. With four times as
many services a share does not always fit in the memory of the workbench.
"""
PART_ROWS = 500_000
"""Rows of a table that are joined at a time: what is held meanwhile does not grow with the delivery."""


@dataclass(slots=True, kw_only=True)
class Assembler:
    """Makes the lines of a delivery, share by share. `expected` is how many there are at most.

    `replaced` counts rows of the delivery whose place another one of it took; `unknown_medicines` codes whose
    ATC code is not known; `lines`, `persons` and `left_out` what is in the shares that were made.
    """

    connection: duckdb.DuckDBPyConnection
    groups: int
    expected: int
    replaced: int
    unknown_medicines: int
    lines: int = 0
    persons: int = 0
    left_out: Counter[Outcome] = field(default_factory=Counter)
    _joined: int = 0
    _behind: int = 0

    @classmethod
    def prepare(
        cls, connection: duckdb.DuckDBPyConnection, atc_of: AtcOf, share_rows: int
    ) -> Assembler:
        """Do what is done once. A share has about `share_rows` services, or all of them; twice as many
        in a large delivery.
        """
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
            groups=_shares(services, share_rows),
            expected=_number(connection, _EXPECTED),
            replaced=replaced,
            unknown_medicines=unknown,
        )

    def assemble(self, group: int) -> Share:
        """Make the lines of one share. Shares are made in their order, each once."""
        cursor = self.connection.cursor()
        if (
            group == 1
        ):  # the lines of the first share are on their way by now, and the database has to keep up
            make_room(cursor)
        table = _table(group)
        cursor.execute(_NEW_SHARE.format(table=table))
        words = {**_WORDS, "groups": self.groups, "group": group, "table": table}
        cursor.execute(statement("lines").format(**words))
        self._joined += _number(cursor, _JOINED.format(**words))
        rows = _number(cursor, _BEHIND.format(table=table))
        if _number(cursor, _REPEATED.format(table=table)):
            self.replaced += _number(cursor, _KEEP_LAST_LINE.format(table=table))
        self._count(cursor, table)
        share = Share(number=group, first=self._behind, behind=self._behind + rows)
        self._behind = share.behind
        return share

    def _count(self, cursor: duckdb.DuckDBPyConnection, table: str) -> None:
        """Keep of a share what is told at the end, when its lines are gone."""
        ((lines, persons),) = cursor.execute(_STANDING.format(table=table)).fetchall()
        self.lines += lines
        self.persons += persons
        for outcome, rows in cursor.execute(_LEFT_OUT.format(table=table)).fetchall():
            self.left_out[Outcome(outcome)] += rows
        cursor.execute(_KEEP_REJECTED.format(table=table))

    def release(self, share: Share) -> None:
        """Let the lines of a share go: what they take does not grow with the delivery."""
        self.connection.cursor().execute(f"DROP TABLE {share.table}")

    def find_lost(self) -> None:
        """Find the details that have no service, when every share is made. Once."""
        if self._joined != _number(self.connection, _DETAILS):
            _part_by_part(self.connection, "lost", of="detail", against="service")


def _shares(services: int, share_rows: int) -> int:
    return max(1, min(SHARES_SOON, services // share_rows), services // (LARGER * share_rows))


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


def tally(made: Assembler, rejected: int) -> Tally:
    """What the lines of all shares amount to. `rejected` rows are counted elsewhere."""
    ((earliest, latest),) = made.connection.execute(_DAYS).fetchall()
    return Tally(
        lines=made.lines,
        persons=made.persons,
        rejected=rejected,
        replaced=made.replaced,
        unknown_medicines=made.unknown_medicines,
        left_out=MappingProxyType(dict(made.left_out)),
        earliest=earliest,
        latest=latest,
    )


def _number(connection: duckdb.DuckDBPyConnection, statement: str, *parameters: object) -> int:
    row = connection.execute(statement, list(parameters)).fetchone()
    return int(row[0]) if row else 0
