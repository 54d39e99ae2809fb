"""What of a synthesis one professional put aside for himself; in an emergency nothing is."""

from __future__ import annotations

from dmp.acts.work import Work
from dmp.domain.clinical.synthesis import Synthesis
from dmp.domain.clinical.watching.hiding import AlertHidden, without_hidden
from dmp.domain.identity.caller import Professional, Purpose


async def for_this_reader(synthesis: Synthesis, work: Work) -> Synthesis:
    """The synthesis without the alerts that this professional put aside."""
    is_his = isinstance(work.caller.who, Professional) and work.caller.purpose is Purpose.NORMAL
    if not is_his or not synthesis.alerts:
        return synthesis
    kept = await work.slips.of_record(work.record.record_id, AlertHidden)
    own = [one for one in kept if one.by == work.caller.id]
    return without_hidden(synthesis, own, work.now) if own else synthesis
