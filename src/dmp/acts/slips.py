"""The keepers of slips: values that acts keep whole, by kind, of a record or of a person or structure.

Folders and pins, temporary shares, emergency cards, requests of a holder, passkeys: small things that are
found by their record or owner, by a code, or by whom they wait for, and by nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeVar
from uuid import UUID

from dmp.domain.identifiers import RecordId
from dmp.domain.record.health_record import HealthRecord


class Slip(Protocol):
    """A value that acts keep whole, under an identifier of its own: a frozen dataclass of the domain.

    Its type is listed in `dmp.storage.postgres.slip_kinds`.
    """

    @property
    def slip_id(self) -> UUID:
        """Its identifier, unique among those of its kind in its record or with its owner."""


S = TypeVar("S", bound=Slip)


class Slips(Protocol):
    """Slips of records; sealed with the record's key, and gone with it."""

    async def of_record(self, record_id: RecordId, kind: type[S]) -> Sequence[S]:
        """Every slip of this kind, the newest identifier first."""

    async def one(self, record_id: RecordId, kind: type[S], slip_id: UUID) -> S | None:
        """One slip, or None."""

    async def by_code(self, digest: str, kind: type[S]) -> tuple[HealthRecord, S] | None:
        """The slip that the code of this digest opens, with its record."""

    async def addressed_to(
        self, addressee: str, kind: type[S], limit: int
    ) -> Sequence[tuple[RecordId, S]]:
        """Slips that wait for somebody (a PS_IdNat, or OPERATOR), the newest identifier first."""

    def keep(
        self, record_id: RecordId, slip: Slip, *, code_digest: str = "", addressee: str = ""
    ) -> None:
        """Keep a slip, in place of the one that this act read. `code_digest` is the code that opens it,
        `addressee` whom it waits for; empty, none does from now on. Written in between:
        ConcurrentChange at commit.
        """

    def remove(self, record_id: RecordId, slip: Slip) -> None:
        """Remove a slip that this act read. Written in between: ConcurrentChange at commit."""


class OwnSlips(Protocol):
    """Slips of a person or a structure, of no record: never health content, never an INS."""

    async def of_owner(self, owner: str, kind: type[S], limit: int) -> Sequence[S]:
        """The slips of this kind, the newest identifier first."""

    async def one(self, owner: str, kind: type[S], slip_id: UUID) -> S | None:
        """One slip, or None."""

    def keep(self, owner: str, slip: Slip) -> None:
        """Keep a slip, in place of the one that this act read. Written in between: ConcurrentChange."""

    def remove(self, owner: str, slip: Slip) -> None:
        """Remove a slip that this act read. Written in between: ConcurrentChange."""
