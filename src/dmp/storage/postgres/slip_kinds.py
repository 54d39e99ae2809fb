"""The kinds of slips: each type of the domain that is kept as one, with its word in the tables."""

from __future__ import annotations

from typing import Final

from dmp.domain.arranging.arrangement import Arrangement
from dmp.domain.record.recent_patient import RecentPatient

KINDS: Final[dict[type, str]] = {
    Arrangement: "arrangement",
    RecentPatient: "recent-patient",
}
"""The word of each type. A word is never given to another type."""


def kind_of(slip: type) -> str:
    """The word of a type. Raises LookupError: it is kept as no slip; add it to KINDS."""
    try:
        return KINDS[slip]
    except KeyError:
        raise LookupError(f"{slip.__name__} is not a kind of slip") from None
