"""Put lines of the health insurance into records, batch by batch; one act and one trace for each batch.

CSP L1111-15 (the record receives the data of reimbursements); CNIL 2021 opinion on the feed. Who: the health
insurance. Records that are closed, suspended or refused take nothing, and neither does who has none.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from uuid import UUID

from dmp.acts.act import Act, OfNothing, always
from dmp.acts.work import Work
from dmp.domain.access.actions import Action
from dmp.domain.claims.deliveries import (
    Counts,
    Delivery,
    DeliveryState,
    FedLines,
    RecordFound,
)
from dmp.domain.identifiers import InsRoot

LONGEST = 1_000
"""Longest list of deliveries, whatever is asked."""

Gone = Callable[[Sequence[str]], Mapping[str, Sequence[str]]]
"""Of these persons, the identifiers of lines that must not stand any more. Runs in a thread."""
Rows = Callable[[Mapping[str, UUID]], bytes]
"""The lines of these persons, by matricule with the identifier of the record, as a COPY takes them.

Runs in a thread.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedClaims:
    """One batch of a delivery: from row `after` to before `next_row`, lines of the persons in `fingerprints`.

    A fingerprint is the number of lines of a person in the batch and their marks put together. `gone` tells, by
    person, identifiers of lines that are left out now and may have come earlier; it is asked for those who have
    lines already, of the batch or of `left_out`, whose rows are left out, all of them. `ready` is called when
    the lines are written down and only the commit is left to wait for.
    """

    digest: str
    after: int
    next_row: int
    fingerprints: Mapping[str, tuple[int, int]]
    rows: Rows
    left_out: tuple[str, ...] = ()
    gone: Gone = lambda _: MappingProxyType({})
    ready: Callable[[], None] = lambda: None


@dataclass(frozen=True, slots=True, kw_only=True)
class BeginDelivery:
    """A delivery that is going to be loaded; `summary` says what is in it. `again`: also when it was loaded
    before, for the records that were opened since. `layout` is how its lines are put in order: one that was cut
    in another layout begins anew.
    """

    digest: str
    summary: Mapping[str, str]
    again: bool = False
    layout: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class EndDelivery:
    """A delivery that is loaded to its end. `content` is the digest of its rows in whatever cut and order,
    `octets` what they take.
    """

    digest: str
    content: str
    octets: int
    summary: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownDelivery:
    """Which delivery is asked about: by its digest; else by the digest of its rows; else any that was loaded
    and whose rows take `octets`, `about` more or less.
    """

    digest: str
    content: str = ""
    octets: int = 0
    about: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ListDeliveries:
    """How many at most, newest first."""

    limit: int = 50


async def _feed(request: FeedClaims, work: Work) -> None:
    persons = [*request.fingerprints, *request.left_out]
    found = await work.claims_feed.records_of(persons, _roots(test_mode=work.rules.test_mode))
    takes = {ins: record.record_id for ins, record in found.items() if record.is_open}
    there = await work.claims_feed.fingerprints(list(takes.values()))
    # A record that has no line yet, or these lines and no other, has none that is to be taken out.
    differs = {
        ins: record
        for ins, record in takes.items()
        if record in there and there[record] != request.fingerprints.get(ins)
    }
    gone = await asyncio.to_thread(request.gone, list(differs)) if differs else {}
    fresh = {i: takes[i] for i in request.fingerprints if i in takes and takes[i] not in there}
    merged = {ins: record for ins, record in differs.items() if ins in request.fingerprints}
    counts = _counts(request, found, fresh=fresh, merged=merged)
    fresh_rows = await asyncio.to_thread(request.rows, fresh) if fresh else b""
    merged_rows = await asyncio.to_thread(request.rows, merged) if merged else b""
    work.claims_feed.feed(
        FedLines(
            digest=request.digest,
            after=request.after,
            next_row=request.next_row,
            at=work.now,
            fresh=fresh_rows,
            fresh_records=tuple(fresh.values()),
            merged=merged_rows,
            merged_records=tuple(merged.values()),
            merged_lines=sum(request.fingerprints[ins][0] for ins in merged),
            counts=counts,
            gone=tuple((takes[ins], UUID(one)) for ins, lines in gone.items() for one in lines),
        )
    )
    request.ready()


