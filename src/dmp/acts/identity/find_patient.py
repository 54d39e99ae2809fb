"""Find a patient by all five strict traits: her INS, or nothing.

Who: a professional in person. A record that is closed, refused, that shut him out or that is not there give the
same answer: nothing. Two persons with the same traits give nothing either: then the INS is needed. Every search
is traced, and their number bounded.
"""

from __future__ import annotations

from dataclasses import dataclass

from dmp.acts.act import Act, OfNothing, always
from dmp.acts.work import Work
from dmp.domain.access.actions import Action
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import Ins
from dmp.domain.identity.caller import Strength
from dmp.domain.identity.matching import differences
from dmp.domain.identity.patient import Traits
from dmp.domain.identity.searched import (
    MARK_ID,
    IdentityMark,
    LookupCount,
    digest_of_traits,
    is_searchable,
)
from dmp.domain.record.health_record import HealthRecord, State

_SAME_AT_MOST = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class FindPatient:
    """By which traits; all of them, birth place included."""

    traits: Traits


async def _find(request: FindPatient, work: Work) -> Ins | None:
    if work.caller.strength < Strength.INDIVIDUAL:
        raise Refused(Reason.INDIVIDUAL_AUTHENTICATION_REQUIRED)
    if not is_searchable(request.traits):
        raise Refused(Reason.TRAITS_INCOMPLETE, field="birth place")
    await _count(work)
    marked = await work.slips.addressed_to(
        digest_of_traits(request.traits), IdentityMark, _SAME_AT_MOST
    )
    found: list[HealthRecord] = []
    for record_id, _ in marked:
        record = await work.records.by_id(record_id)
        if record is not None and _is_meant(record, request.traits, work):
            found.append(record)
    if len(found) != 1:
        return None
    work.traced_record = found[0].record_id
    return found[0].ins


def _is_meant(record: HealthRecord, traits: Traits, work: Work) -> bool:
    """Whether this is the person, and her record is there for this professional."""
    is_there = record.state is State.OPEN and not record.preferences.blocked(
        work.caller.id, work.now
    )
    return is_there and not differences(record.traits, traits)


async def _count(work: Work) -> None:
    """Count this search. Raises Refused: CEILING_REACHED."""
    owner, now = work.caller.id, work.now
    kept = await work.own_slips.one(owner, LookupCount, MARK_ID)
    count = (kept or LookupCount(hour_from=now, day_from=now)).at(now)
    if count.is_reached:
        raise Refused(Reason.CEILING_REACHED)
    work.own_slips.keep(owner, count.one_more())


find_patient = Act(
    name="find-patient",
    actions=always(Action.FIND_PATIENT),
    target=lambda _: OfNothing(),
    run=_find,
)
