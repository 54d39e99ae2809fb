"""What the pages of a profile share: who may write here, what is kept, how a change is tried and told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import uuid4

from dmp.acts.person.change_profile import ChangeProfile, change_profile
from dmp.acts.person.profile import ReadProfile, read_profile
from dmp.domain.errors import Reason, Refused
from dmp.domain.record.declared.changes import Change, ChangedMeanwhile, Faulty, changed
from dmp.domain.record.declared.checks import Fault, Lifetime
from dmp.domain.record.declared.said import UNSAID, Said, Speaker
from dmp.domain.record.profile import Profile
from dmp.domain.record.relations import CarerLevel
from dmp.entrypoints.web.holder.own_record import home_of, record_of
from dmp.entrypoints.web.visit import Visit
from dmp.entrypoints.web.wording import day, today
from dmp.locale import translate

CHANGED_MEANWHILE = (
    "Cette information a été modifiée entre-temps, dans un autre onglet ou par quelqu’un d’autre."
)


def may_write(visit: Visit) -> bool:
    """Whether the pages show forms: a carer writes at the level that manages. The rules decide what is sent."""
    return not visit.cares or (
        visit.profile is not None and visit.profile.level is CarerLevel.MANAGE
    )


def may_choose(visit: Visit) -> bool:
    """Whether the pages show what no carer chooses: with whom a section is shared, and wishes."""
    return not visit.cares


def birth_of(visit: Visit) -> date:
    """The day of birth of the person whose profile it is."""
    if visit.profile is not None:
        return visit.profile.birth_date
    return date.fromisoformat(visit.holder.birth_date)


def life_of(visit: Visit) -> Lifetime:
    """From birth to today."""
    return Lifetime(birth=birth_of(visit), today=today(visit.now))


def medical(visit: Visit) -> str:
    """The address of the contents of the profile."""
    return f"{home_of(record_of(visit))}/profil-medical"


async def kept(visit: Visit) -> Profile:
    """The profile as it stands."""
    return await visit.do(read_profile, ReadProfile(record_id=record_of(visit)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """How a change went: its faults by attribute; or that what it is about has changed, and what stands now."""

    faults: Mapping[str, Fault] = field(default_factory=dict)
    now: Profile | None = None

    @property
    def is_done(self) -> bool:
        """Whether it was done."""
        return not self.faults and self.now is None


async def tried(visit: Visit, profile: Profile, change: Change) -> Tried:
    """Do a change of a profile that was just read. What is faulty is not even asked of the house."""
    try:
        changed(profile, change, UNSAID, life_of(visit), uuid4)
        request = ChangeProfile(record_id=record_of(visit), change=change)
        await visit.do(change_profile, request)
    except Faulty as faulty:
        return Tried(faults=faulty.faults)
    except ChangedMeanwhile:
        return Tried(now=profile)
    except Refused as refused:
        if refused.reason is not Reason.CONCURRENT_CHANGE:
            raise
        return Tried(now=await kept(visit))
    return Tried()


def told_by(said: Said, *, to_others: bool = False) -> str:
    """`déclaré par le patient, le 12 mars 2026`; by name where somebody else did."""
    if said.by and said.speaker is Speaker.CARER:
        who = translate("déclaré par {name} (proche aidant)", name=said.by)
    elif said.by:
        who = translate("déclaré par {name} (représentant légal)", name=said.by)
    else:
        who = translate("déclaré par le patient") if to_others else translate("déclaré par vous")
    if said.on is None:
        return who
    return translate("{who}, le {day}", who=who, day=day(said.on))


def reader_of(visit: Visit, said: Said) -> str:
    """Who said it, as the one who reads knows him: `vous` is the holder on his own pages."""
    return told_by(said, to_others=visit.profile is not None)
