"""The intake of claims: a delivery of files read, then fed into records batch by batch, through the corridor.

A load that was cut, by whatever, is taken up where it stopped; a delivery that is known is not loaded again.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Final

from dmp.acts.claims.feed_claims import (
    BeginDelivery,
    EndDelivery,
    FeedClaims,
    KnownDelivery,
    begin_delivery,
    end_delivery,
    feed_claims,
    know_delivery,
)
from dmp.acts.perform import perform
from dmp.acts.work import House
from dmp.domain.claims.deliveries import Counts, Delivery, DeliveryState
from dmp.domain.claims.insurance import INSURANCE
from dmp.domain.clinical.coding import CNAM_CIP13, CNAM_UCD
from dmp.domain.clinical.knowledge.medicines import Medicines
from dmp.domain.codes import Code
from dmp.domain.identity.caller import Caller, Door, Insurer, Strength
from dmp.domain.record.calendar import LOCAL
from dmp.formats.claims import delivery as deliveries
from dmp.formats.claims.assembling import Share, Tally
from dmp.formats.claims.content_digest import content_digest, rows_octets
from dmp.formats.claims.delivery import Batch, Options, Told, not_told
from dmp.formats.claims.outcomes import LEFT_OUT
from dmp.formats.claims.reading import Source
from dmp.storage.private_files import private_folder

BATCH: Final = 50_000
"""Lines that are committed together."""
LANES: Final = 2
"""Batches that are committed at a time."""
CUTS: Final = 1_000
"""By so many line ends the same rows may differ in size, when they are cut into other files."""
FOLDER: Final = "claims"
"""In the data folder: the work of a load while it runs, receipts and rejected rows after it."""

FEEDER: Final = Caller(
    who=Insurer(structure=INSURANCE),
    strength=Strength.STRUCTURE,
    door=Door.FEED,
    means="files",
    software="dmp",
)
"""The health insurance, whose files are loaded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What to load and how. `persons` is a correspondence file for pseudonyms; `again` loads a known delivery
    once more, for the records that were opened since; `told` hears the progress.
    """

    paths: tuple[Path, ...]
    data: Path
    persons: Path | None = None
    batch: int = BATCH
    again: bool = False
    told: Told = not_told


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What a load did. `known` tells a delivery that was loaded before: nothing was done then."""

    digest: str
    known: bool
    began_at: datetime
    ended_at: datetime | None
    counts: Counts
    summary: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    rejects: Path | None = None
    written_to: Path | None = None

    def as_json(self) -> str:
        """The receipt as JSON text."""
        return json.dumps(
            {
                "digest": self.digest,
                "known": self.known,
                "began_at": self.began_at.isoformat(),
                "ended_at": self.ended_at.isoformat() if self.ended_at else None,
                "lines": asdict(self.counts),
                "delivery": dict(self.summary),
                "rejects": str(self.rejects) if self.rejects else None,
            },
            ensure_ascii=False,
            indent=2,
        )


async def load(house: House, wanted: Load) -> Receipt:
    """Load a delivery; a known one is left alone, one that was cut is taken up again.

    Raises:
        DeliveryRefused: the files cannot be taken; nothing was loaded.
        Refused: the corridor refused, or UNAVAILABLE; what was fed stands, and can be taken up again.
    """
    folder = private_folder(wanted.data / FOLDER)
    sources = await asyncio.to_thread(deliveries.seen, wanted.paths)
    digest = await asyncio.to_thread(deliveries.digest_of, sources, wanted.persons, wanted.told)
    content = _Content(sources=sources, has_persons=wanted.persons is not None)
    known = await _same(house, digest)
    if known is None and wanted.persons is None:
        known = await _recut(house, digest, content)
    if known is not None and known.state is DeliveryState.LOADED and not wanted.again:
        return _receipt(known, known=True)
    options = Options(
        today=house.now().astimezone(LOCAL).date(),
        persons=wanted.persons,
        test_mode=house.rules.test_mode,
        atc_of=atc_of(house.knowledge.medicines),
        told=wanted.told,
    )
    delivery = await asyncio.to_thread(deliveries.open_delivery, sources, digest, folder, options)
    try:
        return await _fed(house, delivery, content, folder, wanted)
    finally:
        await asyncio.to_thread(delivery.close)


def atc_of(medicines: Medicines) -> Callable[[str], str]:
    """Finds the ATC code of a box (CIP13) or of a hospital unit (UCD) in the knowledge in force."""

    def found(code: str) -> str:
        if len(code) == 13 and code.startswith("34009"):
            medicine = medicines.by_codes((Code(code, CNAM_CIP13),))
        else:
            medicine = medicines.by_codes((Code(code, CNAM_UCD),))
        return "" if medicine is None else medicine.atc

    return found


