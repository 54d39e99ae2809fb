"""`dmp demo`: the server with its fictional territory and simulated login, set up by itself."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from dmp.cli.house import run
from dmp.cli.run.demo_folder import DemoFolder
from dmp.cli.run.listening import listening
from dmp.cli.run.serve import chosen
from dmp.cli.terminal import CannotDo, say
from dmp.settings import Settings, from_environment

PEOPLE, SEED = 300, 1


def demo(
    people: Annotated[int, typer.Option(help="Inhabitants of the territory.")] = PEOPLE,
    seed: Annotated[int, typer.Option(help="Another seed, another territory.")] = SEED,
    port: Annotated[int | None, typer.Option(help="TCP port; the first free from 8000 on.")] = None,
    data: Annotated[Path | None, typer.Option(help="Data folder; DMP_DATA otherwise.")] = None,
    reset: Annotated[
        bool, typer.Option("--reset", help="Delete the demo's data and begin again.")
    ] = False,
) -> None:
    """Set up, create a fictional territory, serve it; Ctrl-C stops all of it."""
    settings = replace(chosen(from_environment(os.environ), port, data), test_mode=True)
    if not settings.claims_inbox:
        settings = replace(settings, claims_inbox=str(settings.data / "claims-inbox"))
    if reset:
        _reset(settings)
    with DemoFolder.opened(settings.data) as folder:
        asked = port is not None or bool(os.environ.get("DMP_PORT"))
        taken, settings = listening(settings, may_move=not asked)
        settings = with_a_name(settings)
        if "DMP_CARERS" not in os.environ:
            settings = replace(settings, carers=True)
        kept, inhabitants = folder.remembered(seed, people)
        if kept != seed:
            say(f"this folder holds the territory of seed {kept}; --reset makes another one.")
        folder.write(kept, inhabitants, settings.address)

        from dmp.cli.run.territory import standing

        try:
            run(standing(settings, kept, inhabitants, taken))
        finally:
            taken.close()
            say("stopped.")


def with_a_name(settings: Settings) -> Settings:
    """A demo on this machine is reached by a name: browsers take passkeys at no bare address."""
    if settings.base_url or settings.host != "127.0.0.1":
        return settings
    return replace(settings, base_url=f"http://localhost:{settings.port}")


def _reset(settings: Settings) -> None:
    if settings.database_url:
        raise CannotDo(
            "--reset deletes a data folder only; empty the database of DATABASE_URL yourself."
        )
    if not settings.data.exists():
        return
    with DemoFolder.opened(settings.data) as folder:
        if not folder.is_demo:
            raise CannotDo(f"{settings.data} was not made by dmp demo; --reset does not touch it.")
        shutil.rmtree(settings.data)
