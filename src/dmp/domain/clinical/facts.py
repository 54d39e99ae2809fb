"""Facts about a person's health: what documents, claims and the holder say, each with its sources.

A fact is nothing without a source: whoever may not see the source of a fact does not see the fact.

What a record holds by thousands is a named tuple and no dataclass: made in a fifth of the time.

Source: IPS-FR and VSM (problems, allergies, treatments), CR-BIO (results), CNAM-HR (reimbursements).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from dmp.domain.codes import Code


class Provenance(StrEnum):
    """How a fact came to be known."""

    STRUCTURED = "structured"  # a coded entry of a document
    EXTRACTED = "extracted"  # read from the text of a document: to be checked
    CLAIMS = "claims"  # a line of the health insurance
    DECLARED = "declared"  # entered by the holder


class Source(NamedTuple):
    """Who said it, when, and where the proof is.

    `document` is the document that proves it (None: the holder's profile); `anchor` the LOINC code of its
    section. `on` is the local day that the source gives, `author` its author for people.
    """

    provenance: Provenance
    on: date
    document: UUID | None = None
    anchor: str = ""
    title: str = ""
    author: str = ""
    author_id: str = ""
    speciality: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agent:
    """Somebody who prescribed, delivered or performed: a name, an identifier, what is known of his place."""

    name: str = ""
    id: str = ""
    speciality: str = ""
    place: str = ""

    @property
    def display(self) -> str:
        """For people: the name, else the place, else the speciality."""
        return self.name or self.place or self.speciality


NOBODY = Agent()


@dataclass(frozen=True, slots=True, kw_only=True)
class Allergy:
    """An allergy or intolerance: `label` is to what; `severity` and `reaction` in words."""

    label: str
    code: Code | None = None
    reaction: str = ""
    severity: str = ""
    since: date | None = None
    active: bool = True
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A health problem, or a past one. `code` is of CIM-10 where the source gives one.

    `long_term` is the number of the ALD (`8`, `hors liste`...) when the insurance acknowledged it.
    """

    label: str
    code: Code | None = None
    since: date | None = None
    until: date | None = None
    active: bool = True
    long_term: str = ""
    sources: tuple[Source, ...] = ()


class Prescribed(NamedTuple):
    """One medicine as prescribed, or listed as a treatment. `codes` are of CIP13, UCD, CIS or ATC."""

    label: str
    codes: tuple[Code, ...] = ()
    dosage: str = ""
    start: date | None = None
    stop: date | None = None
    prescriber: Agent = NOBODY
    sources: tuple[Source, ...] = ()


class Dispensed(NamedTuple):
    """One delivery of a medicine on one day. `boxes` is strictly positive."""

    label: str
    on: date
    codes: tuple[Code, ...] = ()
    boxes: float = 1
    prescribed_on: date | None = None
    prescriber: Agent = NOBODY
    pharmacy: Agent = NOBODY
    sources: tuple[Source, ...] = ()


class Result(NamedTuple):
    """One measured value or vital sign. `value` None: `text` says it. `code` is of LOINC where known.

    `low` and `high` are the reference range printed with it; `interpretation` N, H, L, HH, LL, A.
    """

    label: str
    at: datetime
    code: Code | None = None
    value: float | None = None
    text: str = ""
    unit: str = ""
    low: float | None = None
    high: float | None = None
    interpretation: str = ""
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Vaccination:
    """A vaccination done, or a vaccine delivered (`delivered_only`: nobody says that it was given).

    `undated`: the source tells that it was done and not when; `on` is then the day of the source.
    """

    label: str
    on: date
    codes: tuple[Code, ...] = ()
    lot: str = ""
    rank: int | None = None
    targets: tuple[str, ...] = ()
    delivered_only: bool = False
    undated: bool = False
    performer: Agent = NOBODY
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """A stay in hospital or a passage in emergency. `nature` and `reason` are for people."""

    place: str
    start: date
    end: date | None = None
    nature: str = ""
    reason: str = ""
    codes: tuple[Code, ...] = ()
    sources: tuple[Source, ...] = ()


class Imaging(NamedTuple):
    """An imaging exam. `modality` is of DICOM (CT, MR, DX, US, MG...), `region` in words or empty."""

    label: str
    on: date
    code: Code | None = None
    modality: str = ""
    region: str = ""
    conclusion: str = ""
    performer: Agent = NOBODY
    sources: tuple[Source, ...] = ()


class Performed(NamedTuple):
    """An act done: a laboratory act (NABM), a procedure (CCAM), a consultation (NGAP letter)."""

    label: str
    on: date
    code: Code
    quantity: float = 1
    prescriber: Agent = NOBODY
    performer: Agent = NOBODY
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """A medical device delivered or implanted. `code` is of the LPP where known."""

    label: str
    on: date
    code: Code | None = None
    quantity: float = 1
    sources: tuple[Source, ...] = ()


class Findings(NamedTuple):
    """The facts of one document, or of several put together.

    `no_known_allergy` and `no_known_problem` are the sources that say "none", which is not the same as silence.
    """

    allergies: tuple[Allergy, ...] = ()
    problems: tuple[Problem, ...] = ()
    prescribed: tuple[Prescribed, ...] = ()
    dispensed: tuple[Dispensed, ...] = ()
    results: tuple[Result, ...] = ()
    vaccinations: tuple[Vaccination, ...] = ()
    stays: tuple[Stay, ...] = ()
    imaging: tuple[Imaging, ...] = ()
    performed: tuple[Performed, ...] = ()
    devices: tuple[Device, ...] = ()
    no_known_allergy: tuple[Source, ...] = ()
    no_known_problem: tuple[Source, ...] = ()

    def __bool__(self) -> bool:
        """Whether anything was found."""
        return self != _NOTHING


_NOTHING = Findings()
FINDINGS_FORM = 5
"""Raised when a document is read for more than before: what was kept in an earlier form is read again."""
