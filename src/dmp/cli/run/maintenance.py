"""`dmp maintenance`: answer "come back later" at every door, without stopping the server."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

from dmp.bootstrap.maintenance import Announced, begin, end
from dmp.cli.house import settings_now
from dmp.cli.terminal import CannotDo

app = typer.Typer(help="Pages and FHIR answer: come back later.", no_args_is_help=True)


@app.callback()
def nouns() -> None:
    """Pages and FHIR answer: come back later."""


@app.command()
def on(
    minutes: Annotated[
        int | None, typer.Option(min=1, max=10_080, help="How long, as far as it is known.")
    ] = None,
) -> None:
    """Begin: every page says that the service is being maintained, until when if that is known."""
    data = settings_now().data
    if not data.is_dir():
        raise CannotDo(f"{data} is no data folder of a server; name it with DMP_DATA.")
    begin(data, datetime.now(UTC) + timedelta(minutes=minutes) if minutes else None)
    print("maintenance begun: every door answers 503.")


@app.command()
def off() -> None:
    """End: the doors answer as before."""
    print("maintenance ended." if end(settings_now().data) else "no maintenance was under way.")


@app.command()
def show() -> None:
    """Whether one is under way, and until when."""
    found = Announced(settings_now().data)()
    if found is None:
        print("no maintenance is under way.")
    else:
        print(f"under way, until {found.until.isoformat() if found.until else 'it is ended'}.")
