"""`dmp demo`: the server with its fictional territory and simulated login, set up by itself."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from dmp.bootstrap import Built, Demonstration, application, built
from dmp.cli.house import run
from dmp.cli.run.demo_folder import DemoFolder
from dmp.cli.run.serve import chosen
from dmp.cli.run.serving import listening
from dmp.cli.run.serving import serve as serve_on
from dmp.cli.terminal import CannotDo, progress, say
from dmp.remote.simulated.directory import known_keys
from dmp.remote.simulated.territory.cast import cast_people
from dmp.remote.simulated.territory.population import PEOPLE, SEED
from dmp.remote.simulated.territory.scenes.play import SceneFailed, create
from dmp.settings import Settings, from_environment

BEHIND = 3
"""Records created at once while the server already answers: people come first."""


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
    if reset:
        _reset(settings)
    with DemoFolder.opened(settings.data) as folder:
        asked = port is not None or bool(os.environ.get("DMP_PORT"))
        taken, settings = listening(settings, may_move=not asked)
        demonstration = folder.remembered(Demonstration(seed=seed, people=people))
        folder.write(demonstration, settings.address)
        try:
            run(_standing(settings, demonstration, taken))
        finally:
            taken.close()
            say("stopped.")


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


async def _standing(settings: Settings, demonstration: Demonstration, taken: socket.socket) -> None:
    say("starting PostgreSQL and opening the house…")
    async with built(settings) as standing:
        with progress("the persons one can log in as") as told:
            await create(
                standing.house,
                seed=demonstration.seed,
                people=len(cast_people()),
                progress=told,
            )

        @asynccontextmanager
        async def populating() -> AsyncIterator[None]:
            crowd = asyncio.create_task(_crowd(standing, demonstration))
            try:
                yield
            finally:
                crowd.cancel()
                with suppress(asyncio.CancelledError):
                    await crowd

        app = application(standing, demonstration, beside=populating)
        await serve_on(app, taken, lambda: _announce(standing))


async def _crowd(standing: Built, demonstration: Demonstration) -> None:
    """The other inhabitants, created while the server already answers."""
    if demonstration.people <= len(cast_people()):
        return
    try:
        with progress("inhabitants") as told:
            created = await create(
                standing.house,
                seed=demonstration.seed,
                people=demonstration.people,
                progress=told,
                concurrency=BEHIND,
            )
    except SceneFailed as failed:
        say(f"the territory is not whole: {failed}")
        return
    if created.scenes:
        say(f"the territory is whole: {created.people} inhabitants.")


def _announce(standing: Built) -> None:
    """The address, and whom one can log in as."""
    members = known_keys()
    width = max(len(member.name) for member in members)
    print(f"\n  {standing.settings.address}\n")
    for kind, heading in _KINDS.items():
        print(f"  {heading}")
        for member in members:
            if member.kind == kind:
                print(f"    {member.name.ljust(width)}  {member.shows}")
        print()
    print("  ./dmp token --list    keys of these persons, for access tokens")
    print("  Ctrl-C                stops the server and its database\n", flush=True)


_KINDS = {
    "holder": "Titulaires (connexion : Espace patient)",
    "professional": "Professionnels (connexion : Espace professionnel)",
    "desk": "Guichet de l'assurance maladie (connexion : Espace professionnel)",
}
