"""What the documents of the territory state for machines is what its stories tell to people."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache

import pytest

from dmp.domain.clinical.facts import Findings, Provenance
from dmp.formats.cda.hl7time import PARIS
from dmp.formats.content import read_header
from dmp.remote.simulated.territory import population
from dmp.remote.simulated.territory.measured import signs_in
from dmp.remote.simulated.territory.papers import (
    Form,
    Note,
    Paper,
    Prescription,
    Results,
    Vaccination,
    Visit,
)
from dmp.remote.simulated.territory.paperwork import submission_of
from dmp.remote.simulated.territory.people import Person
from dmp.remote.simulated.territory.scenes.routine import lived

pytestmark = pytest.mark.slow

TODAY = date(2026, 11, 22)
PEOPLE = 90


@cache
def documents() -> tuple[tuple[Person, Visit, Paper, Findings], ...]:
    """Every structured document of some people, with its visit and what it was made of."""
    return tuple(_documents())


def _documents() -> Iterator[tuple[Person, Visit, Paper, Findings]]:
    for person in population(3, PEOPLE):
        diary, _ = lived(3, person, TODAY)
        for visit in diary.visits:
            sent = submission_of(3, person, visit).documents
            for paper, document in zip(visit.papers, sent, strict=True):
                if document.content_type != "application/pdf":
                    found = read_header(document.content, document.content_type).findings
                    if found is not None:
                        yield person, visit, paper, found


def of_kind(kind: type) -> list[tuple[Visit, Paper, Findings]]:
    """The documents made of one kind of paper; there are some."""
    chosen = [
        (visit, paper, found) for _, visit, paper, found in documents() if type(paper) is kind
    ]
    assert len(chosen) > 5
    return chosen


def notes(*forms: Form) -> list[tuple[Person, Visit, Note, Findings]]:
    """The notes of these forms; there are some."""
    chosen = [
        (person, visit, paper, found)
        for person, visit, paper, found in documents()
        if isinstance(paper, Note) and paper.form in forms
    ]
    assert len(chosen) > 3
    return chosen


def test_results_have_their_values_their_ranges_and_their_codes() -> None:
    for _, paper, found in of_kind(Results):
        assert isinstance(paper, Results)
        told = {
            (r.code.code if r.code else "", r.label, r.value, r.unit, r.low, r.high)
            for r in found.results
        }
        assert told == {(r.loinc, r.name, r.value, r.unit, r.low, r.high) for r in paper.results}
        unusual = {r.name for r in paper.results if r.is_unusual}
        assert {r.label for r in found.results if r.interpretation in ("H", "L")} == unusual


def test_prescriptions_have_their_medicines_with_codes_and_prescriber() -> None:
    for visit, paper, found in of_kind(Prescription):
        assert isinstance(paper, Prescription)
        assert [one.label for one in found.prescribed] == [drug.name for drug in paper.drugs]
        for one, drug in zip(found.prescribed, paper.drugs, strict=True):
            assert {code.code for code in one.codes} == {drug.atc, drug.cip} - {""}
            assert one.dosage == f"{drug.dosage}, pendant {drug.duration}"
            assert one.start == visit.at.astimezone(PARIS).date()
            assert one.stop is not None
            number, unit = drug.duration.split()
            days = (one.stop - one.start).days + 1
            assert abs(days - int(number) * (30.4 if unit == "mois" else 1)) < 4
            assert one.prescriber.name
            assert one.prescriber.id


def test_vaccinations_have_their_diseases_their_lot_and_their_rank() -> None:
    for _, paper, found in of_kind(Vaccination):
        assert isinstance(paper, Vaccination)
        (one,) = found.vaccinations
        assert (one.label, one.on, one.lot, one.undated) == (
            paper.vaccine,
            paper.day,
            paper.batch,
            False,
        )
        assert ", ".join(one.targets).lower() == paper.against.lower()
        assert [code.code for code in one.codes] == [paper.atc]
        assert one.rank == (int(paper.rank[0]) if paper.rank[0].isdigit() else None)
        assert one.performer.name


def test_imaging_has_its_exam_and_the_conclusion_that_people_read() -> None:
    for _, _, paper, found in notes(Form.IMAGING):
        (one,) = found.imaging
        assert one.conclusion == paper.said("Conclusion")
        assert one.code in paper.coded.exam
        assert one.modality in ("CT", "DX", "US", "MG")
        assert one.region
        assert [(s.provenance, s.anchor) for s in one.sources] == [
            (Provenance.STRUCTURED, ""), (Provenance.EXTRACTED, "19005-8"),
        ]  # fmt: skip


def test_letters_tell_the_stay() -> None:
    for _, visit, paper, found in notes(Form.DISCHARGE):
        (stay,) = found.stays
        last = visit.at.astimezone(PARIS).date()
        if visit.days_stayed:
            assert (stay.start, stay.end) == (last - timedelta(days=visit.days_stayed), last)
        assert stay.place
        assert stay.nature
        assert stay.reason == paper.said("Motif")
        assert {code.code for code in stay.codes} == {
            problem.code.code for problem in paper.coded.problems if problem.code
        }
        assert [one.label for one in found.prescribed] == [d.name for d in paper.coded.drugs]


def test_a_synthesis_lists_what_the_person_is_followed_for() -> None:
    coded = 0
    for person, _, paper, found in notes(Form.SYNTHESIS):
        assert {(p.label, p.since, p.active) for p in found.problems} == {
            (p.label, p.since, p.active) for p in paper.coded.problems
        }
        coded += sum(problem.code is not None for problem in found.problems)
        assert [one.label for one in found.prescribed] == [d.name for d in paper.coded.drugs]
        assert bool(found.no_known_allergy) == (not paper.coded.allergies)
        assert [one.label for one in found.allergies] == [a.label for a in paper.coded.allergies]
        assert all(p.since is None or p.since >= person.traits.birth_date for p in found.problems)
    assert coded > 20


def test_signs_in_the_prose_of_a_note_are_coded() -> None:
    seen: set[str] = set()
    for _, _, paper, found in notes(Form.CONSULTATION):
        told = [(r.label, r.value, r.unit) for r in found.results]
        assert told == [(r.name, r.value, r.unit) for r in signs_in(paper.said("Examen clinique"))]
        seen |= {label for label, _, _ in told}
    assert {"Poids", "Taille", "Pression artérielle systolique", "Fréquence cardiaque"} <= seen


def test_signs_are_read_as_they_are_written() -> None:
    prose = (
        "Poids 74,3 kg. Pression artérielle 142/84 mmHg. Fréquence cardiaque régulière à 68/min."
    )
    assert [(one.loinc, one.value) for one in signs_in(prose)] == [
        ("29463-7", 74.3), ("8480-6", 142.0), ("8462-4", 84.0), ("8867-4", 68.0),
    ]  # fmt: skip
    assert signs_in("Poids stable. Bruits du cœur fœtal à 142/min.") == ()
