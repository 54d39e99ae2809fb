"""What the holder enters himself: how to reach him, and his medical profile, section by section.

Source: profil médical of Mon espace santé. Declared by the patient or whoever helps him, never verified.
What was kept before a section existed decodes with its default.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from dmp.domain.record.declared.habits import NO_HABITS, Habits
from dmp.domain.record.declared.lines import (
    Allergy,
    Condition,
    Disability,
    FamilyCondition,
    HospitalStay,
    PersonToWarn,
    Treatment,
    VaccineGiven,
)
from dmp.domain.record.declared.measures import Measure
from dmp.domain.record.declared.said import UNSAID, Said
from dmp.domain.record.declared.sections import Section
from dmp.domain.record.declared.wishes import NO_WISHES, Wishes
from dmp.domain.record.notice import ALWAYS_TOLD, NoticeKind, NoticeTheme, theme_of

__all__ = ["Allergy", "BloodGroup", "Denial", "PersonToWarn", "Profile", "shared_part"]


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
class Denial:
    """That there is none of a section, said aloud, which is not silence."""

    section: Section
    said: Said = UNSAID


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """The holder's own data. `denials` and `no_known_allergy` say "none" out loud; empty means "not stated".

    `notices_by_mail` and `notices_by_sms`: whether notices leave by that channel, where there is an address.
    `silent_by_mail` and `silent_by_sms` are the themes of which none leave by it.
    `unshared` are the sections that only the holder and whoever acts for him see.
    """

    email: str = ""
    phone: str = ""
    notices_by_mail: bool = True
    notices_by_sms: bool = False
    silent_by_mail: tuple[NoticeTheme, ...] = ()
    silent_by_sms: tuple[NoticeTheme, ...] = ()
    persons_to_warn: tuple[PersonToWarn, ...] = ()
    blood_group: BloodGroup | None = None
    blood_said: Said = UNSAID
    allergies: tuple[Allergy, ...] = ()
    no_known_allergy: bool = False
    conditions: tuple[Condition, ...] = ()
    treatments: tuple[Treatment, ...] = ()
    vaccines: tuple[VaccineGiven, ...] = ()
    stays: tuple[HospitalStay, ...] = ()
    disabilities: tuple[Disability, ...] = ()
    measures: tuple[Measure, ...] = ()
    family: tuple[FamilyCondition, ...] = ()
    habits: Habits = NO_HABITS
    wishes: Wishes = NO_WISHES
    denials: tuple[Denial, ...] = ()
    unshared: tuple[Section, ...] = ()

    def denial(self, section: Section) -> Denial | None:
        """How "none" was said of a section; None when it was not."""
        found = next((one for one in self.denials if one.section is section), None)
        if found is None and section is Section.ALLERGIES and self.no_known_allergy:
            return Denial(section=section)
        return found

    def tells_of(self, kind: NoticeKind, *, by_sms: bool) -> bool:
        """Whether a notice of this kind leaves by SMS, or by mail; what must be told always does."""
        theme = theme_of(kind)
        silent = self.silent_by_sms if by_sms else self.silent_by_mail
        return theme in ALWAYS_TOLD or theme not in silent

    def is_shared(self, section: Section) -> bool:
        """Whether professionals who may see declarations see this section."""
        return section not in self.unshared


def shared_part(profile: Profile) -> Profile:
    """What others than the holder and whoever acts for him may be told: nothing of an unshared section, not
    even that it is one, and not how to reach the holder.
    """
    away = frozenset(profile.unshared)
    emptied: dict[str, Any] = {
        name: value for section in away for name, value in _EMPTY[section].items()
    }
    kept = tuple(one for one in profile.denials if one.section not in away)
    reach: dict[str, Any] = {
        "email": "",
        "phone": "",
        "notices_by_mail": True,
        "notices_by_sms": False,
        "silent_by_mail": (),
        "silent_by_sms": (),
    }
    return replace(profile, **reach, **emptied, denials=kept, unshared=())


_EMPTY: dict[Section, dict[str, Any]] = {
    Section.ALLERGIES: {"allergies": (), "no_known_allergy": False},
    Section.CONDITIONS: {"conditions": ()},
    Section.TREATMENTS: {"treatments": ()},
    Section.VACCINATIONS: {"vaccines": ()},
    Section.STAYS: {"stays": ()},
    Section.DISABILITIES: {"disabilities": ()},
    Section.MEASURES: {"measures": ()},
    Section.FAMILY: {"family": ()},
    Section.HABITS: {"habits": NO_HABITS},
    Section.BLOOD: {"blood_group": None, "blood_said": UNSAID},
    Section.WISHES: {"wishes": NO_WISHES},
    Section.PERSONS: {"persons_to_warn": ()},
}
"""What a section is, by field, when nothing was said in it."""
