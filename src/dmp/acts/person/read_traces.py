"""Show who consulted or changed a record: to its holder, or to whoever acted his own actions.

CSP L1111-19, R1111-43. Who: the holder, his representative, the attending doctor, the administrators he
named; any professional for his own actions. What was done with a document that its reader may not
know (R1111-53), or in a minor's secret session, leaves no hint: it is filtered before the page.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from dmp.acts.act import Act, OfRecord, always
from dmp.acts.keepers import TracePage, TraceView
from dmp.acts.work import Work
from dmp.domain.access.actions import Action
from dmp.domain.access.filter import Scope
from dmp.domain.errors import Reason
from dmp.domain.identifiers import RecordId
from dmp.domain.identity.caller import Holder, Representative
from dmp.domain.journal.event import Trace

LONGEST = 1000
"""Largest page, whatever is asked."""
MOST_EXPORTED = 100_000
"""Traces given at once, a page after another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadTraces:
    """Which record; `limit` traces a page, after the last one of the page before."""

    record_id: RecordId
    limit: int = 100
    after: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportTraces:
    """Of which record."""

    record_id: RecordId


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedTraces:
    """Every trace its reader may be told, newest first, and the newest signed checkpoint of the journal.

    `is_whole` is False where there were more than are given at once.
    """

    traces: tuple[Trace, ...]
    is_whole: bool
    checkpoint: str


async def _read_traces(request: ReadTraces, work: Work) -> TracePage:
    return await _page(request, work, _view(work))


async def _read_own_traces(request: ReadTraces, work: Work) -> TracePage:
    # He reads his own actions only, and of documents nothing that he may no longer see.
    nothing = Scope(own_ids=_own_ids(work), own_only=True, at=work.now, even_deleted=True)
    return await _page(
        request, work, TraceView(reader=work.caller.id, scope=nothing, own_only=True)
    )


async def _page(request: ReadTraces, work: Work, view: TraceView) -> TracePage:
    limit = max(1, min(request.limit, LONGEST))
    page = await work.traces.of_record(
        request.record_id, limit, request.after, replace(view, before=work.now)
    )
    return replace(page, traces=tuple(_told(trace) for trace in page.traces))


async def exported(request: ExportTraces, work: Work) -> ExportedTraces:
    """Every trace its reader may be told."""
    view = replace(_view(work), before=work.now)
    found: list[Trace] = []
    after: UUID | None = None
    for _ in range(MOST_EXPORTED // LONGEST):
        page = await work.traces.of_record(request.record_id, LONGEST, after, view)
        found += map(_told, page.traces)
        after = page.next
        if after is None:
            break
    return ExportedTraces(
        traces=tuple(found), is_whole=after is None, checkpoint=await work.traces.checkpoint()
    )


async def one_trace(trace_id: UUID, work: Work) -> Trace | None:
    """One trace of the record, as whoever may read the traces is told of it; None for any other."""
    if not 0 <= trace_id.int < _LAST:
        return None
    view = replace(_view(work), before=work.now)
    page = await work.traces.of_record(work.record.record_id, 1, UUID(int=trace_id.int + 1), view)
    found = next(iter(page.traces), None)
    return _told(found) if found is not None and found.trace_id == trace_id else None


_LAST = (1 << 128) - 1


def _told(trace: Trace) -> Trace:
    """A refusal for a document that is not there says the same whether it was hidden or unknown."""
    if trace.reason != Reason.DOCUMENT_NOT_FOUND.value:
        return trace
    return replace(
        trace,
        rule="document_is_unknown",
        document_id="",
        document_type="",
        document_title="",
        document_ids=(),
    )


def _own_ids(work: Work) -> tuple[str, ...]:
    structure = work.caller.structure
    return (work.caller.id, structure.id_nat) if structure else (work.caller.id,)


def _view(work: Work) -> TraceView:
    """What the reader is told: a deleted document stays in the history of whoever knew it."""
    own = work.caller.id
    match work.caller.who:
        case Holder():
            scope = Scope(
                own_ids=(own,),
                sees_masked=True,
                sees_hidden_from_representatives=True,
                at=work.now,
                even_deleted=True,
            )
            return TraceView(reader=own, scope=scope)
        case Representative():
            scope = Scope(own_ids=(own,), sees_masked=True, at=work.now, even_deleted=True)
            return TraceView(reader=own, scope=scope, secrets=False)
        case _:
            # An administrator is told of the documents that he may see, and so is the attending doctor.
            return TraceView(reader=own, scope=work.scope._replace(even_deleted=True))


read_traces = Act(
    name="read-traces",
    actions=always(Action.READ_TRACES),
    target=lambda request: OfRecord(request.record_id),
    run=_read_traces,
    reads=True,
)

export_traces = Act(
    name="export-traces",
    actions=always(Action.READ_TRACES),
    target=lambda request: OfRecord(request.record_id),
    run=exported,
    reads=True,
)

read_own_traces = Act(
    name="read-own-traces",
    actions=always(Action.READ_OWN_TRACES),
    target=lambda request: OfRecord(request.record_id),
    run=_read_own_traces,
    reads=True,
)
