"""Allergies and problems that are the same: by code, else by words."""

from __future__ import annotations

from collections.abc import Callable, Iterable
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


_ANTECEDENTS = "11348-0"
"""LOINC of the section of antecedents."""
_LASTING = (
    "B20", "B21", "B22", "B23", "B24", "E03", "E10", "E11", "E12", "E13", "E14", "F00", "F01", "F02", "F03",
    "F20", "G20", "G30", "G35", "G40", "H40", "I10", "I11", "I12", "I13", "I15", "I25", "I48", "I50", "J43",
    "J44", "J45", "K50", "K51", "K74", "M05", "M06", "M45", "M81", "N18",
)  # fmt: skip
"""Categories of CIM-10 that last for life, or nearly: among antecedents they are named, not ended. Ours."""
_CATEGORY = 3
"""Characters of the code of a category."""


def problems(facts: Iterable[Problem]) -> list[Problem]:
    """Each problem once, episodes apart; a code that says only the category joins the problem that says more,
    a long-term condition the problem of its category.
    """

    def alike(a: Problem, b: Problem) -> bool:
        if not same_words(a.code, b.code, folded_label(a.label), folded_label(b.label)):
            return False
        return not (_is_over_before(a, b) or _is_over_before(b, a))

    found = _joined(by_likeness(facts, alike, _one_problem), _says_more, _says_category, _is_finer)
    # The closest first: another code of the category where neither the code nor a part of it is there.
    for close in (_is_part, _is_of_category):
        found = _joined(found, without_claims, only_claims, close)
    return found


def _joined(
    facts: list[Problem],
    takers: Callable[[Iterable[Problem]], list[Problem]],
    taken: Callable[[Iterable[Problem]], list[Problem]],
    alike: Callable[[Problem, Problem], bool],
) -> list[Problem]:
    return paired(
        facts,
        takers=takers,
        taken=taken,
        day=lambda fact: date.min + timedelta(days=400),
        window=(0, 0),
        alike=alike,
        combine=_one_problem,
    )


def _is_over_before(a: Problem, b: Problem) -> bool:
    """Whether one ended before the other began: two episodes of one disease."""
    return a.until is not None and b.since is not None and a.until < b.since


def _says_more(facts: Iterable[Problem]) -> list[Problem]:
    return [fact for fact in facts if len(cim10_of(fact.code)) > _CATEGORY and _is_stated(fact)]


def _says_category(facts: Iterable[Problem]) -> list[Problem]:
    return [fact for fact in facts if len(cim10_of(fact.code)) == _CATEGORY and _is_stated(fact)]


def _is_stated(fact: Problem) -> bool:
    """Whether others than the insurance say it."""
    return not only_claims((fact,))


def _is_finer(fine: Problem, broad: Problem) -> bool:
    """Of two that are both in course, or both over: what is past says nothing of what is not."""
    return fine.active is broad.active and cim10_of(fine.code).startswith(cim10_of(broad.code))


def _is_part(stated: Problem, paid: Problem) -> bool:
    fine, broad = cim10_of(stated.code), cim10_of(paid.code)
    return len(broad) >= _CATEGORY and (
        fine.startswith(broad) or (len(fine) >= _CATEGORY and broad.startswith(fine))
    )


def _is_of_category(stated: Problem, paid: Problem) -> bool:
    category = cim10_of(paid.code)[:_CATEGORY]
    return len(category) == _CATEGORY and cim10_of(stated.code).startswith(category)


def _is_named_only(fact: Problem) -> bool:
    """Whether a disease that lasts is named among antecedents, where nothing says that it ended."""
    return (
        not fact.active
        and fact.until is None
        and cim10_of(fact.code).startswith(_LASTING)
        and all(source.anchor == _ANTECEDENTS for source in fact.sources)
    )


def _one_problem(facts: list[Problem]) -> Problem:
    best = facts[0]
    last = last_word([fact for fact in facts if not _is_named_only(fact)] or facts)
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
