"""Editions of reference data: what is known, of which day, from whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class ReferenceKind(StrEnum):
    """The kinds of reference data, each loaded and dated by itself."""

    BDPM = "bdpm"
    ANSM = "ansm"
    NABM = "nabm"
    CCAM = "ccam"
    CIM10 = "cim10"
    LONG_TERM = "ald"  # IR_CIM_V: the ALD number of CIM-10 codes
    ATC = "atc"
    UCD = "ucd"
    LPP = "lpp"
    GHS = "ghs"
    NATURES = "natures"  # IR_NAT_V: natures of service
    SPECIALITIES = "specialities"
    LOINC = "loinc"  # alignment NABM → LOINC
    RULES = "rules"  # redundancy and follow-up, our own tables
    RPPS = "rpps"
    FINESS = "finess"


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """One edition: `label` is how it is cited in French on what comes from it, `entries` how many it
    holds.
    """

    kind: ReferenceKind
    on: date
    label: str
    source: str = ""
    entries: int = 0
    digest: str = ""
