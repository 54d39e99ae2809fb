"""The habilitation matrix: which line (profession, discipline or role) may consult which document type.

Each version is one table of `matrices/`, with the days on which it holds; every cell stands in it, with
its provenance. Source: arrêté of 26 October 2023 (JO 29 October 2023), annex; Conseil d'État, 15
October 2025, n° 490409.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from dmp.domain.codes import (
    TRE_G15_PROFESSION,
    TRE_R85_ROLE,
    TRE_R94_SOCIAL,
    Code,
)
from dmp.domain.documents.types import document_types
from dmp.domain.identity.caller import Coordinator, Professional, Who
from dmp.domain.record.calendar import local_midnight
from dmp.domain.tables import Table, table

_HERE = "dmp.domain.access"
_VERSIONS = ("2023-10-29.csv", "2025-10-15.csv")
_TABLES = {TRE_R85_ROLE: "R85", TRE_R94_SOCIAL: "R94"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One cell: may this line consult this type, and how surely it is known."""

    line: str
    type_code: str
    consult: bool
    provenance: str  # "known" or "assumed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """One version: what each line may consult, from when until when (local days, the last excluded)."""

    version: str
    legal_basis: str
    valid_from: date
    valid_until: date | None
    cells: tuple[Cell, ...]
    allowed: Mapping[str, frozenset[str]]
    starts: datetime

    def line_of(self, who: Who) -> str:
        """The line of somebody: his discipline's when it has one, else his profession's, or his role's."""
        match who:
            case Professional(profession=profession, know_how=know_how):
                if know_how is not None:
                    narrow = f"{profession.code}/{know_how.code}"
                    if narrow in self.allowed:
                        return narrow
                return profession.code
            case Coordinator(role=role):
                return f"{_TABLES.get(role.system, '?')}:{role.code}"
            case _:
                return ""

    def types_for(self, line: str) -> frozenset[str]:
        """Types that this line may consult; none for a line that the matrix does not have."""
        return self.allowed.get(line, frozenset())


def matrix_of(
    cells: Iterable[Cell],
    *,
    version: str,
    legal_basis: str,
    valid_from: date,
    valid_until: date | None = None,
    types: frozenset[str],
    lines: frozenset[str] | None = None,
) -> Matrix:
    """Build one version from its cells.

    Raises:
        ValueError: a cell is missing, doubled, or names an unknown type or line; the days are reversed.
    """
    kept = tuple(cells)
    seen: dict[str, dict[str, bool]] = {}
    for cell in kept:
        row = seen.setdefault(cell.line, {})
        if cell.type_code in row:
            raise ValueError(f"matrix {version}: cell {cell.line} x {cell.type_code} stands twice")
        row[cell.type_code] = cell.consult
    for line, row in seen.items():
        if row.keys() != types:
            wrong = sorted(types.symmetric_difference(row))
            raise ValueError(f"matrix {version}: line {line} lacks or adds cells for {wrong}")
    if lines is not None and not lines <= seen.keys() <= lines | _disciplines(seen, lines):
        wrong = sorted(lines ^ seen.keys())
        raise ValueError(f"matrix {version}: lines {wrong} are missing or unknown")
    if valid_until is not None and valid_until <= valid_from:
        raise ValueError(f"matrix {version}: it ends before it begins")
    return Matrix(
        version=version,
        legal_basis=legal_basis,
        valid_from=valid_from,
        valid_until=valid_until,
        cells=kept,
        allowed={
            line: frozenset(code for code, consult in row.items() if consult)
            for line, row in seen.items()
        },
        starts=local_midnight(valid_from),
    )


def _disciplines(seen: Mapping[str, object], lines: frozenset[str]) -> set[str]:
    """Lines of a discipline (`profession/know-how`) whose profession has a line of its own."""
    return {line for line in seen if "/" in line and line.partition("/")[0] in lines}


@dataclass(frozen=True, slots=True)
class MatrixBook:
    """Every version, in order. Each begins where the one before it ends.

    Raises ValueError: there is a gap, an overlap, or none.
    """

    versions: tuple[Matrix, ...]

    def __post_init__(self) -> None:
        if not self.versions or self.versions[-1].valid_until is not None:
            raise ValueError("matrix: the last version must be in force until further notice")
        for before, after in zip(self.versions, self.versions[1:], strict=False):
            if before.valid_until != after.valid_from:
                raise ValueError(
                    f"matrix: {after.version} does not begin where {before.version} ends"
                )

    def at(self, instant: datetime) -> Matrix:
        """The version in force; before the first one nothing may be consulted."""
        for matrix in reversed(self.versions):
            if instant >= matrix.starts:
                return matrix
        return _BEFORE


@dataclass(frozen=True, slots=True)
class Line:
    """A profession or a role, and how holders read of its members ("Les opticiens")."""

    code: Code
    plural: str


@cache
def professions() -> dict[str, Line]:
    """Every profession of TRE_G15 by code."""
    return {
        row["code"]: Line(Code(row["code"], TRE_G15_PROFESSION, row["label"]), row["plural"])
        for row in table(_HERE, "professions.csv").rows
    }


@cache
def roles() -> dict[str, Line]:
    """Every role of social and coordination professionals, by the name of its line (`R85:330`)."""
    return {
        row["code"]: Line(
            Code(row["code"].partition(":")[2], row["system"], row["label"]), row["plural"]
        )
        for row in table(_HERE, "roles.csv").rows
    }


def lines() -> dict[str, Line]:
    """Professions and roles by the name of their line."""
    return professions() | roles()


_CELLS = {
    "yes": (True, "known"),
    "no": (False, "known"),
    "yes?": (True, "assumed"),
    "no?": (False, "assumed"),
}


def cells_of(sheet: Table) -> tuple[Cell, ...]:
    """The cells of a table: a row per type, a column per line.

    Raises:
        ValueError: a cell is empty or says something else than yes or no.
    """
    found = []
    for row in sheet.rows:
        for line, said in row.items():
            if line == "type":
                continue
            if said not in _CELLS:
                raise ValueError(f"matrix: cell {line} x {row['type']} says {said!r}")
            consult, provenance = _CELLS[said]
            found.append(
                Cell(line=line, type_code=row["type"], consult=consult, provenance=provenance)
            )
    return tuple(found)


@cache
def shipped_matrices() -> MatrixBook:
    """The versions shipped with this release, each with every line times every type of document.

    Raises:
        ValueError: a cell is missing, doubled, or names an unknown type or line; a day has no version.
    """
    versions = []
    for name in _VERSIONS:
        sheet = table(f"{_HERE}.matrices", name)
        until = sheet.about.get("valid_until")
        versions.append(
            matrix_of(
                cells_of(sheet),
                version=sheet.said("version"),
                legal_basis=sheet.said("legal_basis"),
                valid_from=date.fromisoformat(sheet.said("valid_from")),
                valid_until=date.fromisoformat(until[0]) if until else None,
                types=frozenset(document_types()),
                lines=frozenset(lines()),
            )
        )
    return MatrixBook(tuple(versions))


_BEFORE = Matrix(
    version="none",
    legal_basis="no matrix was in force",
    valid_from=date(1, 1, 2),
    valid_until=None,
    cells=(),
    allowed={},
    starts=local_midnight(date(1900, 1, 1)),
)
