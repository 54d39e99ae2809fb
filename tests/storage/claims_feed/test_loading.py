"""A delivery into records: what is new, what replaces, what changes nothing, who takes nothing."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest

from dmp.acts.claims.feed_claims import (
    BeginDelivery,
    FeedClaims,
    KnownDelivery,
    ListDeliveries,
    begin_delivery,
    feed_claims,
    know_delivery,
    list_deliveries,
)
from dmp.acts.perform import perform
from dmp.bootstrap.claims_intake import FEEDER
from dmp.domain.claims.deliveries import DeliveryState
from dmp.domain.errors import Reason, Refused
from dmp.domain.identity.caller import Caller
from dmp.domain.record.health_record import State
from tests.builders import a_caller, a_holder, a_system, an_ins
from tests.formats.claims.rows import boxes, condition, keys, service, write
from tests.storage.claims_feed.feeding import (
    NOW,
    changes_in,
    consultations,
    house_of,
    lines_in,
    loaded,
    person,
)
from tests.storage.opened import kept_record, run


def test_new_lines_are_put_and_their_records_marked(database: str, data_dir: Path) -> None:
    given = write(data_dir / "in", {"ER_PRS_F": consultations(10), "IR_IMB_R": [condition()]})

    async def story() -> None:
        async with house_of(database, data_dir) as (house, records):
            receipt = await loaded(house, data_dir, given)
            assert (receipt.known, receipt.counts.new) == (False, 11)
            lines = await house.unit().claims.of_record(
                records[0].record_id, NOW.date() - timedelta(90)
            )
            assert len(lines) == 6 and {line.code for line in lines} == {"G", "E11"}
            assert receipt.written_to is not None and receipt.rejects is None
            assert json.loads(receipt.written_to.read_text())["lines"]["new"] == 11
            assert receipt.written_to.stat().st_mode & 0o777 == 0o600

    run(story())
    assert len(lines_in(database)) == 11
    assert set(changes_in(database).values()) == {NOW}
    assert [p.name for p in (data_dir / "claims").iterdir() if p.name.startswith("work-")] == []


def test_the_same_files_twice_change_nothing_and_it_is_said(database: str, data_dir: Path) -> None:
    given = write(data_dir / "in", {"ER_PRS_F": consultations(10)})

    async def story() -> None:
        async with house_of(database, data_dir) as (house, _):
            first = await loaded(house, data_dir, given)
            before = lines_in(database), changes_in(database)
            house.at = NOW + timedelta(days=1)
            again = await loaded(house, data_dir, given)
            assert again.known and again.digest == first.digest
            assert (lines_in(database), changes_in(database)) == before

    run(story())


def test_the_same_rows_in_other_files_are_known(database: str, data_dir: Path) -> None:
    rows = consultations(10)
    whole = write(data_dir / "whole", {"ER_PRS_F": rows})
    cut = write(data_dir / "cut", {"ER_PRS_F_b": rows[6:], "ER_PRS_F_a": rows[:6][::-1]})

    async def story() -> None:
        async with house_of(database, data_dir) as (house, _):
            await loaded(house, data_dir, whole)
            assert (await loaded(house, data_dir, cut)).known

    run(story())


def test_a_part_of_what_is_there_changes_nothing(database: str, data_dir: Path) -> None:
    rows = consultations(10)
    whole = write(data_dir / "whole", {"ER_PRS_F": rows})
    part = write(data_dir / "part", {"ER_PRS_F": rows[3:8]})
    typed = write(data_dir / "typed", {"ER_PRS_F": rows}, parquet=True)

    async def story() -> None:
        async with house_of(database, data_dir) as (house, _):
            await loaded(house, data_dir, whole)
            before = lines_in(database), changes_in(database)
            house.at = NOW + timedelta(days=1)
            again = await loaded(house, data_dir, part)
            assert (again.known, again.counts.new, again.counts.unchanged) == (False, 0, 5)
            other = await loaded(house, data_dir, typed)  # another form of all of it
            assert (other.known, other.counts.new, other.counts.unchanged) == (False, 0, 10)
            assert (lines_in(database), changes_in(database)) == before

    run(story())


def test_a_corrected_row_replaces_and_only_its_record_changes(
    database: str, data_dir: Path
) -> None:
    first = write(data_dir / "first", {"ER_PRS_F": consultations(10)})
    rows = [service(1, BEN_NIR_PSA=person(2), PRS_ACT_QTE="3"), *consultations(3, first=2)]
    second = write(data_dir / "second", {"ER_PRS_F": rows})

    async def story() -> None:
        async with house_of(database, data_dir) as (house, records):
            await loaded(house, data_dir, first)
            house.at = NOW + timedelta(days=30)
            receipt = await loaded(house, data_dir, second)
            counts = receipt.counts
            assert (counts.new, counts.replaced, counts.unchanged) == (0, 1, 3)
            changed = changes_in(database)
            assert changed[records[1].record_id] == house.at
            assert changed[records[0].record_id] == NOW

    run(story())
    assert sorted(line[9] for line in lines_in(database)) == [1.0] * 9 + [3.0]


def test_late_rows_join_those_that_are_there(database: str, data_dir: Path) -> None:
    first = write(data_dir / "first", {"ER_PRS_F": consultations(4)})
    late = write(data_dir / "late", {"ER_PRS_F": consultations(4, first=3)})

    async def story() -> None:
        async with house_of(database, data_dir) as (house, _):
            await loaded(house, data_dir, first)
            receipt = await loaded(house, data_dir, late)
            assert (receipt.counts.new, receipt.counts.unchanged) == (2, 2)

    run(story())
    assert len(lines_in(database)) == 6


def test_an_earlier_state_does_not_take_the_place_of_a_later_one(
    database: str, data_dir: Path
) -> None:
    later = write(
        data_dir / "later", {"IR_IMB_R": [condition(UPD_DTE="2025-06-01", IMB_ALD_NUM="8")]}
    )
    earlier = write(
        data_dir / "earlier", {"IR_IMB_R": [condition(UPD_DTE="2024-06-01", IMB_ALD_NUM="9")]}
    )

    async def story() -> None:
        async with house_of(database, data_dir) as (house, _):
            await loaded(house, data_dir, later)
            receipt = await loaded(house, data_dir, earlier)
            assert (receipt.counts.replaced, receipt.counts.unchanged) == (0, 1)

    run(story())
    assert [line[8] for line in lines_in(database)] == ["8"]


@pytest.mark.parametrize(
    "state", [State.CLOSED, State.REFUSED, State.SUSPENDED, State.INFORMED, State.ERASURE_PENDING]
)
def test_a_record_that_is_not_open_takes_nothing(
    database: str, data_dir: Path, state: State
) -> None:
    rows = [service(n, BEN_NIR_PSA=person(n)) for n in (1, 2, 3)]
    given = write(data_dir / "in", {"ER_PRS_F": rows})

    async def story() -> None:
        async with house_of(database, data_dir, people=1) as (house, records):
            await kept_record(house.store, ins=an_ins(2), state=state)
            counts = (await loaded(house, data_dir, given)).counts
            assert (counts.new, counts.record_not_open, counts.persons_not_open) == (1, 1, 1)
            assert (counts.without_record, counts.persons_without_record) == (1, 1)
            assert {line[0] for line in lines_in(database)} == {records[0].record_id}

    run(story())


def test_nothing_of_a_person_is_in_what_is_kept_of_a_delivery(
    database: str, data_dir: Path
) -> None:
    rows = [*consultations(4), service(9, BEN_NIR_PSA=person(7)), service(10, EXE_SOI_DTD="no")]
    given = write(data_dir / "in", {"ER_PRS_F": rows})

    async def story() -> None:
        async with house_of(database, data_dir) as (house, _):
            receipt = await loaded(house, data_dir, given)
            said = receipt.as_json() + (receipt.rejects.read_text() if receipt.rejects else "")
            with psycopg.connect(database) as connection:
                said += str(connection.execute("SELECT * FROM claim_delivery").fetchall())
            assert not any(person(n) in said or person(n)[:13] in said for n in (1, 2, 7))
            assert receipt.summary["rejected"] == "1"

    run(story())


def test_a_destroyed_record_keeps_no_line(database: str, data_dir: Path) -> None:
    given = write(data_dir / "in", {"ER_PRS_F": consultations(4)})

    async def story() -> None:
        async with house_of(database, data_dir) as (house, records):
            await loaded(house, data_dir, given)
            unit = house.unit()
            unit.records.destroy(records[0])
            await unit.commit([])
            await unit.close()
            assert {line[0] for line in lines_in(database)} == {records[1].record_id}
            assert set(changes_in(database)) == {records[1].record_id}

    run(story())


EVERYBODY_ELSE = [
    a_caller(),
    a_caller(a_holder()),
    a_caller(a_system()),
]


@pytest.mark.parametrize("caller", EVERYBODY_ELSE, ids=lambda c: type(c.who).__name__)
def test_only_the_health_insurance_feeds(database: str, data_dir: Path, caller: Caller) -> None:
    feed = FeedClaims(
        digest="d", after=0, next_row=1, fingerprints={person(1): (1, 1)}, rows=lambda _: b""
    )

    async def story() -> None:
        async with house_of(database, data_dir) as (house, _):
            asked = (
                perform(house, begin_delivery, BeginDelivery(digest="d", summary={}), caller),
                perform(house, feed_claims, feed, caller),
                perform(house, know_delivery, KnownDelivery(digest="d"), caller),
                perform(house, list_deliveries, ListDeliveries(), caller),
            )
            for asking in asked:
                with pytest.raises(Refused) as refusal:
                    await asking
                assert refusal.value.reason is Reason.ACT_NOT_ALLOWED
            found = await perform(house, list_deliveries, ListDeliveries(), FEEDER)
            assert list(found) == []

    run(story())


def test_a_delivery_is_listed_with_what_became_of_it(database: str, data_dir: Path) -> None:
    given = write(data_dir / "in", {"ER_PRS_F": [*consultations(3), service(8, **keys(8))]})

    async def story() -> None:
        async with house_of(database, data_dir) as (house, _):
            receipt = await loaded(house, data_dir, given)
            (delivery,) = await perform(house, list_deliveries, ListDeliveries(), FEEDER)
            assert delivery.digest == receipt.digest
            assert delivery.state is DeliveryState.LOADED
            assert delivery.counts.new == 4
            assert delivery.summary["files"] == "ER_PRS_F.csv"

    run(story())


def test_a_box_reaches_the_record_as_the_domain_reads_it(database: str, data_dir: Path) -> None:
    tables = {"ER_PRS_F": [service(PRS_NAT_REF="3313")], "ER_PHA_F": [boxes()]}
    given = write(data_dir / "in", tables)

    async def story() -> None:
        async with house_of(database, data_dir) as (house, records):
            await loaded(house, data_dir, given)
            (line,) = await house.unit().claims.of_record(
                records[0].record_id, NOW.date() - timedelta(90)
            )
            assert (line.kind, line.system, line.quantity) == ("medicine", "cip13", 1.0)
            assert line.prescribed_on is not None and line.flow is not None

    run(story())


def test_a_known_delivery_again_feeds_who_came_later(database: str, data_dir: Path) -> None:
    given = write(data_dir / "in", {"ER_PRS_F": consultations(6)})

    async def story() -> None:
        async with house_of(database, data_dir, people=1) as (house, _):
            assert (await loaded(house, data_dir, given)).counts.without_record == 3
            await kept_record(house.store, ins=an_ins(2))
            assert (await loaded(house, data_dir, given)).known
            again = await loaded(house, data_dir, given, again=True)
            counts = again.counts
            assert (again.known, counts.new, counts.unchanged) == (False, 3, 3)

    run(story())
    assert len(lines_in(database)) == 6
