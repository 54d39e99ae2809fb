"""The house: database, keys, store. Leaving stops what this process started and nothing else."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from uuid import UUID

from dmp.acts.work import HeaderReader, ReimbursementsWriter, Rules
from dmp.bootstrap.knowledge import KnowledgeKeeper, shipped_knowledge
from dmp.bootstrap.pdf_reader import PdfReader
from dmp.domain.access.policy import Ceilings, Policy
from dmp.domain.clinical.knowledge.knowledge import Knowledge
from dmp.formats.cda.reimbursements.write import write_reimbursements
from dmp.formats.content import read_header
from dmp.formats.fhir.document_reference import write_document_reference
from dmp.settings import Settings
from dmp.storage.embedded import EmbeddedServer, start
from dmp.storage.postgres.cellar import Remembered
from dmp.storage.postgres.reference import ReferenceShelf
from dmp.storage.postgres.unit import PostgresUnit
from dmp.storage.private_files import private_folder
from dmp.storage.store import Store

REMEMBERED_ANSWERS = 2_000
"""Syntheses that one process remembers: some 50 kB each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingHouse:
    """The house the corridor needs; see `dmp.acts.work.House`."""

    rules: Rules
    policy: Policy
    read_header: HeaderReader
    store: Store
    knowing: Callable[[], Knowledge] = shipped_knowledge
    remembered: Remembered[object, object] = field(
        default_factory=lambda: Remembered(REMEMBERED_ANSWERS)
    )
    write_reimbursements: ReimbursementsWriter = write_reimbursements

    @property
    def knowledge(self) -> Knowledge:
        """Reference data in force now."""
        return self.knowing()

    def now(self) -> datetime:
        """The present instant, in UTC."""
        return datetime.now(UTC)

    def new_uuid(self) -> UUID:
        """A new time-ordered UUID (version 7)."""
        return uuid7()

    def unit(self) -> PostgresUnit:
        """Open a unit of work; borrows nothing before its first read."""
        return self.store.unit()


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """What stands once it is built."""

    settings: Settings
    house: StandingHouse
    store: Store
    keeper: KnowledgeKeeper


def uuid7() -> UUID:
    """A UUID of version 7: milliseconds, then a fraction of them, then randomness.

    Source: RFC 9562 §5.7, method 3 of §6.2 (the fraction keeps the order within a millisecond).
    """
    milliseconds, nanoseconds = divmod(time.time_ns(), 1_000_000)
    fraction = nanoseconds * 4096 // 1_000_000
    low = int.from_bytes(os.urandom(8)) >> 2
    return UUID(int=milliseconds << 80 | 0x7 << 76 | fraction << 64 | 0b10 << 62 | low)


def rules_of(settings: Settings) -> Rules:
    """The parameters of the rules."""
    return Rules(
        test_mode=settings.test_mode,
        consent_days=settings.consent_days,
        claims_months=settings.claims_months,
        max_document_octets=settings.max_document_octets,
        max_documents_per_submission=settings.max_documents,
    )


def policy_of(settings: Settings) -> Policy:
    """The data of the access rules: what is shipped, and what is set."""
    return Policy(
        carers=settings.carers,
        secret_from_age=settings.secret_from_age,
        ceilings=Ceilings(
            professional_hour=settings.ceiling_professional_hour,
            professional_day=settings.ceiling_professional_day,
            structure_hour=settings.ceiling_structure_hour,
            structure_day=settings.ceiling_structure_day,
            refuses=settings.ceiling_refuses,
        ),
    )


@asynccontextmanager
async def built(settings: Settings) -> AsyncIterator[Built]:
    """Build the house: database, keys, store. Leaving stops what this process started.

    Raises:
        NoEmbeddedServer, MigrationRefused, KeyFileRefused: the text says what to do.
    """
    private_folder(settings.data)
    async with database(settings) as dsn:
        store = await Store.open(
            dsn,
            settings.data,
            write_document_reference,
            pool_size=settings.database_connections,
        )
        pdf_reader = PdfReader()
        try:
            keeper = KnowledgeKeeper(ReferenceShelf(dsn))
            await keeper.refresh()
            house = StandingHouse(
                rules=rules_of(settings),
                policy=policy_of(settings),
                read_header=partial(read_header, pdf_text=pdf_reader.words),
                store=store,
                knowing=lambda: keeper.current,
            )
            yield Built(settings=settings, house=house, store=store, keeper=keeper)
        finally:
            await asyncio.to_thread(pdf_reader.close)
            await store.close()


@asynccontextmanager
async def database(settings: Settings) -> AsyncIterator[str]:
    """The connection string of the database: the one that is set, or that of the embedded server."""
    if settings.database_url:
        yield settings.database_url
        return
    server = await _started(settings.data)
    try:
        yield server.dsn
    finally:
        await asyncio.to_thread(server.stop)


async def _started(data: Path) -> EmbeddedServer:
    """Start the embedded server in a thread; stopped while it starts, it does not stay behind."""
    starting = asyncio.ensure_future(asyncio.to_thread(start, data))
    try:
        return await asyncio.shield(starting)
    except asyncio.CancelledError:
        server = await starting
        await asyncio.to_thread(server.stop)
        raise