@dataclass(slots=True, kw_only=True)
class _Content:
    """The digest of the rows, made once; '' with a correspondence, which makes other lines of the same rows."""

    sources: Sequence[Source]
    has_persons: bool
    _made: str | None = None

    def digest(self) -> str:
        """Work it out, or remember it. Reads every file: to be run in a thread."""
        if self._made is None:
            self._made = "" if self.has_persons else content_digest(self.sources)
        return self._made


async def _recut(house: House, digest: str, content: _Content) -> Delivery | None:
    """The delivery that held the same rows in other files; rows are read when one of their size is known."""
    sources = content.sources
    octets, cuts = await asyncio.to_thread(rows_octets, sources), len(sources) + CUTS
    asked = KnownDelivery(digest=digest, octets=octets, about=cuts)
    if await perform(house, know_delivery, asked, FEEDER) is None:
        return None
    same_rows = KnownDelivery(digest=digest, content=await asyncio.to_thread(content.digest))
    return await perform(house, know_delivery, same_rows, FEEDER)


async def _fed(
    house: House, delivery: deliveries.Delivery, rows: _Content, folder: Path, wanted: Load
) -> Receipt:
    """Feed what was read, then write the rejected rows and the receipt."""
    digest = delivery.digest
    begin = BeginDelivery(
        digest=digest, summary=_files(delivery), again=wanted.again, layout=deliveries.LAYOUT
    )
    begun = await perform(house, begin_delivery, begin, FEEDER)
    # The digest of the rows is for another day: it is made while the database is waited for.
    content = asyncio.ensure_future(asyncio.to_thread(rows.digest))
    try:
        tally = await _feed(house, delivery, begun, wanted)
    finally:
        await asyncio.wait([content])
    written = folder / f"rejects-{digest[:16]}.csv"
    written.unlink(missing_ok=True)  # what an earlier load of the same files did not take
    rejects = written if tally.rejected else None
    if rejects is not None:
        await asyncio.to_thread(delivery.write_rejects, rejects)
    summary = summary_of(delivery, tally)
    octets = rows_octets(delivery.sources)
    end = EndDelivery(digest=digest, content=content.result(), octets=octets, summary=summary)
    await perform(house, end_delivery, end, FEEDER)
    ended = await _same(house, digest)
    if ended is None:
        raise LookupError("a delivery that was loaded is not known")
    ended = replace(ended, summary=summary)  # in the order in which it is read
    return _written(_receipt(ended, known=False, rejects=rejects), folder)


async def _same(house: House, digest: str) -> Delivery | None:
    return await perform(house, know_delivery, KnownDelivery(digest=digest), FEEDER)


async def _feed(
    house: House, delivery: deliveries.Delivery, begun: Delivery, wanted: Load
) -> Tally:
    """Share after share, batch after batch; while some are committed the next one is made ready. Shares are
    made without waiting for those before them to be committed, and so is the tally of what they are. The
    lines of a share go when they are committed.
    """
    since = begun.next_row
    course = _Course(
        house=house,
        delivery=delivery,
        after=since,
        done=frozenset(begun.ahead),
        told=wanted.told,
    )
    made: list[asyncio.Future[Share]] = []
    for number in range(delivery.shares):
        made.append(asyncio.ensure_future(_share(course, number, made[-1] if made else None)))
    counted = asyncio.ensure_future(_counted(delivery, made[-1]))
    try:
        for number, each in enumerate(made):
            share = await each
            batches = await asyncio.to_thread(
                lambda within: list(delivery.batches(wanted.batch, within, since)), share
            )
            taken = [await course.take(batch) for batch in batches]
            made[number] = asyncio.ensure_future(_released(delivery, share, taken))
        await course.end()
        await asyncio.gather(*made)
        return await counted
    finally:
        await course.give_up()
        # One that is being made is waited for: the workbench is closed behind it.
        await asyncio.gather(*made, counted, return_exceptions=True)


async def _share(course: _Course, number: int, before: asyncio.Future[Share] | None) -> Share:
    """Make one share, after the one before it. Not when that failed, or none is wanted."""
    if before is not None:
        await asyncio.wait([before])
        before.result()
    if course.is_over:
        raise asyncio.CancelledError
    return await asyncio.to_thread(course.delivery.assemble, number)


async def _released(
    delivery: deliveries.Delivery, share: Share, taken: Sequence[asyncio.Task[None] | None]
) -> Share:
    """Let the lines of a share go when its batches are committed; they stay when one was not."""
    under_way = [task for task in taken if task is not None]
    if under_way:
        await asyncio.wait(under_way)
    if not any(task.cancelled() or task.exception() for task in under_way):
        await asyncio.to_thread(delivery.release, share)
    return share


