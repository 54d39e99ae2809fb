"""Tests that were paid for after the last value that is here: the last value is not the last test.

Source: correspondence of NABM and LOINC in the loaded reference data.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from operator import attrgetter

from dmp.domain.clinical.facts import Performed
from dmp.domain.clinical.results.analytes import analyte_of
from dmp.domain.clinical.synthesis import Series
from dmp.domain.clinical.watching.by_code import Key
from dmp.domain.clinical.watching.tests_done import SAME_TEST_DAYS
from dmp.domain.record.calendar import LOCAL

_day_of = attrgetter("on")


def with_later_tests(
    series: Sequence[Series],
    performed: Mapping[Key, Sequence[Performed]],
    loinc_of: Mapping[str, Iterable[str]],
) -> tuple[Series, ...]:
    """The series, each with the last test of it that the insurance paid for after its last value. `performed`:
    acts by the kind and the code as it is compared.
    """
    tested: dict[str, Performed] = {}
    for (kind, code), acts in performed.items():
        if kind != "nabm":
            continue
        act = max(acts, key=_day_of)
        for loinc in loinc_of.get(code, ()):
            known = tested.get(loinc)
            if known is None or act.on > known.on:
                tested[loinc] = act
    return tuple(_with(one, tested) for one in series) if tested else tuple(series)


def _with(series: Series, tested: Mapping[str, Performed]) -> Series:
    last = series.last
    analyte = analyte_of(last)
    names = analyte.loinc if analyte is not None and last.code is not None else {series.code}
    later = max(
        (tested[name] for name in names if name in tested), key=lambda act: act.on, default=None
    )
    day = last.at.astimezone(LOCAL).date()
    if later is None or (later.on - day).days <= SAME_TEST_DAYS:
        return series
    return replace(series, paid_since=later)
