"""What professionals write, before it becomes bytes: notes, results, prescriptions, vaccinations.

Texts are French, written for these people; values carry the unit of the laboratory.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from dmp.domain.clinical.facts import Allergy, Problem
from dmp.domain.codes import Code
from dmp.domain.documents.visibility import Restriction


class Form(StrEnum):
    """How a note is written down."""

    CONSULTATION = "consultation"
    IMAGING = "imaging"
    DISCHARGE = "discharge"
    SYNTHESIS = "synthesis"
    LETTER = "letter"  # a PDF inside a CDA of level 1
    SHEET = "sheet"  # a plain PDF


@dataclass(frozen=True, slots=True)
class Section:
    """One headed part of a note; a line break begins a new paragraph."""

    heading: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One measured value with its usual bounds; `low` or `high` None is open."""

    name: str
    loinc: str
    value: float
    unit: str
    low: float | None = None
    high: float | None = None

    @property
    def is_unusual(self) -> bool:
        """Whether the value is outside its bounds."""
        below = self.low is not None and self.value < self.low
        return below or (self.high is not None and self.value > self.high)


@dataclass(frozen=True, slots=True, kw_only=True)
class Drug:
    """One line of a prescription, as the patient reads it; codes where they are known."""

    name: str
    dosage: str
    duration: str
    atc: str = ""
    cip: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Coded:
    """What a note says for machines beside its prose.

    `problems` hold those in course and past ones; `no_known_allergy` says "none" out loud. `exam` names an
    imaging exam: its code, the same in another system, its modality, its region. `acts` were done (CCAM).
    """

    problems: tuple[Problem, ...] = ()
    allergies: tuple[Allergy, ...] = ()
    no_known_allergy: bool = False
    drugs: tuple[Drug, ...] = ()
    exam: tuple[Code, ...] = ()
    acts: tuple[Code, ...] = ()


NOTHING_CODED = Coded()


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Prose under headings, and what it says in coded form. `type_code` is a document type of the DMP."""

    form: Form
    type_code: str
    title: str
    sections: tuple[Section, ...]
    coded: Coded = NOTHING_CODED

    def said(self, *headings: str) -> str:
        """The texts under these headings, a blank line between them."""
        wanted = [part.text for part in self.sections if part.heading in headings]
        return "\n\n".join(wanted)


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """A laboratory report."""

    title: str
    results: tuple[Result, ...]
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prescription:
    """Medicines prescribed together."""

    drugs: tuple[Drug, ...]
    title: str = "Ordonnance de médicaments"
    advice: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vaccination:
    """One injection."""

    vaccine: str
    against: str
    batch: str
    rank: str
    site: str
    day: date
    atc: str = ""


Paper = Note | Results | Prescription | Vaccination


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """What one professional deposited at one instant: papers that belong together.

    `key` names it within the person; `replaces` is the key of the visit whose only paper this one
    replaces. `by_structure` deposits through the structure's software without a person;
    `by_holder` is the holder's own document. `deposited_by` is the key of who sends it in the author's place.
    `secret`: in a minor's secret session.
    """

    key: str
    at: datetime
    worker: str
    papers: tuple[Paper, ...]
    place: int = 0
    restrictions: frozenset[Restriction] | None = None
    replaces: str = ""
    by_structure: bool = False
    by_holder: bool = False
    days_stayed: int = 0
    deposited_by: str = ""
    secret: bool = False
