"""`dmp claims generate`: files as the health insurance would send them, about invented people."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer

from dmp.cli.terminal import CannotDo, progress, say
from dmp.remote.simulated.claims.cases import all_cases
from dmp.remote.simulated.claims.files import MANIFEST, Format
from dmp.remote.simulated.claims.generate import MONTHS, Wanted
from dmp.remote.simulated.claims.generate import generate as write_files
from dmp.remote.simulated.territory.population import SEED

LONGEST = 120
"""Months beyond which nothing is generated."""


def generate(
    people: Annotated[
        int, typer.Option(help="Inhabitants, those of the demo first; cases may need a few more.")
    ] = 300,
    months: Annotated[int, typer.Option(help="Months of care.")] = MONTHS,
    out: Annotated[
        Path, typer.Option(help="Folder of the files; made when it is not there.")
    ] = Path("claims"),
    seed: Annotated[int, typer.Option(help="Another seed, other people.")] = SEED,
    form: Annotated[Format, typer.Option("--format", help="Of the files.")] = Format.CSV,
    until: Annotated[
        str, typer.Option(help="The day after the last care, YYYY-MM-DD; today otherwise.")
    ] = "",
    cases: Annotated[bool, typer.Option(help="With the scripted cases.")] = True,
    list_cases: Annotated[
        bool, typer.Option("--list-cases", help="Print the scripted cases and write nothing.")
    ] = False,
) -> None:
    """Write SNDS/DCIR files of any size; the same seed and day give the same files."""
    if list_cases:
        for case in all_cases().values():
            print(f"{case.key.ljust(34)} {case.family.value.ljust(12)} {case.shows}")
        return
    if people < 1 or not 1 <= months <= LONGEST:
        raise CannotDo(f"--people is 1 or more, --months from 1 to {LONGEST}.")
    wanted = Wanted(
        people=people,
        until=_day(until),
        months=months,
        seed=seed,
        cases=tuple(all_cases()) if cases else (),
    )
    began = time.perf_counter()
    with progress("people") as told:
        written = write_files(out, wanted, form, told)
    seconds = time.perf_counter() - began
    for table, rows in written.rows.items():
        print(f"{table.ljust(10)} {rows}")
    say(
        f"{written.row_count} rows about {written.people} people, from {wanted.since} to before "
        f"{wanted.until}, in {seconds:.1f} s ({written.row_count / max(seconds, 0.001):.0f} rows/s)."
    )
    say(f"who has which case, and what is expected of it, stands in {out / MANIFEST}.")


def _day(text: str) -> date:
    if not text:
        return datetime.now(UTC).date()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise CannotDo(f"--until {text} is not a day (YYYY-MM-DD).") from None
