"""What a server does by itself: the dates of the law, expired sessions, orphaned contents."""

from __future__ import annotations

import asyncio
import gc
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

from dmp.acts.claims.publish_due import Publication
from dmp.acts.life.move_due_records import follow_due_announcements, move_due_records
from dmp.acts.synthesis.derive_findings import derive_due
from dmp.bootstrap.claims_inbox import Inbox
from dmp.bootstrap.house import Built
from dmp.bootstrap.post import BATCH as POST_BATCH
from dmp.bootstrap.post import post_of, send_due

logger = logging.getLogger("dmp.jobs")

CALENDAR_INTERVAL = timedelta(minutes=10)
"""How often the records whose date has come are looked for."""
POST_INTERVAL = timedelta(seconds=2)
"""How soon a notice leaves after what it tells of."""
KNOWLEDGE_INTERVAL = timedelta(minutes=1)
"""How soon an edition that another process loaded is in force here."""
SWEEP_INTERVAL = timedelta(hours=24)
INBOX_INTERVAL = timedelta(seconds=15)
"""How often the inbox of the health insurance is looked into."""
PUBLISH_INTERVAL = timedelta(seconds=10)
"""How often the records whose reimbursements changed are looked for, when there was none."""
DERIVED_AT_ONCE = 1_000
"""Batches of documents read again at most in one turn; the rest follow the next day."""


@asynccontextmanager
async def jobs(standing: Built) -> AsyncIterator[None]:
    """What a server does by itself: the dates of the law, notices, the insurer's feed, what has expired."""
    tasks = [
        asyncio.create_task(_repeated(name, interval, job))
        for name, interval, job in (*_of_records(standing), *_of_the_house(standing))
    ]
    tasks += _inbox(standing)
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


Job = tuple[str, timedelta, Callable[[], Awaitable[None]]]


def _of_records(standing: Built) -> tuple[Job, ...]:
    """What is done to records, each time by acts."""
    house = standing.house
    publication = Publication(house)
    post = post_of(standing.settings)

    async def calendar() -> None:
        await move_due_records(house)
        await follow_due_announcements(house)
        await standing.store.sessions.delete_expired(house.now())

    async def derive() -> None:
        for _ in range(DERIVED_AT_ONCE):
            if not await derive_due(house):
                return

    async def publish() -> None:
        while await publication.turn():
            pass

    async def send() -> None:
        while await send_due(house, standing.store.outbox, post) == POST_BATCH:
            pass

    return (
        ("calendar", CALENDAR_INTERVAL, calendar),
        ("derive", SWEEP_INTERVAL, derive),
        ("publish", PUBLISH_INTERVAL, publish),
        ("post", POST_INTERVAL, send),
    )


def _of_the_house(standing: Built) -> tuple[Job, ...]:
    """What concerns no record: orphaned contents, counted openings, reference data."""

    async def sweep() -> None:
        await standing.store.sweep_orphans(standing.house.now())
        await standing.store.forget_openings(standing.house.now())

    async def learn() -> None:
        await standing.keeper.refresh()

    return (("sweep", SWEEP_INTERVAL, sweep), ("knowledge", KNOWLEDGE_INTERVAL, learn))


def _inbox(standing: Built) -> list[asyncio.Task[None]]:
    """The watching of the insurer's inbox, when one is set."""
    inbox = standing.settings.claims_inbox
    if not inbox:
        return []
    watched = Inbox(
        house=standing.house,
        folder=Path(inbox).expanduser().absolute(),
        data=standing.settings.data,
    )

    async def look() -> None:
        await watched.turn()

    return [asyncio.create_task(_repeated("inbox", INBOX_INTERVAL, look))]


async def _repeated(name: str, interval: timedelta, job: Callable[[], Awaitable[None]]) -> None:
    while True:
        try:
            await job()
        except Exception as failure:  # noqa: BLE001  # the next time may go well; the server goes on
            logger.warning("job %s failed: %s", name, type(failure).__name__)
        await asyncio.sleep(interval.total_seconds())


def tune_collector() -> None:
    """Leave what was built out of the garbage collector's sight. Source: docs/performance."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 50)
