"""The habilitation matrix: which profession may consult which type of document.

`matrix.csv` holds every cell, with its provenance; a missing cell is a refusal at load.
Source: arrêté of 26 October 2023 (JO 29 October 2023), annex.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from dmp.domain.codes import TRE_G15_PROFESSION, Code
from dmp.domain.documents.types import document_types
from dmp.domain.tables import table

_HERE = "dmp.domain.access"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One cell: may this profession consult this type, and how surely it is known."""

    profession: str  # code of TRE_G15
    type_code: str
    consult: bool
    provenance: str  # "known" or "assumed"


@dataclass(frozen=True, slots=True)
class Matrix:
    """One version of the matrix, with the consultable types of each profession."""

    version: str
    legal_basis: str
    valid_from: str
    allowed: dict[str, frozenset[str]]

    def types_for(self, profession: str) -> frozenset[str]:
        """Types that this profession may consult; none for a profession that is not in the matrix."""
        return self.allowed.get(profession, frozenset())

    def may_consult(self, profession: str, type_code: str) -> bool:
        """Whether this profession may consult documents of this type."""
        return type_code in self.types_for(profession)


def matrix_of(
    cells: Iterable[Cell], *, version: str, legal_basis: str, valid_from: str, types: frozenset[str]
) -> Matrix:
    """Build a matrix from its cells.

    Raises:
        ValueError: a cell is missing, doubled, or names an unknown type.
    """
    seen: dict[str, dict[str, bool]] = {}
    for cell in cells:
        row = seen.setdefault(cell.profession, {})
        if cell.type_code in row:
            raise ValueError(f"matrix: cell {cell.profession} x {cell.type_code} stands twice")
        row[cell.type_code] = cell.consult
    for profession, row in seen.items():
        if row.keys() != types:
            wrong = sorted(types.symmetric_difference(row))
            raise ValueError(f"matrix: profession {profession} lacks or adds cells for {wrong}")
    allowed = {
        profession: frozenset(code for code, consult in row.items() if consult)
        for profession, row in seen.items()
    }
    return Matrix(version, legal_basis, valid_from, allowed)


@dataclass(frozen=True, slots=True)
class Profession:
    """A health profession, and how holders read of its members ("Les opticiens")."""

    code: Code
    plural: str


@cache
def professions() -> dict[str, Profession]:
    """Every profession of TRE_G15 by code."""
    return {
        row["code"]: Profession(Code(row["code"], TRE_G15_PROFESSION, row["label"]), row["plural"])
        for row in table(_HERE, "professions.csv").rows
    }


@cache
def current_cells() -> tuple[Cell, ...]:
    """Every cell of the matrix shipped with this version."""
    return tuple(
        Cell(
            profession=row["profession"],
            type_code=row["type_code"],
            consult=_CONSULT[row["consult"]],
            provenance=row["provenance"],
        )
        for row in table(_HERE, "matrix.csv").rows
    )


_CONSULT = {"yes": True, "no": False}


@cache
def current_matrix() -> Matrix:
    """The matrix shipped with this version: every profession times every type of document.

    Raises:
        ValueError: a cell is missing, doubled, or names an unknown type or profession.
    """
    header = table(_HERE, "matrix.csv")
    matrix = matrix_of(
        current_cells(),
        version=header.said("version"),
        legal_basis=header.said("legal_basis"),
        valid_from=header.said("valid_from"),
        types=frozenset(document_types()),
    )
    if matrix.allowed.keys() != professions().keys():
        wrong = sorted(professions().keys() ^ matrix.allowed.keys())
        raise ValueError(f"matrix: professions {wrong} are not on both lists")
    return matrix
