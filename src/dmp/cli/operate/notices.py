"""`dmp notices`: what the operator is told: ceilings of opened records that were passed."""

from __future__ import annotations

from typing import Annotated

import typer

from dmp.acts.person.read_notices import ReadInbox, read_inbox
from dmp.cli.house import done_by_operator, settings_now
from dmp.domain.record.notice import Notice, NoticeKind

_SAID = {
    NoticeKind.ACCESS_REPORTED: "a holder reports an access; see dmp reports list",
    NoticeKind.CORRECTION_ASKED: "a holder asks for a correction; see dmp corrections list",
    NoticeKind.CEILING_PASSED: "opened more different records than the ceiling allows",
}


def notices(
    limit: Annotated[int, typer.Option(help="How many at most, newest first.")] = 50,
) -> None:
    """Show what the operator is told, newest first: who passed a ceiling of different records."""
    found = done_by_operator(settings_now(), read_inbox, ReadInbox(limit=limit))
    for notice in found:
        _tell(notice)
    print(f"{len(found)} notices")


def _tell(notice: Notice) -> None:
    who = ", ".join(part for part in (notice.by, notice.place) if part)
    said = _SAID.get(notice.kind, notice.kind.value)
    print(f"{notice.at:%Y-%m-%d %H:%M} UTC  {who or 'somebody'}: {said}")
