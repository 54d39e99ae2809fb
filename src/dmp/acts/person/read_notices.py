"""Show the notices that were given: to the holder, to a professional, to a carer, to the operator.

A notice says that something happened, never what stands in a document. Who: the holder and his
representatives, those of the record; everybody else what is addressed to him.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dmp.acts.act import Act, OfNothing, OfRecord, always
from dmp.acts.work import Work
from dmp.domain.access.actions import Action
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import RecordId
from dmp.domain.identity.caller import Holder, Operator, Strength
from dmp.domain.record.notice import OPERATOR, Notice

LONGEST = 500
"""Longest list, whatever is asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadNotices:
    """Of which record, how many at most, newest first."""

    record_id: RecordId
    limit: int = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadInbox:
    """How many at most of those addressed to whoever asks, newest first."""

    limit: int = 50


async def _read_notices(request: ReadNotices, work: Work) -> tuple[Notice, ...]:
    # What was done in a minor's secret session is told to the minor alone.
    secrets = isinstance(work.caller.who, Holder)
    return tuple(
        await work.notices.of_record(
            work.record.record_id, _bounded(request.limit), secrets=secrets
        )
    )


async def _read_inbox(request: ReadInbox, work: Work) -> tuple[Notice, ...]:
    if work.caller.strength < Strength.INDIVIDUAL:
        raise Refused(Reason.INDIVIDUAL_AUTHENTICATION_REQUIRED)
    addressee = OPERATOR if isinstance(work.caller.who, Operator) else work.caller.id
    found: Sequence[Notice] = await work.notices.addressed_to(addressee, _bounded(request.limit))
    return tuple(found)


def _bounded(limit: int) -> int:
    return max(1, min(limit, LONGEST))


read_notices = Act(
    name="read-notices",
    actions=always(Action.READ_NOTICES),
    target=lambda request: OfRecord(request.record_id),
    run=_read_notices,
    reads=True,
)

read_inbox = Act(
    name="read-inbox",
    actions=always(Action.READ_INBOX),
    target=lambda _: OfNothing(),
    run=_read_inbox,
    reads=True,
)
