"""Wishes: advance directives, person of trust, organ donation, other wishes.

Source: CSP L1111-11 (directives anticipées), L1111-6 (personne de confiance), R1232-4-4 s. (registre national
des refus, which stands elsewhere: what is written here is only a note for the relatives).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from uuid import UUID

from dmp.domain.record.declared.said import UNSAID, Said


@dataclass(frozen=True, slots=True, kw_only=True)
class Directives:
    """Advance directives: a text of one's own, a document of the record, or where the paper is kept.

    `none_written`: the holder says that he has written none.
    """

    text: str = ""
    document: UUID | None = None
    kept_at: str = ""
    none_written: bool = False
    said: Said = UNSAID

    @property
    def exist(self) -> bool:
        """Whether the holder says that there are some."""
        return bool(self.text or self.document or self.kept_at)


NO_DIRECTIVES: Final = Directives()
"""When nothing was said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustedPerson:
    """The personne de confiance, who speaks for the holder when he cannot; `agreed` says that she was asked."""

    name: str
    phone: str
    relation: str = ""
    address: str = ""
    agreed: bool = False
    said: Said = UNSAID


class Donation(StrEnum):
    """What the holder told his relatives of organ donation."""

    IN_FAVOUR = "in-favour"
    OPPOSED = "opposed"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """All of them. `donation` is a note, not an entry of the national register."""

    directives: Directives = NO_DIRECTIVES
    trusted: TrustedPerson | None = None
    donation: Donation | None = None
    donation_said: Said = UNSAID
    other: str = ""
    other_said: Said = UNSAID

    @property
    def is_filled(self) -> bool:
        """Whether anything was said."""
        return self != NO_WISHES


NO_WISHES: Final = Wishes()
"""When nothing was said."""
