"""`dmp log`: the journal of traces, shown without health content, and verified."""

from __future__ import annotations

from typing import Annotated

import typer

from dmp.bootstrap.house import Built
from dmp.cli.house import settings_now, with_house
from dmp.domain.journal.verify import Verification

app = typer.Typer(help="The journal of traces.", no_args_is_help=True)


@app.callback()
def nouns() -> None:
    """The journal of traces."""


@app.command()
def verify(
    quiet: Annotated[bool, typer.Option("--quiet", help="Only the exit code.")] = False,
) -> None:
    """Rebuild the tree from the traces and hold the signed checkpoints to it; code 2 on a fault."""

    async def rebuild(house: Built) -> Verification:
        return await house.store.verify_journal()

    found = with_house(settings_now(), rebuild)
    if not quiet:
        print(f"{found.traces} traces, {found.erased} of them erased by law")
        print(f"{found.checkpoints} checkpoints, {found.not_covered} traces after the last one")
        print(f"root {found.root.hex()}")
        for finding in found.findings:
            print(f"{finding.fault.value}  at {finding.number}")
        print("sound" if found.sound else f"{len(found.findings)} faults")
    if not found.sound:
        raise typer.Exit(2)
