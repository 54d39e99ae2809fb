"""Look into an access that a holder reported, and answer him.

Who: the operator. He is told who acted, when, by which rule, and the holder's words: never health content.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from dmp.acts.act import Act, OfNothing, OfRecord, always
from dmp.acts.notices.telling import tell
from dmp.acts.work import Work
from dmp.domain.access.actions import Action
from dmp.domain.arranging.access_report import AccessReport, ReportState
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import RecordId
from dmp.domain.record.notice import OPERATOR, NoticeKind

LONGEST = 1000
"""Longest list, whatever is asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListWaiting:
    """How many at most, oldest first; answered ones too when `all` is asked."""

    limit: int = 200
    all: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingReport:
    """A report with the record it is of."""

    record_id: RecordId
    report: AccessReport


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeReport:
    """Which report is looked into from now on."""

    record_id: RecordId
    report_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerReport:
    """Which report, and the answer that the holder will read."""

    record_id: RecordId
    report_id: UUID
    text: str


async def _list(request: ListWaiting, work: Work) -> tuple[WaitingReport, ...]:
    found = await work.slips.addressed_to(OPERATOR, AccessReport, LONGEST)
    wanted = [
        WaitingReport(record_id=record_id, report=one)
        for record_id, one in found
        if request.all or one.state is not ReportState.ANSWERED
    ]
    wanted.sort(key=lambda waiting: waiting.report.reported_at)
    return tuple(wanted[: max(1, min(request.limit, LONGEST))])


async def _known(report_id: UUID, work: Work) -> AccessReport:
    found = await work.slips.one(work.record.record_id, AccessReport, report_id)
    if found is None:
        raise Refused(Reason.REPORT_NOT_FOUND)
    return found


async def _take(request: TakeReport, work: Work) -> AccessReport:
    taken = (await _known(request.report_id, work)).taken(work.now)
    work.slips.keep(work.record.record_id, taken, addressee=OPERATOR)
    return taken


async def _answer(request: AnswerReport, work: Work) -> AccessReport:
    answered = (await _known(request.report_id, work)).answered(request.text, work.now)
    record_id = work.record.record_id
    work.slips.keep(record_id, answered, addressee=OPERATOR)
    kind = NoticeKind.ACCESS_REPORT_ANSWERED
    tell(work, kind, record_id, answered.slip_id, secret=answered.secret)
    return answered


list_reports_waiting = Act(
    name="list-reports-waiting",
    actions=always(Action.LIST_REPORTS),
    target=lambda _: OfNothing(),
    run=_list,
    reads=True,
)

take_access_report = Act(
    name="take-access-report",
    actions=always(Action.ANSWER_REPORT),
    target=lambda request: OfRecord(request.record_id),
    run=_take,
)

answer_access_report = Act(
    name="answer-access-report",
    actions=always(Action.ANSWER_REPORT),
    target=lambda request: OfRecord(request.record_id),
    run=_answer,
)
