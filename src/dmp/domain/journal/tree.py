"""The tree over the traces: hashes, frontier, proofs.

A leaf is the hash of one trace; the root of the first `n` leaves commits to all of them in their
order. Hashes are SHA-256, 32 octets. Source: RFC 6962, section 2.1.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

EMPTY_ROOT = sha256(b"").digest()
"""The root of a tree without leaves."""


def leaf_hash(data: bytes) -> bytes:
    """The hash of a leaf from its bytes. Another prefix than a node's: neither passes as the other."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of a node from its two children."""
    return sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True, slots=True)
class Frontier:
    """A tree reduced to what appending needs: the roots of its complete subtrees, largest first.

    There is one such root per bit that is set in `size`; two million leaves need 21 at most.
    """

    size: int = 0
    hashes: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        if self.size < 0 or len(self.hashes) != self.size.bit_count():
            raise ValueError(f"a frontier of {self.size} leaves has not {len(self.hashes)} hashes")

    def appended(self, leaf_hashes: Iterable[bytes]) -> Frontier:
        """The frontier after these leaves, in order."""
        size, stack = self.size, list(self.hashes)
        for leaf in leaf_hashes:
            node, rest = leaf, size
            while rest & 1:
                node = node_hash(stack.pop(), node)
                rest >>= 1
            stack.append(node)
            size += 1
        return Frontier(size, tuple(stack))

    def root(self) -> bytes:
        """The root of the tree."""
        if not self.hashes:
            return EMPTY_ROOT
        *larger, node = self.hashes
        for left in reversed(larger):
            node = node_hash(left, node)
        return node


def root_of(leaves: Iterable[bytes]) -> bytes:
    """The root over leaf hashes."""
    return Frontier().appended(leaves).root()


def _split(size: int) -> int:
    """The largest power of two below `size`: how many leaves stand in the left subtree."""
    return 1 << ((size - 1).bit_length() - 1)


def inclusion_proof(leaves: Sequence[bytes], index: int) -> tuple[bytes, ...]:
    """The hashes that lead from leaf `index` to the root over all `leaves`, lowest first.

    Raises:
        IndexError: there is no such leaf.
    """
    if not 0 <= index < len(leaves):
        raise IndexError(f"no leaf {index} among {len(leaves)}")
    path: list[bytes] = []
    start, end = 0, len(leaves)
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(root_of(leaves[middle:end]))
            end = middle
        else:
            path.append(root_of(leaves[start:middle]))
            start = middle
    return tuple(reversed(path))


def verify_inclusion(
    leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes
) -> bool:
    """Whether `proof` shows that `leaf` stands at `index` of the tree of `size` leaves under `root`."""
    if not 0 <= index < size:
        return False
    place, last, node = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            node = node_hash(sibling, node)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            node = node_hash(node, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and node == root


def consistency_proof(leaves: Sequence[bytes], first: int) -> tuple[bytes, ...]:
    """The hashes that show the tree of the `first` leaves to be the beginning of the whole one.

    Raises:
        IndexError: `first` is not between 1 and the number of leaves.
    """
    if not 1 <= first <= len(leaves):
        raise IndexError(f"no tree of {first} leaves in one of {len(leaves)}")
    path: list[bytes] = []
    start, end, complete = 0, len(leaves), True
    while first != end:
        middle = start + _split(end - start)
        if first <= middle:
            path.append(root_of(leaves[middle:end]))
            end = middle
        else:
            path.append(root_of(leaves[start:middle]))
            start, complete = middle, False
    if not complete:
        path.append(root_of(leaves[start:end]))
    return tuple(reversed(path))


def verify_consistency(
    first: int, second: int, first_root: bytes, second_root: bytes, proof: Sequence[bytes]
) -> bool:
    """Whether `proof` shows that the tree of `second` leaves only adds to the tree of `first`."""
    if not 1 <= first <= second:
        return False
    if first == second:
        return not proof and first_root == second_root
    path = list(proof)
    if first & (first - 1) == 0:
        path.insert(0, first_root)  # a complete tree is its own beginning and is left out
    if not path:
        return False
    place, last = first - 1, second - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    older = newer = path[0]
    for node in path[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            older, newer = node_hash(node, older), node_hash(node, newer)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            newer = node_hash(newer, node)
        place, last = place >> 1, last >> 1
    return last == 0 and older == first_root and newer == second_root
