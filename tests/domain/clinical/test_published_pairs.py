"""The pairs that are known to be printed, and the controls that must stay silent, on the published edition."""

from __future__ import annotations

import pytest

from dmp.domain.clinical.interactions import index_of
from dmp.domain.clinical.watching.wording import levels_of
from tests.builders.clinical import a_medicine
from tests.domain.clinical.pack import Proof, needs_pack, proofs, published_thesaurus


@needs_pack
@pytest.mark.parametrize("proof", proofs(), ids=lambda proof: proof.case)
def test_the_levels_that_ansm_prints_are_found(proof: Proof) -> None:
    found = index_of(published_thesaurus()).check([proof.a, proof.b])
    assert sorted(levels_of(pair) for one in found for pair in one.pairs) == sorted(proof.levels)


@needs_pack
def test_there_are_fifteen_pairs_and_two_controls() -> None:
    silent = [proof.case for proof in proofs() if not proof.levels]
    assert (len(proofs()) - len(silent), len(silent)) == (15, 2)


@needs_pack
@pytest.mark.parametrize(
    ("a", "b", "worst"),
    [
        ("methotrexate", "acide acetylsalicylique", "CI"),
        ("digoxine", "amiodarone", "PE"),
        ("apixaban", "carbamazepine", "ASDEC"),
        ("lithium", "furosemide", "ASDEC"),
        ("ivabradine", "verapamil", "CI"),
        ("allopurinol", "azathioprine", "CI"),
        ("gentamicine", "amikacine", "CI"),
        ("spironolactone", "amiloride", "CI"),
    ],
)
def test_other_pairs_of_the_thesaurus(a: str, b: str, worst: str) -> None:
    (found,) = index_of(published_thesaurus()).check([a_medicine(a), a_medicine(b)])
    assert levels_of(found.pairs[0]).startswith(worst)


@needs_pack
def test_every_ordinary_pair_is_found_between_two_substances_that_have_its_terms() -> None:
    """By whatever path: for each printed pair, two substances that bear its two terms meet it."""
    thesaurus = published_thesaurus()
    index = index_of(thesaurus)
    members: dict[str, list[str]] = {}
    for substance, classes in thesaurus.classes_of.items():
        for term in classes:
            members.setdefault(term, []).append(substance)
    tried = 0
    for pair in thesaurus.pairs:
        left = members.get(pair.a_term, [pair.a_term])
        right = left if pair.others else members.get(pair.b_term, [pair.b_term])
        two = next(((a, b) for a in left for b in right if a != b), None)
        if two is None or any(
            word in pair.a_term + pair.b_term
            for word in ("alcool", "pamplemousse", "theine", "voie ", "voies ")
        ):
            continue
        tried += 1
        found = index.check([a_medicine(two[0], routes=()), a_medicine(two[1], routes=())])
        assert any(pair in one.pairs for one in found), (pair.a, pair.b)
    assert tried > 1_500
