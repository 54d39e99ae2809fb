"""Real documents of the field, where they are at hand.

They are not part of the project: the folder is named by DMP_SHARED or stands beside the repository.
"""

from __future__ import annotations

import csv
import os
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
GIVEN = Path(os.environ.get("DMP_SHARED", ROOT.parent / "shared")) / "data" / "cda" / "given"
MORE = GIVEN.parent / "given-more"

PACKAGES = tuple(sorted(p.parent.name for p in GIVEN.glob("*/DOC0001.XML")))
DOCUMENTS = tuple(sorted([*GIVEN.glob("*/DOC0001.XML"), *MORE.glob("*.xml")]))

needs_corpus = pytest.mark.skipif(
    not DOCUMENTS, reason="the published CDA examples are not on this machine (DMP_SHARED)"
)


def name_of(path: Path) -> str:
    """The short name of a document, for test identifiers."""
    return path.parent.name if path.name == "DOC0001.XML" else path.stem


def document(package: str) -> bytes:
    """The bytes of the document of a package."""
    return (GIVEN / package / "DOC0001.XML").read_bytes()


@cache
def index() -> dict[str, dict[str, str]]:
    """What the index of the packages says, by package."""
    with (GIVEN / "index.csv").open(encoding="utf-8", newline="") as lines:
        return {row["package"]: row for row in csv.DictReader(lines)}
