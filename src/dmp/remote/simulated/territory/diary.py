"""A person's diary: the visits of a care story, laid on working days and hours."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from dmp.domain.documents.visibility import Restriction
from dmp.remote.simulated.territory.papers import (
    NOTHING_CODED,
    Coded,
    Form,
    Note,
    Paper,
    Result,
    Results,
    Section,
    Visit,
)
from dmp.remote.simulated.territory.people import Condition, Person


@dataclass(slots=True, kw_only=True)
class Diary:
    """The visits of one person between the opening of the record and today.

    Visits outside that period are left out: a record holds what was deposited in its life.
    """

    person: Person
    rng: Random
    opened: date
    today: date
    visits: list[Visit] = field(default_factory=list)
    _taken: set[datetime] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._taken.update(visit.at for visit in self.visits)

    @property
    def days(self) -> int:
        """Length of the period in days."""
        return max(0, (self.today - self.opened).days)

    @property
    def e(self) -> str:
        """The mark of the feminine: `adressé{e}`."""
        return "e" if self.person.is_woman else ""

    @property
    def patient(self) -> str:
        """`Patiente` or `Patient`."""
        return "Patiente" if self.person.is_woman else "Patient"

    def age(self, day: date) -> str:
        """Age in words for a note: in months before two years."""
        day = working(day)
        years = self.person.age_on(day)
        if years >= 2:
            return f"{years} ans"
        born = self.person.traits.birth_date
        months = (day.year - born.year) * 12 + day.month - born.month - (day.day < born.day)
        return f"{months} mois"

    def ago(self, days: int) -> date:
        """The day that many days before today."""
        return working(self.today - timedelta(days=days))

    def since(self, condition: Condition) -> date:
        """The day on which the person's condition was found, before the record was opened."""
        own = int(self.person.ins.matricule[7:13], 36) + len(condition)
        born = self.person.traits.birth_date
        year = max(self.opened.year - 2 - own % 9, min(born.year + 1, self.opened.year - 1))
        return date(year, 1 + own % 12, 1 + own % 28)

    def creatinine(self, day: date) -> float:
        """The person's creatinine on that day in µmol/L: his own level, a slow rise with age."""
        person = self.person
        own = int(person.ins.matricule[7:13], 36) % 15
        level = (58 if person.is_woman else 74) + own + max(0, person.age_on(day) - 50) * 0.5
        if Condition.HEART_FAILURE in person.conditions:
            level += 12
        return level + self.rng.uniform(-2, 2)

    def regularly(self, every: int, *, start: int = 20, most: int = 12) -> list[date]:
        """Days about `every` days apart from the opening to today, oldest first."""
        found: list[date] = []
        day = self.opened + timedelta(days=start + self.rng.randint(0, every // 2))
        while day < self.today and len(found) < most:
            found.append(working(day))
            day += timedelta(days=every + self.rng.randint(-every // 8, every // 8))
        return found

    def in_season(self, month: int, *, chance: float = 1.0) -> list[date]:
        """One day of this month of every year of the period, each with this chance."""
        return [
            day
            for year in range(self.opened.year, self.today.year + 1)
            if self.opened
            < (day := working(date(year, month, self.rng.randint(3, 28))))
            < self.today
            and self.rng.random() < chance
        ]

    def visit(
        self,
        day: date,
        worker: str,
        *papers: Paper,
        key: str = "",
        place: int = 0,
        restrictions: frozenset[Restriction] | None = None,
        replaces: str = "",
        by_structure: bool = False,
        by_holder: bool = False,
        days_stayed: int = 0,
        deposited_by: str = "",
        secret: bool = False,
    ) -> Visit | None:
        """Lay a visit on that day, moved to a working day; None when it falls outside the period."""
        at = self._instant(day)
        if not self.opened < at.date() < self.today:
            return None
        visit = Visit(
            key=key or f"v{len(self.visits) + 1:03d}",
            at=at,
            worker=worker,
            papers=papers,
            place=place,
            restrictions=restrictions,
            replaces=replaces,
            by_structure=by_structure,
            by_holder=by_holder,
            days_stayed=days_stayed,
            deposited_by=deposited_by,
            secret=secret,
        )
        self.visits.append(visit)
        return visit

    def _instant(self, day: date) -> datetime:
        day = working(day)
        # 7:40 to 15:40 UTC: office hours in Paris, in summer as in winter.
        at = datetime.combine(day, time(7, 40), UTC) + timedelta(minutes=self.rng.randint(0, 480))
        while at in self._taken:
            at += timedelta(minutes=7)
        self._taken.add(at)
        return at


def working(day: date) -> date:
    """That day, or the Friday before a weekend."""
    return day - timedelta(days=max(0, day.weekday() - 4))


def consultation(title: str, *, coded: Coded = NOTHING_CODED, **sections: str) -> Note:
    """A consultation note; keyword names are the headings of `HEADINGS`."""
    return _note(Form.CONSULTATION, "11488-4", title, sections, coded)


def note(
    form: Form, type_code: str, title: str, *, coded: Coded = NOTHING_CODED, **sections: str
) -> Note:
    """A note of another form and type."""
    return _note(form, type_code, title, sections, coded)


HEADINGS = {
    "reason": "Motif",
    "history": "Antécédents",
    "story": "Histoire de la maladie",
    "exam": "Examen clinique",
    "tests": "Examens complémentaires",
    "indication": "Indication",
    "technique": "Technique",
    "findings": "Résultats",
    "conclusion": "Conclusion",
    "treatment": "Traitement",
    "course": "Évolution",
    "plan": "Conduite à tenir",
    "problems": "Problèmes de santé en cours",
    "allergies": "Allergies et intolérances",
    "attention": "Points de vigilance",
    "letter": "Courrier",
}


def _note(form: Form, type_code: str, title: str, sections: dict[str, str], coded: Coded) -> Note:
    return Note(
        form=form,
        type_code=type_code,
        title=title,
        sections=tuple(Section(HEADINGS[name], text) for name, text in sections.items() if text),
        coded=coded,
    )


def results(title: str, *found: Result, remark: str = "") -> Results:
    """A laboratory report."""
    return Results(title=title, results=found, remark=remark)


def decimal(value: float, digits: int = 1) -> str:
    """A number as French writes it, with a comma."""
    return f"{value:.{digits}f}".replace(".", ",")
