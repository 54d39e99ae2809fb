"""The matrix is whole, and holds what is known of the published one."""

from __future__ import annotations

import pytest

from dmp.domain.access.matrix import (
    Cell,
    current_cells,
    current_matrix,
    matrix_of,
    professions,
)
from dmp.domain.documents.types import document_types

ALL = frozenset(document_types())


def test_every_profession_meets_every_type_exactly_once() -> None:
    pairs = [(cell.profession, cell.type_code) for cell in current_cells()]
    assert len(pairs) == len(set(pairs)) == len(professions()) * len(ALL)
    assert {cell.provenance for cell in current_cells()} == {"known", "assumed"}


def test_it_says_on_what_it_stands() -> None:
    matrix = current_matrix()
    assert matrix.version == "2023-10-26/1"
    assert "26 October 2023" in matrix.legal_basis
    assert matrix.valid_from == "2023-10-29"


KNOWN_REFUSALS = {
    "10": {"ATTEST-RESID"},
    "60": {"75496-0", "68599-0", "83901-9", "68817-6", "89601-9"},
    "69": {"75496-0", "68599-0", "83901-9", "68817-6", "89601-9"},
    "40": {"80788-3", "75496-0", "83981-1", "83901-9", "68599-0", "EXPPAT_3"},
    "80": {"15508-5"},
}


@pytest.mark.parametrize(("profession", "types"), KNOWN_REFUSALS.items())
def test_what_is_known_to_be_refused(profession: str, types: set[str]) -> None:
    known = {
        cell.type_code
        for cell in current_cells()
        if cell.profession == profession and cell.provenance == "known" and not cell.consult
    }
    assert known == types
    assert not types & current_matrix().types_for(profession)


def test_a_doctor_reads_all_but_one_type_and_an_unknown_profession_none() -> None:
    assert current_matrix().types_for("10") == ALL - {"ATTEST-RESID"}
    assert current_matrix().types_for("77") == frozenset()
    assert not current_matrix().may_consult("28", "68599-0")
    assert current_matrix().may_consult("28", "78513-9")


def cell(profession: str = "10", type_code: str = "A", consult: bool = True) -> Cell:
    return Cell(profession=profession, type_code=type_code, consult=consult, provenance="known")


@pytest.mark.parametrize(
    "cells",
    [[cell()], [cell(), cell(), cell(type_code="B")], [cell(), cell(type_code="C")]],
)
def test_a_matrix_with_a_hole_a_double_or_a_stranger_is_refused(cells: list[Cell]) -> None:
    with pytest.raises(ValueError, match="matrix:"):
        matrix_of(cells, version="", legal_basis="", valid_from="", types=frozenset("AB"))


def test_holders_read_of_professions_in_the_plural() -> None:
    assert professions()["28"].plural == "Les opticiens"
    assert all(one.plural.startswith("Les ") for one in professions().values())
    assert len({one.plural for one in professions().values()}) == len(professions())
