"""What of a synthesis its reader put aside for himself; in an emergency a professional puts nothing aside."""

from __future__ import annotations

from dmp.acts.space.kept import as_offered_here, is_offered_prevention
from dmp.acts.work import Work
from dmp.domain.clinical.synthesis import Synthesis
from dmp.domain.clinical.watching.hiding import AlertHidden, without_hidden
from dmp.domain.identity.caller import Professional, Purpose


async def for_this_reader(synthesis: Synthesis, work: Work) -> Synthesis:
    """The synthesis without the alerts that this professional put aside; without the prevention that the
    holder does not want, on her own side.
    """
    if is_offered_prevention(work.caller.who):
        return await as_offered_here(synthesis, work)
    is_his = isinstance(work.caller.who, Professional) and work.caller.purpose is Purpose.NORMAL
    if not is_his or not synthesis.alerts:
        return synthesis
    kept = await work.slips.of_record(work.record.record_id, AlertHidden)
    own = [one for one in kept if one.by == work.caller.id]
    return without_hidden(synthesis, own, work.now) if own else synthesis
