"""`dmp check`: the proof that every registered document exists, decrypts and has its hash."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from dmp.bootstrap.house import Built
from dmp.cli.house import settings_now, with_house
from dmp.cli.terminal import say
from dmp.storage.check import Finding


def check(
    sweep: Annotated[
        bool, typer.Option("--sweep", help="Remove contents that no document names, an hour old.")
    ] = False,
) -> None:
    """Check everything that is stored; code 2 when something is wrong."""
    examined = 0

    def seen(count: int) -> None:
        nonlocal examined
        examined = count
        if count and count % 1000 == 0:
            say(f"{count} documents examined")

    async def examine(house: Built) -> tuple[Sequence[Finding], int]:
        findings = await house.store.check(seen)
        swept = await house.store.sweep_orphans(house.house.now()) if sweep else 0
        return findings, swept

    findings, swept = with_house(settings_now(), examine)
    for finding in findings:
        print(f"{finding.fault.value}  record {finding.record_id}  subject {finding.subject}")
    print(f"{examined} documents examined, {len(findings)} faults")
    if sweep:
        print(f"{swept} orphaned contents removed")
    if findings:
        raise typer.Exit(2)
