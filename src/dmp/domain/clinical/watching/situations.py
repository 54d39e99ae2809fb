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

from dmp.domain.clinical.coding import cim10_of, folded_label, kind_of
from dmp.domain.clinical.facts import Findings, Problem, Stay
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
_BARIATRIC_ACTS = frozenset[str]().union(*_BARIATRIC.values())
_BARIATRIC_GHM = ("10C09", "10C13")


class Situations:
    """What holds for a person on a day; each word is worked out once for each day, and not at all where nothing
    of the record could make it hold.
    """

    def __init__(
        self, facts: Findings, courses: Sequence[Course], birth: date | None = None
    ) -> None:
        self._facts = facts
        self._birth = birth
        self._courses = courses
        self._known: dict[tuple[str, date], bool] = {}
        self._of_class: dict[str, list[Course]] = {}
        self._classed: list[tuple[Course, str]] | None = None
        self._asked: dict[str, _Asked] = {}
        self._may_hold: dict[tuple[str, ...], tuple[str, ...]] = {}
        self._pregnancies: list[Problem] | None = None
        self._changes: dict[tuple[str, ...], list[date]] = {}
        self._words: dict[str, Callable[[], _Asked]] = {
            "pregnancy": self._pregnant,
            "stay": partial(self._about_stays, _in_stay),
            "surgery": partial(self._about_stays, _after_stay),
            "post-operative": partial(self._about_stays, _after_stay),
            "diabetes": self._diabetic,
            "stay-ahead": partial(self._about_stays, _before_stay),
            "bariatric": self._bariatric,
        }

    def holds(self, word: str, day: date) -> bool:
        """Whether the situation held on that day."""
        key = word, day
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._of_word(word)(day)
        return found

    def any_holds(self, words: tuple[str, ...], day: date) -> bool:
        """Whether one of the situations held on that day."""
        asked = self._may_hold.get(words)
        if asked is None:
            asked = tuple(word for word in words if self._of_word(word) is not _never)
            self._may_hold[words] = asked
        for word in asked:  # noqa: SIM110  # asked hundreds of times: a loop is half as long
            if self.holds(word, day):
                return True
        return False

    def _of_word(self, word: str) -> _Asked:
        asked = self._asked.get(word)
        if asked is None:
            asked = self._asked[word] = self._meant(word)
        return asked

    def _meant(self, word: str) -> _Asked:
        """What a word of the tables asks of a day: it is read once, and asked of many days."""
        known = self._words.get(word)
        if known is not None:
            return known()
        if word.startswith("no-") and word.removeprefix("no-") in self._words:
            return lambda day: not self.holds(word.removeprefix("no-"), day)
        kind, colon, prefix = word.partition(":")
        if colon and kind == "pregnancy":
            return partial(self._in_weeks, prefix) if self._of_pregnancies() else _never
        if colon and kind == "atc":
            return _during(self._of(prefix))
        if colon and kind == "cim10":
            return self._with_problem(lambda one: cim10_of(one.code).startswith(prefix))
        if colon and kind == "age":
            return partial(self._aged, prefix)
        if word.startswith("ald"):
            number = word[3:].lstrip("0")
            return self._with_problem(lambda one: one.long_term == number)
        return _never

    def _with_problem(self, is_meant: Callable[[Problem], bool]) -> _Asked:
        """Whether such a problem was active."""
        meant = [problem for problem in self._facts.problems if is_meant(problem)]
        return partial(_any_active, meant) if meant else _never

    def _of(self, prefix: str) -> list[Course]:
        """The treatments of an ATC class."""
        courses = self._of_class.get(prefix)
        if courses is None:
            courses = self._of_class[prefix] = [
                course for course, atc in self._by_atc() if atc.startswith(prefix)
            ]
        return courses

    def _by_atc(self) -> list[tuple[Course, str]]:
        if self._classed is None:
            self._classed = [(course, course.treatment.atc) for course in self._courses]
        return self._classed

    def changed_therapy(self, prefixes: tuple[str, ...], first: date, last: date) -> bool:
        """Whether a treatment of these ATC prefixes began or was stopped between two days."""
        days = self._changes.get(prefixes)
        if days is None:
            days = self._changes[prefixes] = sorted(
                day
                for course, atc in self._by_atc()
                if atc.startswith(prefixes)
                for day in _changes(course)
            )
        next_change = bisect_left(days, first)
        return next_change < len(days) and days[next_change] <= last

    def _diabetic(self) -> _Asked:
        treated = _during(
            [
                course
                for course in self._of(_DIABETES_ATC)
                if not course.treatment.atc.startswith(_NOT_ONLY_DIABETES_ATC)
            ]
        )
        stated = self._with_problem(_is_diabetes)
        if treated is _never:
            return stated
        return treated if stated is _never else lambda day: treated(day) or stated(day)

    def _of_pregnancies(self) -> list[Problem]:
        if self._pregnancies is None:
            self._pregnancies = [one for one in self._facts.problems if _is_pregnancy(one)]
        return self._pregnancies

    def _pregnant(self) -> _Asked:
        return (lambda day: self.pregnancy(day) is not None) if self._of_pregnancies() else _never

    def _in_weeks(self, weeks: str, day: date) -> bool:
        """Whether a pregnancy is in these weeks (`20-25`, both whole); or may be, where nothing tells."""
        pregnancy = self.pregnancy(day)
        first, _, last = weeks.partition("-")
        if pregnancy is None or not (first.isdigit() and last.isdigit()):
            return False
        reached = weeks_on(day, pregnancy, self._facts)
        return reached is None or int(first) <= reached <= int(last)

    def pregnancy(self, day: date) -> Problem | None:
        """A pregnancy holds from the day it is stated; once it ended in a delivery it is over."""
        first = day - timedelta(days=PREGNANCY_DAYS)
        for problem in self._of_pregnancies():
            stated = problem.since or newest(problem)
            if _is_active(problem, day) and first <= stated <= day:
                return None if self._delivered(stated, day) else problem
        return None

    def is_over(self, problem: Problem, day: date) -> bool:
        """Whether a problem is of a pregnancy that has ended: nobody writes it when one ends."""
        if not _is_pregnancy(problem):
            return False
        stated = problem.since or newest(problem)
        is_recent = day - timedelta(days=PREGNANCY_DAYS) <= stated
        holds = is_recent and (problem.until is None or problem.until >= day)
        return not holds or self._delivered(stated, day)

    def _delivered(self, since: date, day: date) -> bool:
        return any(
            since < stay.start <= day
            and any(
                cim10_of(code).startswith(_NOT_PREGNANCY[:5]) or cim10_of(code).startswith("Z37")
                for code in stay.codes
            )
            for stay in self._facts.stays
        )

    def _about_stays(self, holds: Callable[[Sequence[Stay], date], bool]) -> _Asked:
        return partial(holds, self._facts.stays) if self._facts.stays else _never

    def _aged(self, years: str, day: date) -> bool:
        first, _, last = years.partition("-")
        if self._birth is None or not (first.isdigit() and last.isdigit()):
            return False
        age = day.year - self._birth.year
        age -= (day.month, day.day) < (self._birth.month, self._birth.day)
        return int(first) <= age <= int(last)

    def _bariatric(self) -> _Asked:
        """Before it and after it, at whatever distance."""
        done = {act.code.code for act in self._facts.performed}
        named = [code for stay in self._facts.stays for code in stay.codes]
        if not done.isdisjoint(_BARIATRIC_ACTS) or any(map(_is_bariatric_ghm, done)):
            named.extend(act.code for act in self._facts.performed)
        for_obesity = any(
            code.code in _BARIATRIC.get(kind_of(code), ())
            or (kind_of(code) == "ghm" and _is_bariatric_ghm(code.code))
            for code in named
        )
        return _always if for_obesity else _never


