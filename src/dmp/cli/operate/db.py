"""`dmp db`: the database."""

from __future__ import annotations

import typer

from dmp.bootstrap.house import database
from dmp.cli.house import run, settings_now
from dmp.storage.postgres.migrate import migrate as bring_up_to_date

app = typer.Typer(help="The database.", no_args_is_help=True)


@app.callback()
def nouns() -> None:
    """The database."""


@app.command()
def migrate() -> None:
    """Bring the schema to this version; the server does the same when it starts."""
    settings = settings_now()

    async def bring() -> int:
        async with database(settings) as dsn:
            return bring_up_to_date(dsn)

    print(f"{run(bring())} migrations applied")
