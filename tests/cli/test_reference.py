"""`dmp reference`: what the operator reads."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from dmp.cli import main
from dmp.remote import reference_sources
from dmp.remote.reference_sources import FetchRefused
from tests.formats.reference.published import A_BDPM, a_thesaurus

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def place(monkeypatch: pytest.MonkeyPatch, database: str, data_dir: Path) -> None:
    monkeypatch.setenv("DMP_DATABASE_URL", database)
    monkeypatch.setenv("DMP_DATA", str(data_dir))


def test_a_folder_is_loaded_listed_and_an_older_edition_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    for name, text in A_BDPM.items():
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "thesaurus.txt").write_text(a_thesaurus(day="3 mars 2025"), encoding="utf-8")
    (folder / "autre.csv").write_text("x;y\n1;2\n", encoding="utf-8")
    assert main(["reference", "load", str(folder)]) == 0
    out = capsys.readouterr().out
    assert "ansm          2025-03-03          3 entries" in out
    assert "autre.csv" in out
    older = tmp_path / "older.txt"
    older.write_text(a_thesaurus(day="1er mars 2024"), encoding="utf-8")
    assert main(["reference", "load", str(older)]) == 2
    assert "older" in capsys.readouterr().err
    assert main(["reference", "list"]) == 0
    out = capsys.readouterr().out
    assert "ANSM, Thésaurus des interactions médicamenteuses, 3 mars 2025" in out
    assert "* nabm" in out


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["load", "absent.csv"], "no such file"),
        (["load", ".", "--edition", "hier"], "YYYY-MM-DD"),
        (["fetch", "tout"], "not fetched"),
        (["fetch", "loinc"], "Alignement NABM-LOINC FR"),
        (["load", "x.zip"], "damaged archive"),
    ],
)
def test_wrong_words_are_a_sentence(
    arguments: list[str],
    word: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "x.csv").write_text("a;b\n")
    (tmp_path / "x.zip").write_bytes(b"PK")
    monkeypatch.chdir(tmp_path)
    assert main(["reference", *arguments]) == 2
    assert word in capsys.readouterr().err


def test_one_site_that_fails_does_not_keep_the_others_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fetched(kind: str, folder: Path) -> list[Path]:
        if kind == "bdpm":
            raise FetchRefused("the site answers 503; try again later.")
        folder.mkdir(parents=True)
        path = folder / "thesaurus.txt"
        path.write_text(a_thesaurus(day="3 mars 2025"), encoding="utf-8")
        return [path]

    monkeypatch.setattr(reference_sources, "fetched", fetched)
    assert main(["reference", "fetch", "bdpm", "ansm", "--to", str(tmp_path / "kept")]) == 2
    told = capsys.readouterr()
    assert "bdpm: the site answers 503" in told.err
    assert "ansm          2025-03-03          3 entries" in told.out


def test_an_archive_is_read_and_a_spreadsheet_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with zipfile.ZipFile(tmp_path / "cim10.zip", "w") as archive:
        archive.writestr("CIM/LIBCIM10MULTI_20250120.TXT", "A00|3|N|3|CHOLERA|Choléra\n")
        archive.writestr("CIM/notice.xlsx", b"PK\0\0")
    assert main(["reference", "load", str(tmp_path / "cim10.zip")]) == 0
    told = capsys.readouterr()
    assert "cim10         2025-01-20          1 entries" in told.out
    assert "notice.xlsx: a spreadsheet or a database; save its table as CSV" in told.err


def test_without_a_network_every_kind_says_so_and_nothing_is_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def cut(kind: str, folder: Path) -> list[Path]:
        raise FetchRefused("the site cannot be reached; is there a network?")

    monkeypatch.setattr(reference_sources, "fetched", cut)
    assert main(["reference", "fetch", "--to", str(tmp_path / "kept")]) == 2
    told = capsys.readouterr()
    assert told.err.count("is there a network") == len(reference_sources.SOURCES)
    assert "what was not fetched stays as it is" in told.err
    assert "loinc         ANS, bioloinc.fr" in told.out
    assert not (tmp_path / "kept").exists()


def test_a_folder_that_cannot_be_written_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "kept").write_text("a file")
    assert main(["reference", "fetch", "nabm", "--to", str(tmp_path / "kept")]) == 2
    assert "cannot be written" in capsys.readouterr().err
