"""Allergies and problems that are the same: by code, else by words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from dmp.domain.clinical.coding import cim10_of, folded_label, same_key
from dmp.domain.clinical.facts import Allergy, Problem
from dmp.domain.clinical.same.gathering import (
    all_sources,
    by_likeness,
    earliest,
    first_of,
    last_word,
    only_claims,
    paired,
    without_claims,
)
from dmp.domain.codes import Code


def same_words(a: Code | None, b: Code | None, a_label: str, b_label: str) -> bool:
    """The same code; or the same label, where the codes do not say that they are two things."""
    if a is not None and b is not None:
        a_key, b_key = same_key(a), same_key(b)
        if a_key == b_key:
            return True
        if a_key[0] == b_key[0]:
            return False
    return a_label == b_label


_ALLERGY_WORDS = frozenset(
    {"allergie", "intolerance", "hypersensibilite"}
    | {"a", "au", "aux", "la", "le", "les", "l", "de", "d", "du", "des"}
)


def allergen(label: str) -> str:
    """To what an allergy is, as it is compared: without "allergie à la" and without plural."""
    words = folded_label(label).split()
    while len(words) > 1 and words[0] in _ALLERGY_WORDS:
        words = words[1:]
    return " ".join(word.rstrip("s") or word for word in words)


def allergies(facts: Iterable[Allergy]) -> list[Allergy]:
    """Each allergy once; the newest source says whether it is still one."""

    def alike(a: Allergy, b: Allergy) -> bool:
        return same_words(a.code, b.code, allergen(a.label), allergen(b.label))

    return by_likeness(facts, alike, _one_allergy)


def _one_allergy(facts: list[Allergy]) -> Allergy:
    best, last = facts[0], last_word(facts)
    return replace(
        best,
        code=best.code or first_of(fact.code for fact in facts),
        reaction=best.reaction or first_of(fact.reaction for fact in facts) or "",
        severity=best.severity or first_of(fact.severity for fact in facts) or "",
        since=earliest(fact.since for fact in facts),
        active=last.active,
        sources=all_sources(facts),
    )


def problems(facts: Iterable[Problem]) -> list[Problem]:
    """Each problem once; a long-term condition joins the problem of its category."""

    def alike(a: Problem, b: Problem) -> bool:
        return same_words(a.code, b.code, folded_label(a.label), folded_label(b.label))

    def in_category(a: Problem, b: Problem) -> bool:
        fine, broad = cim10_of(a.code), cim10_of(b.code)
        return len(broad) >= 3 and (
            fine.startswith(broad) or (len(fine) >= 3 and broad.startswith(fine))
        )

    found = by_likeness(facts, alike, _one_problem)
    return paired(
        found,
        takers=without_claims,
        taken=only_claims,
        day=lambda fact: date.min + timedelta(days=400),
        window=(0, 0),
        alike=in_category,
        combine=_one_problem,
    )


def _one_problem(facts: list[Problem]) -> Problem:
    best, last = facts[0], last_word(facts)
    acknowledged = next((f for f in facts if f.long_term and f.active), None)
    active = last.active or acknowledged is not None
    return replace(
        best,
        code=best.code or first_of(fact.code for fact in facts),
        since=earliest(fact.since for fact in facts),
        until=None if active else last.until,
        active=active,
        long_term=first_of(
            fact.long_term for fact in (facts if acknowledged is None else [acknowledged])
        )
        or "",
        sources=all_sources(facts),
    )
