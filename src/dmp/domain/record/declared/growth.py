"""How children grow: between which values nineteen out of twenty stand at an age, by sex.

A band says what is usual, never what is healthy: a child below or above it may be well. Between two ages of the
table values are read off a straight line. Numbers are rounded to a tenth.

Source: WHO child growth standards (2006) to five years, WHO growth reference (2007) from there on: the median,
and the values at two standard deviations below and above it, from the published L, M and S. Weight stops at ten
years and the head at five, as WHO does.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Final

from dmp.domain.identity.patient import Sex
from dmp.domain.record.declared.measures import CHILD_YEARS, Measured

MONTHS: Final = CHILD_YEARS * 12
GROWING: Final = (Measured.WEIGHT, Measured.HEIGHT, Measured.HEAD, Measured.BMI)
"""What is followed of a child, in the order in which it is shown."""
_DAYS_OF_MONTH: Final = 365.25 / 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """The usual values at one age in months, in the unit of the measure: low, median, high."""

    months: float
    low: float
    median: float
    high: float


def age_in_months(birth: date, on: date) -> float:
    """An age in months of the same length, as growth tables count it; never below zero."""
    return max(0.0, (on - birth).days / _DAYS_OF_MONTH)


def bands_of(what: Measured, sex: Sex, until: float = MONTHS) -> tuple[Band, ...]:
    """The bands up to an age, its own among them; empty where WHO gives none."""
    known = _REFERENCE.get((what, sex), ())
    found = [band for band in known if band.months <= until]
    last = band_at(what, sex, until)
    if last is not None and found and found[-1].months < until:
        found.append(last)
    return tuple(found)


def band_at(what: Measured, sex: Sex, months: float) -> Band | None:
    """The band at an age; None beyond the table, and where there is none."""
    known = _REFERENCE.get((what, sex), ())
    for before, after in pairwise(known):
        if before.months <= months <= after.months:
            part = (months - before.months) / (after.months - before.months)
            return Band(
                months=months,
                low=before.low + part * (after.low - before.low),
                median=before.median + part * (after.median - before.median),
                high=before.high + part * (after.high - before.high),
            )
    return None


def _bands(table: str) -> tuple[Band, ...]:
    """Bands from rows `months low median high`, with commas between them."""
    rows = (tuple(map(float, row.split())) for row in table.split(","))
    return tuple(
        Band(months=months, low=low, median=median, high=high) for months, low, median, high in rows
    )


_REFERENCE: Final[dict[tuple[Measured, Sex], tuple[Band, ...]]] = {
    (Measured.WEIGHT, Sex.MALE): _bands(
        "0 2.5 3.3 4.4, 1 3.4 4.5 5.8, 2 4.3 5.6 7.1, 3 5.0 6.4 8.0, 4 5.6 7.0 8.8, 6 6.4 7.9 9.9, 9 7.1 "
        "8.9 11.0, 12 7.7 9.6 12.0, 18 8.8 10.9 13.7, 24 9.7 12.1 15.3, 36 11.3 14.3 18.3, 48 12.7 16.3 "
        "21.2, 60 14.1 18.3 24.2, 72 15.9 20.5 27.1, 84 17.7 22.9 30.7, 96 19.5 25.4 34.7, 108 21.3 28.1 "
        "39.4, 120 23.2 31.2 45.0"
    ),
    (Measured.WEIGHT, Sex.FEMALE): _bands(
        "0 2.4 3.2 4.2, 1 3.1 4.2 5.5, 2 3.9 5.1 6.6, 3 4.5 5.8 7.5, 4 5.0 6.4 8.2, 6 5.7 7.3 9.3, 9 6.5 "
        "8.2 10.5, 12 7.0 8.9 11.5, 18 8.1 10.2 13.2, 24 9.0 11.5 14.8, 36 10.8 13.9 18.1, 48 12.3 16.1 "
        "21.5, 60 13.7 18.2 24.9, 72 15.3 20.2 27.8, 84 16.8 22.4 31.4, 96 18.6 25.0 35.8, 108 20.8 28.2 "
        "41.0, 120 23.3 31.9 46.9"
    ),
    (Measured.HEIGHT, Sex.MALE): _bands(
        "0 46.1 49.9 53.7, 1 50.8 54.7 58.6, 2 54.4 58.4 62.4, 3 57.3 61.4 65.5, 4 59.7 63.9 68.1, 6 63.4 "
        "67.6 71.9, 9 67.5 72.0 76.5, 12 71.0 75.7 80.5, 18 76.9 82.3 87.7, 24 81.7 87.8 93.9, 36 88.7 "
        "96.1 103.5, 48 94.9 103.3 111.7, 60 100.7 110.0 119.2, 72 106.1 116.0 125.8, 84 111.2 121.7 "
        "132.3, 96 116.0 127.3 138.6, 108 120.5 132.6 144.6, 120 125.0 137.8 150.5, 132 129.7 143.1 "
        "156.6, 144 134.9 149.1 163.3, 156 141.2 156.0 170.9, 168 147.8 163.2 178.6, 180 153.3 169.0 "
        "184.6, 192 157.4 172.9 188.4, 204 159.9 175.2 190.4, 216 161.2 176.1 191.1"
    ),
    (Measured.HEIGHT, Sex.FEMALE): _bands(
        "0 45.4 49.1 52.9, 1 49.7 53.6 57.5, 2 53.0 57.1 61.2, 3 55.6 59.8 64.0, 4 57.8 62.1 66.4, 6 61.2 "
        "65.8 70.3, 9 65.3 70.1 75.0, 12 68.9 74.0 79.2, 18 74.9 80.7 86.5, 24 80.0 86.4 92.9, 36 87.4 "
        "95.1 102.7, 48 94.1 102.7 111.3, 60 99.9 109.4 118.9, 72 104.9 115.1 125.4, 84 109.9 120.8 "
        "131.7, 96 115.0 126.6 138.2, 108 120.3 132.5 144.7, 120 125.8 138.6 151.4, 132 131.7 145.0 "
        "158.3, 144 137.6 151.2 164.9, 156 142.5 156.4 170.3, 168 145.9 159.8 173.7, 180 147.9 161.7 "
        "175.4, 192 148.9 162.5 176.1, 204 149.5 162.9 176.2, 216 149.8 163.1 176.3"
    ),
    (Measured.HEAD, Sex.MALE): _bands(
        "0 31.9 34.5 37.0, 1 34.9 37.2 39.6, 2 36.8 39.1 41.5, 3 38.1 40.5 42.9, 4 39.3 41.6 44.0, 6 40.9 "
        "43.3 45.8, 9 42.5 45.0 47.5, 12 43.5 46.1 48.6, 18 44.7 47.4 50.0, 24 45.5 48.2 51.0, 36 46.6 "
        "49.5 52.3, 48 47.3 50.2 53.1, 60 47.7 50.7 53.7"
    ),
    (Measured.HEAD, Sex.FEMALE): _bands(
        "0 31.5 33.9 36.2, 1 34.2 36.5 38.9, 2 35.8 38.3 40.7, 3 37.0 39.5 42.0, 4 38.1 40.6 43.1, 6 39.6 "
        "42.2 44.8, 9 41.2 43.8 46.5, 12 42.2 44.9 47.6, 18 43.5 46.2 49.0, 24 44.4 47.2 50.0, 36 45.7 "
        "48.5 51.3, 48 46.5 49.3 52.2, 60 47.1 49.9 52.8"
    ),
    (Measured.BMI, Sex.MALE): _bands(
        "0 11.1 13.4 16.3, 1 12.4 14.9 17.8, 2 13.7 16.3 19.4, 3 14.3 16.9 20.0, 4 14.5 17.2 20.3, 6 14.7 "
        "17.3 20.5, 9 14.7 17.2 20.3, 12 14.4 16.8 19.8, 18 13.9 16.1 19.0, 24 13.6 15.7 18.5, 36 13.4 "
        "15.6 18.4, 48 13.1 15.3 18.2, 60 12.9 15.2 18.3, 72 13.0 15.3 18.5, 84 13.1 15.5 19.0, 96 13.3 "
        "15.7 19.7, 108 13.5 16.0 20.5, 120 13.7 16.4 21.4, 132 14.1 16.9 22.5, 144 14.5 17.5 23.6, 156 "
        "14.9 18.2 24.8, 168 15.5 19.0 25.9, 180 16.0 19.8 27.0, 192 16.5 20.5 27.9, 204 16.9 21.1 28.6, "
        "216 17.3 21.7 29.2"
    ),
    (Measured.BMI, Sex.FEMALE): _bands(
        "0 11.1 13.3 16.1, 1 11.9 14.5 17.5, 2 13.0 15.8 19.0, 3 13.6 16.4 19.7, 4 13.9 16.7 20.0, 6 14.1 "
        "16.9 20.3, 9 14.1 16.7 20.1, 12 13.8 16.4 19.6, 18 13.3 15.7 18.8, 24 13.1 15.4 18.4, 36 13.1 "
        "15.4 18.4, 48 12.8 15.3 18.5, 60 12.7 15.3 18.8, 72 12.7 15.3 19.2, 84 12.7 15.4 19.8, 96 12.9 "
        "15.7 20.6, 108 13.1 16.1 21.5, 120 13.5 16.6 22.6, 132 13.9 17.2 23.7, 144 14.4 18.0 25.0, 156 "
        "14.9 18.8 26.2, 168 15.4 19.6 27.3, 180 15.9 20.2 28.2, 192 16.2 20.7 28.9, 204 16.4 21.0 29.3, "
        "216 16.4 21.3 29.5"
    ),
}
