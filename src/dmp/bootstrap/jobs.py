"""What a server does by itself: the dates of the law, expired sessions, orphaned contents."""

from __future__ import annotations

import asyncio
import gc
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

from dmp.acts.life.move_due_records import follow_due_announcements, move_due_records
from dmp.bootstrap.house import Built

logger = logging.getLogger("dmp.jobs")

CALENDAR_INTERVAL = timedelta(minutes=10)
"""How often the records whose date has come are looked for."""
SWEEP_INTERVAL = timedelta(hours=24)


@asynccontextmanager
async def jobs(standing: Built) -> AsyncIterator[None]:
    """What a server does by itself: the dates of the law, expired sessions, orphaned contents."""

    async def calendar() -> None:
        await move_due_records(standing.house)
        await follow_due_announcements(standing.house)
        await standing.store.sessions.delete_expired(standing.house.now())

    async def sweep() -> None:
        await standing.store.sweep_orphans(standing.house.now())
        await standing.store.forget_openings(standing.house.now())

    tasks = [
        asyncio.create_task(_repeated("calendar", CALENDAR_INTERVAL, calendar)),
        asyncio.create_task(_repeated("sweep", SWEEP_INTERVAL, sweep)),
    ]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


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
