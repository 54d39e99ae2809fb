"""What the holder chose: blocks, masks, default visibility, emergency switches."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from uuid import UUID

from dmp.domain.record.grouped import Grouped
from dmp.domain.record.relations import Dated


class BlockedBy(StrEnum):
    """Who shut a professional out."""

    HOLDER = "holder"  # himself or his representative
    ATTENDING_DOCTOR = "attending-doctor"  # or an administrator named by the holder


@dataclass(frozen=True, slots=True, kw_only=True)
class Block(Dated):
    """A professional shut out, and by whom (the caller's id)."""

    person_id: str
    name: str
    by: str
    by_kind: BlockedBy = BlockedBy.HOLDER


class Audience(StrEnum):
    """From whom a mask keeps what it covers."""

    PROFESSION = "profession"  # a line of the habilitation matrix
    PROFESSIONAL = "professional"  # a PS_IdNat


class Covered(StrEnum):
    """What a mask covers."""

    DOCUMENT = "document"
    CATEGORY = "category"  # of `documents.types.CATEGORIES`, future documents included
    EVERYTHING = "everything"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mask(Dated):
    """A document, a category or everything kept from one profession or one professional.

    What is masked to every professional carries MASQUE_PS itself; what is masked to some stands here,
    so that nothing of it shows on the document. `target` is the document's identifier or the
    category, empty for everything. `secret`: of a document that is hidden from the representatives.
    Source: CSP R1111-49.
    """

    audience: Audience
    audience_id: str
    covered: Covered
    target: str = ""
    name: str = ""
    secret: bool = False

    @property
    def document(self) -> UUID | None:
        """The document that it covers, if it covers one."""
        return _document(self.target) if self.covered is Covered.DOCUMENT else None

    def keeps_from(self, line: str, person_id: str, at: datetime) -> bool:
        """Whether it stands between the record and this professional."""
        if self.audience is Audience.PROFESSION:
            # A mask from a profession reaches the disciplines that have a line of their own (`10/SM54`).
            meant = self.audience_id in (line, line.partition("/")[0])
        else:
            meant = self.audience_id == person_id
        return meant and self.in_force(at)


_document = lru_cache(maxsize=4096)(UUID)


@dataclass(frozen=True, slots=True, kw_only=True)
class EmergencySwitches:
    """The holder's three switches. Allowed until the holder says otherwise.

    Source: CSP L1111-17 I; switches BTG, ETREAT and MASKED of Mon espace santé.
    """

    break_glass: bool = True
    regulation: bool = True
    masked_documents: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences(Grouped):
    """The holder's choices for the whole record.

    New documents are masked to professionals when `mask_new_documents`, or when their category is one
    of `masked_categories`. `heirs_opposed`: after death nothing is given to heirs (CSP L1110-4 V).
    """

    blocks: tuple[Block, ...] = ()
    mask_new_documents: bool = False
    masked_categories: tuple[str, ...] = ()
    masks: tuple[Mask, ...] = ()
    emergency: EmergencySwitches = EmergencySwitches()
    heirs_opposed: bool = False

    def blocked(self, person_id: str, at: datetime) -> Block | None:
        """The block that shuts this professional out at that instant, or None."""
        for block in self.blocks:
            if block.person_id == person_id and block.in_force(at):
                return block
        return None

    def with_block(self, block: Block) -> Preferences:
        """The preferences with this professional blocked; blocking twice changes nothing."""
        if self.blocked(block.person_id, block.start):
            return self
        return replace(self, blocks=(*self.blocks, block))

    def without_block(self, person_id: str, at: datetime) -> Preferences:
        """The preferences with this professional no longer blocked from that instant on."""
        ended = (
            replace(b, end=b.end_at(at)) if b.person_id == person_id and b.in_force(at) else b
            for b in self.blocks
        )
        return replace(self, blocks=tuple(ended))

    def masks_new(self, category: str) -> bool:
        """Whether a new document of this category is masked to professionals."""
        return self.mask_new_documents or category in self.masked_categories

    def with_mask(self, mask: Mask) -> Preferences:
        """The preferences with this mask; the same mask in force twice is one."""
        if self._same(mask):
            return self
        return replace(self, masks=(*self.masks, mask))

    def without_mask(self, mask: Mask) -> Preferences:
        """The preferences with every mask like this one ended when it starts."""
        same = self._same(mask)
        ended = (replace(m, end=m.end_at(mask.start)) if m in same else m for m in self.masks)
        return replace(self, masks=tuple(ended))

    def following(self, replaced: UUID, by: UUID, at: datetime) -> Preferences:
        """The preferences in which what is kept of a document is kept of its new version too."""
        changed = self
        for mask in self.masks:
            if (
                mask.covered is Covered.DOCUMENT
                and mask.target == str(replaced)
                and mask.in_force(at)
            ):
                changed = changed.with_mask(replace(mask, target=str(by), start=at))
        return changed

    def with_secret(self, document: UUID, secret: bool) -> Preferences:
        """The preferences in which masks of this document are told to representatives, or not."""
        masks = (
            replace(mask, secret=secret)
            if mask.covered is Covered.DOCUMENT and mask.target == str(document)
            else mask
            for mask in self.masks
        )
        return replace(self, masks=tuple(masks))

    def _same(self, mask: Mask) -> tuple[Mask, ...]:
        def what(m: Mask) -> tuple[str, ...]:
            return (m.audience, m.audience_id, m.covered, m.target)

        return tuple(m for m in self.masks if what(m) == what(mask) and m.in_force(mask.start))

    def masks_before(self, line: str, person_id: str, at: datetime) -> list[Mask]:
        """The masks that stand before this professional: of his profession, or his own."""
        by_audience = self._grouped(self.masks, _audience)
        masks = by_audience.get(line, ()) + by_audience.get(person_id, ())
        return [m for m in masks if m.keeps_from(line, person_id, at)]


def _audience(mask: Mask) -> str:
    return mask.audience_id
