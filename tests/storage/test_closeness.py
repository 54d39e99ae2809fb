"""Who surrounds a record finds it: relatives by their matricule, invited carers by their code."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from dmp.acts.keepers import ConcurrentChange
from dmp.domain.record.health_record import HealthRecord
from dmp.domain.record.relations import (
    Invitation,
    Relations,
    Representation,
)
from dmp.storage.store import Store
from tests.builders import NOW, a_caring, a_record, a_trace, an_ins
from tests.storage.opened import kept_record, opened, run, working


async def _related(store: Store, record: HealthRecord, **relations: Any) -> HealthRecord:
    """The record with other relations, as it is read afterwards."""
    async with working(store) as unit:
        unit.records.change(replace(record, relations=replace(record.relations, **relations)))
        await unit.commit([a_trace(record.record_id)])
        found = await unit.records.by_id(record.record_id)
    assert found is not None
    return found


async def _found(store: Store, matricule: str) -> list[HealthRecord]:
    async with working(store) as unit:
        return list(await unit.records.in_whose_relations(matricule))


def test_relatives_find_the_records_in_whose_relations_they_stand(
    database: str, data_dir: Path
) -> None:
    async def story() -> None:
        async with opened(database, data_dir) as store:
            parent = Representation(matricule="parent", name="P", start=NOW)
            first = await kept_record(store, relations=Relations(representatives=(parent,)))
            second = await kept_record(store, ins=an_ins(2))
            assert await _found(store, "parent") == [first]
            second = await _related(store, second, representatives=(parent,))
            both = sorted([first, second], key=lambda r: r.record_id)
            assert await _found(store, "parent") == both
            ended = replace(parent, end=NOW)
            first = await _related(store, first, representatives=(ended,))
            assert first in await _found(store, "parent")  # past ones too
            assert await _found(store, "") == [] == await _found(store, "paren")

    run(story())


def test_a_carer_is_found_once_he_accepted(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with opened(database, data_dir) as store:
            pending = a_caring(matricule="carer")
            record = await kept_record(store, relations=Relations(carers=(pending,)))
            assert await _found(store, "carer") == []
            for invitation, expected in (
                (Invitation.REFUSED, False),
                (Invitation.PENDING, False),
                (Invitation.ACCEPTED, True),
            ):
                answered = replace(pending, invitation=invitation)
                record = await _related(store, record, carers=(answered,))
                assert (await _found(store, "carer") == [record]) is expected

    run(story())


def test_an_invitation_leads_to_its_record_until_it_is_answered(
    database: str, data_dir: Path
) -> None:
    async def story() -> None:
        async with opened(database, data_dir) as store:
            caring, other = a_caring(), a_caring()
            record = await kept_record(store, relations=Relations(carers=(caring,)))
            async with working(store) as unit:
                assert await unit.records.by_invitation(caring.code_digest) == record
                assert await unit.records.by_invitation("unknown") is None
            record = await _related(store, record, carers=(caring, other))
            accepted = replace(caring, invitation=Invitation.ACCEPTED, matricule="carer")
            record = await _related(store, record, carers=(accepted, other))
            async with working(store) as unit:
                assert await unit.records.by_invitation(caring.code_digest) is None
                assert await unit.records.by_invitation(other.code_digest) == record

    run(story())


def test_a_code_never_leads_to_another_record_than_the_first(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with opened(database, data_dir) as store, opened(database, data_dir) as elsewhere:
            caring = a_caring()
            record = await kept_record(store, relations=Relations(carers=(caring,)))
            other = await kept_record(store, ins=an_ins(2))
            with pytest.raises(ConcurrentChange):
                await _related(store, other, carers=(a_caring(code_digest=caring.code_digest),))
            # Who answers an invitation of the same code elsewhere takes nothing away either.
            answered = a_caring(
                code_digest=caring.code_digest, invitation=Invitation.REFUSED, matricule="x"
            )
            await _related(store, other, carers=(answered,))
            async with working(store) as unit:
                assert await unit.records.by_invitation(caring.code_digest) == record
            code = uuid4().hex
            made = [a_record(ins=an_ins(rank)) for rank in range(10, 16)]

            async def invite(rank: int) -> None:
                relations = Relations(carers=(a_caring(code_digest=code),))
                async with working((store, elsewhere)[rank % 2]) as unit:
                    unit.records.create(replace(made[rank], relations=relations))
                    await unit.commit([a_trace(made[rank].record_id)])

            results = await asyncio.gather(*map(invite, range(6)), return_exceptions=True)
            assert [type(r) for r in results].count(ConcurrentChange) == 5
            async with working(store) as unit:
                found = await unit.records.by_invitation(code)
                assert found is not None
                assert results[made.index(replace(found, relations=Relations()))] is None

    run(story())


def test_many_records_change_their_relations_at_once(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with opened(database, data_dir) as store, opened(database, data_dir) as other:
            records = [await kept_record(store, ins=an_ins(rank)) for rank in range(8)]
            parents = [
                Representation(matricule=f"p{rank}", name="P", start=NOW) for rank in range(5)
            ]

            async def change(rank: int) -> None:
                shuffled = tuple(parents[(rank + step) % 5] for step in range(5))
                await _related(
                    (store, other)[rank % 2],
                    records[rank],
                    representatives=shuffled,
                    carers=(a_caring(), a_caring()),
                )

            await asyncio.gather(*map(change, range(8)))
            for rank in range(5):
                assert len(await _found(store, f"p{rank}")) == 8
        with psycopg.connect(database) as connection:
            assert connection.execute("SELECT count(*) FROM relative_key").fetchone() == (40,)
            assert connection.execute("SELECT count(*) FROM invitation_key").fetchone() == (16,)

    run(story())
