"""`dmp record declare-…`: relations that the insurer, civil status or a judge has settled elsewhere."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Annotated

import typer

from dmp.acts.perform import perform
from dmp.acts.relatives.declare_representative import (
    DeclareRepresentative,
    declare_representative,
)
from dmp.acts.sharing.declare_attending_doctor import (
    DeclareAttendingDoctor,
    declare_attending_doctor,
)
from dmp.cli.identity import ins_of
from dmp.cli.operate.record import InsOption, RootOption, TestOption, app, on_record, settings_with
from dmp.cli.terminal import CannotDo
from dmp.domain.identifiers import PersonId, Rpps
from dmp.domain.record.calendar import local_midnight
from dmp.domain.record.relations import RepresentationKind

__all__ = ["app"]

UntilOption = Annotated[
    str, typer.Option("--until", help="Last day, YYYY-MM-DD; without it until further notice.")
]


@app.command("declare-doctor")
def declare_doctor(
    ins: InsOption,
    rpps: Annotated[str, typer.Option(help="RPPS of the doctor, or a whole PS_IdNat.")] = "",
    name: Annotated[str, typer.Option(help="Name of the doctor, as people know him.")] = "",
    until: UntilOption = "",
    nobody: Annotated[bool, typer.Option("--nobody", help="End the declaration.")] = False,
    root: RootOption = "",
    test_mode: TestOption = False,
) -> None:
    """Take over the attending doctor (médecin traitant) declared to the insurer: he sees everything."""
    if nobody == bool(rpps):
        raise CannotDo("say who: --rpps and --name of the doctor, or --nobody.")
    if rpps and not name:
        raise CannotDo("--name is needed: the name under which the holder will read of the doctor.")
    test = settings_with(test_mode).test_mode
    person_id = _professional(rpps, test_mode=test) if rpps else ""
    end = _end(until)
    on_record(
        ins,
        root,
        "",
        test_mode,
        lambda house, caller, record: perform(
            house.house,
            declare_attending_doctor,
            DeclareAttendingDoctor(
                record_id=record.record_id, person_id=person_id, name=name, end=end
            ),
            caller,
        ),
    )
    print(f"attending doctor  {name}, {_until(until)}" if rpps else "attending doctor  none")


@app.command("declare-representative")
def declare_representative_(
    ins: InsOption,
    representative: Annotated[
        str, typer.Option("--representative", help="Matricule of the representative.")
    ],
    name: Annotated[str, typer.Option(help="Name of the representative.")],
    kind: Annotated[
        RepresentationKind, typer.Option(help="A parent, or a guardian named by a judge.")
    ] = RepresentationKind.PARENT,
    proof: Annotated[str, typer.Option(help="The judge's decision; a guardian needs one.")] = "",
    until: UntilOption = "",
    root: RootOption = "",
    representative_root: Annotated[
        str, typer.Option("--representative-root", help="OID of the authority of that matricule.")
    ] = "",
    test_mode: TestOption = False,
) -> None:
    """Take over who represents a person: a parent until majority, a guardian named by a judge."""
    settings = settings_with(test_mode)
    who = ins_of(representative, representative_root, test_mode=settings.test_mode)
    end = _end(until)
    on_record(
        ins,
        root,
        "",
        test_mode,
        lambda house, caller, record: perform(
            house.house,
            declare_representative,
            DeclareRepresentative(
                record_id=record.record_id,
                representative=who,
                name=name,
                end=end,
                kind=kind,
                proof=proof,
            ),
            caller,
        ),
    )
    ends = "until majority" if kind is RepresentationKind.PARENT and not until else _until(until)
    print(f"representative  {name}, {kind.value}, {ends}")


def _professional(text: str, *, test_mode: bool) -> str:
    if len(text) == 11:
        return Rpps.parse(text, test_mode=test_mode).id_nat
    return PersonId.parse(text, test_mode=test_mode).value


def _end(until: str) -> datetime | None:
    """The instant at which the last day is over."""
    if not until:
        return None
    try:
        return local_midnight(date.fromisoformat(until) + timedelta(days=1))
    except (ValueError, OverflowError):
        raise CannotDo("--until is a day like 2026-12-31.") from None


def _until(until: str) -> str:
    return f"until {until}" if until else "until further notice"
