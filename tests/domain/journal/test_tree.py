"""The tree against known roots, and its proofs against every alteration."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dmp.domain.journal.tree import (
    EMPTY_ROOT,
    Frontier,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    root_of,
    verify_consistency,
    verify_inclusion,
)

# The eight leaves and roots with which implementations of RFC 6962 compare themselves.
DATA = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
LEAVES = [leaf_hash(data) for data in DATA]

sizes = st.integers(min_value=1, max_value=70)


def leaves_of(size: int) -> list[bytes]:
    return [leaf_hash(number.to_bytes(4, "big")) for number in range(size)]


def defined_root(leaves: list[bytes]) -> bytes:
    """The root as the RFC writes it, word for word."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return node_hash(defined_root(leaves[:k]), defined_root(leaves[k:]))


@pytest.mark.parametrize("size", range(9))
def test_known_roots(size: int) -> None:
    assert root_of(LEAVES[:size]).hex() == ROOTS[size]


def test_leaf_and_node_never_pass_as_each_other() -> None:
    left, right = LEAVES[0], LEAVES[1]
    assert leaf_hash(left + right) != node_hash(left, right)


@given(size=sizes, cut=st.integers(min_value=0, max_value=70))
def test_appending_in_two_goes_gives_the_same_tree(size: int, cut: int) -> None:
    leaves = leaves_of(size)
    cut = min(cut, size)
    frontier = Frontier().appended(leaves[:cut]).appended(leaves[cut:])
    assert frontier == Frontier().appended(leaves)
    assert frontier.root() == defined_root(leaves)


def test_a_frontier_whose_hashes_do_not_fit_its_size_is_refused() -> None:
    assert Frontier().root() == EMPTY_ROOT
    with pytest.raises(ValueError, match="a frontier of 3 leaves"):
        Frontier(3, (LEAVES[0],))


@given(size=sizes, data=st.data())
def test_inclusion_is_shown_and_nothing_else_is(size: int, data: st.DataObject) -> None:
    leaves = leaves_of(size)
    index = data.draw(st.integers(min_value=0, max_value=size - 1))
    proof, root = inclusion_proof(leaves, index), root_of(leaves)
    assert verify_inclusion(leaves[index], index, size, proof, root)
    assert not verify_inclusion(leaf_hash(b"other"), index, size, proof, root)
    assert not verify_inclusion(leaves[index], index, size, proof, leaf_hash(b"other"))
    assert not verify_inclusion(leaves[index], index, size, (*proof, root), root)
    assert not verify_inclusion(leaves[index], size, size, proof, root)
    if proof:
        assert not verify_inclusion(leaves[index], index, size, proof[:-1], root)
        other = data.draw(st.integers(min_value=0, max_value=size - 1).filter(lambda i: i != index))
        assert not verify_inclusion(leaves[index], other, size, proof, root)


@given(size=sizes, data=st.data())
def test_consistency_is_shown_and_nothing_else_is(size: int, data: st.DataObject) -> None:
    leaves = leaves_of(size)
    first = data.draw(st.integers(min_value=1, max_value=size))
    proof = consistency_proof(leaves, first)
    old, new = root_of(leaves[:first]), root_of(leaves)
    assert verify_consistency(first, size, old, new, proof)
    wrong = leaf_hash(b"other")
    assert not verify_consistency(first, size, wrong, new, proof)
    assert not verify_consistency(first, size, old, wrong, proof)
    assert not verify_consistency(first, size, old, new, (*proof, wrong))
    assert not verify_consistency(0, size, old, new, proof)
    assert not verify_consistency(size + 1, size, old, new, proof)
    if proof:
        assert not verify_consistency(first, size, old, new, proof[:-1])


@given(size=sizes, changed=st.integers(min_value=0, max_value=69))
def test_a_rewritten_past_is_not_consistent(size: int, changed: int) -> None:
    leaves = leaves_of(size)
    changed %= size
    rewritten = [*leaves]
    rewritten[changed] = leaf_hash(b"rewritten")
    for first in range(changed + 1, size + 1):
        proof = consistency_proof(rewritten, first)
        assert not verify_consistency(
            first, size, root_of(leaves[:first]), root_of(rewritten), proof
        )


@pytest.mark.parametrize("index", [-1, 3])
def test_no_proof_of_a_leaf_that_is_not_there(index: int) -> None:
    with pytest.raises(IndexError):
        inclusion_proof(leaves_of(3), index)
    with pytest.raises(IndexError):
        consistency_proof(leaves_of(3), 4 if index > 0 else 0)
