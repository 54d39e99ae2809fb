"""Comparison of traits: does this identity match that one?"""

from __future__ import annotations

from dmp.domain.identity.patient import Sex, Traits, folded


def differences(known: Traits, given: Traits) -> tuple[str, ...]:
    """Names of the strict traits on which the two identities differ, empty when they match.

    Names are compared without accents, case and punctuation; an unknown sex or birth place on
    either side is not a difference. Source: RNIV, comparison of strict traits.
    """
    found: list[str] = []
    if folded(known.birth_name) != folded(given.birth_name):
        found.append("birth name")
    if folded(known.first_given_name) != folded(given.first_given_name):
        found.append("first given name")
    if Sex.UNKNOWN not in (known.sex, given.sex) and known.sex is not given.sex:
        found.append("sex")
    if known.birth_date != given.birth_date:
        found.append("birth date")
    if known.birth_place and given.birth_place and known.birth_place != given.birth_place:
        found.append("birth place")
    return tuple(found)
