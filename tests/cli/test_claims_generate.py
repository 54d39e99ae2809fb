"""`dmp claims generate`, as a user runs it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dmp.cli import main
from dmp.remote.simulated.claims.cases import all_cases


def test_files_and_manifest_are_written_and_counted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "feed"
    asked = ["claims", "generate", "--people", "40", "--months", "12", "--until", "2026-10-01"]
    assert main([*asked, "--out", str(out)]) == 0
    told = capsys.readouterr()
    counted = dict(line.split() for line in told.out.splitlines())
    for table, rows in counted.items():
        lines = (out / f"{table}.csv").read_text(encoding="utf-8").splitlines()
        assert len(lines) - 1 == int(rows)
    manifest = json.loads((out / "cases.json").read_text(encoding="utf-8"))
    assert (manifest["since"], manifest["until"]) == ("2025-10-01", "2026-10-01")
    assert "rows/s" in told.err
    assert str(out / "cases.json") in told.err


def test_parquet_without_cases(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["claims", "generate", "--people", "3", "--format", "parquet", "--no-cases"]
    assert main([*asked, "--until", "2026-10-01", "--out", str(tmp_path)]) == 0
    assert {path.suffix for path in tmp_path.iterdir()} == {".parquet", ".json"}
    manifest = json.loads((tmp_path / "cases.json").read_text(encoding="utf-8"))
    assert (manifest["people"], manifest["cases"]) == (3, [])
    capsys.readouterr()


def test_cases_are_listed_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["claims", "generate", "--list-cases"]) == 0
    listed = [line.split()[0] for line in capsys.readouterr().out.splitlines()]
    assert listed == list(all_cases())
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--until", "tomorrow"], "--until tomorrow is not a day"),
        (["--people", "0"], "--people is 1 or more"),
        (["--months", "500"], "--months from 1 to 120"),
        (["--format", "xml"], "xml"),
    ],
)
def test_what_cannot_be_done_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], more: list[str], said: str
) -> None:
    out = tmp_path / "feed"
    assert main(["claims", "generate", "--out", str(out), *more]) == 2
    assert said in capsys.readouterr().err
    assert not out.exists()


def test_somebody_else_s_tables_stay(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    theirs = tmp_path / "ER_PRS_F.csv"
    theirs.write_text("theirs", encoding="utf-8")
    assert main(["claims", "generate", "--people", "1", "--out", str(tmp_path)]) == 2
    assert "were not generated" in capsys.readouterr().err
    assert theirs.read_text(encoding="utf-8") == "theirs"
