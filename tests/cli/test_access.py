"""`dmp access`: the matrix fits a terminal and is said in words, the rules stand in their order, and a
decision is explained for every kind of caller.
"""

from __future__ import annotations

import io
import os
import re
import sys
from collections.abc import Iterator

import pytest

from dmp.cli import main
from dmp.cli.operate import matrix as printing
from dmp.domain.access.filter import DOCUMENT_RULES
from dmp.domain.access.matrix import lines, shipped_matrices
from dmp.domain.access.rules import RULES
from dmp.domain.documents.types import document_types
from tests.cli.test_commands import INS, OPENING
from tests.databases import Databases

MATRIX = shipped_matrices().versions[-1]


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["access", *arguments]) == 0
    return capsys.readouterr().out


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["access", *arguments]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    return err


def test_the_matrix_has_a_row_for_every_type_and_a_column_for_every_line(
    capsys: pytest.CaptureFixture[str],
) -> None:
    told = said(capsys, "matrix")
    assert f"version    {MATRIX.version}" in told
    rows = [
        r.split() for r in told.splitlines() if r.split()[:1] and r.split()[0] in document_types()
    ]
    assert [row[0] for row in rows] == list(document_types())
    assert {len(row) for row in rows} == {1 + len(lines())}
    assert {mark for row in rows for mark in row[1:]} == {"Y", "y", "-", "."}
    for name, line in lines().items():
        assert re.search(rf"^ *(\S+)  {re.escape(line.code.display)}( \({name}\))?$", told, re.M)


