"""Accept that practice software calls a patient up for the professional who is logged in: once.

Who: the professional whom the call names. It gives no right: what he may read of the patient is decided
like anywhere else.

Source: ux rules of the project §6.2.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from dmp.acts.act import Act, OfNothing, always
from dmp.acts.work import Work
from dmp.domain.access.actions import Action
from dmp.domain.errors import Reason, Refused
from dmp.domain.identity.caller import Strength
from dmp.domain.identity.spent_call import SpentCall, call_slip_id

_FORGOTTEN_AT_ONCE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptCall:
    """For which professional, by which software, its own identifier; `until` it must be remembered."""

    professional: str
    software: str
    call_id: str
    until: datetime


async def _accept(request: AcceptCall, work: Work) -> None:
    caller = work.caller
    if caller.strength < Strength.INDIVIDUAL or caller.id != request.professional:
        raise Refused(Reason.ACT_NOT_ALLOWED)
    spent = SpentCall(slip_id=call_slip_id(request.software, request.call_id), until=request.until)
    if await work.own_slips.one(caller.id, SpentCall, spent.slip_id) is not None:
        raise Refused(Reason.TOKEN_INVALID, detail="used already")
    for old in await work.own_slips.of_owner(caller.id, SpentCall, _FORGOTTEN_AT_ONCE):
        if old.until < work.now:
            work.own_slips.remove(caller.id, old)
    work.own_slips.keep(caller.id, spent)


accept_call = Act(
    name="accept-call",
    actions=always(Action.ACCEPT_CALL),
    target=lambda _: OfNothing(),
    run=_accept,
    detail=lambda request: request.software[:80],
)
