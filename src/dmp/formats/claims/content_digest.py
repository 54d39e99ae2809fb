"""The digest of the rows of a delivery in whatever order and however they are cut into files.

Only for CSV: the lines are taken as they stand. Two deliveries with the same digest hold the same rows. The
hash is the quick one of DuckDB: should another version of it differ, a re-cut delivery is read line by line.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

import duckdb

from dmp.formats.claims.dialect import Kind
from dmp.formats.claims.packed import beginning_of, size_of
from dmp.formats.claims.reading import LINE_OCTETS, PIECE_OCTETS, Source, packing_of
from dmp.formats.claims.workbench import real_path

# No line holds this character but one that is malformed, which then counts as its pieces. One that is no text
# in the encoding of its file does not count: it is rejected when it is read.
_LINES = """
SELECT coalesce(sum(hash(line)), 0), count(*)
FROM read_csv(?, auto_detect = false, header = false, skip = 1, delim = E'\\x1f', quote = '', escape = '',
    columns = {{'line': 'VARCHAR'}}, encoding = '{encoding}', nullstr = '', ignore_errors = true,
    max_line_size = {octets}, buffer_size = {pieces}, strict_mode = false, null_padding = true,
    compression = '{packing}')
"""


def rows_octets(sources: Sequence[Source]) -> int:
    """How many octets the rows take, headers and line ends at the end of files left out as far as can be."""
    total = 0
    for source in sources:
        if source.table is not None:
            beginning = beginning_of(source.path, LINE_OCTETS)
            header, end, _ = beginning.partition(b"\n")
            total += size_of(source.path, packed=source.dialect.packed) - len(header) - len(end)
    return total


def content_digest(sources: Sequence[Source]) -> str:
    """The digest, in hexadecimal; '' when a file is not CSV. Can be run in a thread."""
    taken = [source for source in sources if source.table is not None]
    if any(source.dialect.kind is not Kind.CSV for source in taken):
        return ""
    sums: dict[tuple[str, tuple[str, ...]], int] = {}
    paths = ", ".join(f"'{real_path(source.path)}'" for source in taken)
    with duckdb.connect(":memory:", config={"threads": 1, "memory_limit": "64MB"}) as connection:
        connection.execute(f"SET allowed_paths = [{paths}]")
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
        for source in taken:
            total, rows = connection.execute(
                _LINES.format(
                    octets=LINE_OCTETS,
                    pieces=PIECE_OCTETS,
                    packing=packing_of(source.dialect),
                    encoding=source.dialect.encoding,
                ),
                [real_path(source.path)],
            ).fetchall()[0]
            name = source.table.name + source.year if source.table is not None else ""
            key = (name, source.dialect.header)
            sums[key] = sums.get(key, 0) + int(total) * 1_000_003 + int(rows)
    parts = sorted(f"{name} {';'.join(header)} {number}" for (name, header), number in sums.items())
    return sha256("\n".join(parts).encode("utf-8")).hexdigest()
