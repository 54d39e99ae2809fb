"""Read what stands on an emergency card; make the card that leads to the record, anew each time; revoke it.

Who: the holder and who represents him. A new card ends the one before, a revoked one leads nowhere.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from hashlib import sha256

from dmp.acts.act import Act, OfRecord, always
from dmp.acts.person.profile import kept_profile
from dmp.acts.relatives.invitation import ALPHABET
from dmp.acts.synthesis.read_synthesis import ReadSynthesis, synthesis_before
from dmp.acts.work import Work
from dmp.domain.access.actions import Action
from dmp.domain.arranging.emergency_card import CARD_ID, VALID_FOR, EmergencyCard
from dmp.domain.arranging.emergency_content import EmergencyCardContent, emergency_card_of
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import RecordId

LENGTH = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class OfCard:
    """The card of which record."""

    record_id: RecordId


@dataclass(frozen=True, slots=True, kw_only=True)
class CardShown:
    """What stands on the card, and the card that leads to the record, if there is one in force."""

    content: EmergencyCardContent
    card: EmergencyCard | None


def card_digest(number: str) -> str:
    """SHA-256 of a number as people type it, in hexadecimal: case, blanks and hyphens do not count."""
    plain = "".join(c for c in number.upper() if c.isalnum())[: LENGTH * 2]
    return sha256(f"card/{plain}".encode()).hexdigest()


async def _read(request: OfCard, work: Work) -> CardShown:
    synthesis = await synthesis_before(ReadSynthesis(of=request.record_id), work)
    content = emergency_card_of(work.record.traits, await kept_profile(work), synthesis)
    card = await work.slips.one(work.record.record_id, EmergencyCard, CARD_ID)
    in_force = card if card is not None and card.is_valid(work.now) else None
    return CardShown(content=content, card=in_force)


async def _make(_: OfCard, work: Work) -> EmergencyCard:
    record_id = work.record.record_id
    await work.slips.one(record_id, EmergencyCard, CARD_ID)
    number = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    card = EmergencyCard(number=number, made_at=work.now, ends_at=work.now + VALID_FOR)
    work.slips.keep(record_id, card, code_digest=card_digest(number))
    return card


async def _revoke(_: OfCard, work: Work) -> None:
    card = await work.slips.one(work.record.record_id, EmergencyCard, CARD_ID)
    if card is None:
        raise Refused(Reason.CARD_UNKNOWN)
    work.slips.remove(work.record.record_id, card)


read_emergency_card = Act(
    name="read-emergency-card",
    actions=always(Action.READ_EMERGENCY_CARD),
    target=lambda request: OfRecord(request.record_id),
    run=_read,
    reads=True,
)

make_emergency_card = Act(
    name="make-emergency-card",
    actions=always(Action.MAKE_EMERGENCY_CARD),
    target=lambda request: OfRecord(request.record_id),
    run=_make,
)

revoke_emergency_card = Act(
    name="revoke-emergency-card",
    actions=always(Action.MAKE_EMERGENCY_CARD),
    target=lambda request: OfRecord(request.record_id),
    run=_revoke,
)
