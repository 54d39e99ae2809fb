"""Prescriptions and deliveries that are the same: by product and day."""

from __future__ import annotations

from collections.abc import Sequence

from dmp.domain.clinical.coding import asked_by, atc_of, each_asked_by, folded_label, same_key
from dmp.domain.clinical.facts import Dispensed, Prescribed
from dmp.domain.clinical.knowledge.medicines import Medicines
from dmp.domain.clinical.same.gathering import (
    all_sources,
    by_key,
    first_of,
    last_word,
    newest,
    only_claims,
    paired,
    without_claims,
)
from dmp.domain.codes import Code


class Known:
    """Medicines looked up once for each set of codes."""

    def __init__(self, medicines: Medicines) -> None:
        self._medicines = medicines
        self._keys: dict[tuple[str, ...], tuple[str, str]] = {}

    def products(self, facts: Sequence[Prescribed | Dispensed]) -> list[tuple[str, str]]:
        """What tells products apart (the medicine, else its first code, else its label), and their ATC, of each
        fact.
        """
        known, found = self._keys, []
        for fact, asked in zip(facts, each_asked_by(facts), strict=True):
            one = known.get(asked)
            if one is None:
                one = known[asked] = self._looked_up(fact.codes, fact.label)
            found.append(one)
        return found

    def product(self, codes: tuple[Code, ...], label: str) -> tuple[str, str]:
        """The same of one fact."""
        asked = asked_by(codes, label)
        found = self._keys.get(asked)
        if found is None:
            found = self._keys[asked] = self._looked_up(codes, label)
        return found

    def _looked_up(self, codes: tuple[Code, ...], label: str) -> tuple[str, str]:
        medicine = self._medicines.by_codes(codes, label)
        if medicine is not None:
            return medicine.key, medicine.atc or atc_of(codes)
        first = "|".join(same_key(codes[0])) if codes else folded_label(label)
        return first, atc_of(codes)


def prescribed(facts: Sequence[Prescribed], known: Known) -> list[Prescribed]:
    """Each prescription once: the same product from the same day, or said on one where no beginning is told."""
    what = [
        (product, fact.start or newest(fact), fact.start is None)
        for (product, _), fact in zip(known.products(facts), facts, strict=True)
    ]
    return by_key(facts, what, _one_prescribed)


def _one_prescribed(facts: list[Prescribed]) -> Prescribed:
    best, last = facts[0], last_word(facts)
    return best._replace(
        dosage=last.dosage or first_of(fact.dosage for fact in facts) or "",
        stop=last.stop,
        prescriber=first_of(fact.prescriber for fact in facts if fact.prescriber.display)
        or best.prescriber,
        sources=all_sources(facts),
    )


def dispensed(facts: Sequence[Dispensed], known: Known) -> list[Dispensed]:
    """Each delivery once: the same product, day and prescriber; a document joins the line it reports."""

    def product(fact: Dispensed) -> str:
        return known.product(fact.codes, fact.label)[0]

    what = [
        (product, fact.on, fact.prescriber.id)
        for (product, _), fact in zip(known.products(facts), facts, strict=True)
    ]
    found = by_key(facts, what, _one_dispensed)
    return paired(
        found,
        takers=without_claims,
        taken=only_claims,
        day=lambda fact: fact.on,
        window=(0, 0),
        alike=lambda a, b: product(a) == product(b),
        combine=_one_dispensed,
    )


def _one_dispensed(facts: list[Dispensed]) -> Dispensed:
    best = facts[0]
    return best._replace(
        boxes=max(fact.boxes for fact in facts),
        prescribed_on=best.prescribed_on or first_of(fact.prescribed_on for fact in facts),
        prescriber=first_of(f.prescriber for f in facts if f.prescriber.display) or best.prescriber,
        pharmacy=first_of(f.pharmacy for f in facts if f.pharmacy.display) or best.pharmacy,
        sources=all_sources(facts),
    )
