"""Which facts go together: by codes first, by words else; nothing of another organ."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dmp.domain.clinical.topics import (
    Lens,
    lens_of_problem,
    topics,
    topics_of_problem,
    topics_of_speciality,
)
from dmp.domain.codes import Code
from tests.builders.clinical_facts import CIM10, a_problem, a_series, a_treatment
from tests.builders.synthesis import some_imaging, some_stays

HEART, KIDNEY, THYROID = "coeur", "rein", "thyroide"


def ids(problem_code: str | None, label: str = "Problème") -> set[str]:
    """Topics of a problem."""
    code = Code(problem_code, CIM10) if problem_code else None
    return {topic.topic_id for topic in topics_of_problem(a_problem(label, code=code))}


@pytest.mark.parametrize(
    ("code", "topic"),
    [("I50", HEART), ("I50.0", HEART), ("I501", HEART), ("N18.3", KIDNEY), ("E03", THYROID)],
)
def test_a_code_tells_the_topic_with_or_without_its_point(code: str, topic: str) -> None:
    assert topic in ids(code)


@pytest.mark.parametrize(
    ("label", "topic"),
    [
        ("Insuffisance cardiaque", HEART),
        ("Maladie du cœur", HEART),
        ("INSUFFISANCE RÉNALE", KIDNEY),
        ("Hypothyroïdie", None),
        ("Goitre", THYROID),
    ],
)
def test_without_a_code_the_words_tell(label: str, topic: str | None) -> None:
    found = ids(None, label)
    assert topic in found if topic else THYROID not in found


def test_a_code_outranks_words() -> None:
    assert THYROID not in ids("I50", "Goitre")


def test_a_lens_shows_what_belongs_to_the_problem() -> None:
    lens = lens_of_problem(a_problem("Hypothyroïdie", code=Code("E03", CIM10)))
    assert lens.shows_treatment(a_treatment("Lévothyroxine", "H03AA01"))
    assert not lens.shows_treatment(a_treatment("Apixaban", "B01AF02"))
    assert not lens.shows_treatment(replace(a_treatment(), atc=""))
    assert lens.shows_series(a_series("TSH", "3016-3"))
    assert not lens.shows_series(a_series())
    assert not any(map(lens.shows_stay, some_stays()))


def test_stays_and_imaging_are_found_by_their_words() -> None:
    lens = lens_of_problem(a_problem("Insuffisance cardiaque", code=Code("I50", CIM10)))
    assert lens.shows_stay(some_stays()[0])
    assert lens.shows_imaging(some_imaging()[0])
    assert not lens.shows_imaging(some_imaging()[2])


def test_two_problems_of_one_category_go_together() -> None:
    lens = lens_of_problem(a_problem("Rare", code=Code("Z99.1", CIM10)))
    assert lens.shows_problem(a_problem("Rare aussi", code=Code("Z99.8", CIM10)))
    assert not lens.shows_problem(a_problem("Autre", code=Code("Z98.1", CIM10)))


def test_an_empty_lens_shows_nothing() -> None:
    lens = Lens(topics=())
    assert not lens.shows_problem(a_problem())
    assert not lens.shows_series(a_series())


def test_specialities_have_their_domain_and_general_practice_none() -> None:
    assert {topic.topic_id for topic in topics_of_speciality("SM30")} >= {KIDNEY}
    assert topics_of_speciality("SM54") == ()
    assert topics_of_speciality("") == ()


def test_every_topic_can_be_met() -> None:
    for topic in topics():
        assert topic.label and topic.words and topic.specialities, topic.topic_id
