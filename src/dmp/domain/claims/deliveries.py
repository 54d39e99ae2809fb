"""Deliveries of the insurer's feed: files that came together, known by the digest of what they hold.

A delivery is loaded batch by batch; how far it is stands beside what it brought, so that one that was cut is
taken up where it stopped.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID


class DeliveryState(StrEnum):
    """How far a delivery is."""

    LOADING = "loading"
    LOADED = "loaded"


Ahead = tuple[tuple[int, int], ...]
"""Batches done before those in front of them, in order: where each begins, and where the next one does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What became of lines: `new` and `replaced` ones, those that were there as they are, those that were
    there and are taken out (a correction says that they are secret, or nothing for a record), and those of
    persons who have no record, or one that is not open.
    """

    new: int = 0
    replaced: int = 0
    unchanged: int = 0
    without_record: int = 0
    record_not_open: int = 0
    persons_without_record: int = 0
    persons_not_open: int = 0
    taken_out: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One delivery. `content` is the digest of its rows in whatever cut and order, '' while not known, `octets`
    what they take; `next_row` where its loading goes on, but for the batches `ahead` of it that are done
    already; `summary` what was said of it (files, rows, rejects), as text. `again` marks one that was begun
    before and begins once more. `layout` tells how its lines were put in order when its loading began:
    `next_row` means nothing in another one.
    """

    digest: str
    state: DeliveryState
    began_at: datetime
    ended_at: datetime | None = None
    content: str = ""
    octets: int = 0
    next_row: int = 0
    ahead: Ahead = ()
    counts: Counts = field(default_factory=Counts)
    summary: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    again: bool = False
    layout: int = 1


def advanced(next_row: int, ahead: Ahead, done: tuple[int, int]) -> tuple[int, Ahead]:
    """Where a loading goes on when one more batch is done, and which batches are done ahead of that.

    Raises:
        ValueError: the batch is done already, or is none of this loading.
    """
    begin, behind = done
    reached = dict(ahead)
    if begin < next_row or behind <= begin or begin in reached:
        raise ValueError("a batch that is done already")
    reached[begin] = behind
    while next_row in reached:
        next_row = reached.pop(next_row)
    return next_row, tuple(sorted(reached.items()))


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordFound:
    """The record that a matricule leads to, and whether it takes lines now."""

    record_id: UUID
    is_open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FedLines:
    """One batch on its way into records: lines as COPY takes them, those of records that had none and those
    of records that had some. `after` is where the batch begins, `next_row` where the next one does. `gone` are
    lines (record, identifier) that must not stand any more.
    """

    digest: str
    after: int
    next_row: int
    at: datetime
    fresh: bytes
    fresh_records: tuple[UUID, ...]
    merged: bytes
    merged_records: tuple[UUID, ...]
    merged_lines: int
    counts: Counts
    gone: tuple[tuple[UUID, UUID], ...] = ()
