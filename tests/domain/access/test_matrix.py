"""The matrix is whole in every version, and holds what is known of the published one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from dmp.domain.access.matrix import (
    Cell,
    Matrix,
    MatrixBook,
    cells_of,
    lines,
    matrix_of,
    professions,
    roles,
    shipped_matrices,
)
from dmp.domain.codes import (
    TRE_G15_PROFESSION,
    TRE_R01_KNOW_HOW,
    TRE_R85_ROLE,
    TRE_R94_SOCIAL,
    Code,
)
from dmp.domain.documents.types import document_types
from dmp.domain.identity.caller import Coordinator
from dmp.domain.record.calendar import local_midnight
from dmp.domain.tables import Table
from tests.builders import a_doctor, a_holder

ALL = frozenset(document_types())
VERSIONS = shipped_matrices().versions
BEFORE, RULED = VERSIONS
versions = pytest.mark.parametrize("matrix", VERSIONS, ids=lambda matrix: str(matrix.version))


@versions
def test_every_line_meets_every_type_exactly_once(matrix: Matrix) -> None:
    pairs = [(cell.line, cell.type_code) for cell in matrix.cells]
    assert len(pairs) == len(set(pairs))
    assert set(pairs) == {(line, code) for line in lines() for code in ALL}
    assert {cell.provenance for cell in matrix.cells} == {"known", "assumed"}


def test_each_version_says_on_what_it_stands_and_from_when() -> None:
    assert [(m.valid_from, m.valid_until) for m in VERSIONS] == [
        (date(2023, 10, 29), date(2025, 10, 15)),
        (date(2025, 10, 15), None),
    ]
    assert len({m.version for m in VERSIONS}) == len(VERSIONS)
    assert all("arrêté of 26 October 2023" in m.legal_basis for m in VERSIONS)
    assert "n° 490409" in RULED.legal_basis


KNOWN_REFUSALS = {
    "10": {"ATTEST-RESID"},
    "60": {"75496-0", "68599-0", "83901-9", "68817-6", "89601-9"},
    "69": {"75496-0", "68599-0", "83901-9", "68817-6", "89601-9"},
    "40": {"80788-3", "75496-0", "83981-1", "83901-9", "68599-0", "EXPPAT_3"},
    "80": {"15508-5"},
}
"""What professional bodies and the press say of the annex, for professions of health."""

ROLES_READ = {"11488-4", "11490-0", "18761-7", "34842-5", "74207-2", "83981-1", "88348-8"}
"""The narrow list of coordination and social professionals."""


@versions
@pytest.mark.parametrize(("line", "types"), KNOWN_REFUSALS.items())
def test_what_is_known_to_be_refused(matrix: Matrix, line: str, types: set[str]) -> None:
    known = {
        cell.type_code
        for cell in matrix.cells
        if cell.line == line and cell.provenance == "known" and not cell.consult
    }
    assert known == types
    assert not types & matrix.types_for(line)


@versions
def test_a_doctor_reads_all_but_one_type(matrix: Matrix) -> None:
    assert matrix.types_for("10") == ALL - {"ATTEST-RESID"}


def test_coordination_roles_read_nothing_before_the_ruling_and_a_narrow_list_after() -> None:
    assert roles()
    for role in roles():
        assert BEFORE.types_for(role) == frozenset()
        assert RULED.types_for(role) == ROLES_READ


def test_the_ruling_changed_no_profession_of_health() -> None:
    for profession in professions():
        assert BEFORE.types_for(profession) == RULED.types_for(profession)


@versions
def test_an_unknown_line_reads_nothing(matrix: Matrix) -> None:
    for line in ("77", "", "R85:999", "10/SM99", "?:330"):
        assert matrix.types_for(line) == frozenset()


# Which version is in force


@pytest.mark.parametrize(
    ("at", "version"),
    [
        (datetime(2023, 10, 28, 21, 59, 59, tzinfo=UTC), "none"),
        (datetime(2023, 10, 28, 22, 0, tzinfo=UTC), BEFORE.version),  # 00:00 in Paris
        (datetime(2025, 10, 14, 21, 59, 59, tzinfo=UTC), BEFORE.version),
        (datetime(2025, 10, 14, 22, 0, tzinfo=UTC), RULED.version),
        (datetime(2031, 1, 1, tzinfo=UTC), RULED.version),
    ],
)
def test_the_version_in_force_is_that_of_the_local_day(at: datetime, version: str) -> None:
    found = shipped_matrices().at(at)
    assert found.version == version
    if version == "none":
        assert found.types_for("10") == frozenset()


# Which line is whose


def test_the_line_of_a_discipline_beats_that_of_its_profession() -> None:
    doctor = a_doctor()
    assert RULED.line_of(doctor) == "10"  # no line of its own for general practice
    narrowed = small({"10": "A", "10/SM25": "B"})
    assert narrowed.line_of(replace(doctor, know_how=Code("SM25", TRE_R01_KNOW_HOW))) == "10/SM25"
    assert narrowed.types_for("10/SM25") == {"B"}
    assert narrowed.line_of(replace(doctor, know_how=Code("SM54", TRE_R01_KNOW_HOW))) == "10"
    assert narrowed.line_of(replace(doctor, know_how=None)) == "10"
    assert narrowed.line_of(replace(doctor, profession=Code("77", TRE_G15_PROFESSION))) == "77"


@pytest.mark.parametrize(
    ("role", "line"),
    [
        (Code("330", TRE_R85_ROLE), "R85:330"),
        (Code("41", TRE_R94_SOCIAL), "R94:41"),
        (Code("10", TRE_G15_PROFESSION), "?:10"),  # a role never borrows a profession's line
    ],
)
def test_the_line_of_a_coordinator_is_his_roles(role: Code, line: str) -> None:
    who = Coordinator(id_nat="810100000033", name="", role=role, structure=a_doctor().structure)
    assert RULED.line_of(who) == line
    assert (line in lines()) is not line.startswith("?")


def test_others_have_no_line() -> None:
    assert RULED.line_of(a_holder()) == ""


# What stops the load


def cell(line: str = "10", type_code: str = "A", *, consult: bool = True) -> Cell:
    return Cell(line=line, type_code=type_code, consult=consult, provenance="known")


def small(allowed: dict[str, str], **changes: Any) -> Matrix:
    """A matrix of the types A and B: of each line, the type that it may consult."""
    cells = [
        cell(line, code, consult=code == one) for line, one in allowed.items() for code in "AB"
    ]
    return built(cells, **changes)


def built(cells: list[Cell], **changes: Any) -> Matrix:
    values: dict[str, Any] = {
        "version": "test/1",
        "legal_basis": "none",
        "valid_from": date(2024, 1, 1),
        "types": frozenset("AB"),
        "lines": frozenset({"10"}),
    }
    return matrix_of(cells, **{**values, **changes})


WHOLE = [cell(), cell(type_code="B")]


def test_a_whole_matrix_is_taken() -> None:
    assert built(WHOLE).types_for("10") == {"A", "B"}


@pytest.mark.parametrize(
    ("cells", "changes", "said"),
    [
        ([cell()], {}, r"line 10 lacks or adds cells for \['B'\]"),
        ([*WHOLE, cell()], {}, "cell 10 x A stands twice"),
        ([*WHOLE, cell(consult=False)], {}, "cell 10 x A stands twice"),
        ([*WHOLE, cell(type_code="C")], {}, r"line 10 lacks or adds cells for \['C'\]"),
        (WHOLE, {"lines": frozenset({"10", "21"})}, r"lines \['21'\] are missing or unknown"),
        ([*WHOLE, cell("99"), cell("99", "B")], {}, r"lines \['99'\] are missing or unknown"),
        ([*WHOLE, cell("21/SM25"), cell("21/SM25", "B")], {}, "are missing or unknown"),
        ([*WHOLE, cell("10/SM25")], {}, r"line 10/SM25 lacks or adds cells for \['B'\]"),
        (WHOLE, {"valid_until": date(2024, 1, 1)}, "it ends before it begins"),
        (WHOLE, {"valid_until": date(2023, 12, 31)}, "it ends before it begins"),
        ([], {}, r"lines \['10'\] are missing or unknown"),
    ],
    ids=[
        "a hole", "a double", "a double that disagrees", "a strange type", "a missing line",
        "a strange line", "a discipline without its profession", "a hole in a discipline",
        "no day", "reversed days", "nothing",
    ],
)  # fmt: skip
def test_a_matrix_that_is_not_whole_is_refused(
    cells: list[Cell], changes: dict[str, Any], said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        built(cells, **changes)


@pytest.mark.parametrize("said", ["", "oui", "Yes", "yes??", "no ", "maybe", "1"])
def test_an_empty_cell_or_an_unknown_word_is_refused(said: str) -> None:
    with pytest.raises(ValueError, match="cell 10 x A says"):
        cells_of(Table({}, ({"type": "A", "10": said},)))


def test_the_four_words_of_a_cell() -> None:
    row = {"type": "A", "10": "yes", "21": "no", "26": "yes?", "28": "no?"}
    assert [(c.line, c.consult, c.provenance) for c in cells_of(Table({}, (row,)))] == [
        ("10", True, "known"),
        ("21", False, "known"),
        ("26", True, "assumed"),
        ("28", False, "assumed"),
    ]


FIRST = small({"10": "A"}, version="first", valid_until=date(2025, 1, 1))
SECOND = small({"10": "B"}, version="second", valid_from=date(2025, 1, 1))


def test_versions_that_follow_one_another_are_a_book() -> None:
    book = MatrixBook((FIRST, SECOND))
    assert book.at(local_midnight(date(2024, 12, 31))) is FIRST
    assert book.at(local_midnight(date(2025, 1, 1))) is SECOND


@pytest.mark.parametrize(
    ("held", "said"),
    [
        ((), "until further notice"),
        ((FIRST,), "until further notice"),
        (
            (FIRST, replace(SECOND, valid_from=date(2025, 1, 2))),
            "second does not begin where first",
        ),
        (
            (FIRST, replace(SECOND, valid_from=date(2024, 12, 31))),
            "second does not begin where first",
        ),
        ((SECOND, SECOND), "does not begin where"),
        ((FIRST, replace(SECOND, valid_until=date(2026, 1, 1))), "until further notice"),
    ],
    ids=["none", "one that ended", "a gap", "an overlap", "twice", "an end"],
)
def test_a_gap_or_an_overlap_of_versions_is_refused(held: tuple[Matrix, ...], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        MatrixBook(held)


def test_holders_read_of_lines_in_the_plural() -> None:
    assert professions()["28"].plural == "Les opticiens"
    assert all(one.plural.startswith("Les ") for one in lines().values())
    assert len({one.plural for one in lines().values()}) == len(lines())
