"""A record in which a professional did something: where to look for the traces of his own actions.

It says nothing of whose record it is nor of what was done there; the traces do, as far as he may read them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

MOST_ACCESSED: Final = 100
"""Records that one professional's list of accesses looks into, those opened last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessedRecord:
    """`slip_id` is the identifier of the record, `at` when it was opened last (UTC)."""

    slip_id: UUID
    at: datetime
