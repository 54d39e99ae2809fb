"""The corridor: one trace for every call, all or nothing, no answer before its trace."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast
from uuid import uuid4

import pytest

from dmp.acts.act import Act, OfRecord, always
from dmp.acts.catalogue import CATALOGUE
from dmp.acts.documents.find_documents import FindDocuments, find_documents
from dmp.acts.documents.retrieve_document import RetrieveDocument, retrieve_document
from dmp.acts.keepers import ConcurrentChange
from dmp.acts.perform import ATTEMPTS, perform, refuse
from dmp.acts.person.profile import SaveProfile, save_profile
from dmp.acts.sharing.block_professional import (
    BlockProfessional,
    UnblockProfessional,
    block_professional,
    unblock_professional,
)
from dmp.acts.work import Unit, Work
from dmp.domain.access.actions import Action
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import RecordId
from dmp.domain.identity.caller import NOBODY
from dmp.domain.journal.event import Outcome, Trace
from dmp.domain.record.profile import Profile
from tests.acts.standing import Standing, standing, traces_of, with_consent
from tests.builders import a_caller, a_holder, a_profile
from tests.storage.opened import deposited, kept_record, run


class Spoiled:
    """A real unit of work whose commit does something else first."""

    def __init__(self, unit: Unit, before: Any) -> None:
        self._unit = unit
        self._before = before

    def __getattr__(self, name: str) -> Any:
        return getattr(self._unit, name)

    async def commit(self, traces: Sequence[Trace]) -> None:
        await self._before(traces)
        await self._unit.commit(traces)


@dataclass(slots=True)
class Spoiling:
    """A house whose units are spoiled."""

    house: Standing
    before: Any

    def __getattr__(self, name: str) -> Any:
        return getattr(self.house, name)

    def unit(self) -> Unit:
        return cast("Unit", Spoiled(self.house.unit(), self.before))


def test_a_done_act_leaves_one_trace(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with standing(database, data_dir) as house:
            record = await kept_record(house.store)
            before = await traces_of(house, record)
            request = FindDocuments(of=record.ins)
            await perform(house, find_documents, request, a_caller(a_holder()))
            (trace, *rest) = await traces_of(house, record)
            assert tuple(rest) == before
            assert (trace.act, trace.outcome) == ("find-documents", Outcome.DONE)
            assert trace.rule == "holder_sees_own_record"
            assert trace.caller.kind == "holder"

    run(story())


def test_a_refusal_leaves_one_trace_with_its_rule(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with standing(database, data_dir) as house:
            record = await kept_record(house.store)
            before = await traces_of(house, record)
            with pytest.raises(Refused) as refusal:
                await perform(house, find_documents, FindDocuments(of=record.ins), a_caller())
            assert refusal.value.reason is Reason.ACCESS_NOT_AUTHORISED
            (trace, *rest) = await traces_of(house, record)
            assert tuple(rest) == before
            assert trace.outcome is Outcome.REFUSED
            assert trace.rule == "authorisation_is_missing"
            assert trace.reason == "access-not-authorised"

    run(story())


def test_an_unknown_caller_is_refused_and_traced_without_a_record(
    database: str, data_dir: Path
) -> None:
    async def story() -> None:
        async with standing(database, data_dir) as house:
            await refuse(house, "authenticate", NOBODY, Refused(Reason.TOKEN_INVALID, detail="x"))
            unit = house.unit()
            (trace,) = (await unit.traces.of_record(RecordId(uuid4().__class__(int=0)), 10)).traces
            await unit.close()
            assert trace.reason == "token-invalid"
            assert trace.caller.kind == "anonymous"

    run(story())


def _broken(run_it: Any, *, reads: bool = False) -> Act[RecordId, None]:
    return Act(
        name="broken",
        actions=always(Action.WRITE_CHOICES),
        target=OfRecord,
        run=run_it,
        reads=reads,
    )


def test_what_a_failing_act_collected_is_not_written(database: str, data_dir: Path) -> None:
    async def breaks(record_id: RecordId, work: Work) -> None:
        work.profiles.save(record_id, a_profile())
        raise ZeroDivisionError

    async def story() -> None:
        async with standing(database, data_dir) as house:
            record = await kept_record(house.store)
            with pytest.raises(ZeroDivisionError):
                await perform(house, _broken(breaks), record.record_id, a_caller(a_holder()))
            (trace, *_) = await traces_of(house, record)
            assert (trace.act, trace.outcome) == ("broken", Outcome.FAILED)
            unit = house.unit()
            assert await unit.profiles.of(record.record_id) is None
            await unit.close()

    run(story())


def test_a_trace_that_cannot_be_written_fails_the_act(database: str, data_dir: Path) -> None:
    async def unavailable(_: Sequence[Trace]) -> None:
        raise Refused(Reason.UNAVAILABLE)

    async def story() -> None:
        async with standing(database, data_dir) as house:
            record = await kept_record(house.store)
            request = SaveProfile(record_id=record.record_id, profile=a_profile())
            holder = a_caller(a_holder())
            with pytest.raises(Refused) as refusal:
                await perform(Spoiling(house, unavailable), save_profile, request, holder)
            assert refusal.value.reason is Reason.UNAVAILABLE
            unit = house.unit()
            assert await unit.profiles.of(record.record_id) is None
            await unit.close()
            with pytest.raises(Refused):
                await perform(
                    Spoiling(house, unavailable),
                    find_documents,
                    FindDocuments(of=record.ins),
                    holder,
                )

    run(story())


def test_a_read_answers_only_when_its_trace_is_durable(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with standing(database, data_dir) as house:
            record = await kept_record(house.store)
            may_commit = asyncio.Event()
            arrived = asyncio.Event()

            async def held(_: Sequence[Trace]) -> None:
                arrived.set()
                await may_commit.wait()

            answer = asyncio.ensure_future(
                perform(
                    Spoiling(house, held),
                    find_documents,
                    FindDocuments(of=record.ins),
                    a_caller(a_holder()),
                )
            )
            await arrived.wait()
            for _ in range(200):  # the read itself has ended long before
                await asyncio.sleep(0)
            assert not answer.done()
            may_commit.set()
            assert (await answer).total == 0

    run(story())


def test_an_act_is_begun_again_when_another_change_came_first(
    database: str, data_dir: Path
) -> None:
    async def story() -> None:
        async with standing(database, data_dir) as house:
            record = await kept_record(house.store)
            holder = a_caller(a_holder())
            doctors = [f"8{number:011d}" for number in range(6)]
            await asyncio.gather(
                *(
                    perform(
                        house,
                        block_professional,
                        BlockProfessional(record_id=record.record_id, person_id=one, name="Dr"),
                        holder,
                    )
                    for one in doctors[:ATTEMPTS]
                )
            )
            unit = house.unit()
            after = await unit.records.by_id(record.record_id)
            await unit.close()
            assert after is not None
            assert {b.person_id for b in after.preferences.blocks} == set(doctors[:ATTEMPTS])

    run(story())


def test_an_act_that_never_gets_through_is_refused(database: str, data_dir: Path) -> None:
    async def conflict(traces: Sequence[Trace]) -> None:
        if traces[0].outcome is Outcome.DONE:
            raise ConcurrentChange

    async def story() -> None:
        async with standing(database, data_dir) as house:
            record = await kept_record(house.store)
            request = SaveProfile(
                record_id=record.record_id, profile=Profile(email="a@exemple.test")
            )
            with pytest.raises(Refused) as refusal:
                await perform(
                    Spoiling(house, conflict), save_profile, request, a_caller(a_holder())
                )
            assert refusal.value.reason is Reason.CONCURRENT_CHANGE

    run(story())


def test_a_document_of_another_record_is_unknown(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with standing(database, data_dir) as house:
            mine = await kept_record(house.store)
            other = a_holder(ins=mine.ins.__class__("299127512345678", mine.ins.root))
            entry = await deposited(house.store, mine)
            for document in (entry.document_id, uuid4()):
                with pytest.raises(Refused) as refusal:
                    await perform(
                        house,
                        retrieve_document,
                        RetrieveDocument(document=document),
                        a_caller(other),
                    )
                assert refusal.value.reason is Reason.DOCUMENT_NOT_FOUND

    run(story())


def test_a_consent_opens_the_list_and_the_trace_names_the_rule(
    database: str, data_dir: Path
) -> None:
    async def story() -> None:
        async with standing(database, data_dir) as house:
            record = await kept_record(house.store)
            await with_consent(house, record, a_caller())
            await perform(house, find_documents, FindDocuments(of=record.ins), a_caller())
            listed, granted, *_ = await traces_of(house, record)
            assert listed.rule == "authorised_professional_reads_by_the_matrix"
            assert listed.matrix_version
            assert granted.act == "grant-consent"

    run(story())


def test_a_block_made_in_another_process_refuses_the_very_next_read(
    database: str, data_dir: Path
) -> None:
    async def story() -> None:
        async with (
            standing(database, data_dir) as here,
            standing(database, data_dir) as elsewhere,
        ):
            record = await kept_record(here.store)
            doctor, holder = a_caller(), a_caller(a_holder())
            await with_consent(here, record, doctor)
            request = FindDocuments(of=record.ins)
            await perform(here, find_documents, request, doctor)  # remembered here from now on
            block = BlockProfessional(record_id=record.record_id, person_id=doctor.id, name="Dr")
            await perform(elsewhere, block_professional, block, holder)
            before = len(await traces_of(here, record))
            with pytest.raises(Refused) as refusal:
                await perform(here, find_documents, request, doctor)
            assert refusal.value.reason is Reason.ACCESS_BLOCKED
            after = await traces_of(here, record)
            assert len(after) == before + 1  # the answer that did not leave left no trace
            await perform(
                elsewhere,
                unblock_professional,
                UnblockProfessional(record_id=record.record_id, person_id=doctor.id),
                holder,
            )
            await with_consent(elsewhere, record, doctor)
            assert (await perform(here, find_documents, request, doctor)).total == 0

    run(story())


def test_acts_have_names_of_their_own() -> None:
    two_forms = {"find-documents", "read-metadata"}  # as values, and as ready-made text
    names = [act.name for act in CATALOGUE if act.name not in two_forms]
    assert len(names) == len(set(names))
