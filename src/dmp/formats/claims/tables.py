"""The tables of the SNDS that are read: how a file is recognised, and which columns it needs.

Source: SNDS, DCIR and PMSI MCO, formal schema; the names are the official ones.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from dmp.formats.claims.outcomes import Part


class Need(StrEnum):
    """How much a column is needed: without a watched one a rule cannot be applied, and that is said."""

    NEEDED = "needed"
    WATCHED = "watched"
    OPTIONAL = "optional"


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One table: its official name, its part, the working table it is read into, its columns.

    `reading` is the statement that reads it. `telltale` are the columns that no other table has
    together: they tell it when the name of the file does not.
    """

    name: str
    part: Part
    target: str
    reading: str
    telltale: frozenset[str]
    columns: Mapping[str, Need]

    def lacking(self, header: Collection[str], need: Need) -> tuple[str, ...]:
        """The columns of this need that the header lacks, in the order of the table."""
        present = set(header) | {
            official for official, others in SAME.items() if set(others) & set(header)
        }
        return tuple(c for c, n in self.columns.items() if n is need and c not in present)


SAME: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "BEN_NIR_PSA": ("NUM_ENQ",),
        "NIR_ANO_17": ("NUM_ENQ", "BEN_NIR_PSA"),
    }
)
"""Other names of a column: NUM_ENQ stands for the person in extractions for one study."""

_SHAPES = (
    ("ER_PRS_F", Part.PRS, "service", "service", ("PRS_NAT_REF", "EXE_SOI_DTD", "PRS_ORD_NUM")),
    ("ER_PHA_F", Part.PHA, "detail", "medicine", ("PHA_PRS_C13",)),
    ("ER_BIO_F", Part.BIO, "detail", "biology", ("BIO_PRS_IDE", "PRS_ORD_NUM")),
    ("ER_CAM_F", Part.CAM, "detail", "procedure", ("CAM_PRS_IDE", "PRS_ORD_NUM")),
    ("ER_TIP_F", Part.TIP, "detail", "device", ("TIP_PRS_IDE",)),
    ("ER_UCD_F", Part.UCD, "detail", "hospital_medicine", ("UCD_UCD_COD", "PRS_ORD_NUM")),
    ("ER_ETE_F", Part.ETE, "detail", "stay_service", ("ETE_GHS_NUM", "PRS_ORD_NUM")),
    ("IR_IMB_R", Part.IMB, "long_term", "long_term", ("IMB_ALD_DTD", "MED_MTF_COD")),
    ("T_MCOaaC", Part.MCO_C, "stay", "stay", ("RSA_NUM", "SEJ_NUM")),
    ("T_MCOaaB", Part.MCO_B, "stay_group", "stay_group", ("RSA_NUM", "GRG_GHM", "DGN_PAL")),
    ("T_MCOaaD", Part.MCO_D, "stay_diagnosis", "stay_diagnosis", ("RSA_NUM", "ASS_DGN")),
    ("T_MCOaaA", Part.MCO_A, "stay_act", "stay_act", ("RSA_NUM", "CDC_ACT")),
)
_DCIR_NAME = re.compile(r"(?:ER|NS)_(PRS|PHA|BIO|CAM|TIP|UCD|ETE)_F(?![A-Z])", re.IGNORECASE)
_IMB_NAME = re.compile(r"IR_IMB_R(?![A-Z])", re.IGNORECASE)
_MCO_NAME = re.compile(r"T_MCO([0-9]{2}|AA)([A-Z]+)", re.IGNORECASE)
_OTHER_NAME = re.compile(r"(?:[A-Z]{2}_[A-Z]{3}_[A-Z]|T_(?:MCO|HAD|SSR|RIP)[0-9A-Z]{2})", re.I)


@cache
def tables() -> Mapping[str, Table]:
    """Every table that is read, by its official name."""
    text = files(__package__).joinpath("columns.csv").read_text(encoding="utf-8")
    needs: dict[str, dict[str, Need]] = {}
    for row in csv.DictReader(text.splitlines()):
        needs.setdefault(row["table"], {})[row["column"]] = Need(row["need"])
    return MappingProxyType(
        {
            name: Table(
                name=name,
                part=part,
                target=target,
                reading=reading,
                telltale=frozenset(telltale),
                columns=MappingProxyType(needs[name]),
            )
            for name, part, target, reading, telltale in _SHAPES
        }
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognised:
    """What a file is. `year` are the two digits of a PMSI table, '' when its name has none. `table` is
    None for a table of the SNDS that is not read here.
    """

    table: Table | None
    year: str = ""


def recognise(stem: str, header: Collection[str]) -> Recognised | None:
    """What a file is by its name (without its suffix), else by its columns; None when neither tells."""
    dcir, imb, mco = (p.match(stem) for p in (_DCIR_NAME, _IMB_NAME, _MCO_NAME))
    if dcir is not None:
        return Recognised(table=tables()[f"ER_{dcir[1].upper()}_F"])
    if imb is not None:
        return Recognised(table=tables()["IR_IMB_R"])
    if mco is not None:
        year = "" if mco[1].upper() == "AA" else mco[1]
        return Recognised(table=tables().get(f"T_MCOaa{mco[2].upper()}"), year=year)
    if _OTHER_NAME.match(stem) is not None:
        return Recognised(table=None)
    found = [table for table in tables().values() if table.telltale <= set(header)]
    return Recognised(table=found[0]) if len(found) == 1 else None
