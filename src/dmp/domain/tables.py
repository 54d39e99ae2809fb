"""Tables of facts shipped with the code: CSV with a header of comments.

A table begins with lines `# name: value` that tell its version and sources, then column names,
then one fact per line.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Table:
    """One table: what its header says of it, and its rows by column name."""

    about: dict[str, tuple[str, ...]]
    rows: tuple[dict[str, str], ...]

    def said(self, name: str) -> str:
        """What the header says under this name; several lines are joined. KeyError when absent."""
        return "; ".join(self.about[name])


@cache
def table(package: str, name: str) -> Table:
    """The table `name` of a package of the domain.

    Raises:
        ValueError: a row has more or fewer cells than there are columns.
    """
    lines = (files(package) / name).read_text(encoding="utf-8").splitlines()
    about: dict[str, tuple[str, ...]] = {}
    for line in lines:
        if line.startswith("#"):
            key, _, value = line[1:].partition(":")
            about[key.strip()] = (*about.get(key.strip(), ()), value.strip())
    rows = tuple(csv.DictReader(line for line in lines if not line.startswith("#")))
    for row in rows:
        if None in row or None in row.values():
            raise ValueError(f"{name}: a row does not have one cell per column: {row}")
    return Table(about, rows)
