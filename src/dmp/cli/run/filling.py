"""The demo's claims: what the insurer sends about the territory's people, fed as every delivery is.

It runs behind the server. Files are generated from the seed and the day of the territory, so that a second
start finds their digest known, and a feed that was cut goes on where it stood.
"""

from __future__ import annotations

import asyncio
import shutil
import time
from dataclasses import dataclass
from datetime import UTC, date
from pathlib import Path
from typing import Final

from dmp.acts.claims.publish_due import Publication
from dmp.bootstrap.claims_intake import Load, Receipt, load
from dmp.bootstrap.house import Built
from dmp.cli.terminal import say
from dmp.domain.clinical.knowledge.editions import Edition, ReferenceKind
from dmp.domain.errors import Refused
from dmp.formats.claims.refusals import DeliveryRefused
from dmp.remote.simulated.claims import directories
from dmp.remote.simulated.claims.cases import all_cases
from dmp.remote.simulated.claims.generate import Wanted, generate
from dmp.remote.simulated.territory.scenes.play import day_of_first_creation
from dmp.storage.postgres.reference import ReferenceShelf
from dmp.storage.private_files import private_folder

PLACE: Final = "demo-claims"
"""In the data folder: the files of a feed while it runs."""
_LONG_AGO: Final = date(2000, 1, 1)
"""The edition of the territory's directories: any real one takes their place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fill:
    """Whose claims are fed: the first `people` of a seed, without the first `without` of them."""

    seed: int
    people: int
    without: int = 0

    def wanted(self, until: date) -> Wanted:
        """What is generated: with the cast its own cases, none of those that belong to nobody in particular."""
        own = tuple(key for key, case in all_cases().items() if case.who.key)
        return Wanted(
            people=self.people,
            until=until,
            seed=self.seed,
            cases=() if self.without else own,
            without=self.without,
        )


async def fill(house: Built, asked: Fill) -> Receipt | None:
    """Generate and feed; None when it could not be done, which is said.

    Their documents follow by the house's own job, or by `publish_at_once`.
    """
    began = time.perf_counter()
    day = await day_of_first_creation(house.house) or house.house.now().astimezone(UTC).date()
    folder = house.settings.data / PLACE / f"{asked.without}-{asked.people}"
    try:
        await asyncio.to_thread(_generated, folder, asked.wanted(day))
        receipt = await load(house.house, Load(paths=(folder,), data=house.settings.data))
    except (DeliveryRefused, Refused, OSError) as failed:
        say(f"the claims of the demo were not fed: {failed}")
        return None
    finally:
        await asyncio.to_thread(shutil.rmtree, folder.parent, ignore_errors=True)
    if not receipt.known:
        say(
            f"the insurer's claims of {receipt.summary.get('persons', '?')} persons were fed in "
            f"{time.perf_counter() - began:.1f} s; their documents follow."
        )
    return receipt


async def publish_at_once(house: Built) -> int:
    """Make the documents of what was fed without resting in between: nobody reads while a demo begins.

    Returns how many; the house's own job makes those that are left.
    """
    try:
        return await Publication(house.house, share=1).turn()
    except Refused:
        return 0


def _generated(folder: Path, wanted: Wanted) -> None:
    private_folder(folder.parent)
    shutil.rmtree(folder, ignore_errors=True)  # what a start that was cut left behind
    generate(folder, wanted)


async def name_everybody(house: Built) -> None:
    """Let the directories know the territory's professionals and places, unless some directory is in force."""
    shelf = ReferenceShelf(house.store.dsn)
    there = await shelf.in_force()
    for kind, label, rows in (
        (ReferenceKind.RPPS, "Professionnels du Val d'Orme (fictifs)", directories.persons()),
        (ReferenceKind.FINESS, "Établissements du Val d'Orme (fictifs)", directories.places()),
    ):
        if kind not in there:
            edition = Edition(kind=kind, on=_LONG_AGO, label=label, source="territoire fictif")
            await shelf.copy_directory(edition, rows, house.house.now(), lambda *_: None)
