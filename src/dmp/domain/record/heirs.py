"""Requests of heirs after a death: filed, decided by another officer, documents given out once granted.

Source: CSP L1110-4 V (three purposes, objection of the deceased), L1111-18. There is no account of heirs.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import RecordId

GRANTED_FOR = timedelta(days=60)
"""How long the documents of a granted request may be given out."""


class HeirPurpose(StrEnum):
    """For which of the law's purposes."""

    CAUSE_OF_DEATH = "cause-of-death"
    MEMORY = "memory"  # to defend the memory of the deceased
    RIGHTS = "rights"  # to assert one's rights


class HeirDecision(StrEnum):
    """What was decided."""

    WAITING = "waiting"
    GRANTED = "granted"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class HeirRequest:
    """One request: who asks, as what (heir, concubin, PACS), on which proofs, for which purpose."""

    request_id: UUID
    record_id: RecordId
    name: str
    relation: str
    proofs: str
    purpose: HeirPurpose
    filed_at: datetime
    filed_by: str
    decision: HeirDecision = HeirDecision.WAITING
    decided_at: datetime | None = None
    decided_by: str = ""
    grounds: str = ""
    released_at: datetime | None = None

    def decided(self, decision: HeirDecision, by: str, at: datetime, grounds: str) -> HeirRequest:
        """The request with its decision, by another officer than the one who filed it.

        Raises Refused: REVIEW_NOT_POSSIBLE, PARAMETER_MISSING (grounds).
        """
        if self.decision is not HeirDecision.WAITING or decision is HeirDecision.WAITING:
            raise Refused(Reason.REVIEW_NOT_POSSIBLE, detail=self.decision.value)
        if by == self.filed_by:
            raise Refused(Reason.REVIEW_NOT_POSSIBLE, detail="filed by the same officer")
        if not grounds.strip():
            raise Refused(Reason.PARAMETER_MISSING, parameter="grounds")
        return replace(
            self, decision=decision, decided_at=at, decided_by=by, grounds=grounds.strip()
        )

    def has_lapsed(self, at: datetime) -> bool:
        """Whether it was granted too long ago for its documents to be given out."""
        return self.decided_at is not None and at >= self.decided_at + GRANTED_FOR

    def released(self, at: datetime) -> HeirRequest:
        """The request whose documents are given out now. Raises Refused: REVIEW_NOT_POSSIBLE."""
        if self.decision is not HeirDecision.GRANTED or self.decided_at is None:
            raise Refused(Reason.REVIEW_NOT_POSSIBLE, detail=self.decision.value)
        if self.has_lapsed(at):
            raise Refused(Reason.REVIEW_NOT_POSSIBLE, detail="granted too long ago")
        return replace(self, released_at=at)
