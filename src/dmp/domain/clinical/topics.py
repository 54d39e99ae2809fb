"""Which facts go together: by organ or disease, for a page that shows one problem, or one domain, at a time.

It orders what is shown and decides nothing: no alert and no right rests on it.

Source: `topics.csv`, our own table over CIM-10, ATC, LOINC and TRE_R01.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from dmp.domain.clinical.facts import Imaging, Problem, Stay
from dmp.domain.clinical.synthesis import Series, Treatment
from dmp.domain.identity.patient import folded
from dmp.domain.tables import table

SHORTEST_CODE = 3
"""Characters of a CIM-10 category: two problems of the same category go together whatever their topic."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """One topic: prefixes of CIM-10 and ATC, LOINC codes, beginnings of words, specialities of TRE_R01."""

    topic_id: str
    label: str
    cim10: tuple[str, ...]
    atc: tuple[str, ...]
    loinc: frozenset[str]
    words: tuple[str, ...]
    specialities: frozenset[str]

    def takes_code(self, code: str) -> bool:
        """Whether a CIM-10 code, with or without its point, is of this topic."""
        bare = code.replace(".", "")
        return any(bare.startswith(prefix.replace(".", "")) for prefix in self.cim10)

    def takes_words(self, text: str) -> bool:
        """Whether a word of the text begins as one of this topic does."""
        plain = folded(text.replace("œ", "oe").replace("Œ", "OE")).lower()
        return any(word.startswith(self.words) for word in plain.split())


@cache
def topics() -> tuple[Topic, ...]:
    """Every topic, in the order of the table."""
    return tuple(
        Topic(
            topic_id=row["topic"],
            label=row["label"],
            cim10=tuple(row["cim10"].split()),
            atc=tuple(row["atc"].split()),
            loinc=frozenset(row["loinc"].split()),
            words=tuple(row["words"].split()),
            specialities=frozenset(row["specialities"].split()),
        )
        for row in table("dmp.domain.clinical", "topics.csv").rows
    )


def topics_of_speciality(know_how: str) -> tuple[Topic, ...]:
    """The domain of a speciality (`SM04`); empty for those that look after everything."""
    return tuple(topic for topic in topics() if know_how in topic.specialities)


def topics_of_problem(problem: Problem) -> tuple[Topic, ...]:
    """The topics of a problem: by its CIM-10 code when it has one that is known, else by its words."""
    code = problem.code.code if problem.code is not None else ""
    by_code = tuple(topic for topic in topics() if code and topic.takes_code(code))
    return by_code or tuple(topic for topic in topics() if topic.takes_words(problem.label))


@dataclass(frozen=True, slots=True, kw_only=True)
class Lens:
    """What is looked at: some topics, and the category of one problem."""

    topics: tuple[Topic, ...]
    category: str = ""

    def shows_problem(self, problem: Problem) -> bool:
        """Whether a problem belongs to what is looked at."""
        mine = {topic.topic_id for topic in topics_of_problem(problem)}
        return self._same_category(
            problem.code.code if problem.code else ""
        ) or not mine.isdisjoint(topic.topic_id for topic in self.topics)

    def shows_treatment(self, treatment: Treatment) -> bool:
        """Whether a treatment belongs to what is looked at, by its ATC code."""
        atc = treatment.atc
        return bool(atc) and any(atc.startswith(topic.atc) for topic in self.topics if topic.atc)

    def shows_series(self, series: Series) -> bool:
        """Whether an analyte belongs to what is looked at, by its LOINC code."""
        return any(series.code in topic.loinc for topic in self.topics)

    def shows_stay(self, stay: Stay) -> bool:
        """Whether a stay belongs to what is looked at, by its diagnoses or its reason."""
        return self._shows([code.code for code in stay.codes], f"{stay.reason} {stay.nature}")

    def shows_imaging(self, imaging: Imaging) -> bool:
        """Whether an exam belongs to what is looked at, by its words."""
        return self._shows((), f"{imaging.label} {imaging.region} {imaging.conclusion}")

    def _shows(self, codes: Iterable[str], words: str) -> bool:
        if any(self._same_category(code) for code in codes):
            return True
        return any(
            any(topic.takes_code(code) for code in codes) or topic.takes_words(words)
            for topic in self.topics
        )

    def _same_category(self, code: str) -> bool:
        return bool(self.category) and code[:SHORTEST_CODE] == self.category


def lens_of_problem(problem: Problem) -> Lens:
    """Look at one problem."""
    code = problem.code.code if problem.code is not None else ""
    return Lens(topics=topics_of_problem(problem), category=code[:SHORTEST_CODE])
