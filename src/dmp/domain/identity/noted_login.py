"""That somebody logged in, when and by which means: so that she sees what she did not do herself.

Source: OWASP ASVS 5.0, 6.4 (last login shown); CNIL, recommendation on logging.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

LOGINS_KEPT: Final = 10
"""Of one person; older ones are forgotten."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotedLogin:
    """`means` is how it was proven: `oidc:holder`, `passkey`, `access-code`, `oidc:pro`."""

    slip_id: UUID
    at: datetime
    means: str
