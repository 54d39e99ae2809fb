"""How surely an identity is known at a counter: the paper that was seen, and what the INS teleservice answered.

Source: RNIV 1 §3 (statuses of an identity), RNIV 2 (papers of high trust); INS teleservice, answers of its
search by traits, of its search by card and of its verification.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from dmp.domain.identifiers import Ins
from dmp.domain.identity.matching import differences
from dmp.domain.identity.patient import Traits


class Paper(StrEnum):
    """The kind of paper that was seen; no copy of it is kept."""

    IDENTITY_CARD = "carte-identite"
    PASSPORT = "passeport"
    RESIDENCE_PERMIT = "titre-sejour"
    FAMILY_BOOK = "livret-famille"  # of a minor, with the paper of the adult who comes along
    DEATH_CERTIFICATE = "acte-deces"  # with the paper of whoever asks
    OTHER = "autre"  # driving licence, professional card, health insurance card: not of high trust


TRUSTED: Final = frozenset(Paper) - {Paper.OTHER}
"""Papers by which an identity is validated. Source: RNIV 2, devices of high trust."""


class Answer(StrEnum):
    """What the INS teleservice said."""

    FOUND = "found"
    NOT_FOUND = "not-found"
    SEVERAL = "several"
    UNAVAILABLE = "unavailable"  # it does not answer, or none is connected here


class IdentityStatus(StrEnum):
    """The quality of an identity. Source: RNIV 1 §3.2."""

    PROVISIONAL = "provisoire"  # neither a paper of high trust nor the teleservice
    RETRIEVED = "recuperee"  # the teleservice alone
    VALIDATED = "validee"  # a paper of high trust alone
    QUALIFIED = "qualifiee"  # both


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownIdentity:
    """An identity of the national base: its INS and its strict traits."""

    ins: Ins
    traits: Traits


@dataclass(frozen=True, slots=True, kw_only=True)
class InsAnswer:
    """An answer of the teleservice; `identity` with FOUND alone."""

    answer: Answer
    identity: KnownIdentity | None = None


UNAVAILABLE: Final = InsAnswer(answer=Answer.UNAVAILABLE)
"""No answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthCard:
    """What a health insurance card says: a matricule with its root, and the traits written on it."""

    ins: Ins
    traits: Traits


def status_of(paper: Paper, answer: Answer) -> IdentityStatus:
    """The status of an identity that was seen on this paper, after this answer."""
    is_known = answer is Answer.FOUND
    if paper in TRUSTED:
        return IdentityStatus.QUALIFIED if is_known else IdentityStatus.VALIDATED
    return IdentityStatus.RETRIEVED if is_known else IdentityStatus.PROVISIONAL


def discordances(known: KnownIdentity, ins: Ins | None, given: Traits) -> tuple[str, ...]:
    """Names of what differs between an identity of the base and what was typed, the matricule first.

    An INS that was not typed is not a difference.
    """
    other = ("matricule",) if ins is not None and ins != known.ins else ()
    return (*other, *differences(known.traits, given))
