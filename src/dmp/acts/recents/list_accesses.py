"""List what a professional did himself, over all records that he opened: his own traces, no health data.

Who: whoever reads as a professional, in person, his own actions alone. A record whose holder shut him out, or
that is no more, has none for him; of one that is not open to him now the traces stay, without a name. What was
done in a minor's secret session stands on her own page only, and no document is named here.

Source: CSP R1111-43; ux rules of the project §7.3.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from dmp.acts.act import Act, OfNothing, OfPatient, always
from dmp.acts.keepers import TraceView
from dmp.acts.sharing.check_access import standing
from dmp.acts.work import Work
from dmp.domain.access.actions import Action
from dmp.domain.access.filter import Scope
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import Ins, RecordId
from dmp.domain.identity.caller import Strength
from dmp.domain.journal.event import Trace
from dmp.domain.record.accessed_record import MOST_ACCESSED, AccessedRecord
from dmp.domain.record.health_record import HealthRecord, State
from dmp.domain.record.relations import Authorisation

READ_AT_ONCE = 100
MOST_READ = 5_000
"""Traces of one record that are looked at for one page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteAccess:
    """Whose record was opened in an emergency now."""

    ins: Ins


@dataclass(frozen=True, slots=True, kw_only=True)
class ListAccesses:
    """`limit` of them, newest first, after the trace `after`: those that `wanted` takes, since `since`."""

    wanted: Callable[[Trace], bool]
    limit: int
    after: UUID | None = None
    since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnAccess:
    """One trace; whose record, when it is open to him now."""

    trace: Trace
    name: str = ""
    ins: Ins | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnAccesses:
    """One page; `next` continues after its last trace. `records` counts those that were looked into."""

    accesses: tuple[OwnAccess, ...]
    next: UUID | None
    records: int


async def keep_accessed(work: Work, record_id: RecordId) -> None:
    """Keep where the traces of this access will be found; the oldest ones go when there are many."""
    owner = work.caller.id
    known = await work.own_slips.one(owner, AccessedRecord, record_id)
    work.own_slips.keep(owner, AccessedRecord(slip_id=record_id, at=work.now))
    if known is None:
        for old in (await _accessed(work))[MOST_ACCESSED - 1 :]:
            work.own_slips.remove(owner, old)


async def _accessed(work: Work) -> list[AccessedRecord]:
    kept = await work.own_slips.of_owner(work.caller.id, AccessedRecord, MOST_ACCESSED * 2)
    return sorted(kept, key=lambda one: one.at, reverse=True)


async def _note(_: NoteAccess, work: Work) -> None:
    await keep_accessed(work, work.record.record_id)


async def _list(request: ListAccesses, work: Work) -> OwnAccesses:
    if work.caller.strength < Strength.INDIVIDUAL:
        raise Refused(Reason.INDIVIDUAL_AUTHENTICATION_REQUIRED)
    found: list[OwnAccess] = []
    looked = 0
    for one in await _accessed(work):
        record = await work.records.by_id(RecordId(one.slip_id))
        if record is None or _is_out_of_reach(record, work):
            continue
        looked += 1
        found += [_told(trace, record, work) for trace in await _own(request, record, work)]
    found.sort(key=lambda access: access.trace.trace_id, reverse=True)
    page = tuple(found[: request.limit])
    more = len(found) > len(page)
    return OwnAccesses(
        accesses=page, next=page[-1].trace.trace_id if more else None, records=looked
    )


def _is_out_of_reach(record: HealthRecord, work: Work) -> bool:
    is_gone = record.state is State.DESTROYED
    return is_gone or bool(record.preferences.blocked(work.caller.id, work.now))


async def _own(request: ListAccesses, record: HealthRecord, work: Work) -> list[Trace]:
    """His own traces in one record, one more than a page has at most."""
    found: list[Trace] = []
    after = request.after
    nothing = Scope(own_ids=(work.caller.id,), own_only=True, at=work.now)
    view = TraceView(reader=work.caller.id, scope=nothing, secrets=False, own_only=True)
    for _ in range(MOST_READ // READ_AT_ONCE):
        page = await work.traces.of_record(
            record.record_id, READ_AT_ONCE, after, replace(view, before=work.now)
        )
        for trace in page.traces:
            if request.since is not None and trace.at < request.since:
                return found
            if request.wanted(trace):
                found.append(trace)
        after = page.next
        if after is None or len(found) > request.limit:
            break
    return found


def _told(trace: Trace, record: HealthRecord, work: Work) -> OwnAccess:
    trace = replace(
        trace, document_id="", document_type="", document_title="", document_ids=(), detail=""
    )
    status = standing(record, work.caller, work.now)
    if record.state is not State.OPEN or status.authorisation is not Authorisation.VALID:
        return OwnAccess(trace=trace)
    return OwnAccess(trace=trace, name=record.traits.display, ins=record.ins)


note_access = Act(
    name="note-access",
    actions=always(Action.FIND_DOCUMENTS),
    target=lambda request: OfPatient(request.ins),
    run=_note,
)

list_accesses = Act(
    name="list-accesses",
    actions=always(Action.LIST_PATIENTS),
    target=lambda _: OfNothing(),
    run=_list,
    reads=True,
)
