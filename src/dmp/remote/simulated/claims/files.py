"""Writes tables into a folder, row by row, in CSV or Parquet; memory does not grow with them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Final, TextIO

import duckdb

from dmp.remote.simulated.claims.rows import DATES, columns_of

MANIFEST: Final = "cases.json"
_OCTETS: Final = 1 << 20


class FolderTaken(Exception):
    """A folder holds tables of somebody else; the text says what to do."""


class Format(StrEnum):
    """In which form the tables are written."""

    CSV = "csv"
    PARQUET = "parquet"


@dataclass(slots=True, kw_only=True)
class Tables:
    """The tables of one folder, opened as their first row comes. `rows` counts them by table."""

    folder: Path
    rows: dict[str, int] = field(default_factory=dict)
    _open: dict[str, TextIO] = field(default_factory=dict)

    def write(self, table: str, rows: list[str]) -> None:
        """Add rows to a table."""
        if not rows:
            return
        file = self._open.get(table)
        if file is None:
            file = self._open[table] = self._begun(table)
            self.rows[table] = 0
        file.write("\n".join(rows) + "\n")
        self.rows[table] += len(rows)

    def _begun(self, table: str) -> TextIO:
        path = self.folder / f"{table}.csv"
        file = path.open("w", encoding="ascii", newline="\n", buffering=_OCTETS)
        file.write(";".join(columns_of(table)) + "\n")
        return file

    def close(self) -> None:
        """Close the files."""
        for file in self._open.values():
            file.close()


@contextmanager
def tables_in(folder: Path, form: Format) -> Iterator[Tables]:
    """The tables of a folder, which is made; what stood in it under their names is replaced.

    Raises:
        FolderTaken: tables stand in it that were not generated.
        OSError: the folder cannot be written.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    there = [*folder.glob("ER_*"), *folder.glob("IR_IMB_R.*"), *folder.glob("T_MCO*")]
    if there and not (folder / MANIFEST).is_file():
        raise FolderTaken(f"{folder} holds tables that were not generated; choose another folder.")
    for old in there:
        if old.suffix in (".csv", ".parquet", ".partial"):
            old.unlink()
    write_manifest(folder, {})
    tables = Tables(folder=folder)
    try:
        yield tables
    finally:
        tables.close()
    if form is Format.PARQUET:
        for table in tables.rows:
            _to_parquet(
                folder / f"{table}.csv", columns_of(table), dates=not table.startswith("T_")
            )


def _to_parquet(source: Path, columns: tuple[str, ...], *, dates: bool) -> None:
    """Turn one CSV into Parquet: dates become dates, a date that is none becomes empty, the rest is text."""
    chosen = ", ".join(
        f"CAST(try_strptime({name}, '%Y-%m-%d') AS DATE) AS {name}"
        if dates and name in DATES
        else name
        for name in columns
    )
    kinds = ", ".join(f"'{name}': 'VARCHAR'" for name in columns)
    target = source.with_suffix(".parquet")
    partial = source.with_suffix(".partial")
    with duckdb.connect() as connection:
        connection.execute(
            "SET memory_limit = '512MB'; SET threads = 2; SET preserve_insertion_order = true"
        )
        connection.execute(
            f"COPY (SELECT {chosen} FROM read_csv(?, delim = ';', header = true, columns = {{{kinds}}}))"  # noqa: S608  # names of columns are our own
            f" TO '{partial}' (FORMAT parquet, COMPRESSION zstd)",
            [str(source)],
        )
    partial.replace(target)
    with suppress(FileNotFoundError):
        source.unlink()


def write_manifest(folder: Path, manifest: Mapping[str, object]) -> None:
    """Write who has which case and what is expected, beside the tables."""
    text = json.dumps(manifest, ensure_ascii=False, indent=1)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")
