"""That a call of practice software was used: a second time it opens nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import NAMESPACE_OID, UUID, uuid5


@dataclass(frozen=True, slots=True, kw_only=True)
class SpentCall:
    """Remembered until its token has run out; `until` lies after that."""

    slip_id: UUID
    until: datetime


def call_slip_id(software: str, call_id: str) -> UUID:
    """The identifier of one call of one software."""
    return uuid5(NAMESPACE_OID, f"dmp-call/{len(software)}/{software}/{call_id}")
