"""The search by traits: exact, one answer at most, and nothing to learn from what it does not find."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from dmp.acts.identity.find_patient import FindPatient, find_patient
from dmp.acts.life.close_record import CloseRecord, close_record
from dmp.acts.life.inform_person import InformPerson, inform_person
from dmp.acts.life.open_record import OpenRecord, open_record
from dmp.acts.life.refuse_record import RefuseRecord, refuse_record
from dmp.acts.life.reopen_record import ReopenRecord, reopen_record
from dmp.acts.perform import perform
from dmp.acts.sharing.block_professional import BlockProfessional, block_professional
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import Ins
from dmp.domain.identity.caller import Caller, Strength
from dmp.domain.identity.patient import Sex, Traits
from dmp.domain.identity.searched import (
    MOST_IN_A_DAY,
    MOST_IN_AN_HOUR,
    LookupCount,
    digest_of_traits,
)
from dmp.domain.record.health_record import HealthRecord
from tests.acts.standing import Standing, standing, traces_of
from tests.acts.test_counting import AGENT, ONE
from tests.builders import NOW, a_caller, a_holder, a_system, an_ins, some_traits
from tests.storage.opened import run

DOCTOR = a_caller()
WHOLE = some_traits(birth_place="76540")
FIRST, SECOND = an_ins(401), an_ins(402)


async def begun(house: Standing, ins: Ins = FIRST, traits: Traits = WHOLE) -> HealthRecord:
    request = OpenRecord(ins=ins, traits=traits, consent="oral")
    return await perform(house, open_record, request, AGENT)


async def found(house: Standing, traits: Traits = WHOLE, caller: Caller = DOCTOR) -> Ins | None:
    return await perform(house, find_patient, FindPatient(traits=traits), caller)


def test_all_traits_find_one_person_and_the_holder_reads_it(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with standing(database, data_dir) as house:
            assert await found(house) is None
            record = await begun(house)
            assert await found(house) == FIRST
            typed = replace(WHOLE, birth_name=f" {WHOLE.birth_name.lower()} ")
            assert await found(house, typed) == FIRST
            (trace, *_) = await traces_of(house, record)
            assert (trace.act, trace.caller.id) == ("find-patient", DOCTOR.id)

    run(story())


@pytest.mark.parametrize(
    "changes",
    [
        {"birth_name": "Delormes"},
        {"birth_name": "Del%"},
        {"given_names": "Jeanne Camille"},
        {"birth_date": WHOLE.birth_date + timedelta(days=1)},
        {"sex": Sex.MALE},
        {"birth_place": "75056"},
    ],
)
def test_a_single_other_trait_finds_nothing(
    database: str, data_dir: Path, changes: dict[str, object]
) -> None:
    async def story() -> None:
        async with standing(database, data_dir) as house:
            await begun(house)
            other = replace(WHOLE, **changes)  # type: ignore[arg-type] # one trait
            assert await found(house, other) is None

    run(story())


def test_homonyms_are_told_apart_by_their_birth_place_or_not_at_all(
    database: str, data_dir: Path
) -> None:
    async def story() -> None:
        async with standing(database, data_dir) as house:
            await begun(house)
            elsewhere = replace(WHOLE, birth_place="13055")
            await begun(house, SECOND, elsewhere)
            assert await found(house) == FIRST
            assert await found(house, elsewhere) == SECOND
            await begun(house, an_ins(403), replace(WHOLE, birth_place=""))
            assert await found(house) is None

    run(story())


def test_closed_refused_announced_and_blocked_are_found_no_more_than_nobody(
    database: str, data_dir: Path
) -> None:
    async def story() -> None:
        async with standing(database, data_dir) as house:
            record = await begun(house)
            await perform(house, close_record, CloseRecord(record_id=record.record_id), AGENT)
            assert await found(house) is None
            again = ReopenRecord(record_id=record.record_id, consent="oral")
            await perform(house, reopen_record, again, AGENT)
            assert await found(house) == FIRST
            blocking = BlockProfessional(
                record_id=record.record_id, person_id=DOCTOR.id, name="Docteur"
            )
            holder = a_caller(replace(a_holder(), ins=FIRST))
            await perform(house, block_professional, blocking, holder)
            assert await found(house) is None
            assert [t.act for t in await traces_of(house, record)].count("find-patient") == 1
            other = replace(WHOLE, birth_name="Annoncé")
            told = InformPerson(ins=SECOND, traits=other)
            await perform(house, inform_person, told, AGENT)
            assert await found(house, other) is None
            await perform(house, refuse_record, RefuseRecord(ins=SECOND, traits=other), AGENT)
            assert await found(house, other) is None
            await begun(house, SECOND, other)
            assert await found(house, other) == SECOND

    run(story())


def test_walking_through_names_is_stopped(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with standing(database, data_dir) as house:
            await begun(house)
            for number in range(MOST_IN_AN_HOUR):
                day = date(1950, 1, 1) + timedelta(days=number)
                assert await found(house, replace(WHOLE, birth_date=day)) is None
            with pytest.raises(Refused) as refused:
                await found(house)
            assert refused.value.reason is Reason.CEILING_REACHED
            assert await found(house, caller=ONE) == FIRST
            house.at += timedelta(hours=1)
            assert await found(house) == FIRST

    run(story())


def test_the_day_has_its_own_bound() -> None:
    count, at = LookupCount(hour_from=NOW, day_from=NOW), NOW
    tried = 0
    while not count.at(at).is_reached:
        count = count.at(at).one_more()
        tried += 1
        at += timedelta(minutes=5)
    assert tried == MOST_IN_A_DAY
    assert not count.at(NOW + timedelta(days=1)).is_reached


def test_only_a_professional_in_person_with_every_trait(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with standing(database, data_dir) as house:
            await begun(house)
            for traits in (replace(WHOLE, birth_place=""), replace(WHOLE, sex=Sex.UNKNOWN)):
                with pytest.raises(Refused) as refused:
                    await found(house, traits)
                assert refused.value.reason is Reason.TRAITS_INCOMPLETE
            for caller in (AGENT, a_caller(a_holder()), a_caller(a_system())):
                with pytest.raises(Refused) as refused:
                    await found(house, caller=caller)
                assert refused.value.reason is Reason.ACT_NOT_ALLOWED
            with pytest.raises(Refused):
                await found(house, caller=replace(DOCTOR, strength=Strength.STRUCTURE))

    run(story())


def test_the_mark_tells_no_trait() -> None:
    mark = digest_of_traits(WHOLE)
    assert WHOLE.birth_name.upper() not in mark.upper()
    assert mark == digest_of_traits(replace(WHOLE, birth_place="", used_name="X"))
