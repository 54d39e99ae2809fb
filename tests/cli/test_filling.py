"""The claims of the demo: fed once, whoever starts again; nothing secret, nothing into closed records."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from dmp.acts.life.close_record import CloseRecord, close_record
from dmp.acts.life.open_record import OpenRecord, open_record
from dmp.acts.perform import perform
from dmp.bootstrap.house import Built, built
from dmp.cli.run.filling import PLACE, Fill, fill, name_everybody, publish_at_once
from dmp.domain.claims.reimbursement import Kind, Reimbursement
from dmp.domain.identifiers import RecordId
from dmp.remote.simulated.claims.codes import boxes
from dmp.remote.simulated.claims.directories import places
from dmp.remote.simulated.directory import caller_of, person_of
from dmp.remote.simulated.territory.cast import cast_people
from dmp.settings import from_environment
from tests.storage.opened import run

CAST = len(cast_people())
GEORGES, LEA, CLOSED = "georges-marin", "lea-moreau", "marcel-petitjean"


@asynccontextmanager
async def house_with(database: str, data: Path, *people: str) -> AsyncIterator[Built]:
    """A house with records of these people."""
    settings = replace(from_environment({}), data=data, database_url=database, test_mode=True)
    async with built(settings) as house:
        for key in people:
            person = person_of(key)
            request = OpenRecord(ins=person.ins, traits=person.traits, consent="oral")
            await perform(house.house, open_record, request, caller_of("dr-martin"))
        yield house


async def lines_of(house: Built, key: str) -> Sequence[Reimbursement]:
    """Everything that was fed about a person."""
    unit = house.house.unit()
    try:
        record = await unit.records.by_ins(person_of(key).ins)
        assert record is not None
        return await unit.claims.of_record(record.record_id, date(2000, 1, 1))
    finally:
        await unit.close()


def test_records_are_filled_and_a_second_start_changes_nothing(
    database: str, data_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async def story() -> None:
        async with house_with(database, data_dir, GEORGES, LEA, CLOSED) as house:
            closed = await _record_id(house, CLOSED)
            await perform(
                house.house, close_record, CloseRecord(record_id=closed), caller_of(CLOSED)
            )
            first = await fill(house, Fill(seed=1, people=CAST))
            assert first is not None
            assert not first.known
            fed = await lines_of(house, GEORGES)
            assert {line.kind for line in fed} >= {Kind.MEDICINE, Kind.BIOLOGY, Kind.CARE}
            delivered = {line.code for line in fed if line.kind is Kind.MEDICINE}
            assert {boxes()["apixaban-2"].cip13, boxes()["ibuprofen"].cip13} <= delivered
            secret = {boxes()["pill"].cip13, boxes()["emergency-pill"].cip13, "CCP"}
            assert not secret & {line.code for line in await lines_of(house, LEA)}
            assert not await lines_of(house, CLOSED)
            assert await publish_at_once(house) == 2
            assert await publish_at_once(house) == 0
            again = await fill(house, Fill(seed=1, people=CAST))
            assert again is not None
            assert again.known
            assert await lines_of(house, GEORGES) == fed

    run(story())
    assert not (data_dir / PLACE).exists(), "files do not stay"
    assert capsys.readouterr().err.count("the insurer's claims of") == 1


def test_the_crowd_follows_without_the_cast(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with house_with(database, data_dir, GEORGES) as house:
            receipt = await fill(house, Fill(seed=1, people=CAST + 4, without=CAST))
            assert receipt is not None
            assert receipt.counts.persons_without_record == 4
            assert not await lines_of(house, GEORGES)

    run(story())


def test_what_is_in_the_way_is_said_and_the_demo_goes_on(
    database: str, data_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async def story() -> None:
        async with house_with(database, data_dir) as house:
            (data_dir / PLACE).write_text("no folder", encoding="utf-8")
            assert await fill(house, Fill(seed=1, people=CAST)) is None

    run(story())
    assert "the claims of the demo were not fed" in capsys.readouterr().err


def test_everybody_is_named_once(database: str, data_dir: Path) -> None:
    finess, name, _ = next(places())

    async def story() -> None:
        async with house_with(database, data_dir) as house:
            await name_everybody(house)
            await name_everybody(house)
            unit = house.house.unit()
            try:
                assert await unit.claims.names([finess]) == {finess: name}
            finally:
                await unit.close()

    run(story())


def test_the_demo_tells_only_its_own_cases() -> None:
    wanted = Fill(seed=1, people=CAST).wanted(datetime(2026, 11, 27, tzinfo=UTC).date())
    assert "jeanne-hba1c" in wanted.cases
    assert not {"invalid-ins", "warfarin-aspirin", "gap"} & set(wanted.cases)


async def _record_id(house: Built, key: str) -> RecordId:
    unit = house.house.unit()
    try:
        record = await unit.records.by_ins(person_of(key).ins)
        assert record is not None
        return record.record_id
    finally:
        await unit.close()
