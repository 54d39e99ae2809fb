"""Prescriptions and deliveries that are the same: by product and day."""

from __future__ import annotations

from collections.abc import Iterable

from dmp.domain.clinical.coding import asked_by, atc_of, folded_label, same_key
from dmp.domain.clinical.facts import Dispensed, Prescribed
from dmp.domain.clinical.knowledge.medicines import Medicines
from dmp.domain.clinical.same.gathering import (
    all_sources,
    by_key,
    first_of,
    is_all_claims,
    is_of_claims,
    last_word,
    paired,
)
from dmp.domain.codes import Code


class Known:
    """Medicines looked up once for each set of codes."""

    def __init__(self, medicines: Medicines) -> None:
        self._medicines = medicines
        self._keys: dict[tuple[str, ...], tuple[str, str]] = {}

    def product(self, codes: tuple[Code, ...], label: str) -> tuple[str, str]:
        """What tells two products apart (the medicine, else its first code, else its label), and the ATC."""
        asked = asked_by(codes, label)
        found = self._keys.get(asked)
        if found is None:
            medicine = self._medicines.by_codes(codes, label)
            if medicine is not None:
                found = medicine.key, medicine.atc or atc_of(codes)
            else:
                first = "|".join(same_key(codes[0])) if codes else folded_label(label)
                found = first, atc_of(codes)
            self._keys[asked] = found
        return found


def prescribed(facts: Iterable[Prescribed], known: Known) -> list[Prescribed]:
    """Each prescription once: the same product from the same day."""
    return by_key(
        facts, lambda fact: (known.product(fact.codes, fact.label)[0], fact.start), _one_prescribed
    )


def _one_prescribed(facts: list[Prescribed]) -> Prescribed:
    best, last = facts[0], last_word(facts)
    return best._replace(
        dosage=last.dosage or first_of(fact.dosage for fact in facts) or "",
        stop=last.stop,
        prescriber=first_of(fact.prescriber for fact in facts if fact.prescriber.display)
        or best.prescriber,
        sources=all_sources(facts),
    )


def dispensed(facts: Iterable[Dispensed], known: Known) -> list[Dispensed]:
    """Each delivery once: the same product, day and prescriber; a document joins the line it reports."""

    def product(fact: Dispensed) -> str:
        return known.product(fact.codes, fact.label)[0]

    found = by_key(facts, lambda fact: (product(fact), fact.on, fact.prescriber.id), _one_dispensed)
    return paired(
        found,
        takes=lambda fact: not is_of_claims(fact),
        is_taken=is_all_claims,
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
