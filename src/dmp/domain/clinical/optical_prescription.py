"""Until when a prescription of corrective lenses may be used.

Source: CSP D4362-12-1 (décret n° 2016-1381): one year before 16, five years from 16 to 42, three years
after; D4362-12-2: the prescriber may set less.
"""

from __future__ import annotations

from datetime import date

CHILD_UNTIL = 16
ADULT_UNTIL = 42
_CHILD, _ADULT, _OLDER = 1, 5, 3


def valid_until(birth: date, prescribed_on: date) -> date:
    """The last day on which the lenses may be delivered, from the age on the day of the prescription."""
    age = prescribed_on.year - birth.year
    age -= (prescribed_on.month, prescribed_on.day) < (birth.month, birth.day)
    years = _CHILD if age < CHILD_UNTIL else _ADULT if age <= ADULT_UNTIL else _OLDER
    try:
        return prescribed_on.replace(year=prescribed_on.year + years)
    except ValueError:
        return prescribed_on.replace(year=prescribed_on.year + years, day=28)
