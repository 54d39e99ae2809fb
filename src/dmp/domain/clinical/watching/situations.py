"""Situations of a person that rules ask about: long-term conditions, pregnancy, stays, changes of therapy.

The words are those of the tables of rules: `ald8`, `pregnancy`, `stay`, `surgery`, `therapy-change`,
`diabetes`, `atc:L01` (a current treatment), `cim10:M31` (an active problem); `no-diabetes` holds where
`diabetes` does not: by it a rule is about diabetics only; `pregnancy:20-25` holds in these weeks of a
pregnancy, and where nothing tells the weeks; `age:0-17` at these ages (years, both whole); `stay-ahead` where a
stay follows; `bariatric` where surgery for obesity was done or is to come. A word nobody knows never holds.

Source: tables of redundancy and follow-up; CIM-10 (E10 to E14, O, Z33 to Z36), ALD 8; CCAM, acts "pour obésité
morbide"; GHM 10C09 and 10C13.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from functools import partial

from dmp.domain.clinical.coding import KIND_OF, cim10_of, folded_label, kind_of
from dmp.domain.clinical.facts import Findings, Problem
from dmp.domain.clinical.same.gathering import newest
from dmp.domain.clinical.treatments import Course
from dmp.domain.clinical.watching.pregnancy_weeks import weeks_on

PREGNANCY_DAYS = 294
"""How long a pregnancy that is stated holds, from when it is stated: 42 weeks at most."""
SURGERY_DAYS = 30
STAY_AHEAD_DAYS = 60
"""A test is made for a stay that begins within so many days."""
THERAPY_CHANGE_DAYS = 90
_PREGNANCY_CODES = ("O", "Z33", "Z34", "Z35", "Z36", "Z321")
_NOT_PREGNANCY = (
    "O80",
    "O81",
    "O82",
    "O83",
    "O84",
    "O85",
    "O86",
    "O87",
    "O88",
    "O89",
    "O90",
    "O91",
    "O92",
)
_DIABETES_CODES = ("E10", "E11", "E12", "E13", "E14")
_DIABETES_LONG_TERM = "8"
_DIABETES_ATC = "A10"
_NOT_ONLY_DIABETES_ATC = "A10BK"
"""Gliflozins are given for heart failure and kidney disease too: alone they say nothing of diabetes."""
_BARIATRIC = {
    "ccam": frozenset(
        {
            *(
                "HFCA001",
                "HFCC003",
                "HFFA001",
                "HFFA011",
                "HFFC004",
                "HFFC018",
                "HFKA001",
                "HFKA002",
            ),
            *("HFKC001", "HFMA009", "HFMA010", "HFMC006", "HFMC007", "HGCA009", "HGCC027"),
        }
    ),
    "ghs": frozenset({"3709", "3754", "3755", "3756", "3757"}),
}
_BARIATRIC_GHM = ("10C09", "10C13")


class Situations:
    """What holds for a person on a day; each word is worked out once for each day."""

    def __init__(
        self, facts: Findings, courses: Sequence[Course], birth: date | None = None
    ) -> None:
        self._facts = facts
        self._birth = birth
        self._courses = courses
        self._known: dict[tuple[str, date], bool] = {}
        self._of_class: dict[str, list[Course]] = {}
        self._asked: dict[str, Callable[[date], bool]] = {}
        self._problems: dict[date, list[Problem]] = {}
        self._for_obesity: bool | None = None
        self._changes: dict[tuple[str, ...], list[date]] = {}
        self._words: dict[str, Callable[[date], bool]] = {
            "pregnancy": self._pregnant,
            "stay": self._in_stay,
            "surgery": self._after_stay,
            "post-operative": self._after_stay,
            "diabetes": self._diabetic,
            "stay-ahead": self._before_stay,
            "bariatric": self._bariatric,
        }

    def holds(self, word: str, day: date) -> bool:
        """Whether the situation held on that day."""
        key = word, day
        found = self._known.get(key)
        if found is None:
            asked = self._asked.get(word)
            if asked is None:
                asked = self._asked[word] = self._meant(word)
            found = self._known[key] = asked(day)
        return found

    def any_holds(self, words: Sequence[str], day: date) -> bool:
        """Whether one of the situations held on that day."""
        for word in words:  # noqa: SIM110  # asked a thousand times: a loop is half as long
            if self.holds(word, day):
                return True
        return False

    def _meant(self, word: str) -> Callable[[date], bool]:
        """What a word of the tables asks of a day: it is read once, and asked of many days."""
        known = self._words.get(word)
        if known is not None:
            return known
        if word.startswith("no-") and word.removeprefix("no-") in self._words:
            return lambda day: not self.holds(word.removeprefix("no-"), day)
        kind, colon, prefix = word.partition(":")
        if colon and kind == "pregnancy":
            return partial(self._in_weeks, prefix)
        if colon and kind == "atc":
            return partial(self._treated, prefix)
        if colon and kind == "cim10":
            return lambda day: any(cim10_of(p.code).startswith(prefix) for p in self._active(day))
        if colon and kind == "age":
            return partial(self._aged, prefix)
        if word.startswith("ald"):
            number = word[3:].lstrip("0")
            return lambda day: any(p.long_term == number for p in self._active(day))
        return _never

    def _active(self, day: date) -> list[Problem]:
        found = self._problems.get(day)
        if found is None:
            found = self._problems[day] = [
                problem
                for problem in self._facts.problems
                if (problem.since is None or problem.since <= day)
                and (problem.active if problem.until is None else problem.until >= day)
            ]
        return found

    def _of(self, prefix: str) -> list[Course]:
        """The treatments of an ATC class."""
        courses = self._of_class.get(prefix)
        if courses is None:
            courses = self._of_class[prefix] = [
                course for course in self._courses if course.treatment.atc.startswith(prefix)
            ]
        return courses

    def _treated(self, prefix: str, day: date) -> bool:
        return any(_covers(course, day) for course in self._of(prefix))

    def changed_therapy(self, prefixes: tuple[str, ...], first: date, last: date) -> bool:
        """Whether a treatment of these ATC prefixes began or was stopped between two days."""
        days = self._changes.get(prefixes)
        if days is None:
            days = self._changes[prefixes] = sorted(
                day
                for course in self._courses
                if course.treatment.atc.startswith(prefixes)
                for day in _changes(course)
            )
        next_change = bisect_left(days, first)
        return next_change < len(days) and days[next_change] <= last

    def _diabetic(self, day: date) -> bool:
        treated = any(
            not course.treatment.atc.startswith(_NOT_ONLY_DIABETES_ATC) and _covers(course, day)
            for course in self._of(_DIABETES_ATC)
        )
        return treated or any(
            cim10_of(p.code).startswith(_DIABETES_CODES)
            or p.long_term == _DIABETES_LONG_TERM
            or (
                (p.code is None or kind_of(p.code) != "cim10")
                and folded_label(p.label).startswith("diabete")
                and "insipide" not in folded_label(p.label)
            )
            for p in self._active(day)
        )

    def _pregnant(self, day: date) -> bool:
        return self._pregnancy(day) is not None

    def _in_weeks(self, weeks: str, day: date) -> bool:
        """Whether a pregnancy is in these weeks (`20-25`, both whole); or may be, where nothing tells."""
        pregnancy = self._pregnancy(day)
        first, _, last = weeks.partition("-")
        if pregnancy is None or not (first.isdigit() and last.isdigit()):
            return False
        reached = weeks_on(day, pregnancy, self._facts)
        return reached is None or int(first) <= reached <= int(last)

    def _pregnancy(self, day: date) -> Problem | None:
        """A pregnancy holds from the day it is stated; once it ended in a delivery it is over."""
        first = day - timedelta(days=PREGNANCY_DAYS)
        for problem in self._active(day):
            code = cim10_of(problem.code)
            words = folded_label(problem.label)
            stated = problem.since or newest(problem)
            is_pregnancy = code.startswith(_PREGNANCY_CODES) and not code.startswith(_NOT_PREGNANCY)
            if (
                is_pregnancy or (not code and words.startswith("grossesse"))
            ) and first <= stated <= day:
                return None if self._delivered(stated, day) else problem
        return None

    def _delivered(self, since: date, day: date) -> bool:
        return any(
            since < stay.start <= day
            and any(
                cim10_of(code).startswith(_NOT_PREGNANCY[:5]) or cim10_of(code).startswith("Z37")
                for code in stay.codes
            )
            for stay in self._facts.stays
        )

    def _in_stay(self, day: date) -> bool:
        return any(stay.start <= day <= (stay.end or stay.start) for stay in self._facts.stays)

    def _before_stay(self, day: date) -> bool:
        last = day + timedelta(days=STAY_AHEAD_DAYS)
        return any(day <= stay.start <= last for stay in self._facts.stays)

    def _aged(self, years: str, day: date) -> bool:
        first, _, last = years.partition("-")
        if self._birth is None or not (first.isdigit() and last.isdigit()):
            return False
        age = day.year - self._birth.year
        age -= (day.month, day.day) < (self._birth.month, self._birth.day)
        return int(first) <= age <= int(last)

    def _bariatric(self, _: date) -> bool:
        """Before it and after it, at whatever distance."""
        if self._for_obesity is None:
            done = {(act.code.system, act.code.code) for act in self._facts.performed}
            done.update(
                (code.system, code.code) for stay in self._facts.stays for code in stay.codes
            )
            self._for_obesity = any(
                code in _BARIATRIC.get(KIND_OF.get(system, system), ())
                or (KIND_OF.get(system, system) == "ghm" and code.startswith(_BARIATRIC_GHM))
                for system, code in done
            )
        return self._for_obesity

    def _after_stay(self, day: date) -> bool:
        first = day - timedelta(days=SURGERY_DAYS)
        return any(first <= (stay.end or stay.start) <= day for stay in self._facts.stays)


def _never(_: date) -> bool:
    """A word that nobody knows."""
    return False


def _changes(course: Course) -> Iterator[date]:
    """The day it began; the day it ended, unless it goes on: every last supply ends one day."""
    shown = course.treatment
    if shown.start is not None:
        yield shown.start
    if shown.end is not None and not shown.is_current:
        yield shown.end


def _covers(course: Course, day: date) -> bool:
    shown = course.treatment
    if shown.start is None or shown.end is None:
        return shown.is_current
    return shown.start <= day <= shown.end or (shown.is_current and shown.start <= day)