_Asked = Callable[[date], bool]
"""What a word asks of a day."""


def _is_bariatric_ghm(code: str) -> bool:
    return code.startswith(_BARIATRIC_GHM)


def _never(_: date) -> bool:
    """A word that nobody knows, or that nothing of the record could make hold."""
    return False


def _always(_: date) -> bool:
    return True


def _in_stay(stays: Sequence[Stay], day: date) -> bool:
    return any(stay.start <= day <= (stay.end or stay.start) for stay in stays)


def _before_stay(stays: Sequence[Stay], day: date) -> bool:
    last = day + timedelta(days=STAY_AHEAD_DAYS)
    return any(day <= stay.start <= last for stay in stays)


def _after_stay(stays: Sequence[Stay], day: date) -> bool:
    first = day - timedelta(days=SURGERY_DAYS)
    return any(first <= (stay.end or stay.start) <= day for stay in stays)


def _is_active(problem: Problem, day: date) -> bool:
    return (problem.since is None or problem.since <= day) and (
        problem.active if problem.until is None else problem.until >= day
    )


def _any_active(problems: Sequence[Problem], day: date) -> bool:
    return any(_is_active(problem, day) for problem in problems)


def _is_pregnancy(problem: Problem) -> bool:
    code = cim10_of(problem.code)
    if code.startswith(_PREGNANCY_CODES) and not code.startswith(_NOT_PREGNANCY):
        return True
    return not code and folded_label(problem.label).startswith("grossesse")


def _is_diabetes(problem: Problem) -> bool:
    if problem.long_term == _DIABETES_LONG_TERM:
        return True
    if cim10_of(problem.code).startswith(_DIABETES_CODES):
        return True
    if problem.code is not None and kind_of(problem.code) == "cim10":
        return False
    words = folded_label(problem.label)
    return words.startswith("diabete") and "insipide" not in words


def _during(courses: Sequence[Course]) -> _Asked:
    """Whether one of these treatments went on."""
    return partial(_any_covers, courses) if courses else _never


def _any_covers(courses: Sequence[Course], day: date) -> bool:
    return any(_covers(course, day) for course in courses)


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
