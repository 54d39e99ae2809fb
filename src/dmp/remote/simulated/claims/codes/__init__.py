"""The few codes that the generator uses: facts written by hand, so that it needs no reference data.

Source: BDPM (CIP13, size of the box, ATC), NABM, CCAM, LPP, UCD, GHS and GHM, CIM-10, and the natures of
service of the SNDS (IR_NAT_V, IR_SPE_V, IR_ACT_V).
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A medicine as it is delivered: `units` in the box, `days` it lasts at the usual dose."""

    key: str
    cip13: str
    name: str
    units: int
    days: int
    nature: str
    atc: str
    substances: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StayCode:
    """A stay in hospital: its GHS and GHM, main diagnosis, others, usual number of nights."""

    key: str
    ghs: str
    ghm: str
    diagnosis: str
    related: tuple[str, ...]
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LongTermCode:
    """A long-term condition (ALD): CIM-10, its number, why it exempts (IMB_ETM_NAT)."""

    key: str
    cim10: str
    number: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Nature:
    """A nature of service (PRS_NAT_REF) with its B2 letter and who does it."""

    code: str
    letter: str
    speciality: str
    activity: str


@cache
def boxes() -> dict[str, Box]:
    """Medicines by our key."""
    return {
        row["key"]: Box(
            key=row["key"],
            cip13=row["cip13"],
            name=row["name"],
            units=int(row["units"]),
            days=int(row["days"]),
            nature=row["nature"],
            atc=row["atc"],
            substances=tuple(row["substances"].split("+")),
        )
        for row in _rows("medicines")
    }


@cache
def box_for(atc: str, name: str) -> Box | None:
    """The box of a prescription line: same ATC, the strength that its name gives, else the first one."""
    found = [box for box in boxes().values() if box.atc == atc]
    strength = _strength(name)
    return next((box for box in found if strength and strength in _strength(box.name)), None) or (
        found[0] if found else None
    )


def _strength(name: str) -> str:
    number = "".join(c if c.isdigit() or c == "," else " " for c in name.partition("/")[0]).split()
    strength = number[0] if number else ""
    return "1000" if strength == "1" and " g" in name else strength


@cache
def nabm_of(loinc: str) -> str:
    """The NABM act that yields this result; empty when we know none."""
    alike = {"62238-1": "592", "2093-3": "996", "2085-9": "996", "2571-8": "996", "2823-3": "1609",
             "6690-2": "1104", "777-3": "1104"}  # fmt: skip
    return alike.get(loinc) or next(
        (row["nabm"] for row in _rows("biology") if row["loinc"] == loinc), ""
    )


@cache
def nabm() -> frozenset[str]:
    """Every laboratory act that is used."""
    return frozenset(row["nabm"] for row in _rows("biology"))


@cache
def procedures() -> dict[str, tuple[str, str]]:
    """CCAM acts: nature of service, and the key of who does them."""
    return {row["ccam"]: (row["nature"], row["performer"]) for row in _rows("procedures")}


@cache
def devices() -> dict[str, str]:
    """LPP codes with their nature of service."""
    return {row["lpp"]: row["nature"] for row in _rows("devices")}


@cache
def hospital_units() -> dict[str, tuple[str, str]]:
    """Medicines of hospital pharmacies by our key: UCD and nature of service."""
    return {row["key"]: (row["ucd"], row["nature"]) for row in _rows("hospital")}


@cache
def stays() -> dict[str, StayCode]:
    """Stays by our key."""
    return {
        row["key"]: StayCode(
            key=row["key"],
            ghs=row["ghs"],
            ghm=row["ghm"],
            diagnosis=row["diagnosis"],
            related=tuple(filter(None, row["related"].split(";"))),
            days=int(row["days"]),
        )
        for row in _rows("stays")
    }


@cache
def long_terms() -> dict[str, LongTermCode]:
    """Long-term conditions by our key."""
    return {
        row["key"]: LongTermCode(
            key=row["key"], cim10=row["cim10"], number=row["ald"], reason=row["reason"]
        )
        for row in _rows("conditions")
    }


@cache
def natures() -> dict[str, Nature]:
    """Natures of service by PRS_NAT_REF."""
    return {
        row["nature"]: Nature(
            code=row["nature"],
            letter=row["letter"],
            speciality=row["speciality"],
            activity=row["activity"],
        )
        for row in _rows("natures")
    }


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (files(__package__) / f"{name}.csv").open(encoding="utf-8") as file:
        yield from csv.DictReader(file)
