"""`dmp access matrix`: the whole matrix as a table that fits the terminal, or one line of it in words."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from string import ascii_lowercase
from textwrap import fill
from typing import Annotated

import typer

from dmp.cli.terminal import CannotDo
from dmp.domain.access.matrix import Cell, Matrix, lines, shipped_matrices
from dmp.domain.documents.types import CLASSES, document_types
from dmp.domain.record.calendar import LOCAL, local_midnight

_TYPE, _CELL = 16, 3
_PIPED = 1_000
"""Characters of a row when nobody's terminal is narrower."""


def matrix(
    on: Annotated[str, typer.Option("--on", help="Day of the version, YYYY-MM-DD; today's.")] = "",
    line: Annotated[
        str, typer.Option("--line", help="One line in words: 28, 10/SM25, R85:330.")
    ] = "",
) -> None:
    """Print the habilitation matrix in force: who may consult which document types."""
    sheet = shipped_matrices().at(local_midnight(_day(on)))
    told = list(_in_words(sheet, line) if line else _as_table(sheet))
    until = sheet.valid_until.isoformat() if sheet.valid_until else "further notice"
    print(f"version    {sheet.version}, from {sheet.valid_from.isoformat()} until {until}")
    print(fill(f"basis      {sheet.legal_basis}", _width(), subsequent_indent=" " * 11))
    print()
    print("\n".join(told))


def _day(text: str) -> date:
    if not text:
        return datetime.now(LOCAL).date()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise CannotDo("--on is a day like 2026-01-31.") from None


def _width() -> int:
    """Characters that fit in a row: the terminal's, or no limit in a file or a pipe."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else _PIPED


def _as_table(sheet: Matrix) -> Iterator[str]:
    """A row per type, a column per line, in as many blocks as the terminal needs."""
    names = list(dict.fromkeys(cell.line for cell in sheet.cells))
    cells = {(cell.line, cell.type_code): cell for cell in sheet.cells}
    short = _headings(names)
    fitting = max(1, (_width() - _TYPE) // _CELL)
    for start in range(0, len(names), fitting):
        block = names[start : start + fitting]
        yield "type".ljust(_TYPE) + "".join(short[name].rjust(_CELL) for name in block)
        for code in dict.fromkeys(cell.type_code for cell in sheet.cells):
            marks = (_mark(cells[name, code]) for name in block)
            yield code.ljust(_TYPE) + "".join(mark.rjust(_CELL) for mark in marks)
        yield ""
    yield "Y may consult, - may not: known; y and . the same: assumed (docs/access.md)"
    yield "--line CODE prints one line in words"
    yield ""
    for name in names:
        told = "" if short[name] == name else f" ({name})"
        yield f"{short[name].rjust(4)}  {_label(name)}{told}"


def _headings(names: Sequence[str]) -> dict[str, str]:
    """What stands above the columns: the code of a profession, a letter for a longer name."""
    letters = iter(ascii_lowercase)
    return {name: name if len(name) < _CELL else next(letters) for name in names}


def _mark(cell: Cell) -> str:
    if cell.provenance == "known":
        return "Y" if cell.consult else "-"
    return "y" if cell.consult else "."


def _label(name: str) -> str:
    profession, _, know_how = name.partition("/")
    label = lines()[profession].code.display
    return f"{label}, {know_how}" if know_how else label


def _in_words(sheet: Matrix, asked: str) -> Iterator[str]:
    """What one line may consult and what not, class by class."""
    if asked not in sheet.allowed:
        names = ", ".join(sheet.allowed) or "none, no matrix was in force"
        raise CannotDo(f"--line is one of the matrix: {names}.")
    cells = [cell for cell in sheet.cells if cell.line == asked]
    allowed = sum(cell.consult for cell in cells)
    known = sum(cell.provenance == "known" for cell in cells)
    yield f"{_label(asked)} ({asked}): {allowed} of {len(cells)} types, {known} cells known"
    for consult, heading in ((True, "may consult"), (False, "may not consult")):
        yield ""
        yield heading
        yield from _by_class([cell for cell in cells if cell.consult is consult])
    yield ""
    yield "? marks a cell that is assumed (docs/access.md)"


def _by_class(cells: Sequence[Cell]) -> Iterator[str]:
    if not cells:
        yield "  nothing"
    for code, label in CLASSES.items():
        own = [c for c in cells if document_types()[c.type_code].class_code.code == code]
        if own:
            yield f"  {label}"
        for cell in own:
            doubt = "?" if cell.provenance == "assumed" else " "
            found = document_types()[cell.type_code].code
            yield f"  {doubt} {cell.type_code.ljust(_TYPE)} {found.display}"
