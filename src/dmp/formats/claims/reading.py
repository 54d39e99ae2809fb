"""One file into its working table: cleaned, column by column, in one pass, by DuckDB."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import duckdb

from dmp.formats.claims.dialect import Dialect, Kind, dialect_of
from dmp.formats.claims.outcomes import Outcome, Part
from dmp.formats.claims.refusals import DeliveryRefused
from dmp.formats.claims.secret_care import SECRET_NATURES
from dmp.formats.claims.tables import SAME, Need, Table, recognise
from dmp.formats.claims.workbench import real_path, statement

LINE_OCTETS = 128 * 1024
"""A longer line is rejected: no table of the SNDS has one of a tenth of it."""
PIECE_OCTETS = 8 << 20
"""A file is read by so much at a time; the 32 MB of DuckDB are held several times over, outside its bound."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A file that will be read: `table` is None when it is a table that has no part in the feed."""

    path: Path
    table: Table | None
    dialect: Dialect
    year: str = ""

    @property
    def unwatched(self) -> tuple[str, ...]:
        """Columns without which a rule cannot be applied."""
        return () if self.table is None else self.table.lacking(self.dialect.header, Need.WATCHED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A file that was read: where its rows stand in the working table (`first` and one behind the last)."""

    number: int
    source: Source
    first: int
    behind: int
    malformed: int = 0

    @property
    def rows(self) -> int:
        """Rows of the file, unreadable ones included."""
        return self.behind - self.first + self.malformed


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What holds for every file of a delivery. `ranked`: persons are told by BEN_NIR_PSA and BEN_RNG_GEM."""

    today: date
    ranked: bool = False


def source_of(path: Path) -> Source:
    """What a file is, by its name and its columns; nothing but its beginning (or its schema) is read.

    Raises:
        DeliveryRefused: unreadable, not recognised, or a needed column is missing or there twice.
    """
    dialect = dialect_of(path)
    if dialect.kind is Kind.PARQUET:
        dialect = Dialect(kind=Kind.PARQUET, header=_parquet_header(path))
    found = recognise(path.name.partition(".")[0], dialect.header)
    if found is None:
        raise DeliveryRefused(
            f"{path.name} is no table of the feed: neither its name nor its columns tell which."
        )
    if found.table is not None:
        _check_columns(path, found.table, dialect)
    return Source(path=path, table=found.table, dialect=dialect, year=found.year)


def _check_columns(path: Path, table: Table, dialect: Dialect) -> None:
    missing = table.lacking(dialect.header, Need.NEEDED)
    if missing:
        raise DeliveryRefused(
            f"{path.name} is {table.name} and lacks the needed column{'s' * (len(missing) > 1)} "
            f"{', '.join(missing)}."
        )
    for name in table.columns:
        if dialect.header.count(name) > 1:
            raise DeliveryRefused(f"{path.name} has the column {name} twice.")


def _parquet_header(path: Path) -> tuple[str, ...]:
    try:
        with duckdb.connect(":memory:", config={"threads": 1}) as connection:
            connection.execute(f"SET allowed_paths = ['{real_path(path)}']")
            connection.execute("SET enable_external_access = false")
            connection.execute("SET lock_configuration = true")
            asked = connection.execute("SELECT * FROM read_parquet(?) LIMIT 0", [real_path(path)])
            return tuple(str(column[0]).strip().upper() for column in asked.description or ())
    except duckdb.Error:
        raise DeliveryRefused(f"{path.name} is not a Parquet file that can be read.") from None


def read(
    connection: duckdb.DuckDBPyConnection, source: Source, number: int, reading: Reading
) -> Read:
    """Read a file into its working table. `number` tells its malformed lines from those of others.

    Raises:
        DeliveryRefused: the file cannot be read at all.
    """
    table = source.table
    if table is None:
        raise ValueError("this table has no part in the feed")
    first = _behind(connection, table.target)
    _take(connection, source, table, reading)
    if source.dialect.quoted and _is_torn(connection):
        connection.execute(f"DELETE FROM {table.target} WHERE rowid >= ?", [first])  # noqa: S608 - a name of ours
        connection.execute(_FORGET_FAULTS)
        source = replace(source, dialect=replace(source.dialect, quoted=False, torn=True))
        _take(connection, source, table, reading)
        first = _place_of_first(connection, table.target, first)
    malformed = _malformed(connection, source, table.part, number)
    behind = _behind(connection, table.target)
    return Read(number=number, source=source, first=first, behind=behind, malformed=malformed)


def _take(
    connection: duckdb.DuckDBPyConnection, source: Source, table: Table, reading: Reading
) -> None:
    words = _words(source, table, reading)
    sql = statement(f"read_{table.reading}").format(**words)
    try:
        connection.execute(sql, [real_path(source.path)])
    except duckdb.Error as failure:
        why = (
            "its lines do not all end alike, or it has quotes where none may stand"
            if "invalid state" in str(failure)
            else type(failure).__name__
        )
        raise DeliveryRefused(
            f"{source.path.name} cannot be read ({why}); nothing was taken."
        ) from None


def _is_torn(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether a quote was not closed: the lines up to the next one, or to the end, are swallowed then."""
    row = connection.execute(
        "SELECT count(*) FROM csv_fault WHERE error_type::VARCHAR = 'UNQUOTED VALUE'"
    ).fetchone()
    return bool(row and row[0])


def _place_of_first(connection: duckdb.DuckDBPyConnection, target: str, since: int) -> int:
    """Where rows that took the place of others begin: the place of a row that is gone is not given again."""
    row = connection.execute(
        f"SELECT min(rowid) FROM {target} WHERE rowid >= ?",  # noqa: S608 - a name of ours
        [since],
    ).fetchone()
    return since if row is None or row[0] is None else int(row[0])


def _behind(connection: duckdb.DuckDBPyConnection, target: str) -> int:
    row = connection.execute(f"SELECT coalesce(max(rowid) + 1, 0) FROM {target}").fetchone()  # noqa: S608
    return int(row[0]) if row else 0


def _words(source: Source, table: Table, reading: Reading) -> dict[str, object]:
    """The words of the statement: all of them from this package, none from the file."""
    person = "NIR_ANO_17" if table.part is Part.MCO_C else "BEN_NIR_PSA"
    who = f"whole({person})"
    if reading.ranked:  # the PMSI has no rank that agrees with BEN_RNG_GEM
        with_rank = "BEN_RNG_GEM" in table.columns
        who += " || '/' || coalesce(whole(BEN_RNG_GEM), '')" if with_rank else " || '/'"
    return {
        "source": _source(source, table),
        "who": who,
        "person": _present(source.dialect.header, person) or person,
        "year": source.year,
        "today": reading.today.isoformat(),
        "days": _days(source.dialect.days),
        "part": int(table.part),
        "secret_nature": SECRET_NATURES,
        "loaded": int(Outcome.LOADED),
        "supplement": int(Outcome.SUPPLEMENT),
        "information": int(Outcome.INFORMATION),
        "secret": int(Outcome.SECRET),
        "elsewhere": int(Outcome.ELSEWHERE),
    }


def _days(form: str) -> str:
    """The form of most days of the file and how many octets such a day has, as `day_as` takes them."""
    return f"'{form}', {len(date.max.strftime(form))}"


def _source(source: Source, table: Table) -> str:
    """The file as a relation with the official names; columns that it lacks are NULL."""
    chosen = [f"{_from(source, official)} AS {official}" for official in table.columns]
    return f"(SELECT {', '.join(chosen)} FROM {relation(source.dialect)})"  # noqa: S608 - names of this package


def _from(source: Source, official: str) -> str:
    present = _present(source.dialect.header, official)
    if present is None:
        return "NULL::VARCHAR"
    if source.dialect.kind is Kind.PARQUET:
        return f"nullif(trim(CAST(\"{present}\" AS VARCHAR)), '')"
    column = f"c{source.dialect.header.index(present)}"
    if source.dialect.torn:
        column = f"unquoted({column})"
    # Taking off blanks costs a tenth of the reading; empty fields are NULL already.
    if source.dialect.padded or source.dialect.torn:
        column = f"nullif(trim({column}), '')"
    return f"without_comma({column})" if source.dialect.commas else column


def _present(header: Sequence[str], official: str) -> str | None:
    names = (official, *SAME.get(official, ()))
    return next((name for name in names if name in header), None)


def relation(dialect: Dialect) -> str:
    """The file as a relation of a statement, every field as text; its path is the first parameter."""
    if dialect.kind is Kind.PARQUET:
        return "read_parquet(?)"
    columns = ", ".join(f"'c{n}': 'VARCHAR'" for n in range(len(dialect.header)))
    separator = "\\t" if dialect.separator == "\t" else dialect.separator
    quote = '"' if dialect.quoted else ""
    return (
        f"read_csv(?, auto_detect = false, header = false, skip = 1, delim = E'{separator}', "
        f"quote = '{quote}', escape = '{quote}', "
        f"columns = {{{columns}}}, encoding = '{dialect.encoding}', nullstr = '', "
        f"ignore_errors = true, store_rejects = true, rejects_table = 'csv_fault', "
        f"rejects_scan = 'csv_scan', rejects_limit = 0, max_line_size = {LINE_OCTETS}, "
        f"buffer_size = {PIECE_OCTETS}, strict_mode = true, compression = '{packing_of(dialect)}')"
    )


def packing_of(dialect: Dialect) -> str:
    """How a file is packed, as DuckDB names it; it would go by the name of the file otherwise."""
    return "gzip" if dialect.packed else "none"


_FORGET_FAULTS = "DROP TABLE csv_fault; DROP TABLE csv_scan"
_FAULTS = {
    "MISSING COLUMNS": "fewer fields than columns",
    "TOO MANY COLUMNS": "more fields than columns",
    "INVALID ENCODING": "octets that are no text",
    "INVALID UNICODE": "octets that are no text",
    "LINE SIZE OVER MAXIMUM": "the line is too long",
    "UNQUOTED VALUE": "a quote that is not closed",
}


def _malformed(
    connection: duckdb.DuckDBPyConnection, source: Source, part: Part, number: int
) -> int:
    """Keep the lines that could not be told apart, with a reason of ours; returns how many."""
    if source.dialect.kind is Kind.PARQUET:
        return 0
    cases = " ".join(f"WHEN '{name}' THEN '{reason}'" for name, reason in _FAULTS.items())
    connection.execute(
        f"INSERT INTO bad_line SELECT {int(part)}, {number}, line, any_value(CASE "  # noqa: S608
        f"error_type::VARCHAR {cases} ELSE 'the line cannot be read' END) "
        "FROM csv_fault GROUP BY line"
    )
    connection.execute(_FORGET_FAULTS)
    counted = connection.execute(
        "SELECT count(*) FROM bad_line WHERE file = ?", [number]
    ).fetchone()
    return int(counted[0]) if counted else 0
