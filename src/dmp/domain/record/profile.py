"""What the holder enters himself: contact, person to warn, blood group, allergies.

Source: profil médical of Mon espace santé. Declared by the patient, never verified.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class BloodGroup(StrEnum):
    """Declared blood group; a sample is always taken before any transfusion."""

    A_POSITIVE = "A+"
    A_NEGATIVE = "A-"
    B_POSITIVE = "B+"
    B_NEGATIVE = "B-"
    AB_POSITIVE = "AB+"
    AB_NEGATIVE = "AB-"
    O_POSITIVE = "O+"
    O_NEGATIVE = "O-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Allergy:
    """One declared allergy: to what, and what happened."""

    substance: str
    reaction: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonToWarn:
    """Somebody to call in an emergency."""

    name: str
    phone: str
    relation: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """The holder's own data. `no_known_allergy` says "none" out loud; both empty means "not stated".
    `notices_by_mail` and `notices_by_sms`: whether notices leave by that channel, where there is an address.
    """

    email: str = ""
    phone: str = ""
    notices_by_mail: bool = True
    notices_by_sms: bool = False
    persons_to_warn: tuple[PersonToWarn, ...] = ()
    blood_group: BloodGroup | None = None
    allergies: tuple[Allergy, ...] = ()
    no_known_allergy: bool = False
