"""The outside services of a counter: the INS teleservice and the reader of health insurance cards.

A real one and the simulated one have this shape; bootstrap gives the door what is connected.

Source: INS teleservice (CNAM), guide d'intégration: search by card, search by traits, verification.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from dmp.domain.identifiers import Ins
from dmp.domain.identity.patient import Traits
from dmp.domain.identity.verification import UNAVAILABLE, HealthCard, InsAnswer


class NoAnswer(Exception):
    """The teleservice did not answer, or not in time."""


class CardUnreadable(Exception):
    """No such card in the reader, or none that can be read."""


class InsTeleservice(Protocol):
    """The national base of identities. Every search raises NoAnswer when it does not answer."""

    async def by_card(self, card: HealthCard) -> InsAnswer:
        """The identity of whom this card is."""

    async def by_traits(self, traits: Traits) -> InsAnswer:
        """The identity with exactly these strict traits."""

    async def verified(self, ins: Ins, traits: Traits) -> InsAnswer:
        """FOUND when INS and traits belong together; NOT_FOUND otherwise, without telling what differs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CardInReach:
    """A card that can be read now: what names it to the reader, and to the agent."""

    card_id: str
    label: str


class CardReader(Protocol):
    """A reader of cards."""

    async def cards(self) -> Sequence[CardInReach]:
        """The cards in reach now."""

    async def read(self, card_id: str) -> HealthCard:
        """What a card says. Raises CardUnreadable."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityServices:
    """What is connected to the counters of this server; None where nothing is."""

    teleservice: InsTeleservice | None = None
    reader: CardReader | None = None

    async def asked(
        self,
        *,
        card: HealthCard | None = None,
        ins: Ins | None = None,
        traits: Traits | None = None,
    ) -> InsAnswer:
        """What the teleservice says of a card, of an INS with traits, or of traits alone."""
        service = self.teleservice
        if service is None:
            return UNAVAILABLE
        try:
            if card is not None:
                return await service.by_card(card)
            if traits is None:
                return UNAVAILABLE
            if ins is not None:
                return await service.verified(ins, traits)
            return await service.by_traits(traits)
        except NoAnswer:
            return UNAVAILABLE


NOTHING_CONNECTED = IdentityServices()
"""Neither a teleservice nor a reader."""
