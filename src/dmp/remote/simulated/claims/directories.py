"""Names of the professionals and places that the claims number: the directories of the invented territory."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dmp.remote.simulated.claims.lines import CLINIC, OPTICIAN, SUPPLIER, finess_of
from dmp.remote.simulated.territory.professionals import WORKERS

TOWN: Final = "Val-d'Orme"
_ONLY_IN_CLAIMS: Final = (
    (CLINIC, "Clinique des Peupliers"),
    (SUPPLIER.number, "Orme Santé, matériel médical"),
    (OPTICIAN.number, "Optique du Marché"),
)


def persons() -> Iterator[tuple[str, str, str]]:
    """RPPS, name and speciality (or profession) of everybody."""
    for worker in WORKERS:
        known = worker.know_how.display if worker.know_how is not None else worker.label
        yield worker.rpps, worker.name, known.removesuffix(" (SM)")


def places() -> Iterator[tuple[str, str, str]]:
    """FINESS, name and town of every place that has a FINESS."""
    named = {
        finess_of(place.id_nat): place.name
        for worker in WORKERS
        for place in worker.places
        if finess_of(place.id_nat)
    }
    for finess, name in (*named.items(), *_ONLY_IN_CLAIMS):
        yield finess, name, TOWN
