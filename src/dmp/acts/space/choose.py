"""Read and change what a holder chooses for her own pages.

Who: the holder for herself; who represents her, on a side of their own. A carer reads the holder's.
Nothing here changes what anybody may see: a professional is told what is due, whatever was declined.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from dmp.acts.act import Act, OfRecord, always
from dmp.acts.space.kept import kept_choices
from dmp.acts.work import Work
from dmp.domain.access.actions import Action
from dmp.domain.arranging.space_choices import SpaceChoices, VisitStep
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import RecordId


class Choice(StrEnum):
    """What is chosen."""

    DECLINE = "decline-prevention"
    OFFER_AGAIN = "offer-prevention-again"
    STOP_PROPOSING = "stop-proposing"
    PROPOSE = "propose"
    DO_STEP = "do-step"
    END_FIRST_VISIT = "end-first-visit"
    READ_NOTICES = "read-notices"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadSpaceChoices:
    """Of which record."""

    record_id: RecordId


@dataclass(frozen=True, slots=True, kw_only=True)
class ChooseForSpace:
    """Of which record, and what: `rule_id` of a line of prevention, `step` of the first visit."""

    record_id: RecordId
    choice: Choice
    rule_id: str = ""
    step: VisitStep | None = None


async def _read(_: ReadSpaceChoices, work: Work) -> SpaceChoices:
    return await kept_choices(work)


async def _choose(request: ChooseForSpace, work: Work) -> SpaceChoices:
    """Raises Refused: PARAMETER_INVALID, no such line of prevention or step."""
    kept = await kept_choices(work)
    chosen = _chosen(kept, request, work)
    if chosen != kept:
        work.slips.keep(work.record.record_id, chosen)
    return chosen


def _chosen(kept: SpaceChoices, request: ChooseForSpace, work: Work) -> SpaceChoices:
    match request.choice:
        case Choice.DECLINE:
            return kept.without(_known(request.rule_id, work), work.now)
        case Choice.OFFER_AGAIN:
            return kept.offered_again(_known(request.rule_id, work))
        case Choice.STOP_PROPOSING | Choice.PROPOSE:
            return replace(kept, proposes=request.choice is Choice.PROPOSE)
        case Choice.DO_STEP:
            if request.step is None:
                raise Refused(Reason.PARAMETER_INVALID, parameter="step", detail="no such step")
            return kept.done(request.step)
        case Choice.END_FIRST_VISIT:
            return kept if kept.visited_at else replace(kept, visited_at=work.now)
        case Choice.READ_NOTICES:
            return replace(kept, read_until=work.now)


def _known(rule_id: str, work: Work) -> str:
    if all(rule.rule_id != rule_id for rule in work.knowledge.follow_up):
        raise Refused(Reason.PARAMETER_INVALID, parameter="rule", detail="no such line")
    return rule_id


read_space_choices = Act(
    name="read-space-choices",
    actions=always(Action.READ_ARRANGEMENT),
    target=lambda request: OfRecord(request.record_id),
    run=_read,
    reads=True,
)

choose_for_space = Act(
    name="choose-for-space",
    actions=always(Action.WRITE_CHOICES),
    target=lambda request: OfRecord(request.record_id),
    run=_choose,
    # Never which line: it is about health.
    detail=lambda request: request.choice.value,
)
