"""`dmp serve`: the server, as its settings say."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from dmp.bootstrap.house import built
from dmp.cli.house import run, settings_now
from dmp.cli.run.listening import listening
from dmp.cli.terminal import say
from dmp.settings import Settings, unknown_names


def serve(
    port: Annotated[int | None, typer.Option(help="TCP port; DMP_PORT otherwise.")] = None,
    data: Annotated[Path | None, typer.Option(help="Data folder; DMP_DATA otherwise.")] = None,
) -> None:
    """Run the server until Ctrl-C or SIGTERM."""
    settings = chosen(settings_now(), port, data)
    for name in unknown_names(os.environ):
        say(f"{name} is no setting of this server; see docs/reference/settings.md.")
    taken, settings = listening(settings, may_move=False)

    from dmp.bootstrap.doors import application
    from dmp.cli.run import serving

    async def standing() -> None:
        async with built(settings) as house:
            await serving.serve(
                application(house), taken, lambda: say(f"serving at {settings.address}")
            )

    try:
        run(standing())
    finally:
        taken.close()


def chosen(settings: Settings, port: int | None, data: Path | None) -> Settings:
    """The settings with what the command line says instead."""
    if port is not None:
        settings = replace(settings, port=port)
    if data is not None:
        settings = replace(settings, data=data.expanduser().absolute())
    return settings
