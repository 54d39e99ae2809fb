"""An emergency access to a record, from its opening to its review by the operator.

Source: CSP L1111-17 I, R1111-48; findings of the CNIL on break-glass (own journal, motive, review).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import NAMESPACE_OID, UUID, uuid5

from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import RecordId


class Review(StrEnum):
    """Where the operator's review stands."""

    WAITING = "waiting"
    JUSTIFIED = "justified"
    QUESTIONED = "questioned"  # the professional is asked to explain himself


@dataclass(frozen=True, slots=True, kw_only=True)
class EmergencyAccess:
    """Who opened what record in which emergency mode, why, from when until when. No health content."""

    access_id: UUID
    record_id: RecordId
    person_id: str
    name: str
    profession: str
    structure_id: str
    structure_name: str
    purpose: str
    motive: str
    reason: str
    opened_at: datetime
    ends_at: datetime
    review: Review = Review.WAITING
    reviewed_by: str = ""
    reviewed_at: datetime | None = None
    remark: str = ""

    def reviewed(self, verdict: Review, by: str, at: datetime, remark: str) -> EmergencyAccess:
        """The access with the operator's verdict; a questioned one may be justified later.

        Raises Refused: REVIEW_NOT_POSSIBLE (it is justified already, or nothing is decided),
            PARAMETER_MISSING (a question without a remark).
        """
        if verdict is Review.WAITING or self.review is Review.JUSTIFIED:
            raise Refused(Reason.REVIEW_NOT_POSSIBLE, detail=self.review.value)
        if verdict is Review.QUESTIONED and not remark.strip():
            raise Refused(Reason.PARAMETER_MISSING, parameter="remark")
        return replace(self, review=verdict, reviewed_by=by, reviewed_at=at, remark=remark.strip())


def access_id(record_id: RecordId, person_id: str, purpose: str, since: datetime) -> UUID:
    """The identifier of an emergency access: one statement of emergency opens one access to a record."""
    text = f"{record_id}/{person_id}/{purpose}/{since.isoformat()}"
    return uuid5(NAMESPACE_OID, f"dmp-emergency/{text}")
