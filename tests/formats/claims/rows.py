"""Rows of the insurer's feed: valid by default, one argument changes one thing."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from dmp.formats.claims.delivery import (
    Delivery,
    Options,
    digest_of,
    nothing_known,
    open_delivery,
    seen,
)
from dmp.formats.claims.secret_care import AtcOf
from tests.builders.identifiers import an_ins

Row = dict[str, str]
Tables = Mapping[str, Sequence[Row]]

TODAY = date(2026, 3, 2)
PERSON = an_ins(1).matricule
ANOTHER = an_ins(2).matricule
RPPS = "10100000016"
PRESCRIBER = "10100000024"
CIP13 = "3400930000014"


def keys(number: int = 1, **changes: str) -> Row:
    """The nine keys of a service."""
    return {
        "DCT_ORD_NUM": str(number),
        "FLX_DIS_DTD": "2026-02-01",
        "FLX_EMT_NUM": "1",
        "FLX_EMT_ORD": "2",
        "FLX_EMT_TYP": "3",
        "FLX_TRT_DTD": "2026-01-20",
        "ORG_CLE_NUM": "01C751",
        "PRS_ORD_NUM": "1",
        "REM_TYP_AFF": "0",
        **changes,
    }


def service(number: int = 1, **changes: str) -> Row:
    """A consultation of a general practitioner."""
    return {
        **keys(number),
        "BEN_NIR_PSA": PERSON,
        "BEN_RNG_GEM": "1",
        "BEN_CDI_NIR": "00",
        "BEN_AMA_COD": "54",
        "EXE_SOI_DTD": "2026-01-15",
        "EXE_SOI_DTF": "2026-01-15",
        "PRE_PRE_DTD": "2026-01-10",
        "PRS_NAT_REF": "1110",
        "PRS_ACT_QTE": "1",
        "CPL_MAJ_TOP": "0",
        "DPN_QLF": "0",
        "PRS_DPN_QLP": "0",
        "PFS_EXE_NUM": RPPS,
        "PFS_PRE_NUM": PRESCRIBER,
        "PSE_SPE_COD": "1",
        "PSP_SPE_COD": "1",
        "ETB_PRE_FIN": "",
        **changes,
    }


def boxes(number: int = 1, **changes: str) -> Row:
    """One box of a medicine delivered with the service of that number."""
    row = {**keys(number), "PHA_PRS_C13": CIP13, "PHA_ACT_QSN": "1", "PHA_ORD_NUM": "1"}
    return {**row, **changes}


def biology(number: int = 1, **changes: str) -> Row:
    """One biological act."""
    row = {**keys(number), "BIO_PRS_IDE": "1104", "BIO_ACT_QSN": "1", "BIO_ORD_NUM": "1"}
    return {**row, **changes}


def procedure(number: int = 1, **changes: str) -> Row:
    """One technical act."""
    return {**keys(number), "CAM_PRS_IDE": "DEQP003", "CAM_ORD_NUM": "1", **changes}


def device(number: int = 1, **changes: str) -> Row:
    """One device."""
    row = {**keys(number), "TIP_PRS_IDE": "1100028", "TIP_ACT_QSN": "1", "TIP_ORD_NUM": "1"}
    return {**row, **changes}


def unit(number: int = 1, **changes: str) -> Row:
    """Units of a hospital medicine beside the stay."""
    row = {**keys(number), "UCD_UCD_COD": "0000009231824", "UCD_DLV_NBR": "2", "UCD_ORD_NUM": "1"}
    return {**row, **changes}


def stay_service(number: int = 1, **changes: str) -> Row:
    """The establishment of a service, with the group of the stay."""
    return {**keys(number), "ETE_GHS_NUM": "308", "ETB_EXE_FIN": "75000001", **changes}


def condition(**changes: str) -> Row:
    """A condition of long duration."""
    return {
        "BEN_NIR_PSA": PERSON,
        "BEN_RNG_GEM": "1",
        "IMB_ALD_DTD": "2024-05-01",
        "IMB_ALD_DTF": "2029-04-30",
        "IMB_ALD_NUM": "8",
        "IMB_ETM_NAT": "41",
        "MED_MTF_COD": "E11",
        "MED_NCL_IDT": "CIM10",
        "UPD_DTE": "2024-06-01",
        **changes,
    }


def stay(**changes: str) -> Row:
    """Whose stay it is, and when (T_MCOaaC)."""
    return {
        "NIR_ANO_17": PERSON,
        "ETA_NUM": "750000012",
        "RSA_NUM": "1",
        "SEJ_NUM": "4",
        "ENT_DAT": "08112025",
        "SOR_DAT": "12112025",
        "SOR_ANN": "2025",
        "SOR_MOI": "11",
        **changes,
    }


def group(**changes: str) -> Row:
    """The group and the diagnoses of the stay (T_MCOaaB)."""
    return {
        "ETA_NUM": "750000012",
        "RSA_NUM": "1",
        "DGN_PAL": "I50.1",
        "DGN_REL": "I10",
        "GRG_GHM": "05M092",
        "GHS_NUM": "1720",
        **changes,
    }


def diagnosis(**changes: str) -> Row:
    """One associated diagnosis (T_MCOaaD)."""
    return {"ETA_NUM": "750000012", "RSA_NUM": "1", "ASS_DGN": "E119", **changes}


def act(**changes: str) -> Row:
    """One technical act of the stay (T_MCOaaA)."""
    row = {"ETA_NUM": "750000012", "RSA_NUM": "1", "CDC_ACT": "DZQM006"}
    return {**row, "ACV_ACT": "1", "ENT_DAT_DEL": "1", "NBR_EXE_ACT": "1", **changes}


def write(
    folder: Path, tables: Tables, *, separator: str = ";", parquet: bool = False, bom: bool = False
) -> Path:
    """Write the tables into a folder, one file each, named after the table."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        path = folder / f"{name}.csv"
        columns = list(dict.fromkeys(column for row in rows for column in row))
        with path.open("w", encoding="utf-8-sig" if bom else "utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns, delimiter=separator, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
        if parquet:
            _as_parquet(path)
    return folder


def _as_parquet(path: Path) -> None:
    """The same rows with types: days, whole numbers and fractions where the columns hold them."""
    with duckdb.connect() as connection:
        connection.execute(f"COPY (FROM read_csv('{path}')) TO '{path.with_suffix('.parquet')}'")
    path.unlink()


@dataclass(frozen=True, slots=True)
class Found:
    """What a delivery amounts to."""

    lines: list[Row]
    rejects: list[tuple[str, int, str, str]]
    left_out: dict[str, int]

    def of(self, kind: str) -> list[Row]:
        """The lines of one kind."""
        return [line for line in self.lines if line["kind"] == kind]


COLUMNS = (
    "person", "line_id", "kind", "system", "code", "start", "end", "prescribed", "nature",
    "quantity", "prescriber", "prescriber_speciality", "performer", "performer_speciality", "place",
    "prescriber_place", "flow", "diagnoses", "mark",
)  # fmt: skip


def opened(given: Path, work: Path, **changes: Any) -> Delivery:
    """The delivery in this folder (or file); close it."""
    options = Options(**{"today": TODAY, "test_mode": True, **changes})
    sources = seen([given])
    return open_delivery(sources, digest_of(sources, options.persons), work, options)


def found(given: Path, work: Path, *, atc_of: AtcOf = nothing_known, **changes: Any) -> Found:
    """What the delivery in this folder amounts to."""
    delivery = opened(given, work, atc_of=atc_of, **changes)
    try:
        lines = []
        shares = [delivery.assemble(share) for share in range(delivery.shares)]
        tally = delivery.finish()
        for batch in (b for within in shares for b in delivery.batches(1000, within)):
            names = {matricule: matricule for matricule in batch.fingerprints}
            text = delivery.rows(batch, names).decode()  # type: ignore[arg-type] # any text will do
            lines += [
                dict(zip(COLUMNS, line.split("\t"), strict=True)) for line in text.splitlines()
            ]
        to = work / "rejects.csv"
        delivery.write_rejects(to)
        with to.open(encoding="utf-8", newline="") as file:
            rejects = [
                (r["file"], int(r["line"]), r["column"] or "", r["reason"])
                for r in csv.DictReader(file, delimiter=";")
            ]
        left = {outcome.name: rows for outcome, rows in tally.left_out.items()}
        return Found(sorted(lines, key=lambda line: line["line_id"]), rejects, left)
    finally:
        delivery.close()
