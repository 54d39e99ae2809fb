"""What stands at the counters of the test site: a teleservice, a reader and a telephone, for whom a test names.

Whoever a test did not name makes the teleservice fall silent, so that other tests are not disturbed.
"""

from __future__ import annotations

from collections.abc import Sequence

from dmp.acts.counter.identity_services import (
    CardInReach,
    CardUnreadable,
    IdentityServices,
    NoAnswer,
)
from dmp.acts.notices.send_notice import NotSent
from dmp.domain.identifiers import Ins
from dmp.domain.identity.matching import differences
from dmp.domain.identity.patient import Traits
from dmp.domain.identity.verification import Answer, HealthCard, InsAnswer, KnownIdentity


class CounterServices:
    """Both services and the texts that were sent; `refuses` is how the next text fails."""

    def __init__(self) -> None:
        self.known: dict[str, KnownIdentity] = {}
        self.unknown: set[str] = set()
        self.several: set[str] = set()
        self.in_reader: dict[str, HealthCard] = {}
        self.texts: list[tuple[str, str]] = []
        self.refuses: NotSent | None = None

    @property
    def services(self) -> IdentityServices:
        return IdentityServices(teleservice=self, reader=self)

    def knows(self, ins: Ins, traits: Traits) -> None:
        """From now on the national base has this identity."""
        self.known[ins.matricule] = KnownIdentity(ins=ins, traits=traits)

    def lays(self, card_id: str, ins: Ins, traits: Traits) -> None:
        """A card lies in the reader."""
        self.in_reader[card_id] = HealthCard(ins=ins, traits=traits)

    async def by_card(self, card: HealthCard) -> InsAnswer:
        return self._answer(self.known.get(card.ins.matricule), card.ins.matricule)

    async def by_traits(self, traits: Traits) -> InsAnswer:
        if traits.birth_name in self.several:
            return InsAnswer(answer=Answer.SEVERAL)
        found = [k for k in self.known.values() if not differences(k.traits, traits)]
        return self._answer(found[0] if found else None, traits.birth_name)

    async def verified(self, ins: Ins, traits: Traits) -> InsAnswer:
        known = self.known.get(ins.matricule)
        if known is not None and differences(known.traits, traits):
            return InsAnswer(answer=Answer.NOT_FOUND)
        return self._answer(known, ins.matricule)

    def _answer(self, identity: KnownIdentity | None, asked: str) -> InsAnswer:
        if identity is not None:
            return InsAnswer(answer=Answer.FOUND, identity=identity)
        if asked in self.unknown:
            return InsAnswer(answer=Answer.NOT_FOUND)
        raise NoAnswer

    async def cards(self) -> Sequence[CardInReach]:
        return [CardInReach(card_id=name, label=f"Carte {name}") for name in self.in_reader]

    async def read(self, card_id: str) -> HealthCard:
        if card_id not in self.in_reader:
            raise CardUnreadable
        return self.in_reader[card_id]

    async def send(self, number: str, code: str) -> None:
        if self.refuses is not None:
            raise self.refuses
        self.texts.append((number, code))
