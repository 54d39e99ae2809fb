"""Until when lenses may be delivered: by age on the day of the prescription."""

from __future__ import annotations

from datetime import date

import pytest

from dmp.domain.clinical.optical_prescription import valid_until


@pytest.mark.parametrize(
    ("birth", "on", "until"),
    [
        (date(2012, 6, 2), date(2026, 6, 1), date(2027, 6, 1)),
        (date(2010, 6, 2), date(2026, 6, 1), date(2027, 6, 1)),
        (date(2010, 6, 1), date(2026, 6, 1), date(2031, 6, 1)),
        (date(1983, 6, 2), date(2026, 6, 1), date(2031, 6, 1)),
        (date(1983, 6, 1), date(2026, 6, 1), date(2029, 6, 1)),
        (date(1951, 3, 14), date(2024, 2, 29), date(2027, 2, 28)),
    ],
    ids=["child", "day-before-16", "16", "42", "43", "leap-day"],
)
def test_the_age_on_the_day_of_the_prescription_decides(birth: date, on: date, until: date) -> None:
    assert valid_until(birth, on) == until
