"""Lines of the medical profile: what the holder declares, never verified.

Source: profil médical de Mon espace santé; every line has an identifier and says who declared it, and when.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from dmp.domain.record.declared.said import NO_LINE, UNSAID, PartialDay, Said
from dmp.domain.record.declared.vaccines import Against


class Severity(StrEnum):
    """How grave a reaction was."""

    LIGHT = "light"
    MODERATE = "moderate"
    SEVERE = "severe"


@dataclass(frozen=True, slots=True, kw_only=True)
class Allergy:
    """One declared allergy: to what, and what happened."""

    line_id: UUID = NO_LINE
    substance: str
    reaction: str = ""
    severity: Severity | None = None
    since: PartialDay | None = None
    said: Said = UNSAID


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """A disease or health topic; a past one is not `active`."""

    line_id: UUID = NO_LINE
    label: str
    active: bool = True
    since: PartialDay | None = None
    until: PartialDay | None = None
    note: str = ""
    said: Said = UNSAID


@dataclass(frozen=True, slots=True, kw_only=True)
class Treatment:
    """A medicine that the holder takes or took. `self_medication`: without a prescription."""

    line_id: UUID = NO_LINE
    label: str
    dosage: str = ""
    reason: str = ""
    self_medication: bool = False
    start: PartialDay | None = None
    stop: PartialDay | None = None
    said: Said = UNSAID


@dataclass(frozen=True, slots=True, kw_only=True)
class VaccineGiven:
    """A vaccination that the holder tells of. `label` is the name of the vaccine, where it is known."""

    line_id: UUID = NO_LINE
    against: Against
    label: str = ""
    on: PartialDay
    lot: str = ""
    by_whom: str = ""
    said: Said = UNSAID


@dataclass(frozen=True, slots=True, kw_only=True)
class HospitalStay:
    """A stay in hospital: when, why, where."""

    line_id: UUID = NO_LINE
    reason: str
    place: str = ""
    start: PartialDay
    end: PartialDay | None = None
    said: Said = UNSAID


class DisabilityKind(StrEnum):
    """What a line of disability tells of."""

    LIMITATION = "limitation"  # what the person cannot do, or does with difficulty
    AID = "aid"  # an aid that she uses: wheelchair, hearing aid
    IMPLANT = "implant"  # a device in the body: pacemaker, prosthesis, pump


@dataclass(frozen=True, slots=True, kw_only=True)
class Disability:
    """A disability, an aid that is used, or a device in the body."""

    line_id: UUID = NO_LINE
    label: str
    kind: DisabilityKind = DisabilityKind.LIMITATION
    since: PartialDay | None = None
    note: str = ""
    said: Said = UNSAID


class Relative(StrEnum):
    """Whose disease a line of family history tells of."""

    MOTHER = "mother"
    FATHER = "father"
    SISTER = "sister"
    BROTHER = "brother"
    CHILD = "child"
    GRANDPARENT = "grandparent"
    UNCLE_OR_AUNT = "uncle-or-aunt"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyCondition:
    """A disease in the family; never a name. `age` is that of the relative when it began, in years."""

    line_id: UUID = NO_LINE
    relative: Relative
    label: str
    age: int | None = None
    said: Said = UNSAID


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonToWarn:
    """Somebody to call in an emergency."""

    line_id: UUID = NO_LINE
    name: str
    phone: str
    relation: str = ""
    said: Said = UNSAID
