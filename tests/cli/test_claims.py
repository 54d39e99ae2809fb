"""`dmp claims`, as a user runs it."""

from __future__ import annotations

from pathlib import Path

import pytest

from dmp.cli import main
from dmp.cli.house import settings_now
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
    said_again = capsys.readouterr()
    assert "2 lines of 1 persons" in said_again.out
    assert "give them again too, in their order" in said_again.err
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


def test_a_demo_named_by_its_folder_takes_its_test_identities(
    tmp_path: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are what the files of a demo hold: it is taken for none only where the environment says so."""
    demo = tmp_path / "demo"
    demo.mkdir()
    (demo / "demo.json").write_text("{}")
    assert settings_now(demo).test_mode
    monkeypatch.delenv("DMP_TEST_MODE")
    assert settings_now(demo).test_mode
    assert settings_now(demo).data == demo
    assert not settings_now(tmp_path / "another").test_mode
    monkeypatch.setenv("DMP_TEST_MODE", "false")
    assert not settings_now(demo).test_mode


def test_the_rejects_of_an_earlier_load_of_the_same_files_do_not_stay(
    delivery: Path, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["claims", "load", str(delivery)]) == 0
    capsys.readouterr()
    (rejects,) = (data / "claims").glob("rejects-*.csv")
    assert main(["claims", "list", "--data", str(data)]) == 0
    assert "1 deliveries" in capsys.readouterr().out
    good = write(delivery.parent / "good", {"ER_PRS_F": [service(7)]})
    assert main(["claims", "load", str(good)]) == 0
    receipts = {path.name[8:24] for path in (data / "claims").glob("receipt-*.json")}
    (of_the_good_one,) = receipts - {rejects.name[8:24]}
    stale = rejects.with_name(f"rejects-{of_the_good_one}.csv")
    stale.write_text("of another version of this software")
    assert main(["claims", "load", "--again", str(good)]) == 0
    assert rejects.exists() and not stale.exists()
