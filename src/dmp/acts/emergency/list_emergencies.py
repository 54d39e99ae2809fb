"""Show the operator the emergency accesses that wait for his review. No health content.

CSP L1111-17 I; findings of the CNIL on break-glass. Who: the operator.
"""

from __future__ import annotations

from dataclasses import dataclass

from dmp.acts.act import Act, OfNothing, always
from dmp.acts.work import Work
from dmp.domain.access.actions import Action
from dmp.domain.record.emergency_access import EmergencyAccess

LONGEST = 1000
"""Longest list, whatever is asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListEmergencies:
    """How many at most, oldest first; questioned ones stay until they are justified."""

    limit: int = 200


async def _list(request: ListEmergencies, work: Work) -> tuple[EmergencyAccess, ...]:
    limit = max(1, min(request.limit, LONGEST))
    return tuple(await work.unit.emergencies.waiting(limit))


list_emergencies = Act(
    name="list-emergencies",
    actions=always(Action.LIST_EMERGENCIES),
    target=lambda _: OfNothing(),
    run=_list,
    reads=True,
)