async def _counted(delivery: deliveries.Delivery, last: asyncio.Future[Share]) -> Tally:
    """The tally, when the last share is made."""
    await asyncio.wait([last])
    last.result()
    return await asyncio.to_thread(delivery.finish)


@dataclass(slots=True, kw_only=True)
class _Course:
    """The batches on their way: at most `LANES` are committed while the next one is made ready. `done` are
    those that were committed before those in front of them, when the load was cut.
    """

    house: House
    delivery: deliveries.Delivery
    after: int
    done: frozenset[tuple[int, int]]
    told: Told
    is_over: bool = False
    _lines: int = 0
    _under_way: set[asyncio.Task[None]] = field(default_factory=set)

    async def take(self, batch: Batch) -> asyncio.Task[None] | None:
        """Make a batch ready, and wait until it can be committed. Returns what commits it; None when it was
        committed before the load was cut.
        """
        task = None
        after, self.after = self.after, batch.last + 1
        if (after, self.after) not in self.done:
            ready = asyncio.Event()
            task = asyncio.ensure_future(_batch(self.house, self.delivery, batch, after, ready))
            self._under_way.add(task)
            waiting = asyncio.ensure_future(ready.wait())
            await asyncio.wait({task, waiting}, return_when=asyncio.FIRST_COMPLETED)
            waiting.cancel()
            await self._at_most(LANES)
        self._lines += batch.lines
        self.told("feeding", self._lines, self.delivery.expected)
        return task

    async def end(self) -> None:
        """Wait for the last batches."""
        await self._at_most(0)

    async def _at_most(self, lanes: int) -> None:
        while len(self._under_way) > lanes:
            done, _ = await asyncio.wait(self._under_way, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
                self._under_way.discard(task)

    async def give_up(self) -> None:
        """Stop what is under way, if anything still is, hear how it ended, and begin nothing more."""
        self.is_over = True
        for task in self._under_way:
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)


async def _batch(
    house: House,
    delivery: deliveries.Delivery,
    batch: Batch,
    after: int,
    ready: asyncio.Event,
) -> None:
    request = FeedClaims(
        digest=delivery.digest,
        after=after,
        next_row=batch.last + 1,
        fingerprints=batch.fingerprints,
        rows=lambda records: delivery.rows(batch, records),
        left_out=batch.left_out,
        gone=lambda persons: delivery.gone(batch, persons),
        ready=ready.set,
    )
    await perform(house, feed_claims, request, FEEDER)


def summary_of(delivery: deliveries.Delivery, tally: Tally) -> dict[str, str]:
    """What is in a delivery, in words and numbers; no person is named."""
    said = _files(delivery) | {
        "lines": str(tally.lines),
        "persons": str(tally.persons),
        "rejected": str(tally.rejected),
        "replaced within": str(tally.replaced),
        "from": tally.earliest.isoformat() if tally.earliest else "",
        "to": tally.latest.isoformat() if tally.latest else "",
    }
    left_out = {
        f"left out: {LEFT_OUT[outcome]}": str(rows) for outcome, rows in tally.left_out.items()
    }
    if tally.unknown_medicines:
        # Said, so that the reference data is loaded: contraception of minors is told by the ATC code.
        said["medicines without ATC"] = (
            f"{tally.unknown_medicines} codes; load the reference data of medicines, then load --again"
        )
    return said | left_out


def _files(delivery: deliveries.Delivery) -> dict[str, str]:
    return {
        "files": ", ".join(sorted(read.source.path.name for read in delivery.reads)),
        "rows": str(sum(read.rows for read in delivery.reads)),
    }


def _receipt(delivery: Delivery, *, known: bool, rejects: Path | None = None) -> Receipt:
    return Receipt(
        digest=delivery.digest,
        known=known,
        began_at=delivery.began_at.astimezone(UTC),
        ended_at=delivery.ended_at.astimezone(UTC) if delivery.ended_at else None,
        counts=delivery.counts,
        summary=delivery.summary,
        rejects=rejects,
    )


def _written(receipt: Receipt, folder: Path) -> Receipt:
    """Keep the receipt as a private file beside the rejected rows, in place of that of a load that was cut."""
    path = folder / f"receipt-{receipt.digest[:16]}.json"
    beside = path.with_suffix(".new")
    beside.unlink(missing_ok=True)
    file = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(file, "w", encoding="utf-8") as written:
        written.write(receipt.as_json() + "\n")
    beside.replace(path)
    return replace(receipt, written_to=path)
