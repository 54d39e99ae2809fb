"""A house for the acts: real storage, a clock that tests set."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from uuid import UUID

from dmp.acts.perform import perform
from dmp.acts.sharing.grant_consent import GrantConsent, grant_consent
from dmp.acts.work import HeaderReader, House, ReimbursementsWriter, Rules, Unit
from dmp.domain.access.policy import Policy
from dmp.domain.clinical.knowledge.knowledge import Knowledge
from dmp.domain.identity.caller import Caller
from dmp.domain.journal.event import Trace
from dmp.domain.record.health_record import HealthRecord
from dmp.formats.cda.reimbursements.write import write_reimbursements
from dmp.formats.content import read_header
from dmp.storage.postgres.cellar import Remembered
from dmp.storage.store import Store
from tests.builders import NOW, a_holder, uuid7
from tests.storage.opened import opened


@dataclass(slots=True)
class Standing:
    """The house of one test. Set `at` to travel; set `spoiler` to wrap each unit."""

    store: Store
    at: datetime = NOW
    rules: Rules = field(default_factory=lambda: Rules(test_mode=True))
    policy: Policy = field(default_factory=Policy)
    read_header: HeaderReader = read_header
    knowledge: Knowledge = field(default_factory=Knowledge)
    remembered: Remembered[object, object] = field(default_factory=lambda: Remembered(100))
    write_reimbursements: ReimbursementsWriter = write_reimbursements

    def now(self) -> datetime:
        return self.at

    def new_uuid(self) -> UUID:
        return uuid7()

    def unit(self) -> Unit:
        return self.store.unit()


@asynccontextmanager
async def standing(database: str, data_dir: Path) -> AsyncIterator[Standing]:
    """A house on an empty database."""
    async with opened(database, data_dir) as store:
        yield Standing(store)


async def traces_of(house: House, record: HealthRecord) -> tuple[Trace, ...]:
    """Every trace of a record, newest first, read past the corridor so that none is added."""
    unit = house.unit()
    try:
        return (await unit.traces.of_record(record.record_id, 1000)).traces
    finally:
        await unit.close()


async def with_consent(house: House, record: HealthRecord, professional: Caller) -> None:
    """The professional records the patient's consent."""
    await perform(house, grant_consent, GrantConsent(record_id=record.record_id), professional)


HOLDER = a_holder()
