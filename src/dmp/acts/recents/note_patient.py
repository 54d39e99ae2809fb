"""Keep the list of the patients whom a professional saw lately: note one, list them, take one off.

Who: whoever reads as a professional, his own list only. The list gives no right. It is written when he
arrives at a patient, never on the way of a reading.

Source: ux rules of the project §7.3, home of the professional.
"""

from __future__ import annotations

from dataclasses import dataclass

from dmp.acts.act import Act, OfNothing, OfRecord, always
from dmp.acts.recents.list_accesses import keep_accessed
from dmp.acts.work import Work
from dmp.domain.access.actions import Action
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import RecordId
from dmp.domain.identity.caller import Purpose, Strength
from dmp.domain.record.recent_patient import MOST_KEPT, RecentPatient


@dataclass(frozen=True, slots=True, kw_only=True)
class NotePatient:
    """Whose record was opened now."""

    record_id: RecordId


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPatients:
    """How many at most, the one seen last first."""

    limit: int = MOST_KEPT


@dataclass(frozen=True, slots=True, kw_only=True)
class ForgetPatient:
    """Who is taken off the list."""

    record_id: RecordId


async def _note(request: NotePatient, work: Work) -> RecentPatient:
    # An emergency is not a patient of his, and a secret session leaves no sign outside itself.
    if work.caller.purpose is not Purpose.NORMAL or work.caller.secret:
        raise Refused(Reason.ACT_NOT_ALLOWED)
    known = await _known(work)
    seen = RecentPatient(slip_id=request.record_id, opened_at=work.now)
    work.own_slips.keep(work.caller.id, seen)
    others = [one for one in known if one.slip_id != request.record_id]
    for old in others[MOST_KEPT - 1 :]:
        work.own_slips.remove(work.caller.id, old)
    await keep_accessed(work, request.record_id)
    return seen


async def _list(request: ListPatients, work: Work) -> tuple[RecentPatient, ...]:
    if work.caller.strength < Strength.INDIVIDUAL:
        raise Refused(Reason.INDIVIDUAL_AUTHENTICATION_REQUIRED)
    return tuple(await _known(work))[: max(0, request.limit)]


async def _forget(request: ForgetPatient, work: Work) -> None:
    for one in await _known(work):
        if one.slip_id == request.record_id:
            work.own_slips.remove(work.caller.id, one)


async def _known(work: Work) -> list[RecentPatient]:
    """His list, the one seen last first."""
    kept = await work.own_slips.of_owner(work.caller.id, RecentPatient, MOST_KEPT * 2)
    return sorted(kept, key=lambda one: one.opened_at, reverse=True)


note_patient = Act(
    name="note-patient",
    actions=always(Action.FIND_DOCUMENTS),
    target=lambda request: OfRecord(request.record_id),
    run=_note,
)

list_patients = Act(
    name="list-patients",
    actions=always(Action.LIST_PATIENTS),
    target=lambda _: OfNothing(),
    run=_list,
    reads=True,
)

forget_patient = Act(
    name="forget-patient",
    actions=always(Action.LIST_PATIENTS),
    target=lambda _: OfNothing(),
    run=_forget,
)
