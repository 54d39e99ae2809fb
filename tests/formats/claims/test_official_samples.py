"""The official sample rows, and those of a published toy SNDS, where they are at hand."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests.builders.identifiers import an_ins
from tests.formats.claims.rows import found
from tests.formats.corpus import GIVEN

SAMPLES = GIVEN.parents[1] / "claims" / "claims" / "samples"
OFFICIAL, TOY = SAMPLES / "synthetic-snds", SAMPLES / "scalpel"

pytestmark = pytest.mark.skipif(
    not OFFICIAL.is_dir(), reason="the published SNDS samples are not on this machine (DMP_SHARED)"
)


def persons(folder: Path, to: Path, separator: str) -> Path:
    """A correspondence of every pseudonym of a folder with invented numbers."""
    known: dict[tuple[str, str], str] = {}
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, delimiter=separator):
                psa = row.get("BEN_NIR_PSA") or row.get("NUM_ENQ")
                if psa and row.get("BEN_RNG_GEM"):
                    person = (psa, row["BEN_RNG_GEM"])
                    known.setdefault(person, an_ins(len(known) + 1).matricule)
    lines = [f"{psa};{rank};{ins}" for (psa, rank), ins in known.items()]
    to.write_text("\n".join(["BEN_NIR_PSA;BEN_RNG_GEM;INS", *lines]) + "\n")
    return to


def test_the_official_rows_load(tmp_path: Path) -> None:
    told = found(OFFICIAL, tmp_path, persons=persons(OFFICIAL, tmp_path / "persons.csv", ","))
    kinds = {line["kind"] for line in told.lines}
    assert kinds == {"medicine", "biology", "device", "care", "stay"}
    assert len(told.lines) == 30
    # Random rows: supplements and secret care are many among them.
    assert told.left_out["SUPPLEMENT"] == 30 and told.left_out["SECRET"] == 8
    assert {reason for *_, reason in told.rejects} == {
        "a day to come",
        "no T_MCOaaC row that can be taken for this stay",
    }


def test_the_rows_of_the_toy_snds_load(tmp_path: Path) -> None:
    told = found(TOY, tmp_path, persons=persons(TOY, tmp_path / "persons.csv", ";"))
    assert told.rejects == []
    assert {(line["kind"], line["code"]) for line in told.lines} >= {
        ("medicine", "3400935418487"),
        ("medicine", "9348420"),
        ("long-term", "E11"),
        ("long-term", "C67"),
        ("stay", "5678"),
    }
    assert len(told.of("stay")) == 6
    assert told.left_out == {"SUPPLEMENT": 2, "INFORMATION": 6, "ELSEWHERE": 1}


def test_without_a_correspondence_pseudonyms_are_rejected(tmp_path: Path) -> None:
    told = found(TOY, tmp_path)
    assert told.lines == []
    assert {reason for *_, reason in told.rejects} >= {"not an INS"}
