"""How a holder was reached before she changed it: told once that it changed, then forgotten.

Whoever took an account over changes the address first; the one before is the only one that still reaches
its owner.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from dmp.domain.record.profile import Profile


@dataclass(frozen=True, slots=True, kw_only=True)
class FormerContact:
    """Under the identifier of the notice that tells of the change. Empty: not reached that way before."""

    slip_id: UUID
    email: str
    phone: str
    changed_at: datetime


def reached_at(profile: Profile) -> tuple[str, str]:
    """The mail address and the phone number to which notices leave; empty where none do."""
    return (
        profile.email if profile.notices_by_mail else "",
        profile.phone if profile.notices_by_sms else "",
    )
