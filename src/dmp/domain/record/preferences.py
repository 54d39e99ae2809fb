"""What the holder chose: blocks, default visibility, emergency switches."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A professional the holder (or the attending doctor) shut out, since when and by whom."""

    person_id: str
    name: str
    since: datetime
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EmergencySwitches:
    """The holder's three switches. Allowed until the holder says otherwise.

    Source: CSP L1111-17 I; switches BTG, ETREAT and MASKED of Mon espace santé.
    """

    break_glass: bool = True
    regulation: bool = True
    masked_documents: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """The holder's choices for the whole record."""

    blocks: tuple[Block, ...] = ()
    mask_new_documents: bool = False
    emergency: EmergencySwitches = EmergencySwitches()

    def blocked(self, person_id: str) -> Block | None:
        """The block that concerns this professional, or None."""
        return next((block for block in self.blocks if block.person_id == person_id), None)

    def with_block(self, block: Block) -> Preferences:
        """The preferences with this professional blocked; blocking twice changes nothing."""
        if self.blocked(block.person_id):
            return self
        return replace(self, blocks=(*self.blocks, block))

    def without_block(self, person_id: str) -> Preferences:
        """The preferences with this professional no longer blocked."""
        return replace(self, blocks=tuple(b for b in self.blocks if b.person_id != person_id))
