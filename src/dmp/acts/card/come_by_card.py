"""Come by an emergency card: from its number to the person whose emergency can then be stated.

Who: a health professional authenticated in person. It opens nothing: the emergency itself is for the rules to
decide. An unknown number, a revoked or old card, a record that is not open, one who is blocked: one refusal.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from dmp.acts.act import Act, OfNothing, always
from dmp.acts.card.hold_card import card_digest
from dmp.acts.notices.telling import place_of, tell
from dmp.acts.work import Work
from dmp.domain.access.actions import Action
from dmp.domain.arranging.emergency_card import EmergencyCard
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import Ins
from dmp.domain.identity.caller import Strength
from dmp.domain.record.health_record import State
from dmp.domain.record.notice import NoticeKind


@dataclass(frozen=True, slots=True, kw_only=True)
class ComeByCard:
    """The number as it was read or typed."""

    number: str


async def _come(request: ComeByCard, work: Work) -> Ins:
    if work.caller.strength < Strength.INDIVIDUAL:
        raise Refused(Reason.INDIVIDUAL_AUTHENTICATION_REQUIRED)
    digest = card_digest(request.number)
    found = await work.slips.by_code(digest, EmergencyCard)
    if found is None:
        raise Refused(Reason.CARD_UNKNOWN)
    record, card = found
    # The holder reads of every attempt with a true number.
    work.traced_record = record.record_id
    refused = record.preferences.blocked(work.caller.id, work.now)
    if record.state is not State.OPEN or not card.is_valid(work.now) or refused:
        raise Refused(Reason.CARD_UNKNOWN)
    work.slips.keep(record.record_id, replace(card, used_at=work.now), code_digest=digest)
    tell(
        work,
        NoticeKind.EMERGENCY_CARD_USED,
        record.record_id,
        work.caller.id,
        work.now.date(),
        by=getattr(work.caller.who, "name", ""),
        place=place_of(work),
    )
    return record.ins


come_by_card = Act(
    name="come-by-card",
    actions=always(Action.COME_BY_CARD),
    target=lambda _: OfNothing(),
    run=_come,
)
