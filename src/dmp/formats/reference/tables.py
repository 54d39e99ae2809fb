"""Delimited tables with a header, read by the names of their columns whatever their order."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

from dmp.domain.clinical.knowledge.spelling import normalised
from dmp.formats.reference.faults import refused

_DELIMITERS = (";", "\t", "|", ",")
csv.field_size_limit(1024 * 1024)


@dataclass(frozen=True)
class Sheet:
    """A table: the name of its file, its header, and the text below it, or where it is long its lines, the
    header among them.
    """

    name: str
    header: tuple[str, ...]
    text: str
    delimiter: str
    lines: Callable[[], Iterator[str]] | None = None

    @cached_property
    def _places(self) -> dict[str, int]:
        return {
            column_key(column): place for place, column in reversed(list(enumerate(self.header)))
        }

    def has(self, *columns: str) -> bool:
        """Whether the header names every one of these columns."""
        return all(column_key(column) in self._places for column in columns)

    def columns(self, *wanted: str, optional: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
        """The cells of these columns, row by row, stripped; the optional ones empty where there are none.

        Raises:
            FileRefused: a column is missing, or a row is shorter than the columns that are wanted.
        """
        missing = [column for column in wanted if column_key(column) not in self._places]
        if missing:
            raise refused(self.name, f"columns missing: {', '.join(missing)}.")
        places = [self._places.get(column_key(column)) for column in (*wanted, *optional)]
        least = max(self._places[column_key(column)] for column in wanted) + 1
        for number, row in enumerate(self._rows(), 2):
            if not any(row):
                continue
            if len(row) < least:
                raise refused(
                    self.name, f"line {number}: {len(row)} columns instead of {len(self.header)}."
                )
            yield tuple(
                row[place].strip() if place is not None and place < len(row) else ""
                for place in places
            )

    def _rows(self) -> Iterator[list[str]]:
        lines = io.StringIO(self.text) if self.lines is None else self.lines()
        reader = csv.reader(lines, delimiter=self.delimiter)
        try:
            next(reader, None)
            yield from reader
        except csv.Error as error:
            raise refused(self.name, f"unreadable table ({error}).") from None


def column_key(column: str) -> str:
    """Columns are the same whatever their capitals, accents and spaces."""
    return normalised(column.strip().strip('"').replace("_", " ")).replace("'", " ")


def sheet_of(name: str, text: str) -> Sheet | None:
    """The text as a table; None when its first line is no header of several columns."""
    first = text.split("\n", 1)[0]
    delimiter = max(_DELIMITERS, key=first.count)
    if not first.count(delimiter):
        return None
    header = next(csv.reader([first], delimiter=delimiter), [])
    return Sheet(name, tuple(cell.strip() for cell in header), text, delimiter)
