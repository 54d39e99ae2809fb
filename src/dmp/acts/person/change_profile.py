"""Change one thing of the medical profile: a line, "none known", whether a section is shared, a wish.

Who: the holder, his representatives, a carer of the level that manages (but not wishes, nor sharing). What is
there already is changed only when it is still what was seen; whoever changes something else meanwhile loses
nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dmp.acts.act import Act, OfRecord
from dmp.acts.person.profile import kept_profile
from dmp.acts.work import Work
from dmp.domain.access.actions import Action
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import RecordId
from dmp.domain.identity.caller import Caller, Carer, Representative
from dmp.domain.record.calendar import LOCAL
from dmp.domain.record.declared.changes import (
    Change,
    ChangedMeanwhile,
    Faulty,
    SetDirectives,
    SetDonation,
    SetOtherWishes,
    SetTrusted,
    Share,
    changed,
)
from dmp.domain.record.declared.checks import Lifetime
from dmp.domain.record.declared.said import Said, Speaker
from dmp.domain.record.profile import Profile


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeProfile:
    """Of which record, and what."""

    record_id: RecordId
    change: Change


PERSONAL = (Share, SetDirectives, SetTrusted, SetDonation, SetOtherWishes)
"""What a carer of whatever level may not change: with whom a section is shared, and wishes, which are the
holder's own. Source: CSP L1111-6, L1111-11.
"""


async def _change(request: ChangeProfile, work: Work) -> Profile:
    """Returns the profile after it.

    Raises:
        Refused: CONCURRENT_CHANGE, what it is about is not what was seen; PARAMETER_INVALID, what cannot be.
    """
    today = work.now.astimezone(LOCAL).date()
    life = Lifetime(birth=work.record.traits.birth_date, today=today)
    said = _said(work.caller, today)
    try:
        after = changed(await kept_profile(work), request.change, said, life, work.new_uuid)
    except ChangedMeanwhile:
        raise Refused(Reason.CONCURRENT_CHANGE) from None
    except Faulty as faulty:
        # Never what was typed: it is about health.
        field, fault = next(iter(faulty.faults.items()))
        raise Refused(Reason.PARAMETER_INVALID, parameter=field, detail=fault.value) from faulty
    work.profiles.save(request.record_id, after)
    return after


def _said(caller: Caller, today: date) -> Said:
    match caller.who:
        case Representative(name=name):
            return Said(on=today, by=name, speaker=Speaker.REPRESENTATIVE)
        case Carer(name=name):
            return Said(on=today, by=name, speaker=Speaker.CARER)
        case _:
            return Said(on=today)


change_profile = Act(
    name="change-profile",
    actions=lambda request: (
        (Action.WRITE_CHOICES,) if isinstance(request.change, PERSONAL) else (Action.WRITE_PROFILE,)
    ),
    target=lambda request: OfRecord(request.record_id),
    run=_change,
)