@pytest.mark.parametrize("columns", [40, 80, 132, 200])
def test_on_a_terminal_no_row_is_wider_than_it(
    columns: int, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(printing, "_width", lambda: columns)
    told = said(capsys, "matrix")
    table = told.split("\n\n", 1)[1].split("Y may consult", 1)[0]
    assert max(map(len, table.splitlines())) <= columns
    for code in document_types():
        marks = re.findall(rf"^{code} +(.*)$", table, re.M)
        assert sum(len(block.split()) for block in marks) == len(lines())


@pytest.mark.parametrize("name", ["10", "28", "R85:330"])
def test_one_line_is_said_in_words(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    told = said(capsys, "matrix", "--line", name)
    may, _, may_not = told.partition("may not consult")
    assert f"({name})" in may
    for code, found in document_types().items():
        where = may if code in MATRIX.types_for(name) else may_not
        assert re.search(rf"^  [ ?] {code} +{re.escape(found.code.display)}$", where, re.M)


def test_the_version_of_another_day_may_be_asked(capsys: pytest.CaptureFixture[str]) -> None:
    told = said(capsys, "matrix", "--on", "2025-10-14", "--line", "R85:330")
    assert "version    2023-10-26/2, from 2023-10-29 until 2025-10-15" in told
    assert "0 of 114 types" in told
    assert "may consult\n  nothing" in told
    assert "no matrix was in force" in said(capsys, "matrix", "--on", "2020-01-01")


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("--line", "99"), "--line is one of the matrix: 10, 21"),
        (("--on", "yesterday"), "--on is a day like"),
        (("--on", "2020-01-01", "--line", "10"), "no matrix was in force"),
    ],
)
def test_a_wrong_line_or_day_is_refused(
    arguments: tuple[str, ...], named: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert named in refused(capsys, "matrix", *arguments)


def test_the_rules_are_printed_in_their_order(capsys: pytest.CaptureFixture[str]) -> None:
    told = said(capsys, "rules")
    numbered = re.findall(r"^ ?(\d+) (\w+)$", told, re.M)
    assert [(int(n), name) for n, name in numbered] == [
        (number, rule.__name__) for number, rule in enumerate(RULES, start=1)
    ]
    of_documents = re.findall(r"^ - (\w+)$", told, re.M)
    assert of_documents == ["document_is_deleted", *(rule.name for rule in DOCUMENT_RULES)]


# Explaining


@pytest.fixture(scope="module")
def one_record(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The commands of this process have one open record before them and no demo."""
    dsn = databases.take()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATABASE_URL", dsn)
        patch.setenv("DMP_DATA", str(tmp_path_factory.mktemp("access")))
        patch.setenv("DMP_TEST_MODE", "true")
        assert main(OPENING) == 0
        yield
    databases.give_back(dsn)


DOCTOR = ("--rpps", "10000000017", "--structure", "1750000010")
ASKED: dict[str, tuple[tuple[str, ...], str, str]] = {
    "a doctor without consent": (DOCTOR, "no", "authorisation_is_missing"),
    "an emergency with a coded motive": (
        (*DOCTOR, "--purpose", "break-glass", "--motive", "pronostic-vital"),
        "yes",
        "emergency_access",
    ),
    "an emergency without any": (
        (*DOCTOR, "--purpose", "break-glass"),
        "no",
        "emergency_access",
    ),
    "an emergency of an occupational doctor": (
        (
            *DOCTOR,
            "--purpose",
            "break-glass",
            "--motive",
            "pronostic-vital",
            "--capacity",
            "occupational",
        ),
        "no",
        "emergency_access",
    ),
    "a doctor of an insurer": (
        (*DOCTOR, "--sector", "SA23"),
        "no",
        "law_forbids_this_place_of_work",
    ),
    "a secret session with an adult": (
        (*DOCTOR, "--secret"),
        "no",
        "secret_session_is_not_possible",
    ),
    "a coordinator": ((*DOCTOR, "--role", "R85:330"), "no", "authorisation_is_missing"),
    "a secretary": ((*DOCTOR, "--secretary"), "no", "caller_may_not_ask_this"),
    "a secretary who deposits": (
        (*DOCTOR, "--secretary", "--action", "deposit"),
        "yes",
        "depositing_needs_no_consent",
    ),
    "a structure's software": (
        ("--structure", "1750000010"),
        "no",
        "individual_authentication_is_missing",
    ),
    "the insurer's feed": (
        ("--structure", "1750000010", "--insurer"),
        "no",
        "caller_may_not_ask_this",
    ),
    "the support": (("--support", "Aide"), "no", "caller_may_not_ask_this"),
}


@pytest.mark.usefixtures("one_record")
@pytest.mark.parametrize("who", ASKED)
def test_a_decision_is_explained_rule_by_rule(capsys: pytest.CaptureFixture[str], who: str) -> None:
    arguments, permitted, rule = ASKED[who]
    told = said(capsys, "explain", "--ins", INS, *arguments)
    tried = re.findall(r"^ ?(\d+) (\w+) +(\w+)", told, re.M)
    assert [int(number) for number, _, _ in tried] == list(range(1, len(tried) + 1))
    assert tried[-1][2] == rule
    names = [one.__name__ for one in RULES]
    assert [names.index(name) for _, _, name in tried] == sorted(
        names.index(name) for _, _, name in tried
    )
    assert f"permitted  {permitted}, by {rule}" in told
    assert f"matrix     {MATRIX.version}" in told


@pytest.mark.usefixtures("one_record")
@pytest.mark.parametrize(
    ("arguments", "said_why"),
    [
        (DOCTOR, "is needed"),
        (("--ins", INS), "say who asks"),
        (("--ins", INS, *DOCTOR, "--motive", "pronostic-vital"), "--motive"),
        (("--ins", INS, *DOCTOR, "--purpose", "break-glass", "--motive", "haste"), "--motive"),
        (("--ins", INS, *DOCTOR, "--capacity", "captain"), "--capacity"),
        (("--ins", INS, *DOCTOR, "--role", "R85:999"), "--role"),
        (("--ins", INS, "--support", "Aide", "--secret"), "--secret"),
        (("--ins", INS, *DOCTOR, "--action", "fly"), "fly"),
    ],
)
def test_a_caller_who_cannot_be_is_refused_in_a_sentence(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], said_why: str
) -> None:
    told = refused(capsys, "explain", *arguments)
    assert "Traceback" not in told
    if said_why != "is needed":
        assert said_why in told


def test_the_width_is_that_of_the_terminal_or_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    assert printing._width() > 500
    monkeypatch.setattr("shutil.get_terminal_size", lambda: os.terminal_size((77, 20)))
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    assert printing._width() == 77
