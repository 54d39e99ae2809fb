"""What a counter keeps of its own acts, in the same commit: the operation, and an opening that is paid."""

from __future__ import annotations

from dmp.acts.work import Work
from dmp.domain.counter.opening import CountedOpening, is_counted, works_in_a_pharmacy
from dmp.domain.counter.operation import MOST_IN_A_DAY, Deed, DeskOperation, is_of
from dmp.domain.identifiers import RecordId
from dmp.domain.identity.caller import DeskAgent
from dmp.domain.record.calendar import LOCAL
from dmp.domain.record.health_record import HealthRecord


def stands_at_a_counter(work: Work) -> bool:
    """Whether the caller is an agent at a desk, or a pharmacist in a pharmacy."""
    return isinstance(work.caller.who, DeskAgent) or works_in_a_pharmacy(work.caller)


async def keep_operation(work: Work, deed: Deed) -> None:
    """Keep what is done now among the operations of the day of whoever stands at a counter."""
    if not stands_at_a_counter(work):
        return
    owner = work.caller.id
    today = work.now.astimezone(LOCAL).date()
    for old in await work.own_slips.of_owner(owner, DeskOperation, MOST_IN_A_DAY):
        if not is_of(old, today):
            work.own_slips.remove(owner, old)
    work.own_slips.keep(owner, DeskOperation(slip_id=work.new_uuid(), at=work.now, deed=deed))


async def count_opening(work: Work, record_id: RecordId, before: HealthRecord | None) -> None:
    """Count this opening for the pharmacy, when it counts: the record's own key makes it one."""
    structure = work.caller.structure
    if structure is None or not is_counted(work.caller, before):
        return
    if await work.own_slips.one(structure.id_nat, CountedOpening, record_id) is None:
        work.own_slips.keep(structure.id_nat, CountedOpening(slip_id=record_id, opened_at=work.now))
