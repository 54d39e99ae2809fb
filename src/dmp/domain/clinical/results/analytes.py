"""Analytes that several LOINC codes name (by mass or by amount, by method), and which matter most.

Source: `analytes.csv`, our own table over LOINC.
"""

from __future__ import annotations

from dataclasses import dataclass

from dmp.domain.clinical.coding import folded_label, kind_of
from dmp.domain.clinical.facts import Result
from dmp.domain.tables import table


@dataclass(frozen=True, slots=True, kw_only=True)
class Analyte:
    """One analyte: its LOINC codes in blood, serum or plasma, and the labels that uncoded results use."""

    key: str
    label: str
    loinc: frozenset[str]
    words: tuple[str, ...] = ()


ANALYTES: tuple[Analyte, ...] = tuple(
    Analyte(
        key=row["key"],
        label=row["label"],
        loinc=frozenset(row["loinc"].split()),
        words=tuple(row["words"].split("|")),
    )
    for row in table("dmp.domain.clinical.results", "analytes.csv").rows
)
CORE = ("hba1c", "gfr", "potassium", "ldl", "haemoglobin", "tsh")
"""The six that are shown first when nothing is out of range, in that order."""

_BY_LOINC = {code: analyte for analyte in ANALYTES for code in analyte.loinc}
_BY_WORDS = {words: analyte for analyte in ANALYTES for words in analyte.words}


def analyte_of(result: Result) -> Analyte | None:
    """The analyte of a result: by its LOINC code, else, for a result without code, by its label."""
    if result.code is not None and kind_of(result.code) == "loinc":
        return _BY_LOINC.get(result.code.code)
    return _BY_WORDS.get(folded_label(result.label)) if result.code is None else None
