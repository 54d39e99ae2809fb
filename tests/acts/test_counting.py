"""Openings are counted once, whatever comes; the operations of a day name nobody."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from dmp.acts.counter.read_statement import (
    ListOperations,
    ReadStatement,
    list_operations,
    read_statement,
)
from dmp.acts.life.close_record import CloseRecord, close_record
from dmp.acts.life.inform_person import InformPerson, inform_person
from dmp.acts.life.open_record import OpenRecord, open_record
from dmp.acts.life.refuse_record import RefuseRecord, refuse_record
from dmp.acts.life.reopen_record import ReopenRecord, reopen_record
from dmp.acts.perform import perform
from dmp.domain.codes import TRE_G15_PROFESSION, Code
from dmp.domain.counter.opening import (
    CENTS,
    CountedOpening,
    Statement,
    statement_of,
    works_in_a_pharmacy,
)
from dmp.domain.counter.operation import Deed
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import Ins
from dmp.domain.identity.caller import Caller, DeskAgent, Door, Strength, StructureRef
from dmp.domain.record.health_record import HealthRecord
from tests.acts.standing import Standing, standing
from tests.builders import NOW, a_caller, a_doctor, a_holder, an_ins, some_traits, uuid7
from tests.storage.opened import run, working


def a_pharmacist(rank: int, sector: str = "SA33", profession: str = "21") -> Caller:
    """The pharmacist of pharmacy number `rank`."""
    place = StructureRef(id_nat=f"17500{rank:05d}", name=f"Pharmacie {rank}", sector=sector)
    return a_caller(
        a_doctor(
            id_nat=f"8100{rank:08d}",
            name=f"Pharmacien {rank}",
            profession=Code(profession, TRE_G15_PROFESSION),
            know_how=None,
            structure=place,
        )
    )


AGENT = Caller(
    who=DeskAgent(
        id_nat="3750000069/77",
        name="Sami MOREL",
        structure=StructureRef(id_nat="1750000069", name="Caisse primaire du Val"),
    ),
    strength=Strength.INDIVIDUAL,
    door=Door.WEB,
)
ONE, TWO = a_pharmacist(51), a_pharmacist(52)


async def statement(house: Standing, caller: Caller, month: date | None = None) -> Statement:
    return await perform(house, read_statement, ReadStatement(month=month), caller)


class Town:
    """A few persons, and everything that may be done about them; refusals are part of the life."""

    def __init__(self, house: Standing, rank: int) -> None:
        self.house = house
        self.people: list[Ins] = [an_ins(rank + n) for n in range(3)]
        self.opened: set[Ins] = set()

    async def record(self, ins: Ins) -> HealthRecord | None:
        async with working(self.house.store) as unit:
            return await unit.records.by_ins(ins)

    async def opens(self, ins: Ins, caller: Caller) -> bool:
        request = OpenRecord(ins=ins, traits=some_traits(), consent="oral, à l’officine")
        return await self._done(perform(self.house, open_record, request, caller))

    async def _done(self, doing: object) -> bool:
        try:
            await doing  # type: ignore[misc] # any act
        except Refused:
            return False
        return True

    async def does(self, what: str, ins: Ins, caller: Caller) -> None:
        record = await self.record(ins)
        if what == "open":
            await self.opens(ins, caller)
        elif what == "twice":
            await asyncio.gather(self.opens(ins, caller), self.opens(ins, caller))
        elif what == "both":
            await asyncio.gather(self.opens(ins, ONE), self.opens(ins, TWO))
        elif what == "inform":
            request = InformPerson(ins=ins, traits=some_traits())
            await self._done(perform(self.house, inform_person, request, AGENT))
        elif what == "refuse":
            refusing = RefuseRecord(ins=ins, traits=some_traits())
            await self._done(perform(self.house, refuse_record, refusing, AGENT))
        elif what == "close" and record is not None:
            closing = CloseRecord(record_id=record.record_id)
            await self._done(perform(self.house, close_record, closing, AGENT))
        elif what == "reopen" and record is not None:
            again = ReopenRecord(record_id=record.record_id, consent="oral")
            await self._done(perform(self.house, reopen_record, again, caller))


DEEDS = ("open", "open", "twice", "both", "inform", "refuse", "close", "reopen")


@pytest.mark.parametrize("seed", range(8))
def test_a_record_counts_at_most_once_in_all(database: str, data_dir: Path, seed: int) -> None:
    async def story() -> None:
        async with standing(database, data_dir) as house:
            random, town = Random(seed), Town(house, 300)  # noqa: S311 # a story, not a secret
            for _ in range(14):
                house.at += timedelta(minutes=7)
                deed, ins = random.choice(DEEDS), random.choice(town.people)
                await town.does(deed, ins, random.choice((ONE, TWO)))
            counts = [(await statement(house, who)).count for who in (ONE, TWO)]
            async with working(house.store) as unit:
                kept = [
                    slip.slip_id
                    for who in (ONE, TWO)
                    for slip in await unit.own_slips.of_owner(
                        who.structure.id_nat,  # type: ignore[union-attr]
                        CountedOpening,
                        100,
                    )
                ]
            records = [await town.record(ins) for ins in town.people]
            assert len(kept) == len(set(kept)) == sum(counts)
            assert set(kept) <= {record.record_id for record in records if record is not None}

    run(story())


def test_an_opening_counts_for_the_pharmacy_that_made_it_and_for_nobody_else(
    database: str, data_dir: Path
) -> None:
    async def story() -> None:
        async with standing(database, data_dir) as house:
            town = Town(house, 310)
            assert await town.opens(town.people[0], ONE)
            assert not await town.opens(town.people[0], TWO)
            assert await town.opens(town.people[1], AGENT)
            hospital = a_pharmacist(53, sector="SA04")
            assert await town.opens(town.people[2], hospital)
            mine = await statement(house, ONE)
            assert (mine.count, mine.cents) == (1, CENTS)
            assert (await statement(house, TWO)).count == 0
            for other in (AGENT, hospital, a_caller(), a_caller(a_holder())):
                with pytest.raises(Refused) as refused:
                    await statement(house, other)
                assert refused.value.reason is Reason.ACT_NOT_ALLOWED
            # A colleague of the same pharmacy reads the same statement.
            colleague = a_pharmacist(51)
            assert (await statement(house, colleague)).count == 1

    run(story())


def test_the_month_is_cut_by_local_days() -> None:
    late = datetime(2026, 3, 31, 22, 30, tzinfo=UTC)  # 1 April in Paris
    early = datetime(2026, 3, 31, 21, 30, tzinfo=UTC)
    openings = [
        CountedOpening(slip_id=uuid7(), opened_at=at, cents=cents)
        for at, cents in ((late, 100), (early, 100), (early, 150))
    ]
    march = statement_of(openings, date(2026, 3, 15))
    assert march.days == ((date(2026, 3, 31), 2),)
    assert (march.count, march.cents) == (2, 250)
    assert statement_of(openings, date(2026, 4, 1)).count == 1
    assert march.months == (date(2026, 4, 1), date(2026, 3, 1))
    assert statement_of([], date(2026, 4, 1)) == Statement(
        month=date(2026, 4, 1), days=(), count=0, cents=0, months=()
    )


@pytest.mark.parametrize(
    ("sector", "profession", "is_one"),
    [
        ("SA33", "21", True),
        ("SA39", "21", True),
        ("SA04", "21", False),
        ("SA33", "10", False),
        ("", "21", False),
    ],
)
def test_a_pharmacy_is_one_by_its_sector_and_its_pharmacist(
    sector: str, profession: str, is_one: bool
) -> None:
    assert works_in_a_pharmacy(a_pharmacist(60, sector, profession)) is is_one
    assert not works_in_a_pharmacy(AGENT)


def test_the_operations_of_the_day_are_ones_own_and_name_nobody(
    database: str, data_dir: Path
) -> None:
    async def story() -> None:
        async with standing(database, data_dir) as house:
            town = Town(house, 320)
            ins = town.people[0]
            await town.does("inform", ins, AGENT)
            await town.does("refuse", ins, AGENT)
            house.at = NOW + timedelta(days=1)
            await town.does("open", ins, AGENT)
            await town.does("close", ins, AGENT)
            await town.does("reopen", ins, AGENT)
            today = await perform(house, list_operations, ListOperations(), AGENT)
            assert [one.deed for one in today] == [Deed.REOPENED, Deed.CLOSED, Deed.OPENED]
            assert await perform(house, list_operations, ListOperations(), ONE) == ()
            record = await town.record(ins)
            assert record is not None
            for one in today:
                assert one.slip_id != record.record_id
                assert ins.matricule not in repr(one)
            with pytest.raises(Refused):
                await perform(house, list_operations, ListOperations(), a_caller())

    run(story())
