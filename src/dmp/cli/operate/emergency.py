"""`dmp emergency`: the emergency accesses that wait for the operator's review."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import typer

from dmp.acts.emergency.list_emergencies import ListEmergencies, list_emergencies
from dmp.acts.emergency.review_emergency import ReviewEmergency, review_emergency
from dmp.cli.house import done_by_operator, settings_now
from dmp.domain.identifiers import RecordId
from dmp.domain.record.emergency_access import EmergencyAccess, Review

app = typer.Typer(
    help="Emergency accesses to be reviewed: each was told to the holder, and is judged here.",
    no_args_is_help=True,
)

_MODES = {"bris_de_glace": "break-glass", "centre_15": "SAMU regulation"}
_MOTIVES = {
    "pronostic-vital": "life at risk",
    "hors-d-etat-d-exprimer-sa-volonte": "person unable to express her will",
    "autre": "other motive",
}


@app.command("list")
def list_(
    limit: Annotated[int, typer.Option(help="How many at most, oldest first.")] = 200,
) -> None:
    """List the accesses that are not justified yet: who, when, why. No health content."""
    found = done_by_operator(settings_now(), list_emergencies, ListEmergencies(limit=limit))
    for access in found:
        _tell(access)
        print()
    print(f"{len(found)} emergency accesses wait for a review")
    if found:
        print("review one with: dmp emergency review RECORD ACCESS --verdict justified")


@app.command()
def review(
    record: Annotated[UUID, typer.Argument(help="Record, as the list names it.")],
    access: Annotated[UUID, typer.Argument(help="Access, as the list names it.")],
    verdict: Annotated[
        Review, typer.Option(help="justified; or questioned: its author is asked to explain.")
    ],
    remark: Annotated[str, typer.Option(help="Why, in words; needed to question.")] = "",
) -> None:
    """Give the verdict on one access. A questioned one stays in the list until it is justified."""
    request = ReviewEmergency(
        record_id=RecordId(record), access_id=access, verdict=verdict, remark=remark
    )
    _tell(done_by_operator(settings_now(), review_emergency, request))


def _tell(access: EmergencyAccess) -> None:
    print(f"access   {access.access_id}")
    print(f"record   {access.record_id}")
    print(f"opened   {access.opened_at:%Y-%m-%d %H:%M} UTC, until {access.ends_at:%H:%M} UTC")
    place = f", {access.structure_name}" if access.structure_name else ""
    print(f"by       {access.name} ({access.profession}){place}")
    motive = f", {_MOTIVES.get(access.motive, access.motive)}" if access.motive else ""
    print(f"mode     {_MODES.get(access.purpose, access.purpose)}{motive}")
    if access.reason:
        print(f"reason   {access.reason}")
    print(f"review   {access.review.value}" + (f": {access.remark}" if access.remark else ""))
    if access.reviewed_at is not None:
        print(f"         by {access.reviewed_by}, {access.reviewed_at:%Y-%m-%d %H:%M} UTC")
