"""The batches of a load: done in any order, each once; where a load that was cut goes on."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import psycopg

from dmp.acts.claims.feed_claims import (
    BeginDelivery,
    FeedClaims,
    KnownDelivery,
    begin_delivery,
    feed_claims,
    know_delivery,
)
from dmp.acts.perform import perform
from dmp.bootstrap.claims_intake import FEEDER
from dmp.domain.errors import Refused
from dmp.formats.claims import delivery as deliveries
from tests.acts.standing import Standing
from tests.formats.claims.rows import write
from tests.storage.claims_feed.feeding import NOW, consultations, house_of, lines_in, loaded, person
from tests.storage.opened import run


def test_a_load_that_was_cut_in_another_layout_begins_anew(database: str, data_dir: Path) -> None:
    """The place where it stopped means nothing in an order of lines that is another one since."""
    given = write(data_dir / "in", {"ER_PRS_F": consultations(10)})
    digest = deliveries.digest_of(deliveries.seen([given]))

    async def story() -> None:
        async with house_of(database, data_dir) as (house, _):
            begin = BeginDelivery(digest=digest, summary={}, layout=deliveries.LAYOUT - 1)
            await perform(house, begin_delivery, begin, FEEDER)
            with psycopg.connect(database) as connection:
                moved = "UPDATE claim_delivery SET body = (body::jsonb || '{\"next\": 10}')::text"
                connection.execute(moved)
            begun = await perform(house, begin_delivery, begin, FEEDER)
            assert begun.next_row == 10  # in the same layout it is taken up where it stopped
            assert (await loaded(house, data_dir, given)).counts.new == 10

    run(story())
    assert len(lines_in(database)) == 10


def test_batches_are_done_in_any_order_each_once(database: str, data_dir: Path) -> None:
    """Two are written at a time: the later one may be done before the earlier one, none is done twice."""

    def feed(after: int, next_row: int, number: int) -> FeedClaims:
        def lines(records: Mapping[str, UUID]) -> bytes:
            (record,) = records.values()
            line = f"{record}\t{uuid4()}\tcare\tngap\tG\t2026-01-01" + "\t\\N" * 2
            return (line + "\t1110\t1" + "\t" * 6 + "\t\\N\t\t1\n").encode()

        return FeedClaims(
            digest="d",
            after=after,
            next_row=next_row,
            fingerprints={person(number): (1, 1)},
            rows=lines,
        )

    async def both(house: Standing, *feeds: FeedClaims) -> list[BaseException | None]:
        done = [perform(house, feed_claims, one, FEEDER) for one in feeds]
        return await asyncio.gather(*done, return_exceptions=True)

    async def story() -> None:
        async with house_of(database, data_dir, people=4) as (house, _):
            begin = BeginDelivery(digest="d", summary={})
            await perform(house, begin_delivery, begin, FEEDER)
            assert await both(house, feed(1, 2, 1), feed(3, 4, 2)) == [None, None]
            known = await perform(house, know_delivery, KnownDelivery(digest="d"), FEEDER)
            assert known is not None and (known.next_row, known.ahead) == (0, ((1, 2), (3, 4)))
            failed = await both(house, feed(1, 2, 1), feed(3, 4, 2))
            assert all(isinstance(one, Refused) for one in failed)
            assert len(lines_in(database)) == 2
            assert await both(house, feed(2, 3, 3), feed(0, 1, 4)) == [None, None]
            known = await perform(house, know_delivery, KnownDelivery(digest="d"), FEEDER)
            assert known is not None and (known.next_row, known.ahead) == (4, ())
            assert known.counts.new == 4
            (failed_again,) = await both(house, feed(0, 1, 1))
            assert isinstance(failed_again, Refused)

    run(story())
    assert len(lines_in(database)) == 4


def test_what_was_done_ahead_is_not_fed_again(database: str, data_dir: Path) -> None:
    """Cut when the second batch was committed and the first one was not."""
    given = write(data_dir / "in", {"ER_PRS_F": consultations(40)})
    sources = deliveries.seen([given])
    digest = deliveries.digest_of(sources)
    options = deliveries.Options(today=NOW.date(), test_mode=True)

    async def story() -> None:
        async with house_of(database, data_dir) as (house, _):
            begin = BeginDelivery(digest=digest, summary={}, layout=deliveries.LAYOUT)
            await perform(house, begin_delivery, begin, FEEDER)
            cut = deliveries.open_delivery(sources, digest, data_dir / "cut", options)
            first, second, *_ = cut.batches(10, cut.assemble(0))
            feed = FeedClaims(
                digest=digest,
                after=first.last + 1,
                next_row=second.last + 1,
                fingerprints=second.fingerprints,
                rows=lambda records: cut.rows(second, records),
            )
            await perform(house, feed_claims, feed, FEEDER)
            cut.close()
            assert len(lines_in(database)) == second.lines
            counts = (await loaded(house, data_dir, given, batch=10)).counts
            assert (counts.new, counts.unchanged, counts.replaced) == (40, 0, 0)

    run(story())
    assert len(lines_in(database)) == 40


def test_small_batches_end_with_the_same_content(database: str, data_dir: Path) -> None:
    given = write(data_dir / "in", {"ER_PRS_F": consultations(40)})

    async def story() -> None:
        async with house_of(database, data_dir) as (house, records):
            receipt = await loaded(house, data_dir, given, batch=3)
            assert receipt.counts.new == 40
            found = [
                await house.unit().claims.of_record(r.record_id, NOW.date() - timedelta(90))
                for r in records
            ]
            assert [len(lines) for lines in found] == [20, 20]

    run(story())


def test_what_is_gone_is_asked_for_those_who_have_other_lines_only(
    database: str, data_dir: Path
) -> None:
    """At a first load nobody has any; and who has these lines has none that is left out."""
    asked: list[list[str]] = []
    given = write(
        data_dir / "in",
        {"ER_PRS_F": [*consultations(4), *consultations(2, 5, BEN_CDI_NIR="11")]},
    )
    options = deliveries.Options(today=NOW.date(), test_mode=True)
    delivery = deliveries.open_delivery(deliveries.seen([given]), "d", data_dir / "cut", options)
    (batch,) = delivery.batches(10, delivery.assemble(0))
    assert batch.left_out == ()

    def gone(persons: Sequence[str]) -> Mapping[str, Sequence[str]]:
        asked.append(list(persons))
        return delivery.gone(batch, persons)

    def feed(after: int, **changes: tuple[int, int]) -> FeedClaims:
        return FeedClaims(
            digest="d",
            after=after,
            next_row=after + 1,
            fingerprints=dict(batch.fingerprints) | changes,
            rows=lambda records: delivery.rows(batch, records),
            gone=gone,
        )

    async def story() -> None:
        async with house_of(database, data_dir) as (house, _):
            await perform(house, begin_delivery, BeginDelivery(digest="d", summary={}), FEEDER)
            await perform(house, feed_claims, feed(0), FEEDER)
            await perform(house, feed_claims, feed(1), FEEDER)
            assert asked == []
            await perform(house, feed_claims, feed(2, **{person(2): (7, 7)}), FEEDER)
            assert asked == [[person(2)]]

    run(story())
    told = delivery.gone(batch, [person(1), person(2), person(3)])
    assert {who: len(lines) for who, lines in told.items()} == {person(1): 1, person(2): 1}
    delivery.close()
    assert len(lines_in(database)) == 4
