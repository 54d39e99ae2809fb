"""A patient whose record a professional opened lately, for his first page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

MOST_KEPT: Final = 30
"""Patients whom one professional's list keeps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecentPatient:
    """`slip_id` is the identifier of the record. It gives no right: what may be seen is asked anew."""

    slip_id: UUID
    opened_at: datetime
