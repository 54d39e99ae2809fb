"""How far a profile is filled: by section, and when each was last said."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from dmp.domain.record.declared.changes import lines_of
from dmp.domain.record.declared.said import UNSAID, Said
from dmp.domain.record.declared.sections import MEDICAL, Section
from dmp.domain.record.profile import Profile


def is_filled(profile: Profile, section: Section) -> bool:
    """Whether something was said in a section; "none" said aloud is something."""
    match section:
        case Section.BLOOD:
            return profile.blood_group is not None
        case Section.HABITS:
            return profile.habits.is_filled
        case Section.WISHES:
            return profile.wishes.is_filled
        case _:
            return bool(lines_of(profile, section)) or profile.denial(section) is not None


def filled(profile: Profile) -> int:
    """How many of the ten sections of the medical profile are filled."""
    return sum(is_filled(profile, section) for section in MEDICAL)


def last_said(profile: Profile, section: Section) -> Said:
    """The newest that was said in a section; without a day where none is known."""
    found = [said for said in _said(profile, section) if said.on is not None]
    return max(found, key=lambda said: said.on or date.min) if found else UNSAID


def _said(profile: Profile, section: Section) -> Iterator[Said]:
    match section:
        case Section.BLOOD:
            yield profile.blood_said
        case Section.HABITS:
            yield profile.habits.said
        case Section.WISHES:
            wishes = profile.wishes
            yield wishes.directives.said
            if wishes.trusted is not None:
                yield wishes.trusted.said
            yield wishes.donation_said
            yield wishes.other_said
        case _:
            for line in lines_of(profile, section):
                yield line.said
            denial = profile.denial(section)
            if denial is not None:
                yield denial.said
