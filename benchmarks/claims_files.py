"""Files of the insurer's feed for the benchmarks: four coherent tables of any size, written by DuckDB."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb

from dmp.domain.identifiers import nir_key

LINES_EACH = 70
"""Lines of one person: two years of ordinary care."""

_KEYS = (
    "DCT_ORD_NUM, FLX_DIS_DTD, FLX_EMT_NUM, FLX_EMT_ORD, FLX_EMT_TYP, FLX_TRT_DTD, ORG_CLE_NUM, "
    "PRS_ORD_NUM, REM_TYP_AFF"
)
_SERVICES = """
CREATE TABLE service AS
SELECT
    matricule AS BEN_NIR_PSA, 1 AS BEN_RNG_GEM, '00' AS BEN_CDI_NIR, 54 AS BEN_AMA_COD,
    strftime(DATE '2024-01-02' + (n * 37 % 700)::INTEGER, '%d/%m/%Y') AS EXE_SOI_DTD,
    strftime(DATE '2024-01-02' + (n * 37 % 700)::INTEGER, '%d/%m/%Y') AS EXE_SOI_DTF,
    strftime(DATE '2024-01-01' + (n * 37 % 700)::INTEGER, '%d/%m/%Y') AS PRE_PRE_DTD,
    CASE n % 10 WHEN 0 THEN 1110 WHEN 1 THEN 1112 WHEN 2 THEN 3211 WHEN 3 THEN 3211 WHEN 4 THEN 1351
        ELSE 3313 END AS PRS_NAT_REF,
    1 AS PRS_ACT_QTE, 0 AS CPL_MAJ_TOP, 0 AS DPN_QLF, 0 AS PRS_DPN_QLP,
    '10100000' || lpad((n % 900)::VARCHAR, 3, '0') AS PFS_EXE_NUM,
    '10100000' || lpad((n % 700)::VARCHAR, 3, '0') AS PFS_PRE_NUM,
    1 AS PSE_SPE_COD, 1 AS PSP_SPE_COD, '75000001' AS ETB_PRE_FIN,
    12.5 AS PRS_PAI_MNT, 12.5 AS BSE_REM_BSE,
    n + {first} AS DCT_ORD_NUM,
    strftime(DATE '2024-03-01' + (n % 20 * 30)::INTEGER, '%d/%m/%Y') AS FLX_DIS_DTD,
    1 AS FLX_EMT_NUM, 2 AS FLX_EMT_ORD, 3 AS FLX_EMT_TYP,
    strftime(DATE '2024-02-20' + (n % 20 * 30)::INTEGER, '%d/%m/%Y') AS FLX_TRT_DTD,
    '01C7' || n % 10 AS ORG_CLE_NUM, n % 7 AS PRS_ORD_NUM, 0 AS REM_TYP_AFF
FROM range({lines}) AS r (n) JOIN person ON person.place = n * 7919 % {people}
"""
_DETAILS = {
    "ER_PHA_F": (3313, "3400930000000 + DCT_ORD_NUM % 9999 AS PHA_PRS_C13, 1 AS PHA_ORD_NUM, "
                       "1 AS PHA_ACT_QSN"),
    "ER_BIO_F": (3211, "1000 + DCT_ORD_NUM % 500 AS BIO_PRS_IDE, 1 AS BIO_ORD_NUM, 1 AS BIO_ACT_QSN"),
    "ER_CAM_F": (1351, "'ZCQK00' || DCT_ORD_NUM % 9 AS CAM_PRS_IDE, 1 AS CAM_ORD_NUM"),
}  # fmt: skip


def matricules(lines: int, number: int) -> Iterator[str]:
    """The invented people of a delivery; those of another number are others. In the test ranges."""
    for place in range(lines // LINES_EACH):
        person = number * 40_000 + place
        first13 = (
            f"{1 + person % 2}{30 + person % 60}{1 + person // 60 % 12:02d}99"
            f"{person // 720 % 1000:03d}{1 + person // 720_000:03d}"
        )
        yield f"{first13}{nir_key(first13):02d}"


def write_files(folder: Path, lines: int, number: int) -> None:
    """Write the tables of a delivery: so many lines, whose keys no delivery of another number has."""
    folder.mkdir()
    with duckdb.connect() as connection:
        people = list(enumerate(matricules(lines, number)))
        connection.execute("CREATE TABLE person (place BIGINT, matricule VARCHAR)")
        connection.execute(
            "INSERT INTO person SELECT unnest(?::BIGINT[]), unnest(?::VARCHAR[])",
            [[place for place, _ in people], [matricule for _, matricule in people]],
        )
        connection.execute(
            _SERVICES.format(lines=lines, people=len(people), first=number * 10_000_000)
        )
        connection.execute(f"COPY service TO '{folder}/ER_PRS_F.csv' (HEADER, DELIMITER ';')")
        for table, (nature, columns) in _DETAILS.items():
            connection.execute(
                f"COPY (SELECT {_KEYS}, {columns} FROM service WHERE PRS_NAT_REF = {nature}) "  # noqa: S608  # constants of this file
                f"TO '{folder}/{table}.csv' (HEADER, DELIMITER ';')"
            )
