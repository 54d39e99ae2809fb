"""The published thesaurus and the proved pairs, where they are at hand.

They are not part of the project: the folder is named by DMP_SHARED or stands beside the repository.
"""

from __future__ import annotations

import csv
import gzip
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from io import StringIO
from pathlib import Path
from types import MappingProxyType

import pytest

from dmp.domain.clinical.knowledge.medicines import Medicine
from dmp.domain.clinical.knowledge.spelling import normalised
from dmp.domain.clinical.knowledge.thesaurus import Level, Pair, Thesaurus

ROOT = Path(__file__).resolve().parents[3]
DRUGS = Path(os.environ.get("DMP_SHARED", ROOT.parent / "shared")) / "data" / "claims" / "drugs"
PROOFS = DRUGS / "derived" / "chain_proof.csv"

needs_pack = pytest.mark.skipif(
    not PROOFS.exists(), reason="the published thesaurus is not on this machine (DMP_SHARED)"
)
_LEVELS = {
    "CI": Level.CONTRAINDICATED,
    "ASDEC": Level.NOT_RECOMMENDED,
    "PE": Level.PRECAUTION,
    "APEC": Level.TAKE_INTO_ACCOUNT,
}


def _rows(path: Path) -> Iterator[dict[str, str]]:
    octets = path.read_bytes()
    text = (gzip.decompress(octets) if path.suffix == ".gz" else octets).decode("utf-8")
    yield from csv.DictReader(StringIO(text, newline=""))


@cache
def published_thesaurus() -> Thesaurus:
    """The edition of the pack."""
    folder = DRUGS / "thesaurus-2023-09"
    classes: dict[str, set[str]] = {}
    for row in _rows(folder / "class_members.csv"):
        classes.setdefault(row["member_norm"], set()).add(row["class_norm"])
    return Thesaurus(
        pairs=tuple(
            Pair(
                a=row["a"],
                b=row["b"],
                a_term=row["a_norm"],
                b_term=row["b_norm"],
                levels=tuple(_LEVELS[level] for level in row["levels"].split("-")),
                mechanism=row["mechanism"],
                conduct=row["conduct"],
                others=row["b_kind"] == "self",
            )
            for row in _rows(folder / "interactions.csv.gz")
        ),
        classes_of=MappingProxyType({k: frozenset(v) for k, v in classes.items()}),
    )


@dataclass(slots=True)
class Proof:
    """Two boxes, and the levels that are to be found between them."""

    case: str
    a: Medicine
    b: Medicine
    levels: list[str] = field(default_factory=list)


@cache
def proofs() -> tuple[Proof, ...]:
    """Every proved pair and control; empty where the pack is not at hand."""
    if not PROOFS.exists():
        return ()
    routes = _routes()
    found: dict[str, Proof] = {}
    for row in _rows(PROOFS):
        proof = found.get(row["case"])
        if proof is None:
            a, b = (_medicine(row, side, routes) for side in "ab")
            proof = found[row["case"]] = Proof(row["case"], a, b)
        if row["levels"] != "none":
            proof.levels.append(row["levels"])
    return tuple(found.values())


def _medicine(row: dict[str, str], side: str, routes: dict[str, tuple[str, ...]]) -> Medicine:
    cip13 = row[f"cip13_{side}"]
    return Medicine(
        key=cip13,
        name=row[f"drug_{side}"],
        substances=tuple(row[f"substances_{side}"].split("+")),
        routes=routes[cip13],
        atc=row[f"atc_{side}"],
    )


def _routes() -> dict[str, tuple[str, ...]]:
    """Routes by box, from the published files."""
    folder = DRUGS / "bdpm-2026-05"
    by_product: dict[str, tuple[str, ...]] = {}
    for cells in _lines(folder / "CIS_bdpm.txt.gz"):
        by_product[cells[0]] = tuple(normalised(route) for route in cells[3].split(";"))
    boxes = _lines(folder / "CIS_CIP_bdpm.txt.gz")
    return {cells[6]: by_product.get(cells[0], ()) for cells in boxes if len(cells) > 6}


def _lines(path: Path) -> Iterator[list[str]]:
    octets = gzip.decompress(path.read_bytes())
    try:
        text = octets.decode("utf-8")
    except UnicodeDecodeError:
        text = octets.decode("cp1252")
    return (line.split("\t") for line in text.splitlines() if line.strip())
