"""`dmp claims`, as a user runs it."""

from __future__ import annotations

from pathlib import Path

import pytest

from dmp.cli import main
from tests.formats.claims.rows import boxes, service, write


@pytest.fixture
def delivery(tmp_path: Path) -> Path:
    """A consultation, a box, and a row that is bad."""
    rows = [service(1), service(2, PRS_NAT_REF="3313"), service(3, EXE_SOI_DTD="no")]
    return write(tmp_path / "in", {"ER_PRS_F": rows, "ER_PHA_F": [boxes(2)]})


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database: str) -> Path:
    """A data folder that is not there yet, on a database of its own."""
    folder = tmp_path / "data"
    monkeypatch.setenv("DMP_DATA", str(folder))
    monkeypatch.setenv("DMP_TEST_MODE", "true")
    monkeypatch.setenv("DATABASE_URL", database)
    return folder


def test_a_check_says_what_is_there_and_writes_nothing(
    delivery: Path, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["claims", "load", "--check", str(delivery)]) == 0
    said = capsys.readouterr().out
    assert "ER_PRS_F.csv: ER_PRS_F, csv" in said
    assert "would be rejected: 1 rows, EXE_SOI_DTD: not a date" in said
    assert not data.exists()


def test_a_load_leaves_a_receipt_and_is_known_afterwards(
    delivery: Path, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["claims", "load", str(delivery)]) == 0
    said = capsys.readouterr().out
    assert "2 lines of 1 persons" in said  # who has no record takes nothing
    assert sorted(path.name.split("-")[0] for path in (data / "claims").iterdir()) == [
        "receipt",
        "rejects",
    ]
    assert main(["claims", "load", str(delivery)]) == 0
    assert "this delivery is known" in capsys.readouterr().out
    assert main(["claims", "load", "--again", str(delivery)]) == 0
    assert "2 lines of 1 persons" in capsys.readouterr().out
    assert main(["claims", "list"]) == 0
    assert "1 deliveries" in capsys.readouterr().out


def test_a_file_that_cannot_be_taken_is_refused_in_one_sentence(
    tmp_path: Path, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    row = service()
    del row["BEN_CDI_NIR"]
    given = write(tmp_path / "in", {"ER_PRS_F": [row]})
    assert main(["claims", "load", str(given)]) == 2
    assert "lacks the needed column BEN_CDI_NIR" in capsys.readouterr().err
    assert not data.exists()
