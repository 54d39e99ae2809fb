"""A delivery: files that came together, read into lines that are handed out in batches.

What it reads it keeps on a workbench in a private folder, out of core; nothing here knows a record.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import MappingProxyType
from uuid import UUID

import duckdb

from dmp.formats.claims import rejects
from dmp.formats.claims.assembling import Assembler, Share, Tally, tally
from dmp.formats.claims.digest import digest_of_delivery, digest_of_file
from dmp.formats.claims.packed import ARCHIVES
from dmp.formats.claims.persons import find_persons, read_correspondence
from dmp.formats.claims.reading import Read, Reading, Source, read, source_of
from dmp.formats.claims.refusals import DeliveryRefused
from dmp.formats.claims.secret_care import AtcOf
from dmp.formats.claims.workbench import MEMORY, open_workbench, work_folder

Told = Callable[[str, int, int], None]
"""Hears what is done, how far it is, and out of how much."""

LAYOUT = 4
"""How the lines of a delivery are put in order, shared and batched: to be raised whenever one of it changes, so
that a load that was cut before goes on from its beginning, not from a place that is another one now.
"""
FILES = 2_000
SHARE_ROWS = 100_000


def nothing_known(_: str) -> str:
    """The ATC code where no reference data is loaded: none."""
    return ""


def not_told(_what: str, _done: int, _total: int) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How a delivery is read. `persons` is a correspondence file; `memory` bounds the workbench; a share of the
    persons has about `share_rows` services.
    """

    today: date
    persons: Path | None = None
    test_mode: bool = False
    atc_of: AtcOf = nothing_known
    memory: str = MEMORY
    share_rows: int = SHARE_ROWS
    told: Told = not_told


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Some lines of a delivery: rows `first` to `last` of them. By matricule, `fingerprints` are how
    many lines of the batch are his, and their marks put together. A batch of persons whose rows are left out,
    all of them, has no fingerprints: `left_out` are those persons.
    """

    first: int
    last: int
    lines: int
    fingerprints: Mapping[str, tuple[int, int]]
    share: Share
    left_out: tuple[str, ...] = ()


@dataclass(slots=True, kw_only=True)
class Delivery:
    """A delivery that was read. Close it: its folder goes with it.

    Its lines are made share by share, in order, each once; then `finish` counts them.
    """

    digest: str
    sources: tuple[Source, ...]
    reads: tuple[Read, ...]
    _assembler: Assembler
    _connection: duckdb.DuckDBPyConnection
    _folder: Path
    _stack: ExitStack = field(default_factory=ExitStack)

    @property
    def shares(self) -> int:
        """In how many shares the persons are."""
        return self._assembler.groups

    @property
    def expected(self) -> int:
        """How many lines there are at most."""
        return self._assembler.expected

    def close(self) -> None:
        """Let the workbench go and remove its folder. Safe to call twice."""
        self._connection.close()
        self._stack.close()

    def assemble(self, share: int) -> Share:
        """Make the lines of one share."""
        return self._assembler.assemble(share)

    def release(self, share: Share) -> None:
        """Let the lines of a share go: nobody asks for them any more."""
        self._assembler.release(share)

    def finish(self) -> Tally:
        """What the delivery amounts to, when the lines of every share are made; the rejected rows are known
        then too.
        """
        self._assembler.find_lost()
        rejected = rejects.gather(self._connection, self.reads)
        return tally(self._assembler, rejected)

    def batches(self, size: int, within: Share, since: int = 0) -> Iterator[Batch]:
        """The lines of a share from row `since` on, about `size` at a time and in equal parts, in a fixed
        order. The lines of one person are together, unless they are more than `size`. Persons of whom
        everything is left out come first.
        """
        cursor = self._connection.cursor()
        rows = within.behind - within.first
        part = (
            -(-rows // max(1, round(rows / size))) or 1
        )  # a rest of a few lines costs a commit of its own
        yield from self._left_out(part, within, since)
        persons = cursor.execute(_PERSONS.format(table=within.table), [size, part]).fetchall()
        found: dict[int, list[tuple[int, int, str, int, int]]] = {}
        for batch, *person in persons:
            found.setdefault(batch, []).append(tuple(person))
        for batch in sorted(found):
            first = within.first + min(person[0] for person in found[batch])
            last = within.first + max(person[1] for person in found[batch])
            if first >= since:
                yield Batch(
                    first=first,
                    last=last,
                    lines=sum(person[3] for person in found[batch]),
                    fingerprints=MappingProxyType({p[2]: (p[3], p[4]) for p in found[batch]}),
                    share=within,
                )

    def _left_out(self, size: int, within: Share, since: int) -> Iterator[Batch]:
        asked = _LEFT_OUT.format(table=within.table)
        for first, last, persons in self._connection.cursor().execute(asked, [size]).fetchall():
            if within.first + first >= since:
                yield Batch(
                    first=within.first + first,
                    last=within.first + last,
                    lines=0,
                    fingerprints=MappingProxyType({}),
                    share=within,
                    left_out=tuple(persons),
                )

    def gone(self, batch: Batch, persons: Sequence[str]) -> Mapping[str, Sequence[str]]:
        """By person, the identifiers of the lines that are left out now and may have come earlier."""
        asked = _GONE.format(table=batch.share.table)
        return dict(self._connection.cursor().execute(asked, [list(persons)]).fetchall())

    def rows(self, batch: Batch, records: Mapping[str, UUID]) -> bytes:
        """The lines of these persons as COPY takes them, each behind the identifier of its record.

        They are written to the folder and read from there: half the work of one long text.
        """
        written = self._folder / f"rows-{batch.first}.txt"
        first, last = (row - batch.share.first for row in (batch.first, batch.last))
        self._connection.cursor().execute(
            _ROWS.format(table=batch.share.table, written=written),
            [list(records), [str(record) for record in records.values()], first, last],
        )
        try:
            return written.read_bytes()
        finally:
            written.unlink()

    def reasons(self, most: int = 20) -> Sequence[tuple[str, int]]:
        """Why rows are rejected, the most frequent reason first, each with its column."""
        found = self._connection.cursor().execute(
            "SELECT concat_ws(': ', nullif(field, ''), reason), count(*) FROM reject "
            "GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT ?",
            [most],
        )
        return [(reason, rows) for reason, rows in found.fetchall()]

    def write_rejects(self, to: Path) -> None:
        """Write the rejected rows to a private file on the disk of the workbench, in place of another."""
        written = self._folder / "rejects.csv"
        rejects.write(self._connection, written)
        written.replace(to)


# Persons stand one after the other: the batch of a person is told by where he begins; the few who have more
# lines than a batch are cut.
_PERSONS = """
WITH counted AS (
    SELECT person, min(rowid) AS first, max(rowid) AS last, count(*) AS lines, bit_xor(mark) AS mark
    FROM {table} WHERE person IS NOT NULL GROUP BY person
)
SELECT first // $2, first, last, person, lines, mark FROM counted WHERE lines <= $1
UNION ALL
SELECT line.rowid // $2, min(line.rowid), max(line.rowid), line.person, count(*), bit_xor(line.mark)
FROM {table} AS line JOIN counted ON counted.person = line.person AND counted.lines > $1
GROUP BY line.person, line.rowid // $2
"""
_LEFT_OUT = """
WITH alone AS (
    SELECT gone, min(rowid) AS first FROM {table}
    WHERE gone IS NOT NULL AND gone NOT IN (SELECT person FROM {table} WHERE person IS NOT NULL)
    GROUP BY gone
)
SELECT min(first), max(first), list(gone ORDER BY first) FROM alone GROUP BY first // $1 ORDER BY 1
"""
_GONE = """
SELECT gone, list(line_id) FROM {table}
WHERE line_id IS NOT NULL AND gone IN (SELECT unnest($1::VARCHAR[]))
GROUP BY gone
"""
# Neither quotes nor separators but tabs: each row goes out as it stands.
_ROWS = """
COPY (
    WITH given AS (SELECT unnest($1::VARCHAR[]) AS person, unnest($2::VARCHAR[]) AS record)
    SELECT given.record, line.body, line.mark
    FROM {table} AS line JOIN given ON given.person = line.person
    WHERE line.rowid BETWEEN $3 AND $4
) TO '{written}' (FORMAT csv, HEADER false, DELIMITER '\t', QUOTE '', ESCAPE '')
"""


def found_files(given: Sequence[Path]) -> tuple[Path, ...]:
    """The files of a delivery: those named, and in folders every `.csv`, `.txt` (packed by gzip or not) and
    `.parquet`, by name.

    Raises:
        DeliveryRefused: nothing there, too many files, or one that is packed in a way that is not read.
    """
    found: dict[Path, None] = {}
    for path in given:
        if path.is_dir():
            inside = sorted(p for p in path.rglob("*") if p.is_file() and not _is_aside(p))
            found.update(dict.fromkeys(inside))
        elif path.is_file():
            found[path] = None
        else:
            raise DeliveryRefused(f"{path} is neither a file nor a folder.")
    if not found:
        raise DeliveryRefused("there is no file to load (CSV or Parquet).")
    if len(found) > FILES:
        raise DeliveryRefused(f"{len(found)} files are too many for one delivery ({FILES}).")
    return tuple(found)


def _is_aside(path: Path) -> bool:
    if path.name.startswith("."):
        return True
    if path.suffix.lower() in ARCHIVES:  # to leave it out would load the delivery without it
        raise DeliveryRefused(
            f"{path.name} is not read; unpack it, or pack each CSV alone by gzip (ER_PRS_F.csv.gz)."
        )
    return not path.name.lower().endswith((".csv", ".txt", ".parquet", ".csv.gz", ".txt.gz"))


def seen(given: Sequence[Path]) -> tuple[Source, ...]:
    """What the files are, without reading more than their beginnings. Raises DeliveryRefused."""
    try:
        sources = tuple(source_of(path) for path in found_files(given))
    except OSError as failure:
        named = Path(str(failure.filename or "")).name
        raise DeliveryRefused(
            f"{named or 'a file'} cannot be opened ({failure.strerror}); look at its rights."
        ) from None
    if all(source.table is None for source in sources):
        raise DeliveryRefused("none of the files is a table that is read here.")
    return sources


def digest_of(sources: Sequence[Source], persons: Path | None = None, told: Told = not_told) -> str:
    """The digest of the contents of the files that are read, in hexadecimal."""
    paths = [(s.table.name + s.year, s.path) for s in sources if s.table is not None]
    if persons is not None:
        paths.append(("persons", persons))
    total = sum(path.stat().st_size for _, path in paths)
    done = 0

    def count(octets: int) -> None:
        nonlocal done
        done += octets
        told("reading the digest", done, total)

    return digest_of_delivery((name, digest_of_file(path, count)) for name, path in paths)


def open_delivery(
    sources: Sequence[Source], digest: str, within: Path, options: Options
) -> Delivery:
    """Read the files into lines, in a private folder made in `within`.

    Raises:
        DeliveryRefused: a file cannot be read at all.
    """
    with ExitStack() as stack:
        folder = stack.enter_context(work_folder(within))
        readable = [s.path for s in sources] + ([options.persons] if options.persons else [])
        connection = open_workbench(folder, readable, memory=options.memory)
        stack.callback(connection.close)
        reads, assembler = _worked(connection, sources, options)
        return Delivery(
            digest=digest,
            sources=tuple(sources),
            reads=reads,
            _assembler=assembler,
            _connection=connection,
            _folder=folder,
            _stack=stack.pop_all(),
        )


def _read_beside(
    connection: duckdb.DuckDBPyConnection, taken: Sequence[Source], reading: Reading, told: Told
) -> list[Read]:
    """Read the files of services beside those of everything else: small ones keep one processor busy only.

    The files of one working table are read in their order.
    """
    reads: dict[int, Read] = {}

    def lane(numbers: Sequence[int]) -> None:
        with connection.cursor() as cursor:
            for number in numbers:
                told("reading", len(reads), len(taken) + 1)
                reads[number] = read(cursor, taken[number], number, reading)

    of_services = [n for n, source in enumerate(taken) if _is_of_services(source)]
    others = [n for n in range(len(taken)) if n not in of_services]
    with ThreadPoolExecutor(2) as lanes:
        under_way = [lanes.submit(lane, numbers) for numbers in (of_services, others) if numbers]
    for one in under_way:
        one.result()
    return [reads[number] for number in range(len(taken))]


def _is_of_services(source: Source) -> bool:
    return source.table is not None and source.table.target == "service"


def _worked(
    connection: duckdb.DuckDBPyConnection, sources: Sequence[Source], options: Options
) -> tuple[tuple[Read, ...], Assembler]:
    ranked = options.persons is not None and read_correspondence(connection, options.persons)
    reading = Reading(today=options.today, ranked=ranked)
    taken = [source for source in sources if source.table is not None]
    reads = _read_beside(connection, taken, reading, options.told)
    find_persons(
        connection,
        has_correspondence=options.persons is not None,
        test_mode=options.test_mode,
    )
    options.told("reading", len(taken), len(taken) + 1)
    assembler = Assembler.prepare(connection, options.atc_of, options.share_rows)
    options.told("reading", len(taken) + 1, len(taken) + 1)
    return tuple(reads), assembler
