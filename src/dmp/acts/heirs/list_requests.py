"""Show the operator the requests of heirs that wait: for a decision, or for the documents. No content."""

from __future__ import annotations

from dataclasses import dataclass

from dmp.acts.act import Act, OfNothing, always
from dmp.acts.work import Work
from dmp.domain.access.actions import Action
from dmp.domain.record.heirs import HeirRequest

LONGEST = 1000
"""Longest list, whatever is asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListHeirRequests:
    """How many at most, oldest first."""

    limit: int = 200


async def _list(request: ListHeirRequests, work: Work) -> tuple[HeirRequest, ...]:
    waiting = await work.unit.heirs.waiting(max(1, min(request.limit, LONGEST)))
    return tuple(one for one in waiting if not one.has_lapsed(work.now))


list_heir_requests = Act(
    name="list-heir-requests",
    actions=always(Action.LIST_HEIR_REQUESTS),
    target=lambda _: OfNothing(),
    run=_list,
    reads=True,
)
