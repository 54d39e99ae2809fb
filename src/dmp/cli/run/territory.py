"""The demo at work: the house opened, its territory created, the server answering meanwhile."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from secrets import token_urlsafe

from dmp.bootstrap.doors import MAILBOX, Demonstration, application
from dmp.bootstrap.house import Built, built
from dmp.cli.run.filling import Fill, fill, name_everybody, publish_at_once
from dmp.cli.run.serving import serve
from dmp.cli.terminal import progress, say
from dmp.remote.simulated.directory import known_keys
from dmp.remote.simulated.post.mailbox import mail_server
from dmp.remote.simulated.territory.cast import cast_people
from dmp.remote.simulated.territory.scenes.play import SceneFailed, create
from dmp.settings import Settings

BEHIND = 3
"""Records created at once while the server already answers: people come first."""


async def standing(settings: Settings, seed: int, people: int, taken: socket.socket) -> None:
    """Open the house, create the cast, serve, and let the crowd follow."""
    demonstration = Demonstration(seed=seed, people=people)
    say("starting PostgreSQL and opening the house…")
    async with mail_server(demonstration.mailbox) as mail_port:
        await _standing(with_post(settings, mail_port), demonstration, taken)


def with_post(settings: Settings, mail_port: int) -> Settings:
    """The settings of a demo: mail and SMS go to its own mailbox, whatever was set."""
    return replace(
        settings,
        smtp_host="127.0.0.1",
        smtp_port=mail_port,
        smtp_security="none",
        smtp_user="",
        sms_url=f"{settings.address}{MAILBOX}/sms",
        sms_token=token_urlsafe(24),
    )


async def _standing(settings: Settings, demonstration: Demonstration, taken: socket.socket) -> None:
    async with built(settings) as house:
        with progress("the persons one can log in as") as told:
            await create(
                house.house,
                seed=demonstration.seed,
                people=len(cast_people()),
                progress=told,
            )

        @asynccontextmanager
        async def populating() -> AsyncIterator[None]:
            behind = asyncio.create_task(_behind(house, demonstration))
            try:
                yield
            finally:
                behind.cancel()
                with suppress(asyncio.CancelledError):
                    await behind

        app = application(house, demonstration, beside=populating)
        await serve(app, taken, lambda: _announce(house))


async def _behind(house: Built, demonstration: Demonstration) -> None:
    """What follows while the server already answers: the claims of the cast, then everybody else."""
    cast, people = len(cast_people()), demonstration.people
    await name_everybody(house)
    if await fill(house, Fill(seed=demonstration.seed, people=cast)) is not None:
        await publish_at_once(house)
    await _crowd(house, demonstration)
    if people > cast:
        await fill(house, Fill(seed=demonstration.seed, people=people, without=cast))


async def _crowd(house: Built, demonstration: Demonstration) -> None:
    """The other inhabitants, created while the server already answers."""
    if demonstration.people <= len(cast_people()):
        return
    try:
        with progress("inhabitants") as told:
            created = await create(
                house.house,
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


def _announce(house: Built) -> None:
    """The address, and whom one can log in as."""
    members = [member for member in known_keys() if member.kind in _KINDS]
    width = max(len(member.name) for member in members)
    print(f"\n  {house.settings.address}\n")
    for kind, heading in _KINDS.items():
        print(f"  {heading}")
        for member in members:
            if member.kind == kind:
                print(f"    {member.name.ljust(width)}  {member.shows}")
        print()
    print(f"  {house.settings.address}{MAILBOX}/    mail and SMS that the service sends")
    print("  ./dmp token --list    keys of these persons, for access tokens")
    print("  Ctrl-C                stops the server and its database\n", flush=True)


_KINDS = {
    "holder": "Titulaires (connexion : Espace patient)",
    "professional": "Professionnels (connexion : Espace professionnel)",
    "desk": "Guichet de l'assurance maladie (connexion : Espace professionnel)",
}
