"""`dmp corrections`: requests for correction whose author is a structure, a device or unknown.

The operator passes them on and writes the answer. The list holds no health content; what a holder wrote is
shown by `show` alone, which is traced in his record.
"""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import typer

from dmp.acts.corrections.answer_correction import (
    AnswerCorrection,
    ReadOwed,
    answer_correction,
    read_owed_correction,
)
from dmp.acts.corrections.list_corrections import ListOwed, list_owed_corrections
from dmp.cli.house import done_by_operator, settings_now
from dmp.domain.arranging.correction import Answer, CorrectionRequest
from dmp.domain.identifiers import RecordId

app = typer.Typer(
    help="Requests for correction that have no professional to answer them: passed on, then answered here.",
    no_args_is_help=True,
)

Record = Annotated[UUID, typer.Argument(help="Record, as the list names it.")]
Request = Annotated[UUID, typer.Argument(help="Request, as the list names it.")]


@app.command("list")
def list_(
    limit: Annotated[int, typer.Option(help="How many at most, newest first.")] = 200,
    all_: Annotated[bool, typer.Option("--all", help="Answered ones too.")] = False,
) -> None:
    """List the requests that wait for an answer: since when, to whom. No health content."""
    found = done_by_operator(settings_now(), list_owed_corrections, ListOwed(limit=limit))
    shown = [one for one in found if all_ or not one.request.is_answered]
    for one in shown:
        _tell(one.record_id, one.request)
        print()
    print(f"{len(shown)} requests")


@app.command()
def show(record: Record, request: Request) -> None:
    """Show what is said to be wrong, to pass it on to the author. The holder sees that it was read."""
    wanted = ReadOwed(record_id=RecordId(record), request_id=request)
    found = done_by_operator(settings_now(), read_owed_correction, wanted)
    _tell(found.record_id, found.request)
    print(f"document {found.request.title}")
    print(f"says     {found.request.text}")
    for answer in found.request.answers:
        print(f"answer   {answer.answer.value}, {answer.at:%Y-%m-%d %H:%M} UTC: {answer.text}")


@app.command()
def answer(
    record: Record,
    request: Request,
    answer: Annotated[Answer, typer.Option(help="corrected, noted or refused.")],
    text: Annotated[str, typer.Option(help="Why, in words; the holder reads it.")] = "",
) -> None:
    """Answer a request; the holder is told. Answers are kept, a later one is added."""
    wanted = AnswerCorrection(
        record_id=RecordId(record), request_id=request, answer=answer, text=text
    )
    _tell(RecordId(record), done_by_operator(settings_now(), answer_correction, wanted))


def _tell(record_id: RecordId, request: CorrectionRequest) -> None:
    print(f"request  {request.slip_id}")
    print(f"record   {record_id}")
    print(f"asked    {request.asked_at:%Y-%m-%d %H:%M} UTC, answer due {request.due_at:%Y-%m-%d}")
    print(f"author   {request.author or 'unknown'}")
    state = request.answers[-1].answer.value if request.is_answered else "waiting"
    print(f"state    {state}")
