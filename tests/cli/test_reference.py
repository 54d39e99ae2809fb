"""`dmp reference`: what the operator reads."""

from __future__ import annotations

from pathlib import Path

import pytest

from dmp.cli import main
from dmp.remote import reference_sources
from dmp.remote.reference_sources import FetchRefused
from tests.formats.reference.published import A_BDPM, a_thesaurus


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
