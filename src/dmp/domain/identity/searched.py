"""The search of a person by her identity traits: exact, bounded, and one answer at most.

Source: RNIV, strict traits; INS teleservice, search by traits. Nobody can walk through names: a trait that is
missing or wrong finds nothing, and attempts are counted.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final
from uuid import UUID

from dmp.domain.identity.patient import Sex, Traits, folded

MARK_ID: Final = UUID(int=0)
"""A record has one mark, a professional one count."""
MOST_IN_AN_HOUR: Final = 30
MOST_IN_A_DAY: Final = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityMark:
    """That a record can be found by the traits of its holder; it is kept under their digest."""

    slip_id: UUID = MARK_ID
    digest: str


def digest_of_traits(traits: Traits) -> str:
    """Under what a record is found: birth name, first given name, birth date and sex, as they are compared."""
    text = "\n".join(
        (
            folded(traits.birth_name),
            folded(traits.first_given_name),
            traits.birth_date.isoformat(),
            traits.sex.value,
        )
    )
    return f"traits:{sha256(text.encode()).hexdigest()}"


def is_searchable(traits: Traits) -> bool:
    """Whether all five strict traits are there: no search with fewer."""
    return bool(traits.birth_place) and traits.sex is not Sex.UNKNOWN


@dataclass(frozen=True, slots=True, kw_only=True)
class LookupCount:
    """How often somebody searched by traits in the hour and the day that began then (UTC)."""

    slip_id: UUID = MARK_ID
    hour_from: datetime
    in_hour: int = 0
    day_from: datetime
    in_day: int = 0

    def at(self, now: datetime) -> LookupCount:
        """The same count at this instant: what is over begins anew."""
        found = self
        if now - found.hour_from >= timedelta(hours=1):
            found = replace(found, hour_from=now, in_hour=0)
        if now - found.day_from >= timedelta(days=1):
            found = replace(found, day_from=now, in_day=0)
        return found

    @property
    def is_reached(self) -> bool:
        """Whether no further search is let through."""
        return self.in_hour >= MOST_IN_AN_HOUR or self.in_day >= MOST_IN_A_DAY

    def one_more(self) -> LookupCount:
        """With one search more."""
        return replace(self, in_hour=self.in_hour + 1, in_day=self.in_day + 1)
