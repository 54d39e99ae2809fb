"""Code systems of facts: the same kind of code stands under several OIDs, one per publisher.

Source: CI-SIS, annexe des terminologies; CNAM-HR 2021.01 (OIDs of Assurance maladie, 1.2.250.1.215).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Protocol

from dmp.domain.claims.reimbursement import System
from dmp.domain.codes import LOINC, Code

CIP13 = "1.2.250.1.213.2.3.2"
CIS = "1.2.250.1.213.2.3.1"
ATC = "2.16.840.1.113883.6.73"
CIM10 = "2.16.840.1.113883.6.3"
CCAM = "1.2.250.1.213.2.5"
CNAM_CIP13 = "1.2.250.1.215.200.1.1.1"
CNAM_UCD = "1.2.250.1.215.200.1.1.2"
CNAM_LPP = "1.2.250.1.215.200.2.1"
CNAM_GHS = "1.2.250.1.215.200.3.1"
CNAM_NGAP = "1.2.250.1.215.200.3.3"
CNAM_CCAM = "1.2.250.1.215.200.3.4"
CNAM_NABM = "1.2.250.1.215.200.4.1"
GHM = "1.2.250.1.213.2.10"

KIND_OF: dict[str, str] = {
    CIP13: "cip13",
    CNAM_CIP13: "cip13",
    "1.2.250.1.213.2.3.3": "cip13",
    CIS: "cis",
    CNAM_UCD: "ucd",
    "1.2.250.1.213.2.61": "ucd",
    ATC: "atc",
    "1.2.250.1.215.200.1.2.1": "atc",
    "1.2.250.1.215.200.1.2.2": "atc",
    CIM10: "cim10",
    CCAM: "ccam",
    CNAM_CCAM: "ccam",
    "1.2.250.1.215.300.1": "ccam",
    CNAM_NABM: "nabm",
    "1.2.250.1.213.2.7": "nabm",
    CNAM_NGAP: "ngap",
    CNAM_LPP: "lpp",
    "1.2.250.1.215.300.4": "lpp",
    CNAM_GHS: "ghs",
    GHM: "ghm",
    LOINC: "loinc",
}
"""The kind of code by OID; a system that is not here is its own kind."""

SYSTEM_OF_LINE: dict[System, str] = {
    System.CIP13: CNAM_CIP13,
    System.UCD: CNAM_UCD,
    System.LPP: CNAM_LPP,
    System.GHS: CNAM_GHS,
    System.GHM: GHM,
    System.CCAM: CNAM_CCAM,
    System.NGAP: CNAM_NGAP,
    System.NABM: CNAM_NABM,
    System.CIM10: CIM10,
}


def kind_of(code: Code) -> str:
    """`cip13`, `atc`, `cim10`, `loinc`...; the OID itself where the system is not known."""
    return KIND_OF.get(code.system, code.system)


@lru_cache(maxsize=16_384)
def compared(system: str, code: str) -> tuple[str, str]:
    """The kind of a code and the code as it is compared: CIM-10 without its point, NABM without leading
    zeros, in capitals. Thousands of facts have some hundred codes: each is read once.
    """
    kind = KIND_OF.get(system)
    if kind is None:
        return system, code
    if kind == "cim10":
        return kind, code.replace(".", "").upper()
    if kind == "nabm":
        return kind, code.lstrip("0") or "0"
    return kind, code


def plain(code: Code) -> str:
    """The code as it is compared."""
    return compared(code.system, code.code)[1]


def same_key(code: Code) -> tuple[str, str]:
    """What two codes that mean the same have in common, whoever published them."""
    return compared(code.system, code.code)


def codes_of(codes: Iterable[Code], kind: str) -> Iterator[str]:
    """Those of `codes` that are of a kind, as they are compared."""
    return (plain(code) for code in codes if KIND_OF.get(code.system) == kind)


def atc_of(codes: Iterable[Code]) -> str:
    """The longest ATC code of `codes`; empty when there is none."""
    return max(codes_of(codes, "atc"), key=len, default="")


def cim10_of(code: Code | None) -> str:
    """The CIM-10 code without its point; empty for another system or none."""
    return plain(code) if code is not None and KIND_OF.get(code.system) == "cim10" else ""


def asked_by(codes: Sequence[Code], label: str) -> tuple[str, ...]:
    """What a medicine is looked up by, as a key: hashing codes themselves is a call of Python for each."""
    if len(codes) == 1:
        return codes[0].code, codes[0].system, label
    return (*[part for code in codes for part in (code.code, code.system)], label)


class _Asking(Protocol):
    """What is looked up as a medicine."""

    @property
    def codes(self) -> tuple[Code, ...]:
        """Its codes."""

    @property
    def label(self) -> str:
        """Its words."""


def each_asked_by(facts: Iterable[_Asking]) -> list[tuple[str, ...]]:
    """The same of many facts: nearly all have one code."""
    return [
        (codes[0].code, codes[0].system, fact.label)
        if len(codes := fact.codes) == 1
        else asked_by(codes, fact.label)
        for fact in facts
    ]


@lru_cache(maxsize=16_384)
def folded_label(text: str) -> str:
    """A label as it is compared: lower case, without accents or signs, blanks single."""
    stripped = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("Œ", "OE"))
    letters = "".join(c if c.isalnum() else " " for c in stripped if not unicodedata.combining(c))
    return " ".join(letters.lower().split())
