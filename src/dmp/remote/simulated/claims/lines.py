"""What was done and reimbursed, before it becomes rows: services, long-term conditions, hospital stays."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

from dmp.remote.simulated.claims.codes import StayCode
from dmp.remote.simulated.territory import numbers
from dmp.remote.simulated.territory.professionals import (
    BY_KEY,
    HOSPITAL,
    IMAGING,
    LABORATORY,
    PHARMACY,
    STATION_PHARMACY,
)


class Detail(StrEnum):
    """The detail table of a service; NONE for a consultation."""

    NONE = ""
    PHARMACY = "ER_PHA_F"
    BIOLOGY = "ER_BIO_F"
    PROCEDURE = "ER_CAM_F"
    DEVICE = "ER_TIP_F"
    HOSPITAL_UNIT = "ER_UCD_F"
    PLACE = "ER_ETE_F"


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who prescribes or does: `number` an RPPS, or the FINESS of a pharmacy, a laboratory, a supplier.

    `place` is a FINESS, `speciality` of IR_SPE_V, `activity` of IR_ACT_V.
    """

    number: str = ""
    place: str = ""
    speciality: str = "0"
    activity: str = "0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One service. `quantity` below 0 cancels; `key` and `group` name its statement and its rank in it.

    The fields from `secrecy` on stray from the usual only in scripted cases: `secrecy` is BEN_CDI_NIR,
    `supplement` CPL_MAJ_TOP, `qualifier` DPN_QLF and PRS_DPN_QLP, `flow` the day the row was sent,
    `statement` a number of the person's statements to share, `orphan` a detail row without its own service,
    `written` the day as it stands in the file, `matricule` another person's number.
    """

    day: date
    nature: str
    detail: Detail = Detail.NONE
    code: str = ""
    quantity: int = 1
    prescribed: date | None = None
    prescriber: Actor | None = None
    performer: Actor
    end: date | None = None
    exempt: str = "0"
    place: str = ""
    ghs: str = ""
    pregnant_since: date | None = None
    secrecy: str = "00"
    supplement: str = "0"
    qualifier: str = "0"
    flow: date | None = None
    statement: int = 0
    orphan: bool = False
    written: str = ""
    matricule: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LongTerm:
    """A long-term condition: one row of IR_IMB_R."""

    cim10: str
    number: str
    reason: str
    start: date
    end: date


@dataclass(frozen=True, slots=True, kw_only=True)
class HospitalStay:
    """A stay of a hospital: rows of T_MCOaaC and T_MCOaaB, and of T_MCOaaD for each further diagnosis."""

    code: StayCode
    start: date
    end: date
    place: str


@dataclass(slots=True)
class Claims:
    """Everything of one person."""

    lines: list[Line] = field(default_factory=list)
    long_terms: list[LongTerm] = field(default_factory=list)
    stays: list[HospitalStay] = field(default_factory=list)

    def add(self, other: Claims) -> None:
        """Take over what another one holds."""
        self.lines += other.lines
        self.long_terms += other.long_terms
        self.stays += other.stays


CLINIC: Final = numbers.finess(203)
"""The FINESS of the private clinic, which bills its stays itself (ER_ETE_F)."""


def finess_of(id_nat: str) -> str:
    """The FINESS in a structure's national identifier; empty when it has another kind."""
    return id_nat[1:] if id_nat.startswith("1") else ""


# Key of a professional: speciality (IR_SPE_V), activity (IR_ACT_V), the nature of his usual act.
_TRADES: Final = {
    "dr-martin": ("1", "0", "1110"),
    "dr-petit": ("1", "0", "1110"),
    "dr-garnier": ("3", "0", "1114"),
    "dr-rousseau": ("33", "0", "1113"),
    "dr-lemoine": ("15", "0", "1112"),
    "dr-faye": ("6", "0", ""),
    "dr-benoit": ("34", "0", ""),
    "dr-klein": ("7", "0", "1112"),
    "lucie-perrin": ("0", "24", "3111"),
    "agnes-leduc": ("0", "21", "1911"),
    "emma-roche": ("0", "29", "3133"),
    "jean-marchal": ("0", "26", "3122"),
}
ACTS: Final = {key: nature for key, (_, _, nature) in _TRADES.items() if nature}
"""The nature of the usual act of a professional, by key."""
ACTORS: Final = {
    key: Actor(
        number=BY_KEY[key].rpps,
        place=finess_of(BY_KEY[key].places[0].id_nat),
        speciality=speciality,
        activity=activity,
    )
    for key, (speciality, activity, _) in _TRADES.items()
}
"""Professionals of the territory by key, as they stand in rows."""


def _house(finess: str, activity: str) -> Actor:
    return Actor(number=finess, place=finess, activity=activity)


COUNTER: Final = _house(finess_of(PHARMACY.id_nat), "50")
STATION_COUNTER: Final = _house(finess_of(STATION_PHARMACY.id_nat), "50")
HOSPITAL_PHARMACY: Final = _house(finess_of(HOSPITAL.id_nat), "52")
BENCH: Final = _house(finess_of(LABORATORY.id_nat), "30")
IMAGING_PLACE: Final = finess_of(IMAGING.id_nat)
HOSPITAL_PLACE: Final = finess_of(HOSPITAL.id_nat)
SUPPLIER: Final = _house(numbers.finess(403), "60")
OPTICIAN: Final = _house(numbers.finess(404), "64")
