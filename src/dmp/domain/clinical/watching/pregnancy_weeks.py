"""How far a pregnancy is, as far as the record tells: completed weeks without periods (aménorrhée).

From the day of birth that is expected, the last period or the weeks that a report gives, else from the
ultrasound of a trimester, which is made at a known time. That there is a pregnancy is never concluded from
these: only a statement tells it, since one that ended without a birth leaves no trace in claims.

Source: HAS, suivi de la grossesse (term at 41 weeks; ultrasounds at 11 to 13, 20 to 25 and 30 to 35 weeks).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from dmp.domain.clinical.facts import Findings, Problem, Result, Source
from dmp.domain.clinical.synthesis import Pregnancy
from dmp.domain.codes import LOINC

LONGEST_DAYS: Final = 308
"""44 weeks: what began before that is over."""
TERM: Final = timedelta(weeks=41)
_DUE_DATES: Final = frozenset({"11778-8", "11779-6", "11780-4"})
_LAST_PERIODS: Final = frozenset({"8665-2"})
_WEEKS: Final = frozenset({"18185-9", "49051-6", "11884-4", "11885-1", "11887-7"})
_ULTRASOUNDS: Final = (
    (frozenset({"JQQM010", "JQQM015"}), timedelta(weeks=12, days=3)),
    (frozenset({"JQQM018", "JQQM019"}), timedelta(weeks=22)),
    (frozenset({"JQQM016", "JQQM017"}), timedelta(weeks=32)),
)
_DAY: Final = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})(?!\d)")
_FRENCH_DAY: Final = re.compile(r"(\d{2})/(\d{2})/(\d{4})")


def weeks_on(day: date, stated: Problem, facts: Findings) -> int | None:
    """Completed weeks on that day of the pregnancy that is stated; None when nothing tells."""
    reached = reached_on(day, stated, facts)
    return None if reached is None else reached.weeks


def reached_on(day: date, stated: Problem, facts: Findings) -> Pregnancy | None:
    """The same with the sources of what dates the pregnancy."""
    for began, sources in _beginnings(stated, facts, day):
        if timedelta(0) <= day - began <= timedelta(days=LONGEST_DAYS):
            weeks = (day - began).days // 7
            return Pregnancy(stated=stated, weeks=weeks, on=day, sources=sources)
    return None


def _beginnings(
    stated: Problem, facts: Findings, day: date
) -> Iterator[tuple[date, tuple[Source, ...]]]:
    """The days on which it may have begun, the surest first, each with what tells it."""
    if stated.until is not None:
        yield stated.until - TERM, stated.sources
    results = [r for r in facts.results if r.code is not None and r.code.system == LOINC]
    for result in sorted(results, key=lambda r: r.at, reverse=True):
        if result.at.date() <= day and (began := _told(result)) is not None:
            yield began, result.sources
    for codes, age in _ULTRASOUNDS:
        exams = [e for e in facts.imaging if e.code is not None and e.code.code in codes]
        for exam in sorted(exams, key=lambda e: e.on, reverse=True):
            if exam.on <= day:
                yield exam.on - age, exam.sources


def _told(result: Result) -> date | None:
    code = result.code.code if result.code is not None else ""
    if code in _WEEKS and result.value is not None:
        days = result.value * 7 if not result.unit.startswith(("d", "j")) else result.value
        return result.at.date() - timedelta(days=round(days)) if 0 < days < LONGEST_DAYS else None
    if code in _DUE_DATES and (day := _read_day(result.text)) is not None:
        return day - TERM
    return _read_day(result.text) if code in _LAST_PERIODS else None


def _read_day(text: str) -> date | None:
    written, french = _DAY.search(text), _FRENCH_DAY.search(text)
    try:
        if written is not None:
            return date(int(written[1]), int(written[2]), int(written[3]))
        if french is not None:
            return date(int(french[3]), int(french[2]), int(french[1]))
    except ValueError:
        return None
    return None
