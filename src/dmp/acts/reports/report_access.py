"""Report an access that one does not understand, and follow what became of it.

CSP R1111-43. Who: the holder and who represents him, about a trace that each may read; a trace of another
record, or one that he may not read, is unknown.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from dmp.acts.act import Act, OfRecord, always
from dmp.acts.notices.telling import tell
from dmp.acts.person.read_traces import one_trace
from dmp.acts.work import Work
from dmp.domain.access.actions import Action
from dmp.domain.arranging.access_report import (
    MAX_OPEN,
    AccessReport,
    Doubt,
    ReportState,
    report_of,
)
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import RecordId
from dmp.domain.identity.caller import Holder
from dmp.domain.journal.event import Trace
from dmp.domain.record.notice import OPERATOR, NoticeKind

LONGEST = 200
"""Longest list, whatever is asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadTrace:
    """Which trace of which record."""

    record_id: RecordId
    trace_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportAccess:
    """Which trace, why, and in which words."""

    record_id: RecordId
    trace_id: UUID
    doubt: Doubt
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListReports:
    """Of which record."""

    record_id: RecordId


async def _known(trace_id: UUID, work: Work) -> Trace:
    trace = await one_trace(trace_id, work)
    if trace is None:
        raise Refused(Reason.REPORT_NOT_FOUND)
    return trace


async def _read(request: ReadTrace, work: Work) -> Trace:
    return await _known(request.trace_id, work)


async def _report(request: ReportAccess, work: Work) -> AccessReport:
    record_id = work.record.record_id
    trace = await _known(request.trace_id, work)
    reported = await _of_record(ListReports(record_id=record_id), work)
    again = next((one for one in reported if one.trace_id == trace.trace_id), None)
    if again is not None:
        return again
    if sum(one.state is not ReportState.ANSWERED for one in reported) >= MAX_OPEN:
        raise Refused(Reason.REPORT_NOT_POSSIBLE, detail="too many wait for an answer already")
    report = report_of(
        trace,
        slip_id=work.new_uuid(),
        doubt=request.doubt,
        words=request.words,
        by=work.caller.id,
        at=work.now,
    )
    # What a minor reports himself is his own affair.
    own = isinstance(work.caller.who, Holder) and work.record.is_minor(
        work.now, work.policy.majority_age
    )
    report = replace(report, secret=report.secret or own)
    work.slips.keep(record_id, report, addressee=OPERATOR)
    _tell(report, work)
    return report


def _tell(report: AccessReport, work: Work) -> None:
    """The operator has something to look into; the holder has it in writing that it arrived."""
    record_id = work.record.record_id
    for kind, addressee, secret in (
        (NoticeKind.ACCESS_REPORTED, OPERATOR, False),
        (NoticeKind.ACCESS_REPORT_RECEIVED, "", report.secret),
    ):
        tell(work, kind, record_id, report.slip_id, addressee=addressee, secret=secret)


async def _of_record(_: ListReports, work: Work) -> tuple[AccessReport, ...]:
    kept = await work.slips.of_record(work.record.record_id, AccessReport)
    told = [one for one in kept if isinstance(work.caller.who, Holder) or not one.secret]
    return tuple(told[:LONGEST])


read_trace = Act(
    name="read-trace",
    actions=always(Action.READ_TRACES, Action.REPORT_ACCESS),
    target=lambda request: OfRecord(request.record_id),
    run=_read,
    reads=True,
)

report_access = Act(
    name="report-access",
    actions=always(Action.READ_TRACES, Action.REPORT_ACCESS),
    target=lambda request: OfRecord(request.record_id),
    run=_report,
)

list_access_reports = Act(
    name="list-access-reports",
    actions=always(Action.READ_TRACES, Action.REPORT_ACCESS),
    target=lambda request: OfRecord(request.record_id),
    run=_of_record,
    reads=True,
)
