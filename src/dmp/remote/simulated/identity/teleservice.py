"""The INS teleservice of the territory: it knows every inhabitant, and a name by which it falls silent.

Like the real one it answers to all five strict traits alone, and tells of a verification only whether it holds.

Source: INS teleservice (CNAM), guide d'intégration.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from dmp.acts.counter.identity_services import NoAnswer
from dmp.domain.identifiers import Ins
from dmp.domain.identity.matching import differences
from dmp.domain.identity.patient import Traits, folded
from dmp.domain.identity.verification import Answer, HealthCard, InsAnswer, KnownIdentity

SILENT_FOR: Final = "PANNE"
"""The birth name for which the teleservice does not answer, to show what a counter does then."""
SEVERAL_FOR: Final = "HOMONYME"
"""The birth name under which several identities stand."""


class SimulatedTeleservice:
    """See `dmp.acts.counter.identity_services.InsTeleservice`."""

    def __init__(self, identities: Iterable[KnownIdentity]) -> None:
        self._by_matricule = {one.ins.matricule: one for one in identities}

    async def by_card(self, card: HealthCard) -> InsAnswer:
        """The identity of whom this card is."""
        return self._known(card.traits, self._by_matricule.get(card.ins.matricule))

    async def by_traits(self, traits: Traits) -> InsAnswer:
        """The identity with exactly these strict traits."""
        _fall_silent(traits)
        if folded(traits.birth_name) == SEVERAL_FOR:
            return InsAnswer(answer=Answer.SEVERAL)
        found = [
            one
            for one in self._by_matricule.values()
            if traits.birth_place == one.traits.birth_place and not differences(one.traits, traits)
        ]
        if len(found) > 1:
            return InsAnswer(answer=Answer.SEVERAL)
        return self._known(traits, found[0] if found else None)

    async def verified(self, ins: Ins, traits: Traits) -> InsAnswer:
        """FOUND when INS and traits belong together."""
        _fall_silent(traits)
        known = self._by_matricule.get(ins.matricule)
        fits = known is not None and known.ins == ins and not differences(known.traits, traits)
        return self._known(traits, known if fits else None)

    def _known(self, traits: Traits, identity: KnownIdentity | None) -> InsAnswer:
        _fall_silent(traits)
        if identity is None:
            return InsAnswer(answer=Answer.NOT_FOUND)
        return InsAnswer(answer=Answer.FOUND, identity=identity)


def _fall_silent(traits: Traits) -> None:
    if folded(traits.birth_name) == SILENT_FOR:
        raise NoAnswer
