"""`dmp reports`: accesses that holders report because they do not understand them, and the answers they get."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import typer

from dmp.acts.reports.answer_report import (
    AnswerReport,
    ListWaiting,
    TakeReport,
    answer_access_report,
    list_reports_waiting,
    take_access_report,
)
from dmp.cli.house import done_by_operator, settings_now
from dmp.domain.arranging.access_report import AccessReport
from dmp.domain.identifiers import RecordId

app = typer.Typer(
    help="Accesses reported by holders: who acted, when, by which rule, in whose words. No health content.",
    no_args_is_help=True,
)

Record = Annotated[UUID, typer.Argument(help="Record, as the list names it.")]
Report = Annotated[UUID, typer.Argument(help="Report, as the list names it.")]


@app.command("list")
def list_(
    limit: Annotated[int, typer.Option(help="How many at most, oldest first.")] = 200,
    all_: Annotated[bool, typer.Option("--all", help="Answered ones too.")] = False,
) -> None:
    """List the reports that wait for an answer."""
    found = done_by_operator(
        settings_now(), list_reports_waiting, ListWaiting(limit=limit, all=all_)
    )
    for waiting in found:
        print(f"record   {waiting.record_id}")
        _tell(waiting.report)
        print()
    print(f"{len(found)} reports")
    if found:
        print('answer one with: dmp reports answer RECORD REPORT --text "…"')


@app.command()
def take(record: Record, report: Report) -> None:
    """Say that a report is being looked into; its holder sees it."""
    request = TakeReport(record_id=RecordId(record), report_id=report)
    _tell(done_by_operator(settings_now(), take_access_report, request))


@app.command()
def answer(
    record: Record,
    report: Report,
    text: Annotated[str, typer.Option(help="What the holder reads, in French.")],
) -> None:
    """Answer a report, once. Its holder is told that there is an answer."""
    request = AnswerReport(record_id=RecordId(record), report_id=report, text=text)
    _tell(done_by_operator(settings_now(), answer_access_report, request))


def _tell(report: AccessReport) -> None:
    print(f"report   {report.slip_id}, {report.state.value}")
    print(f"sent     {report.reported_at:%Y-%m-%d %H:%M} UTC, because: {report.doubt.value}")
    if report.words:
        print(f"words    {report.words}")
    print(f"access   {report.accessed_at:%Y-%m-%d %H:%M} UTC, {report.act}, rule {report.rule}")
    about = f" ({report.about})" if report.about else ""
    print(f"by       {report.name}{about}, {report.person_id}")
    if report.purpose != "normal":
        print(f"mode     {report.purpose}")
    if report.answered_at is not None:
        print(f"answer   {report.answered_at:%Y-%m-%d %H:%M} UTC: {report.answer}")
