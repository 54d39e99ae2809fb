"""Check at a counter who a person is: read her card, ask the INS teleservice, look among the records here.

Who: an agent at a desk or a pharmacist, in person. Nothing of a record is told but whether its identity is
the one that was typed. A search by traits alone is counted, so that nobody walks through names; when the
teleservice does not answer, what is known here stands in.

Source: référentiel INS; RNIV 1 §3; ux rules of the project §7.4.
"""

from __future__ import annotations

from dataclasses import dataclass

from dmp.acts.act import Act, OfNothing, always
from dmp.acts.counter.identity_services import CardUnreadable, IdentityServices
from dmp.acts.work import Work
from dmp.domain.access.actions import Action
from dmp.domain.counter.opening import PHARMACIST
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import Ins
from dmp.domain.identity.caller import DeskAgent, Professional, Strength
from dmp.domain.identity.matching import differences
from dmp.domain.identity.patient import Traits
from dmp.domain.identity.searched import (
    MARK_ID,
    IdentityMark,
    LookupCount,
    digest_of_traits,
    is_searchable,
)
from dmp.domain.identity.verification import (
    Answer,
    HealthCard,
    InsAnswer,
    KnownIdentity,
    discordances,
)
from dmp.domain.record.health_record import HealthRecord, State

_SAME_AT_MOST = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadCard:
    """Which card, in which reader."""

    card_id: str
    services: IdentityServices


@dataclass(frozen=True, slots=True, kw_only=True)
class CardRead:
    """What the card says, and whom the teleservice knows by it."""

    card: HealthCard
    answer: Answer
    identity: KnownIdentity | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckIdentity:
    """The traits as they were typed from a paper, with an INS perhaps; `card` is one that was read before."""

    traits: Traits
    services: IdentityServices
    ins: Ins | None = None
    card: HealthCard | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedIdentity:
    """Who it is, as far as that is known.

    `ins` is the one that stands, None when there is none; `identity` is what it was compared with, `differing`
    the names of what differs; `is_local` tells that it comes from a record here, the teleservice being silent;
    `has_twin` that a record with the same traits stands under another INS.
    """

    answer: Answer
    ins: Ins | None = None
    identity: KnownIdentity | None = None
    differing: tuple[str, ...] = ()
    is_local: bool = False
    has_twin: bool = False


async def _read_card(request: ReadCard, work: Work) -> CardRead | None:
    """None when there is no such card, or none that can be read."""
    _stands_here(work)
    reader = request.services.reader
    if reader is None:
        raise Refused(Reason.ACT_NOT_ALLOWED)
    try:
        card = await reader.read(request.card_id)
    except CardUnreadable:
        return None
    found = await request.services.asked(card=card)
    return CardRead(card=card, answer=found.answer, identity=found.identity)


async def _check(request: CheckIdentity, work: Work) -> CheckedIdentity:
    _stands_here(work)
    if request.ins is None and request.card is None:
        await _count(request.traits, work)
    alike = await _with_these_traits(request.traits, work)
    found = await request.services.asked(card=request.card, ins=request.ins, traits=request.traits)
    if found.answer is Answer.UNAVAILABLE:
        return _without_teleservice(request, alike)
    if found.answer is Answer.NOT_FOUND and request.ins is not None and request.card is None:
        # The verification does not tell what differs: whose traits these are does.
        found = await _by_traits_alone(request, work)
    identity = found.identity
    if identity is None:
        return CheckedIdentity(answer=found.answer)
    return CheckedIdentity(
        answer=found.answer,
        ins=identity.ins,
        identity=identity,
        differing=discordances(identity, request.ins, request.traits),
        has_twin=_has_twin(alike, identity.ins),
    )


async def _by_traits_alone(request: CheckIdentity, work: Work) -> InsAnswer:
    if not is_searchable(request.traits):
        return InsAnswer(answer=Answer.NOT_FOUND)
    await _count(request.traits, work)
    return await request.services.asked(traits=request.traits)


def _without_teleservice(request: CheckIdentity, alike: list[HealthRecord]) -> CheckedIdentity:
    """The INS that was typed stands; without one, the only record here with these traits."""
    if request.ins is not None:
        return CheckedIdentity(
            answer=Answer.UNAVAILABLE, ins=request.ins, has_twin=_has_twin(alike, request.ins)
        )
    if len(alike) != 1 or not is_searchable(request.traits):
        answer = Answer.SEVERAL if len(alike) > 1 else Answer.UNAVAILABLE
        return CheckedIdentity(answer=answer, is_local=True)
    return CheckedIdentity(answer=Answer.UNAVAILABLE, ins=alike[0].ins, is_local=True)


def _stands_here(work: Work) -> None:
    who = work.caller.who
    is_pharmacist = isinstance(who, Professional) and who.profession.code == PHARMACIST
    if not isinstance(who, DeskAgent) and not is_pharmacist:
        raise Refused(Reason.ACT_NOT_ALLOWED)
    if work.caller.strength < Strength.INDIVIDUAL:
        raise Refused(Reason.INDIVIDUAL_AUTHENTICATION_REQUIRED)


async def _count(traits: Traits, work: Work) -> None:
    """Count this search by traits. Raises Refused: TRAITS_INCOMPLETE, CEILING_REACHED."""
    if not is_searchable(traits):
        raise Refused(Reason.TRAITS_INCOMPLETE, field="birth place")
    owner, now = work.caller.id, work.now
    kept = await work.own_slips.one(owner, LookupCount, MARK_ID)
    count = (kept or LookupCount(hour_from=now, day_from=now)).at(now)
    if count.is_reached:
        raise Refused(Reason.CEILING_REACHED)
    work.own_slips.keep(owner, count.one_more())


async def _with_these_traits(traits: Traits, work: Work) -> list[HealthRecord]:
    """Records here whose holder has these traits, in whatever state; one by one, bounded."""
    marked = await work.slips.addressed_to(digest_of_traits(traits), IdentityMark, _SAME_AT_MOST)
    found = []
    for record_id, _ in marked:
        record = await work.records.by_id(record_id)
        if record is None or record.state is State.DESTROYED:
            continue
        if not differences(record.traits, traits):
            found.append(record)
    return found


def _has_twin(alike: list[HealthRecord], ins: Ins) -> bool:
    return any(record.ins.matricule != ins.matricule for record in alike)


read_card = Act(
    name="read-card",
    actions=always(Action.CHECK_IDENTITY),
    target=lambda _: OfNothing(),
    run=_read_card,
)

check_identity = Act(
    name="check-identity",
    actions=always(Action.CHECK_IDENTITY),
    target=lambda _: OfNothing(),
    run=_check,
)
