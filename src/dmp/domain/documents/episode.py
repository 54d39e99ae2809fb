"""A care episode: the documents that come from one document alone, and would tell what it keeps.

A holder who masks a document is offered them, each with the link that makes it one. What another document
explains as well is not offered. Source: CI-SIS (setId, orders, accession numbers); issue of masking and
its inferences (CSP R1111-49).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from dmp.domain.documents.entry import DocumentEntry, Status
from dmp.domain.documents.versions import with_versions
from dmp.domain.record.calendar import LOCAL

PRESCRIBED_WITHIN = timedelta(days=60)
"""How long after a prescription what it ordered is still taken to come from it."""


class Link(StrEnum):
    """Why a document belongs to the episode, the surest first."""

    SENT_TOGETHER = "sent-together"  # the same submission set
    SAME_SET = "same-set"  # another version of the same document
    SAME_ORDER = "same-order"  # an order or accession number of both
    SAME_ACT = "same-act"  # the same structure on the same local day
    PRESCRIBED = "prescribed"  # dispensed or done on this prescription
    CLAIMED = "claimed"  # reimbursed for the act of this local day


@dataclass(frozen=True, slots=True, kw_only=True)
class Related:
    """One document of an episode, and why it is one."""

    entry: DocumentEntry
    link: Link


_RANK = {link: rank for rank, link in enumerate(Link)}
_CARRIES_OUT: dict[str, frozenset[str]] = {
    "57833-6": frozenset({"60593-1", "DISP_AUT", "80565-5"}),
    "57828-6": frozenset({"60593-1", "DISP_AUT"}),
    "75468-9": frozenset({"60593-1", "DISP_AUT"}),
    "PRESC-BIO": frozenset({"11502-2", "11526-1", "60568-3", "51969-4"}),
    "55115-0": frozenset({"18748-4", "52040-3", "IMG-KOS"}),
    "57832-8": frozenset({"11506-3", "34120-6", "47420-5"}),
    **dict.fromkeys(
        ("PRESC-INF", "PRESC-KINE", "PRESC-ORTHOPHO", "PRESC-ORTHOPTIE", "PRESC-PEDI"),
        frozenset({"11506-3", "34120-6", "47420-5"}),
    ),
}
"""Types that carry out a prescription, by its type."""
_CLAIM = "60"
"""Class of reimbursement data."""


def episode_of(entry: DocumentEntry, known: Sequence[DocumentEntry]) -> tuple[Related, ...]:
    """The documents that come from this one alone, the surest links first; its versions are part of it.

    Args:
        entry: the document that is to be masked.
        known: the documents of the record that exist for whoever asks.
    """
    others = [other for other in known if other.status is not Status.DELETED]
    inside = {one.document_id: one for one in with_versions([entry], others)}
    found: list[Related] = []
    while more := _come_from(
        tuple(inside.values()), [o for o in others if o.document_id not in inside]
    ):
        found += more
        for one in with_versions((related.entry for related in more), others):
            inside.setdefault(one.document_id, one)
    return tuple(sorted(found, key=lambda related: _RANK[related.link]))


def _come_from(inside: Sequence[DocumentEntry], outside: Sequence[DocumentEntry]) -> list[Related]:
    found = []
    for candidate in outside:
        links = [link for origin in inside if (link := _link(origin, candidate)) is not None]
        if not links:
            continue
        best = min(links, key=_RANK.__getitem__)
        if best not in _EXCLUSIVE or not _explained_by(outside, candidate, best):
            found.append(Related(entry=candidate, link=best))
    return found


_EXCLUSIVE = (Link.PRESCRIBED, Link.CLAIMED)
"""Links that are only inferred: another document that explains the same one as well breaks them."""


def _explained_by(outside: Iterable[DocumentEntry], candidate: DocumentEntry, link: Link) -> bool:
    """Whether a document that stays visible explains this one as well: likewise, or by its order."""
    return any(
        _link(other, candidate) in (link, Link.SAME_ORDER)
        for other in outside
        if other.document_id != candidate.document_id
    )


def _link(origin: DocumentEntry, other: DocumentEntry) -> Link | None:
    """The surest link by which a document comes from another one, or None."""
    if origin.submission_id == other.submission_id:
        return Link.SENT_TOGETHER
    if origin.set_id and origin.set_id == other.set_id:
        return Link.SAME_SET
    if not _orders(origin).isdisjoint(_orders(other)):
        return Link.SAME_ORDER
    same_day = _day(origin) == _day(other)
    if same_day and not _structures(origin).isdisjoint(_structures(other)):
        return Link.SAME_ACT
    if _is_prescribed(origin, other):
        return Link.PRESCRIBED
    if same_day and other.class_code.code == _CLAIM and origin.class_code.code != _CLAIM:
        return Link.CLAIMED
    return None


def _orders(entry: DocumentEntry) -> frozenset[tuple[str, str]]:
    return frozenset((one.system, one.value) for one in entry.references if one.value)


def _structures(entry: DocumentEntry) -> frozenset[str]:
    return frozenset(author.structure_id for author in entry.authors if author.structure_id)


def _day(entry: DocumentEntry) -> date:
    return entry.service_start.astimezone(LOCAL).date()


def _is_prescribed(prescription: DocumentEntry, other: DocumentEntry) -> bool:
    carries_out = _CARRIES_OUT.get(prescription.type_code.code, frozenset())
    later = other.service_start - prescription.service_start
    return (
        other.type_code.code in carries_out
        and _day(prescription) <= _day(other)
        and later <= PRESCRIBED_WITHIN
    )
