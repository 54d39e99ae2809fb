"""Verification of the journal: rebuild everything from the traces and compare.

This file shares the definition of a leaf and of a node with the writer, and nothing else: it keeps
its own account of the tree, so that a fault of the writer does not repeat itself here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from dmp.domain.journal.checkpoint import SignedCheckpoint
from dmp.domain.journal.event import Trace
from dmp.domain.journal.leaf import SALT_OCTETS, leaf_of
from dmp.domain.journal.tree import EMPTY_ROOT, node_hash


class Fault(StrEnum):
    """What can be wrong with a journal."""

    NUMBER_MISSING = "number-missing"  # a trace was taken out
    TRACE_ALTERED = "trace-altered"  # a trace is not what its leaf says
    ROOT_DIFFERS = "root-differs"  # the traces do not give the published root
    TREE_TRUNCATED = "tree-truncated"  # a checkpoint counts more traces than there are
    SIGNATURE_WRONG = "signature-wrong"
    CHECKPOINTS_DISORDERED = "checkpoints-disordered"  # smaller or earlier than the one before
    ORIGIN_DIFFERS = "origin-differs"  # a checkpoint of another journal


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedTrace:
    """One trace with its number in the tree (from 0), its salt and the leaf stored for it.

    When the trace itself was erased by law, `trace` is None and its leaf stands for it.
    """

    number: int
    leaf: bytes
    trace: Trace | None
    salt: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One fault. `number` is the trace, or the size of the checkpoint, it was found at."""

    fault: Fault
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What a verification saw: how much, and every fault."""

    traces: int
    erased: int
    checkpoints: int
    not_covered: int  # traces after the last checkpoint
    root: bytes
    findings: tuple[Finding, ...]

    @property
    def sound(self) -> bool:
        """Whether nothing was found."""
        return not self.findings


class _Rebuilt:
    """The tree as this verification rebuilds it: complete subtrees with their heights."""

    def __init__(self) -> None:
        self.size = 0
        self._subtrees: list[tuple[int, bytes]] = []

    def add(self, leaf: bytes) -> None:
        height = 0
        while self._subtrees and self._subtrees[-1][0] == height:
            leaf = node_hash(self._subtrees.pop()[1], leaf)
            height += 1
        self._subtrees.append((height, leaf))
        self.size += 1

    def root(self) -> bytes:
        if not self._subtrees:
            return EMPTY_ROOT
        found = self._subtrees[-1][1]
        for _, left in self._subtrees[-2::-1]:
            found = node_hash(left, found)
        return found


def verify_journal(
    traces: Iterable[SealedTrace],
    checkpoints: Iterable[SignedCheckpoint],
    signature_is_valid: Callable[[str, bytes, bytes], bool],
) -> Verification:
    """Rebuild the tree from the traces, in the order of their numbers, and hold the checkpoints to it.

    Args:
        traces: every sealed trace, ascending by number.
        checkpoints: every published checkpoint, oldest first.
        signature_is_valid: (key name, signed bytes, signature) → whether the signature is genuine.
    """
    findings: list[Finding] = []
    published = list(checkpoints)
    findings += _checkpoint_faults(published, signature_is_valid)
    awaited: dict[int, list[bytes]] = {}
    for signed in published:
        awaited.setdefault(signed.checkpoint.size, []).append(signed.checkpoint.root)
    tree, erased = _Rebuilt(), 0
    _compare(tree, awaited, findings)
    for sealed in traces:
        if sealed.number != tree.size:
            findings.append(Finding(fault=Fault.NUMBER_MISSING, number=tree.size))
            break
        erased += sealed.trace is None
        leaf = _leaf(sealed)
        if leaf != sealed.leaf:
            findings.append(Finding(fault=Fault.TRACE_ALTERED, number=sealed.number))
        tree.add(leaf)
        _compare(tree, awaited, findings)
    covered = max((size for size in awaited if size <= tree.size), default=0)
    findings += [
        Finding(fault=Fault.TREE_TRUNCATED, number=size)
        for size in sorted(awaited)
        if size > tree.size
    ]
    return Verification(
        traces=tree.size,
        erased=erased,
        checkpoints=len(published),
        not_covered=tree.size - covered,
        root=tree.root(),
        findings=tuple(findings),
    )


def _leaf(sealed: SealedTrace) -> bytes:
    if sealed.trace is None:
        return sealed.leaf
    if len(sealed.salt) != SALT_OCTETS:
        return b""
    return leaf_of(sealed.trace, sealed.salt)


def _compare(tree: _Rebuilt, awaited: dict[int, list[bytes]], findings: list[Finding]) -> None:
    roots = awaited.get(tree.size)
    if roots and any(root != tree.root() for root in roots):
        findings.append(Finding(fault=Fault.ROOT_DIFFERS, number=tree.size))


def _checkpoint_faults(
    published: list[SignedCheckpoint], signature_is_valid: Callable[[str, bytes, bytes], bool]
) -> list[Finding]:
    findings: list[Finding] = []
    previous = None
    for signed in published:
        current = signed.checkpoint
        if not signature_is_valid(signed.key_name, current.signed_bytes(), signed.signature):
            findings.append(Finding(fault=Fault.SIGNATURE_WRONG, number=current.size))
        if previous is not None:
            if current.size < previous.size or current.at < previous.at:
                findings.append(Finding(fault=Fault.CHECKPOINTS_DISORDERED, number=current.size))
            if current.origin != previous.origin:
                findings.append(Finding(fault=Fault.ORIGIN_DIFFERS, number=current.size))
        previous = current
    return findings
