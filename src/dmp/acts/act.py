"""What an act must declare: its action, its target, its label, its story."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, TypeVar
from uuid import UUID

from dmp.acts.work import Work
from dmp.domain.access.actions import Action
from dmp.domain.identifiers import Ins, RecordId, UniqueId

Request = TypeVar("Request")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class OfPatient:
    """The record of the person with this INS."""

    ins: Ins


@dataclass(frozen=True, slots=True)
class OfRecord:
    """The record with this identifier, as pages carry it in their address."""

    record_id: RecordId


@dataclass(frozen=True, slots=True)
class OfDocument:
    """A document by its identifier: the stable one, that of any version of its metadata, or the
    producer's.

    `within` narrows to one record; a document of another record is then unknown.
    """

    document: UUID | UniqueId
    within: OfPatient | OfRecord | None = None


@dataclass(frozen=True, slots=True)
class OfNothing:
    """No record is concerned."""


Target = OfPatient | OfRecord | OfDocument | OfNothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Act(Generic[Request, Result]):
    """One thing that can be done.

    `actions` are asked of the access room, all of them; `target` says about which record. `reads`
    marks an act that changes nothing: its trace is made durable while it runs. `transactions` are
    the standard ones it serves. `detail` is a word for the trace, never health content.
    """

    name: str
    actions: Callable[[Request], tuple[Action, ...]]
    target: Callable[[Request], Target]
    run: Callable[[Request, Work], Awaitable[Result]]
    reads: bool = False
    transactions: tuple[str, ...] = ()
    settles_for_own: Callable[[Request], bool] = lambda _: False
    detail: Callable[[Request], str] = lambda _: ""


def always(*actions: Action) -> Callable[[object], tuple[Action, ...]]:
    """The same actions whatever the request."""
    return lambda _: actions
