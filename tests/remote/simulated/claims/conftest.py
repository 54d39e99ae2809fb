"""One generated folder, read back with nothing but `csv`; and the lines that the feed makes of it."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import pytest

from dmp.bootstrap.claims_intake import atc_of
from dmp.bootstrap.knowledge import shipped_knowledge
from dmp.domain.claims.history import is_in_view, standing
from dmp.domain.claims.reimbursement import Kind, Reimbursement, System
from dmp.formats.claims.delivery import Options, digest_of, open_delivery, seen
from dmp.remote.simulated.claims.generate import Generated, Wanted, generate

UNTIL = date(2026, 11, 27)
SINCE = date(2024, 11, 27)
KEYS = ("DCT_ORD_NUM", "FLX_DIS_DTD", "FLX_EMT_NUM", "FLX_EMT_ORD", "FLX_EMT_TYP", "FLX_TRT_DTD",
        "ORG_CLE_NUM", "PRS_ORD_NUM", "REM_TYP_AFF")  # fmt: skip
DETAILS = ("ER_PHA_F", "ER_BIO_F", "ER_CAM_F", "ER_TIP_F", "ER_UCD_F", "ER_ETE_F")
CODES = {
    "ER_PHA_F": "PHA_PRS_C13",
    "ER_BIO_F": "BIO_PRS_IDE",
    "ER_CAM_F": "CAM_PRS_IDE",
    "ER_TIP_F": "TIP_PRS_IDE",
    "ER_UCD_F": "UCD_UCD_COD",
    "ER_ETE_F": "ETE_GHS_NUM",
}

Row = dict[str, str]
Of = Callable[[str], list[Reimbursement]]
"""The lines of a matricule that stand and are in view."""

_NAMES = UUID(int=3)


@dataclass(slots=True, kw_only=True)
class Read:
    """The tables of a folder as rows of text, its manifest, and what joins to what."""

    folder: Path
    written: Generated
    tables: dict[str, list[Row]] = field(default_factory=dict)
    manifest: dict[str, Any] = field(default_factory=dict)
    services: dict[tuple[str, ...], list[Row]] = field(default_factory=dict)

    def case(self, key: str) -> dict[str, Any]:
        """The entry of a case in the manifest."""
        return next(entry for entry in self.manifest["cases"] if entry["case"] == key)

    def services_of(self, ins: str) -> list[Row]:
        """The services of a person."""
        return [row for row in self.tables["ER_PRS_F"] if row["BEN_NIR_PSA"] == ins]

    def joined(self, ins: str) -> Iterator[tuple[Row, str, Row]]:
        """The services of a person that have a detail, with its table and row."""
        for table in DETAILS:
            for detail in self.tables.get(table, []):
                for service in self.services.get(keys_of(detail), []):
                    if service["BEN_NIR_PSA"] == ins:
                        yield service, table, detail

    def codes_of(self, ins: str) -> list[str]:
        """The codes of all details of a person, NABM without zeros."""
        return [detail[CODES[table]].lstrip("0") for _, table, detail in self.joined(ins)]


def keys_of(row: Row) -> tuple[str, ...]:
    """The nine keys of a row."""
    return tuple(row[key] for key in KEYS)


def read(folder: Path, written: Generated) -> Read:
    """Read a folder back."""
    found = Read(folder=folder, written=written)
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            found.tables[path.stem] = list(csv.DictReader(file, delimiter=";", strict=True))
    found.manifest = json.loads((folder / "cases.json").read_text(encoding="utf-8"))
    for row in found.tables["ER_PRS_F"]:
        found.services.setdefault(keys_of(row), []).append(row)
    return found


@pytest.fixture(scope="package")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Read:
    folder = tmp_path_factory.mktemp("claims")
    return read(folder, generate(folder, Wanted(people=120, until=UNTIL)))


@pytest.fixture(scope="package")
def rejects(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fed") / "rejects.csv"


@pytest.fixture(scope="package")
def fed(generated: Read, rejects: Path) -> Of:
    """The lines that stand and are in view, by matricule."""
    sources = seen([generated.folder])
    options = Options(today=UNTIL, test_mode=True, atc_of=atc_of(shipped_knowledge().medicines))
    delivery = open_delivery(sources, digest_of(sources), rejects.parent, options)
    found: dict[str, list[Reimbursement]] = {}
    try:
        shares = [delivery.assemble(share) for share in range(delivery.shares)]
        delivery.finish()
        delivery.write_rejects(rejects)
        for batch in (b for within in shares for b in delivery.batches(100_000, within)):
            records = {ins: uuid5(_NAMES, ins) for ins in batch.fingerprints}
            whose = {str(record): ins for ins, record in records.items()}
            for record, line in _read(delivery.rows(batch, records).decode()):
                found.setdefault(whose[record], []).append(line)
    finally:
        delivery.close()

    def lines_of(ins: str) -> list[Reimbursement]:
        stand = standing(found.get(ins, ()))
        return [line for line in stand if is_in_view(line, SINCE, UNTIL)]

    return lines_of


def _read(text: str) -> Iterator[tuple[str, Reimbursement]]:
    """Records and lines, from the text of a COPY."""
    for row in text.splitlines():
        record, line_id, kind, system, code, *days, nature, quantity = row.split("\t")[:10]
        prescriber, its, performer, own, place, where, flow, diagnoses = row.split("\t")[10:18]
        start, end, prescribed_on = (_day(day) for day in days)
        assert start is not None
        yield (
            record,
            Reimbursement(
                line_id=UUID(line_id),
                kind=Kind(kind),
                system=System(system),
                code=code,
                start=start,
                end=end,
                prescribed_on=prescribed_on,
                nature=nature,
                quantity=float(quantity),
                prescriber=prescriber,
                prescriber_speciality=its,
                performer=performer,
                performer_speciality=own,
                place=place,
                prescriber_place=where,
                flow=_day(flow),
                diagnoses=tuple(diagnoses.split()),
            ),
        )


def _day(text: str) -> date | None:
    return None if text == "\\N" else date.fromisoformat(text)
