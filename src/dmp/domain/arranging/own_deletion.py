"""A deletion of a document of one's own, and how long it can be taken back.

The content stays sealed in the record whatever is deleted; what is taken back is the document's place in it.
Source: ux rules of the project §7.2 (thirty days); `docs/decisions/own-deletions-come-back.md`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from dmp.domain.documents.entry import Status

TAKEN_BACK_FOR: Final = timedelta(days=30)
MOST_KEPT: Final = 200
"""So many deletions of one record are kept at most; the oldest go first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnDeletion:
    """A document that somebody deleted, under its identifier; `before` is the status it had."""

    slip_id: UUID
    by: str
    at: datetime
    before: Status

    @property
    def until(self) -> datetime:
        """Until when it can be taken back."""
        return self.at + TAKEN_BACK_FOR

    def is_open(self, by: str, now: datetime) -> bool:
        """Whether this person may take it back now."""
        return self.by == by and now < self.until
