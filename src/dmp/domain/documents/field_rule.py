"""One row of the table of submission rules, and how a field is settled by it.

Source: PDSm, ITI-105 (what is absent is derived); CI-SIS (header and metadata agree).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from dmp.domain.documents.deposit import Deposit
from dmp.domain.documents.submission import ClaimedDocument, ContentHeader
from dmp.domain.errors import Reason, Refused

T = TypeVar("T")


def equal(one: object, other: object) -> bool:
    """Equal to the letter."""
    return one == other


def kept(value: T, _deposit: Deposit, _notes: list[str]) -> T:
    """The check of a field that needs none."""
    return value


class Contradiction(StrEnum):
    """What happens when the content says otherwise than the metadata."""

    REFUSED = "refused"
    REMARKED = "remarked"  # the metadata are kept, the sender is told
    NOT_COMPARED = "not-compared"


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldRule(Generic[T]):
    """One row: a field of the entry, `minimum`..`maximum` times, as `path` in the sender's words.

    `reason` is that of a contradiction. `default` gives a value when neither side says one.
    """

    path: str
    claimed: Callable[[ClaimedDocument], T | None]
    header: Callable[[ContentHeader], T | None]
    check: Callable[[T, Deposit, list[str]], T]
    contradiction: Contradiction
    minimum: int
    maximum: int = 1
    same: Callable[[T, T], bool] = equal
    default: Callable[[Deposit], T | None] = lambda _: None
    reason: Reason = Reason.HEADER_CONTRADICTS_METADATA


def settle(rule: FieldRule[T], deposit: Deposit, notes: list[str]) -> T | None:
    """The value of one field: claimed, else of the header, else the default; checked.

    Raises Refused: METADATA_MISSING, METADATA_INVALID, HEADER_CONTRADICTS_METADATA, and what
    the row's check refuses.
    """
    claimed, found = rule.claimed(deposit.claimed) or None, rule.header(deposit.header) or None
    value = claimed if claimed is not None else found
    if value is None:
        value = rule.default(deposit)
        if value is not None and rule.minimum and not deposit.submission.simplified:
            notes.append(f"{rule.path} is absent; the server's default was put in its place.")
    if value is None:
        if rule.minimum:
            raise Refused(Reason.METADATA_MISSING, field=deposit.path(rule.path))
        return None
    if isinstance(value, tuple) and len(value) > rule.maximum:
        detail = f"{len(value)} values, the limit is {rule.maximum}"
        raise Refused(Reason.METADATA_INVALID, field=deposit.path(rule.path), detail=detail)
    checked = rule.check(value, deposit, notes)
    if claimed is not None and found is not None:
        _compare(rule, checked, found, deposit, notes)
    return checked


def _compare(rule: FieldRule[T], claimed: T, found: T, deposit: Deposit, notes: list[str]) -> None:
    if rule.contradiction is Contradiction.NOT_COMPARED or rule.same(claimed, found):
        return
    if rule.contradiction is Contradiction.REFUSED:
        raise Refused(rule.reason, field=deposit.path(rule.path))
    notes.append(f"The CDA header differs from the metadata on {rule.path}; the metadata are kept.")


def needed(rule: FieldRule[T], deposit: Deposit, notes: list[str]) -> T:
    """The value of a field that must have one. Raises like `settle`."""
    value = settle(rule, deposit, notes)
    if value is None:
        raise Refused(Reason.METADATA_MISSING, field=deposit.path(rule.path))
    return value
