"""A reader with the cards of a few inhabitants, and three that make trouble."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from dmp.acts.counter.identity_services import CardInReach, CardUnreadable
from dmp.domain.identity.patient import Sex, Traits
from dmp.domain.identity.verification import HealthCard
from dmp.remote.simulated.identity.teleservice import SILENT_FOR
from dmp.remote.simulated.territory import numbers
from dmp.remote.simulated.territory.people import Person

DAMAGED: Final = "illisible"
_SHOWN: Final = {
    "yves-cordier": "sans dossier",
    "thierry-lambert": "informé",
    "camille-roux": "dossier ouvert",
    "marcel-petitjean": "dossier clôturé",
    "hugo-moreau": "enfant",
}


class SimulatedReader:
    """See `dmp.acts.counter.identity_services.CardReader`."""

    def __init__(self, people: Mapping[str, Person]) -> None:
        self._cards = {
            key: (f"{people[key].name} ({word})", _card_of(people[key]))
            for key, word in _SHOWN.items()
            if key in people
        }
        self._cards |= {
            "inconnue": ("Carte inconnue du téléservice", _card("INCONNU", 997)),
            "panne": ("Carte pendant une panne du téléservice", _card(SILENT_FOR, 998)),
        }

    async def cards(self) -> Sequence[CardInReach]:
        """The cards in reach now."""
        known = [CardInReach(card_id=key, label=label) for key, (label, _) in self._cards.items()]
        return (*known, CardInReach(card_id=DAMAGED, label="Carte illisible"))

    async def read(self, card_id: str) -> HealthCard:
        """What a card says. Raises CardUnreadable."""
        found = self._cards.get(card_id)
        if found is None:
            raise CardUnreadable
        return found[1]


def _card_of(person: Person) -> HealthCard:
    return HealthCard(ins=person.ins, traits=person.traits)


def _card(name: str, order: int) -> HealthCard:
    born, place = date(1970, 1, 1), "75114"
    traits = Traits(
        birth_name=name, given_names="ALEX", sex=Sex.MALE, birth_date=born, birth_place=place
    )
    number = numbers.matricule(Sex.MALE, born, place, order)
    return HealthCard(ins=numbers.ins_of(number), traits=traits)
