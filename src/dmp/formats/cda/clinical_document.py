"""A CDA document to be written, as plain values.

Source: CDA R2; CI-SIS, volet structuration minimale des documents de santé.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from dmp.domain.clinical.facts import NOBODY, Agent, Allergy, Device, Performed, Problem
from dmp.domain.codes import Code
from dmp.domain.documents.entry import Author, Reference
from dmp.domain.identifiers import STRUCTURE_ROOT, Ins, UniqueId
from dmp.domain.identity.patient import Traits
from dmp.formats.cda.narrative.blocks import Block

INTERPRETATION: Final = "2.16.840.1.113883.5.83"
UNSTRUCTURED_TEMPLATE: Final = ("1.3.6.1.4.1.19376.1.2.20", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """A structure: its national identifier (`1` and FINESS, ...) and its name."""

    id: str
    name: str
    root: str = STRUCTURE_ROOT


@dataclass(frozen=True, slots=True, kw_only=True)
class Patient:
    """The person the document is about. `local_ids` are (root, extension) pairs, after the INS."""

    ins: Ins
    traits: Traits
    local_ids: tuple[tuple[str, str], ...] = ()
    birth_city: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What the document reports on. Instants are aware. The first act of a document is its main one.

    `performer` and `setting` (cadre d'exercice) belong to the main act; `study_id` is the DICOM
    study of an imaging act, `others` its codes in other systems, its modality and its region.
    """

    code: Code | None = None
    others: tuple[Code, ...] = ()
    start: datetime | None = None
    stop: datetime | None = None
    performer: Author | None = None
    setting: Code | None = None
    study_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Encounter:
    """The stay or visit. `facility` is the kind of place (SAxx)."""

    facility: Code
    start: datetime | None = None
    stop: datetime | None = None
    code: Code | None = None
    place: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Participant:
    """Somebody else concerned: `kind` INF informant, REF addressed by, PART other."""

    who: Author
    kind: str = "INF"
    function: Code | None = None


@dataclass(frozen=True, slots=True)
class Quantity:
    """A measured value as written, with its UCUM unit; `1` for none."""

    value: str
    unit: str = "1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """One result or finding. `low` and `high` are the reference range; `interpretation` N, H, L..."""

    code: Code
    value: Quantity | Code | str | None = None
    at: datetime | None = None
    low: Quantity | None = None
    high: Quantity | None = None
    interpretation: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Battery:
    """Results of one discipline that belong together."""

    code: Code
    observations: tuple[Observation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Medication:
    """One medicine: `name` as printed, `dosage` in words, days of the treatment.

    `code` names the product and `others` the same in other systems (CIP, ATC...). `is_order`: prescribed
    here; else listed as taken.
    """

    name: str
    code: Code | None = None
    others: tuple[Code, ...] = ()
    dosage: str = ""
    start: date | None = None
    stop: date | None = None
    dose: Quantity | None = None
    repeats: int = 0
    is_order: bool = True
    prescriber: Agent = NOBODY


@dataclass(frozen=True, slots=True, kw_only=True)
class Immunisation:
    """One vaccination done: `given_on` None when nobody says when; `targets` are the diseases prevented.

    `rank_words` and `site` are for people only.
    """

    vaccine: str
    given_on: date | None
    code: Code | None = None
    others: tuple[Code, ...] = ()
    lot: str = ""
    rank: int | None = None
    rank_words: str = ""
    site: str = ""
    targets: tuple[str, ...] = ()
    performer: Author | Agent | None = None


class NoneKnown(StrEnum):
    """A section says out loud that there is nothing, which is not silence."""

    ALLERGIES = "no-known-allergies"
    PROBLEMS = "no-known-problems"
    MEDICATIONS = "no-known-medications"


Entry = (
    Observation
    | Battery
    | Medication
    | Immunisation
    | Problem
    | Allergy
    | Performed
    | Device
    | NoneKnown
)
"""What a section states in coded form; problems, allergies, procedures and devices are facts of the domain,
written without their sources."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A section: what people read in `blocks`, the same for machines in `entries`."""

    title: str
    code: Code | None = None
    blocks: tuple[Block, ...] = ()
    entries: tuple[Entry, ...] = ()
    sections: tuple[Section, ...] = ()
    templates: tuple[tuple[str, str], ...] = ()
    pdf: bytes = b""
    """A copy of the document in PDF, carried by the section and shown from its narrative."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unstructured:
    """A body of level 1: the octets of a PDF (or an image) as they are."""

    content: bytes
    media_type: str = "application/pdf"


@dataclass(frozen=True, slots=True, kw_only=True)
class CdaDocument:
    """A whole document. Instants are aware; they are written to the second with the zone of Paris.

    `templates` are the (root, extension) pairs of the content model, after those of the header
    which every document has. `references` are orders and accession numbers.
    """

    unique_id: UniqueId
    title: str
    type_code: Code
    created_at: datetime
    patient: Patient
    authors: tuple[Author, ...]
    custodian: Organisation
    legal_authenticator: Author
    acts: tuple[Act, ...]
    encounter: Encounter
    body: tuple[Section, ...] | Unstructured
    templates: tuple[tuple[str, str], ...] = ()
    set_id: str = ""
    version: int = 1
    language: str = "fr-FR"
    confidentiality: str = "N"
    authenticated_at: datetime | None = None
    participants: tuple[Participant, ...] = ()
    references: tuple[Reference, ...] = ()
    replaces: tuple[UniqueId, ...] = ()
