"""BDPM: the files of the public base of medicines, as published: tabs, no header, one encoding per file.

Traps of the real files: rates written `65%` and `65 %`, years far in the future, boxes without a product,
a component printed twice (SA the active substance, FT its therapeutic fraction, linked by a number).

Source: base-donnees-publique.medicaments.gouv.fr, "Contenu et format des fichiers téléchargeables".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from dmp.domain.clinical.knowledge.contents import Row
from dmp.domain.clinical.knowledge.spelling import normalised
from dmp.formats.reference.dates import newest
from dmp.formats.reference.faults import FileRefused, refused

_CIS = re.compile(r"\d{8}")
_CIP13 = re.compile(r"\d{13}")
_ATC = re.compile(r"[A-Z]\d{2}(?:[A-Z](?:[A-Z](?:\d{2})?)?)?")
_RATE = re.compile(r"(\d{1,3})\s*%")
_MARKETED = "declaration de commercialisation"
_MOST_STRAYS = 0.05
"""The share of boxes or components whose product may be missing before the set is held to be cut short."""
_MOST_BAD_LINES = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class BdpmFile:
    """One of the files: the beginning of its name, its least number of columns, its row from its cells."""

    stem: str
    table: str
    columns: int
    row: Callable[[Sequence[str]], Row | None]
    required: bool = False


def _product(cells: Sequence[str]) -> Row | None:
    routes = ";".join(sorted({normalised(route) for route in cells[3].split(";") if route.strip()}))
    marketed = "1" if cells[6].strip().lower().startswith("commercialis") else ""
    return (
        (cells[0], " ".join(cells[1].split()), routes, marketed)
        if _CIS.fullmatch(cells[0])
        else None
    )


def _box(cells: Sequence[str]) -> Row | None:
    cip13 = cells[6].strip()
    if not _CIP13.fullmatch(cip13):
        return None
    marketed = "1" if normalised(cells[4]).startswith(_MARKETED) else ""
    return (
        cip13,
        cells[1].strip(),
        cells[0].strip(),
        cells[2].strip(),
        marketed,
        rate_of(cells[8]),
    )


def _component(cells: Sequence[str]) -> Row | None:
    if not _CIS.fullmatch(cells[0]):
        return None
    nature = cells[6].strip().upper()
    return (
        cells[0],
        cells[2].strip(),
        cells[3].strip(),
        cells[4].strip(),
        nature,
        cells[7].strip(),
    )


def _group(cells: Sequence[str]) -> Row | None:
    return (cells[0].strip(), cells[2], cells[3].strip()) if _CIS.fullmatch(cells[2]) else None


def _official(cells: Sequence[str]) -> Row | None:
    atc = cells[1].strip().upper()
    return (cells[0], atc) if _CIS.fullmatch(cells[0]) and _ATC.fullmatch(atc) else None


def _condition(cells: Sequence[str]) -> Row | None:
    return (cells[0], cells[1].strip()) if _CIS.fullmatch(cells[0]) else None


def _shortage(cells: Sequence[str]) -> Row | None:
    return (
        (cells[0], cells[1].strip(), cells[3].strip(), cells[4].strip())
        if _CIS.fullmatch(cells[0])
        else None
    )


def _opinion(cells: Sequence[str]) -> Row | None:
    return (cells[0].strip(), cells[1].strip()) if cells[0].startswith("CT-") else None


FILES = (
    BdpmFile(stem="cis_cip_dispo", table="shortages", columns=5, row=_shortage),
    BdpmFile(stem="cis_cip", table="boxes", columns=9, row=_box, required=True),
    BdpmFile(stem="cis_compo", table="components", columns=8, row=_component, required=True),
    BdpmFile(stem="cis_cpd", table="conditions", columns=2, row=_condition),
    BdpmFile(stem="cis_gener", table="groups", columns=4, row=_group),
    BdpmFile(stem="cis_mitm", table="official", columns=2, row=_official),
    BdpmFile(stem="cis_bdpm", table="products", columns=7, row=_product, required=True),
    BdpmFile(stem="has_lienspagect", table="opinions", columns=2, row=_opinion),
)
"""The eight files; the beginning of the name decides, the first that fits."""


def file_named(name: str) -> BdpmFile | None:
    """Which of the files a name is that of (`CIS_CIP_bdpm.txt.gz`); None: none of them."""
    stem = name.lower()
    return next((file for file in FILES if stem.startswith(file.stem)), None)


def rows_of(name: str, file: BdpmFile, text: str) -> tuple[Row, ...]:
    """The rows of one file.

    Raises:
        FileRefused: too few columns, or too many lines that cannot be read.
    """
    rows: list[Row] = []
    lines = bad = 0
    for cells in _cells(text):
        lines += 1
        row = file.row(cells) if len(cells) >= file.columns else None
        if row is None:
            bad += 1
        else:
            rows.append(row)
    if not rows:
        raise refused(name, "no line reads as one of a BDPM file.")
    if bad > max(5, _MOST_BAD_LINES * lines):
        raise refused(name, f"{bad} unreadable lines of {lines}.")
    return tuple(dict.fromkeys(rows))


def _cells(text: str) -> Iterator[list[str]]:
    for line in text.split("\n"):
        if line.strip():
            yield line.rstrip("\r").split("\t")


def rate_of(written: str) -> str:
    """The rate of reimbursement in per cent, `65`; empty when there is none."""
    found = _RATE.search(written)
    return found.group(1) if found is not None else ""


def check_together(tables: Mapping[str, Sequence[Row]]) -> None:
    """Accept a set of files that belong together.

    Raises: FileRefused: a file that is needed is missing, or boxes and components name products that are
    not there.
    """
    missing = [file.stem for file in FILES if file.required and not tables.get(file.table)]
    if missing:
        names = ", ".join(f"{stem.upper()}…" for stem in missing)
        raise FileRefused(f"BDPM: {names} missing; the files of one edition are loaded together.")
    known = {row[0] for row in tables["products"]}
    for table, place, what in (("boxes", 2, "boxes"), ("components", 0, "components")):
        strays = sum(row[place] not in known for row in tables[table])
        if strays > _MOST_STRAYS * len(tables[table]):
            raise FileRefused(
                f"BDPM: {strays} {what} of {len(tables[table])} without their product; the files are "
                "cut short or are not of one edition."
            )


def day_of_files(texts: Mapping[str, str], today: date) -> date | None:
    """The latest plausible day that the files of shortages and of boxes hold: that of their edition, or
    just before.
    """
    days: list[str] = []
    for table, places in (("shortages", (4, 5)), ("boxes", (5,))):
        for cells in _cells(texts.get(table, "")):
            days += (cells[place] for place in places if place < len(cells))
    return newest(days, today)
