"""Notices, emergency accesses, requests of heirs: given once, in order, reviewed by one at a time."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from dmp.acts.keepers import ConcurrentChange
from dmp.domain.identifiers import RecordId
from dmp.domain.record.emergency_access import Review
from dmp.domain.record.health_record import HealthRecord, State
from dmp.domain.record.heirs import HeirDecision
from dmp.domain.record.notice import OPERATOR, Notice
from dmp.storage.store import Store
from tests.builders import NOW, a_notice, a_request, a_trace, an_emergency, an_ins
from tests.storage.opened import kept_record, opened, run, working

MINUTE = timedelta(minutes=1)


async def _given(store: Store, record: HealthRecord, *notices: Notice) -> None:
    async with working(store) as unit:
        for notice in notices:
            unit.notices.add(notice)
        await unit.commit([a_trace(record.record_id)])


def test_notices_of_a_record_come_newest_first_and_secrets_apart(
    database: str, data_dir: Path
) -> None:
    async def story() -> None:
        async with opened(database, data_dir) as store:
            record = await kept_record(store)
            other = await kept_record(store, ins=an_ins(2))
            notices = [
                a_notice(record.record_id, at=NOW + MINUTE * rank, secret=rank == 2)
                for rank in range(4)
            ]
            await _given(store, record, *notices[2:], *notices[:2])
            await _given(store, other, a_notice(other.record_id))
            await _given(store, record, a_notice(record.record_id, addressee=OPERATOR))
            async with working(store) as unit:
                seen = await unit.notices.of_record(record.record_id, 10, secrets=True)
                assert seen == notices[::-1]
                seen = await unit.notices.of_record(record.record_id, 2, secrets=False)
                assert seen == [notices[3], notices[1]]
                assert await unit.notices.of_record(RecordId(uuid4()), 9, secrets=True) == []

    run(story())


def test_a_notice_finds_its_addressee_over_all_records(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with opened(database, data_dir) as store:
            given = []
            for rank in range(3):
                record = await kept_record(store, ins=an_ins(rank))
                notice = a_notice(record.record_id, at=NOW + MINUTE * rank, addressee="doctor")
                await _given(store, record, notice, a_notice(record.record_id))
                given.append(notice)
            async with working(store) as unit:
                assert await unit.notices.addressed_to("doctor", 10) == given[::-1]
                assert await unit.notices.addressed_to("doctor", 1) == [given[2]]
                assert await unit.notices.addressed_to("doct", 9) == []
                assert await unit.notices.addressed_to("", 9) == []
            assert list(await store.check()) == []

    run(story())


def test_a_notice_given_twice_is_one_and_stays_the_first(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with opened(database, data_dir) as store, opened(database, data_dir) as other:
            record = await kept_record(store)
            notice = a_notice(record.record_id, addressee=OPERATOR)
            later = replace(notice, at=NOW + MINUTE)
            await _given(store, record, notice)
            await asyncio.gather(
                *(_given(s, record, later, later) for s in (store, other) for _ in range(5))
            )
            async with working(store) as unit:
                assert await unit.notices.addressed_to(OPERATOR, 9) == [notice]

    run(story())


def test_what_is_told_stands_or_falls_with_its_act(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with opened(database, data_dir) as store:
            record = await kept_record(store)
            access = an_emergency(record.record_id)
            async with working(store) as unit, working(store) as closing:
                await unit.records.by_ins(record.ins)
                unit.notices.add(a_notice(record.record_id))
                unit.emergencies.opened(access)
                closing.records.change(replace(record, state=State.CLOSED))
                await closing.commit([a_trace(record.record_id)])
                with pytest.raises(ConcurrentChange):
                    await unit.commit([a_trace(record.record_id)])
            async with working(store) as unit:
                unit.notices.add(a_notice(record.record_id))
                unit.emergencies.opened(access)
                unit.discard()
                await unit.commit([a_trace(record.record_id)])
                assert await unit.notices.of_record(record.record_id, 9, secrets=True) == []
                assert await unit.emergencies.waiting(9) == []

    run(story())


def test_an_emergency_is_opened_once_and_waits_until_it_is_justified(
    database: str, data_dir: Path
) -> None:
    async def story() -> None:
        async with opened(database, data_dir) as store:
            record = await kept_record(store)
            late, early = [
                an_emergency(record.record_id, opened_at=NOW + MINUTE * minutes)
                for minutes in (5, 1)
            ]
            for _ in range(2):  # the second reading in the same emergency
                async with working(store) as unit:
                    unit.emergencies.opened(late)
                    unit.emergencies.opened(early)
                    unit.emergencies.opened(replace(early, reason="another one"))
                    await unit.commit([a_trace(record.record_id)])
            async with working(store) as unit:
                assert await unit.emergencies.waiting(9) == [early, late]
                assert await unit.emergencies.waiting(1) == [early]
                assert await unit.emergencies.by_id(record.record_id, late.access_id) == late
                assert await unit.emergencies.by_id(RecordId(uuid4()), late.access_id) is None
                assert await unit.emergencies.by_id(record.record_id, uuid4()) is None
            asked = early.reviewed(Review.QUESTIONED, "operator:a", NOW, "pourquoi ?")
            justified = asked.reviewed(Review.JUSTIFIED, "operator:a", NOW + MINUTE, "")
            for after, before, left in (
                (asked, early, [asked, late]),
                (justified, asked, [late]),
            ):
                async with working(store) as unit:
                    unit.emergencies.change(after, before)
                    await unit.commit([a_trace(record.record_id)])
                    assert await unit.emergencies.waiting(9) == left
                    found = await unit.emergencies.by_id(record.record_id, early.access_id)
                    assert found == after

    run(story())


def test_an_emergency_that_is_opened_again_keeps_its_review(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with opened(database, data_dir) as store:
            record = await kept_record(store)
            access = an_emergency(record.record_id)
            reviewed = access.reviewed(Review.JUSTIFIED, "operator:a", NOW, "")
            async with working(store) as unit:
                unit.emergencies.opened(access)
                await unit.commit([a_trace(record.record_id)])
            async with working(store) as unit:
                unit.emergencies.change(reviewed, access)
                await unit.commit([a_trace(record.record_id)])
            async with working(store) as unit:
                unit.emergencies.opened(access)
                await unit.commit([a_trace(record.record_id)])
                found = await unit.emergencies.by_id(record.record_id, access.access_id)
                assert found == reviewed

    run(story())


def test_of_several_reviews_at_once_one_stands(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with opened(database, data_dir) as store, opened(database, data_dir) as other:
            record = await kept_record(store)
            access = an_emergency(record.record_id)
            async with working(store) as unit:
                unit.emergencies.opened(access)
                await unit.commit([a_trace(record.record_id)])

            async def review(rank: int) -> None:
                verdict = access.reviewed(Review.QUESTIONED, f"operator:{rank}", NOW, "pourquoi ?")
                async with working((store, other)[rank % 2]) as unit:
                    unit.emergencies.change(verdict, access)
                    await unit.commit([a_trace(record.record_id)])

            await _one_of_them(review)
            async with working(store) as unit:
                (waiting,) = await unit.emergencies.waiting(9)
                assert waiting.review is Review.QUESTIONED
                missing = an_emergency(record.record_id)
                unit.emergencies.change(missing, missing)
                with pytest.raises(ConcurrentChange):
                    await unit.commit([a_trace(record.record_id)])

    run(story())


async def _one_of_them(attempt: Any) -> None:
    results = await asyncio.gather(*map(attempt, range(6)), return_exceptions=True)
    assert sorted(type(r).__name__ for r in results) == ["ConcurrentChange"] * 5 + ["NoneType"]


def test_a_request_of_heirs_waits_for_its_decision_and_for_its_documents(
    database: str, data_dir: Path
) -> None:
    async def story() -> None:
        async with opened(database, data_dir) as store:
            record = await kept_record(store)
            requests = [
                a_request(record.record_id, filed_at=NOW + MINUTE * rank) for rank in (3, 1, 2)
            ]
            async with working(store) as unit:
                for request in requests:
                    unit.heirs.file(request)
                await unit.commit([a_trace(record.record_id)])
            granted = requests[0].decided(HeirDecision.GRANTED, "support:b", NOW + MINUTE, "ok")
            refused = requests[1].decided(HeirDecision.REFUSED, "support:b", NOW + MINUTE, "non")
            released = granted.released(NOW + MINUTE * 2)
            steps = (
                ((granted, requests[0]), [requests[1], requests[2], granted]),
                ((refused, requests[1]), [requests[2], granted]),
                ((released, granted), [requests[2]]),
            )
            async with working(store) as unit:
                assert await unit.heirs.waiting(9) == [requests[1], requests[2], requests[0]]
                assert await unit.heirs.waiting(1) == [requests[1]]
            for (after, before), left in steps:
                async with working(store) as unit:
                    unit.heirs.change(after, before)
                    await unit.commit([a_trace(record.record_id)])
                async with working(store) as unit:
                    assert await unit.heirs.waiting(9) == left
                    assert await unit.heirs.by_id(record.record_id, after.request_id) == after
            async with working(store) as unit:
                assert await unit.heirs.by_id(RecordId(uuid4()), requests[0].request_id) is None
                unit.heirs.file(requests[2])
                with pytest.raises(ConcurrentChange):
                    await unit.commit([a_trace(record.record_id)])

    run(story())


def test_documents_are_given_out_to_heirs_once(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with opened(database, data_dir) as store, opened(database, data_dir) as other:
            record = await kept_record(store)
            request = a_request(record.record_id)
            granted = request.decided(HeirDecision.GRANTED, "support:b", NOW, "ok")
            async with working(store) as unit:
                unit.heirs.file(granted)
                await unit.commit([a_trace(record.record_id)])

            async def release(rank: int) -> None:
                async with working((store, other)[rank % 2]) as unit:
                    unit.heirs.change(granted.released(NOW + MINUTE), granted)
                    await unit.commit([a_trace(record.record_id)])

            await _one_of_them(release)
            with psycopg.connect(database) as connection:
                left = connection.execute("SELECT count(*) FROM trace").fetchone()
                assert left == (3,)  # the record, the request, one release

    run(story())


def test_a_unit_of_no_record_may_tell_the_operator(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with opened(database, data_dir) as store:
            notice = a_notice(RecordId(UUID(int=0)), addressee=OPERATOR)
            async with working(store) as unit:
                unit.notices.add(notice)
                await unit.commit([a_trace()])
                assert await unit.notices.addressed_to(OPERATOR, 1) == [notice]

    run(story())
