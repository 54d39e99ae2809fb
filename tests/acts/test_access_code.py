"""The code on a letter: who may issue it, for whom; one at a time, kept as its digest alone."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from dmp.acts.counter.issue_access_code import IssueAccessCode, IssuedCode, issue_access_code
from dmp.acts.perform import perform
from dmp.acts.relatives.invitation import digest_of
from dmp.acts.sharing.block_professional import BlockProfessional, block_professional
from dmp.domain.arranging.access_code import MOST_ATTEMPTS, VALID_FOR, AccessCode
from dmp.domain.errors import Reason, Refused
from dmp.domain.identity.caller import Caller, Strength
from dmp.domain.journal.event import Outcome
from dmp.domain.record.health_record import State
from dmp.domain.record.notice import NoticeKind
from tests.acts.standing import Standing, standing, traces_of
from tests.acts.test_counting import AGENT, ONE, a_pharmacist
from tests.builders import HOLDER_INS, NOW, a_caller, a_holder, a_system, some_traits
from tests.storage.opened import kept_record, run, working


async def issued(house: Standing, caller: Caller = AGENT, **traits: object) -> IssuedCode:
    request = IssueAccessCode(ins=HOLDER_INS, traits=some_traits(**traits))
    return await perform(house, issue_access_code, request, caller)


async def refusal(house: Standing, caller: Caller, **traits: object) -> Reason:
    with pytest.raises(Refused) as refused:
        await issued(house, caller, **traits)
    return refused.value.reason


async def opens(house: Standing, code: str) -> bool:
    async with working(house.store) as unit:
        return await unit.slips.by_code(digest_of(code), AccessCode) is not None


def test_agents_and_pharmacists_issue_it_and_nobody_else(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with standing(database, data_dir) as house:
            record = await kept_record(house.store, ins=HOLDER_INS)
            for caller in (AGENT, ONE):
                letter = await issued(house, caller)
                assert letter.expires_at == NOW + VALID_FOR
                assert await opens(house, letter.code)
            for caller in (
                a_caller(),
                a_caller(a_holder()),
                a_caller(a_system()),
                a_pharmacist(70, sector="SA04"),
                replace(AGENT, strength=Strength.STRUCTURE),
            ):
                assert await refusal(house, caller) in (
                    Reason.ACT_NOT_ALLOWED,
                    Reason.INDIVIDUAL_AUTHENTICATION_REQUIRED,
                )
            traces = await traces_of(house, record)
            done = [t for t in traces if t.act == "issue-access-code"]
            assert {t.outcome for t in done} == {Outcome.DONE, Outcome.REFUSED}
            async with working(house.store) as unit:
                told = await unit.notices.of_record(record.record_id, 10, secrets=True)
            assert [n.kind for n in told] == [NoticeKind.ACCESS_CODE_ISSUED] * 2

    run(story())


def test_a_new_letter_ends_the_one_before_also_when_two_are_issued_at_once(
    database: str, data_dir: Path
) -> None:
    async def story() -> None:
        async with standing(database, data_dir) as house:
            record = await kept_record(house.store, ins=HOLDER_INS)
            first, second = await issued(house), await issued(house)
            assert not await opens(house, first.code)
            assert await opens(house, second.code)
            letters = await asyncio.gather(*(issued(house, who) for who in (AGENT, ONE)))
            assert not await opens(house, second.code)
            assert [await opens(house, letter.code) for letter in letters].count(True) == 1
            async with working(house.store) as unit:
                (kept,) = await unit.slips.of_record(record.record_id, AccessCode)
            assert all(letter.code not in repr(kept) for letter in letters)

    run(story())


def test_it_is_for_the_person_who_is_there_whose_record_is_open(
    database: str, data_dir: Path
) -> None:
    async def story() -> None:
        async with standing(database, data_dir) as house:
            assert await refusal(house, AGENT) is Reason.RECORD_NOT_FOUND
            record = await kept_record(house.store, ins=HOLDER_INS)
            assert await refusal(house, AGENT, birth_name="Autre") is Reason.IDENTITY_MISMATCH
            blocking = BlockProfessional(
                record_id=record.record_id, person_id=ONE.id, name="Pharmacien"
            )
            await perform(house, block_professional, blocking, a_caller(a_holder()))
            assert await refusal(house, ONE) is Reason.ACT_NOT_ALLOWED

    run(story())


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"state": State.CLOSED}, Reason.RECORD_CLOSED),
        ({"state": State.REFUSED}, Reason.RECORD_REFUSED),
        (
            {"traits": some_traits(birth_date=date(NOW.year - 12, 1, 2))},
            Reason.ACT_NOT_ALLOWED,
        ),
    ],
)
def test_it_is_refused_for_who_has_no_record_to_log_in_to(
    database: str, data_dir: Path, changes: dict[str, object], reason: Reason
) -> None:
    async def story() -> None:
        async with standing(database, data_dir) as house:
            await kept_record(house.store, ins=HOLDER_INS, **changes)
            assert await refusal(house, AGENT) is reason

    run(story())


def test_a_code_runs_out_is_used_once_and_bears_few_errors() -> None:
    code = AccessCode(code_digest="d", issued_at=NOW, expires_at=NOW + VALID_FOR)
    assert code.may_be_used(NOW)
    assert not code.may_be_used(NOW + VALID_FOR)
    assert not code.used(NOW).may_be_used(NOW + timedelta(minutes=1))
    tried = code
    for _ in range(MOST_ATTEMPTS):
        assert tried.may_be_used(NOW)
        tried = tried.tried_wrongly()
    assert not tried.may_be_used(NOW)
