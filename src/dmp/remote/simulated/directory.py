"""Who is who in the territory, by key: for `dmp token --as`, and for the providers' pages."""

from __future__ import annotations

from dataclasses import replace

from dmp.domain.identity.caller import Caller, Door, Purpose
from dmp.remote.simulated.territory.cast import CAST, CastMember, cast_people
from dmp.remote.simulated.territory.people import Person
from dmp.remote.simulated.territory.population import PEOPLE, SEED, population
from dmp.remote.simulated.territory.professionals import (
    BY_KEY,
    DESK,
    FEED,
    HOSPITAL_SYSTEM,
    INSURER,
    SUPPORT,
)

HOSPITAL_KEY = "hopital"
"""Key of the hospital's software, which acts without a person."""
FEED_KEY = "flux-assurance"
"""Key of the insurer's feed, which deposits reimbursements."""
SUPPORT_KEY = "assistance"
"""Key of somebody of the support."""
_OTHERS = {
    DESK.key: DESK.caller(),
    HOSPITAL_KEY: HOSPITAL_SYSTEM,
    FEED_KEY: FEED,
    SUPPORT_KEY: SUPPORT,
}
"""Callers who are neither inhabitants nor professionals."""


class UnknownKey(LookupError):
    """Nobody in the territory has this key; the text says where to find the keys."""


def person_of(key: str, *, seed: int = SEED, people: int = PEOPLE) -> Person:
    """The inhabitant with this key. Raises UnknownKey."""
    found = cast_people().get(key)
    if found is None:
        found = next((p for p in population(seed, people) if p.key == key), None)
    if found is None:
        raise UnknownKey(f"nobody has the key {key!r}; list the cast to see the keys")
    return found


def caller_of(
    key: str,
    *,
    place: int = 0,
    representing: bool = False,
    purpose: Purpose = Purpose.NORMAL,
    purpose_reason: str = "",
    door: Door = Door.FHIR,
    means: str = "jwt:iua",
    seed: int = SEED,
    people: int = PEOPLE,
) -> Caller:
    """The caller that the person with this key is.

    Args:
        key: of the cast, of an inhabitant (`h00001-1`), or of `known_keys`: `hopital` is the hospital's
            software.
        place: rank of the place of work of a professional.
        representing: an inhabitant acts for those he represents, not for himself.
        purpose: mode of access of a professional.
        purpose_reason: why, in words; a break-glass needs it.
        door: through which door the caller comes.
        means: the authentication, as the trace will name it.
        seed: of the territory; only inhabitants outside the cast depend on it.
        people: how many inhabitants the territory has.

    Raises:
        UnknownKey: nobody has this key, or the professional has no such place of work.
    """
    if key in BY_KEY:
        worker = BY_KEY[key]
        if not 0 <= place < len(worker.places):
            raise UnknownKey(f"{key} has {len(worker.places)} places of work, counted from 0")
        caller = worker.caller(place, door=door)
    elif key in _OTHERS:
        caller = replace(_OTHERS[key], door=door)
    else:
        person = person_of(key, seed=seed, people=people)
        caller = person.as_representative(door=door) if representing else person.caller(door=door)
    return replace(caller, means=means, purpose=purpose, purpose_reason=purpose_reason, software="")


def known_keys() -> tuple[CastMember, ...]:
    """The cast, and who acts without being one of them, as a list to be printed."""
    system = CastMember(
        key=HOSPITAL_KEY,
        kind="structure",
        name="Centre hospitalier du Val d'Orme (logiciel)",
        shows="Logiciel de l'hôpital sans professionnel : dépose, ne lit jamais.",
    )
    feed = CastMember(
        key=FEED_KEY,
        kind="insurer",
        name=f"{INSURER.name} (flux)",
        shows="Flux de l'assurance maladie : dépose les données de remboursement, ne lit jamais.",
    )
    support = CastMember(
        key=SUPPORT_KEY,
        kind="support",
        name="Maud GIRAUD (assistance)",
        shows="Assistance aux usagers : sait si un dossier existe, et rien de plus.",
    )
    return (*CAST, system, feed, support)
