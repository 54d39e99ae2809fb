"""The choices that whoever asks made for his own pages, as they are kept."""

from __future__ import annotations

from dmp.acts.work import Work
from dmp.domain.arranging.arrangement import arrangement_id
from dmp.domain.arranging.space_choices import SpaceChoices, as_offered
from dmp.domain.clinical.synthesis import Synthesis
from dmp.domain.identity.caller import Carer, CodeBearer, Holder, Representative, Who


async def kept_choices(work: Work) -> SpaceChoices:
    """The choices of the side on which whoever asks stands: the holder's, or that of who represents her."""
    which = arrangement_id(
        work.caller.who, is_minor=work.record.is_minor(work.now, work.policy.majority_age)
    )
    found = await work.slips.one(work.record.record_id, SpaceChoices, which)
    return found or SpaceChoices(slip_id=which)


def is_offered_prevention(who: Who) -> bool:
    """Whether prevention is a proposal to this reader. To a professional it is a fact of the record."""
    return isinstance(who, Holder | Representative | Carer | CodeBearer)


async def as_offered_here(synthesis: Synthesis, work: Work) -> Synthesis:
    """The synthesis without what its reader, on the holder's side, does not want to be offered."""
    if not synthesis.due:
        return synthesis
    return as_offered(synthesis, await kept_choices(work))
