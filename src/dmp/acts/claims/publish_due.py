"""Publish the histories of reimbursements whose lines changed, one after the other, in the background.

Readers come first: after each record the job rests for longer than it worked.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime

from dmp.acts.claims.insurer import PUBLISHER
from dmp.acts.claims.publish_reimbursements import PublishReimbursements, publish_reimbursements
from dmp.acts.perform import perform
from dmp.acts.work import House
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import RecordId

BATCH = 200
SHARE = 0.2
"""The part of the time in which the job works. Source: docs/performance/claims.md."""


class Publication:
    """The job of one process; it remembers which records it could not publish, so as not to stop at them.

    `share` is the part of the time in which it works, above 0 and at most 1.
    """

    def __init__(self, house: House, share: float = SHARE) -> None:
        self._house = house
        self._rest = 1 / share - 1
        self._left_out: set[tuple[RecordId, datetime]] = set()

    async def turn(self) -> int:
        """Publish what waits, oldest change first; returns how many records were done, at most BATCH.

        A record that changed meanwhile comes again; one that was refused waits for its next change, or for the
        next start. Raises Refused: UNAVAILABLE.
        """
        done = 0
        clock = asyncio.get_running_loop().time
        for record_id, changed_at in await self._awaiting():
            if (record_id, changed_at) in self._left_out:
                continue
            began = clock()
            done += await self._publish(record_id, changed_at)
            await asyncio.sleep((clock() - began) * self._rest)
        return done

    async def _awaiting(self) -> Sequence[tuple[RecordId, datetime]]:
        unit = self._house.unit()
        try:
            return await unit.claims.awaiting(BATCH + len(self._left_out))
        finally:
            await unit.close()

    async def _publish(self, record_id: RecordId, changed_at: datetime) -> int:
        request = PublishReimbursements(record_id=record_id, changed_at=changed_at)
        try:
            await perform(self._house, publish_reimbursements, request, PUBLISHER)
        except Refused as refusal:  # traced by the corridor
            if refusal.reason is Reason.UNAVAILABLE:
                raise
            self._left_out.add((record_id, changed_at))
            return 0
        except Exception:
            # Raised again, for the job to say so; but the others are not kept waiting behind this one.
            self._left_out.add((record_id, changed_at))
            raise
        return 1