def _roots(*, test_mode: bool) -> Sequence[str]:
    return [root.value for root in InsRoot if test_mode or not root.is_test]


def _counts(
    request: FeedClaims,
    found: Mapping[str, RecordFound],
    *,
    fresh: Mapping[str, UUID],
    merged: Mapping[str, UUID],
) -> Counts:
    """What is known before the lines that are merged were looked at."""
    without_record, not_open, new, unchanged = [], [], [], []
    for ins, (lines, _) in request.fingerprints.items():
        record = found.get(ins)
        if record is None:
            without_record.append(lines)
        elif not record.is_open:
            not_open.append(lines)
        elif ins in fresh:
            new.append(lines)
        elif ins not in merged:
            unchanged.append(lines)
    return Counts(
        new=sum(new),
        unchanged=sum(unchanged),
        without_record=sum(without_record),
        persons_without_record=len(without_record),
        record_not_open=sum(not_open),
        persons_not_open=len(not_open),
    )


async def _begin(request: BeginDelivery, work: Work) -> Delivery:
    known = await work.claims_feed.delivery(request.digest)
    was_loaded = known is not None and known.state is DeliveryState.LOADED
    is_other = known is not None and not was_loaded and known.layout != request.layout
    if known is not None and not (was_loaded and request.again) and not is_other:
        return known
    delivery = Delivery(
        digest=request.digest,
        state=DeliveryState.LOADING,
        began_at=work.now,
        summary=request.summary,
        again=known is not None,
        layout=request.layout,
    )
    work.claims_feed.begin(delivery)
    return delivery


async def _end(request: EndDelivery, work: Work) -> None:
    known = await work.claims_feed.delivery(request.digest)
    if known is None:
        raise LookupError("a delivery ends that did not begin")
    work.claims_feed.end(
        replace(
            known,
            state=DeliveryState.LOADED,
            ended_at=work.now,
            content=request.content,
            octets=request.octets,
            summary=request.summary,
        )
    )


async def _known(request: KnownDelivery, work: Work) -> Delivery | None:
    known = await work.claims_feed.delivery(request.digest)
    if known is None and request.content:
        return await work.claims_feed.with_content(request.content)
    if known is None and request.octets:
        return await work.claims_feed.of_size(request.octets, request.about)
    return known


async def _list(request: ListDeliveries, work: Work) -> Sequence[Delivery]:
    return await work.claims_feed.deliveries(max(1, min(request.limit, LONGEST)))


feed_claims = Act(
    name="feed-claims",
    actions=always(Action.FEED_CLAIMS),
    target=lambda _: OfNothing(),
    run=_feed,
    detail=lambda r: f"rows {r.after} to {r.next_row} of the delivery {r.digest[:12]}",
)
begin_delivery = Act(
    name="begin-delivery",
    actions=always(Action.FEED_CLAIMS),
    target=lambda _: OfNothing(),
    run=_begin,
    detail=lambda r: f"delivery {r.digest[:12]}",
)
end_delivery = Act(
    name="end-delivery",
    actions=always(Action.FEED_CLAIMS),
    target=lambda _: OfNothing(),
    run=_end,
    detail=lambda r: f"delivery {r.digest[:12]}",
)
know_delivery = Act(
    name="know-delivery",
    actions=always(Action.FEED_CLAIMS),
    target=lambda _: OfNothing(),
    run=_known,
    reads=True,
)
list_deliveries = Act(
    name="list-deliveries",
    actions=always(Action.FEED_CLAIMS),
    target=lambda _: OfNothing(),
    run=_list,
    reads=True,
)
