"""Show who consulted or changed a record.

CSP L1111-19, R1111-43. Who: the holder, his representative, the attending doctor.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from dmp.acts.act import Act, OfRecord, always
from dmp.acts.work import TracePage, Work
from dmp.domain.access.actions import Action
from dmp.domain.identifiers import RecordId


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadTraces:
    """Which record; `limit` traces a page, after the last one of the page before."""

    record_id: RecordId
    limit: int = 100
    after: UUID | None = None


async def _read_traces(request: ReadTraces, work: Work) -> TracePage:
    return await work.traces.of_record(
        request.record_id, max(1, min(request.limit, 1000)), request.after
    )


read_traces = Act(
    name="read-traces",
    actions=always(Action.READ_TRACES),
    target=lambda request: OfRecord(request.record_id),
    run=_read_traces,
    reads=True,
)
