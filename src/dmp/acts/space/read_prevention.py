"""Read the prevention that is due for a person, what of it she declined, and whether it is offered at all.

Who: whoever may find and read documents on the holder's side, within what exists for him: a line that rests on
what he may not see does not exist for him, declined or not.
"""

from __future__ import annotations

from dataclasses import dataclass

from dmp.acts.act import Act, OfRecord, always
from dmp.acts.space.kept import is_offered_prevention, kept_choices
from dmp.acts.synthesis.read_synthesis import ReadSynthesis, synthesis_before
from dmp.acts.work import Work
from dmp.domain.access.actions import Action
from dmp.domain.clinical.synthesis import Due
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import RecordId


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadPrevention:
    """Of which record."""

    record_id: RecordId


@dataclass(frozen=True, slots=True, kw_only=True)
class Prevention:
    """What is due and offered, late first; what is due and was declined; whether anything is offered."""

    due: tuple[Due, ...] = ()
    declined: tuple[Due, ...] = ()
    proposes: bool = True


async def _read(request: ReadPrevention, work: Work) -> Prevention:
    """Raises Refused: ACT_NOT_ALLOWED, to who is not on the holder's side."""
    if not is_offered_prevention(work.caller.who):
        raise Refused(Reason.ACT_NOT_ALLOWED)
    choices = await kept_choices(work)
    if not choices.proposes:
        return Prevention(proposes=False)
    synthesis = await synthesis_before(ReadSynthesis(of=request.record_id), work)
    rules = choices.declined_rules
    return Prevention(
        due=tuple(one for one in synthesis.due if one.rule_id not in rules),
        declined=tuple(one for one in synthesis.due if one.rule_id in rules),
    )


read_prevention = Act(
    name="read-prevention",
    actions=always(Action.FIND_DOCUMENTS, Action.READ_DOCUMENT),
    target=lambda request: OfRecord(request.record_id),
    run=_read,
    reads=True,
)
