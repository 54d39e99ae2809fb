"""Putting facts together: nothing twice, every source kept, nothing depends on order or on what is hidden."""

from __future__ import annotations

from itertools import chain
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dmp.domain.clinical.coding import ATC, CIM10
from dmp.domain.clinical.facts import Findings, Problem, Provenance, Source, Vaccination
from dmp.domain.clinical.merging import merged
from dmp.domain.codes import Code
from tests.builders.clinical import (
    AMOXICILLIN,
    IBUPROFEN,
    OTHER_DOCTOR,
    WARFARIN,
    a_box,
    a_delivery,
    a_knowledge,
    a_prescription,
    a_problem,
    a_result,
    a_source,
    a_stay,
    a_test,
    a_vaccination,
    an_allergy,
    an_exam,
    days_ago,
    of_claims,
)

MEDICINES = a_knowledge().medicines


def put(*parts: Findings) -> Findings:
    return merged(parts, MEDICINES)


def documents(*sources: Source) -> list[int]:
    return sorted(source.document.int for source in sources if source.document is not None)


def test_the_same_problem_by_code_keeps_both_sources() -> None:
    (one,) = put(
        Findings(problems=(a_problem(sources=(a_source(1),)),)),
        Findings(problems=(a_problem("HTA", sources=(a_source(2),)),)),
    ).problems
    assert documents(*one.sources) == [1, 2]


def test_a_problem_without_code_joins_by_its_label() -> None:
    (one,) = put(
        Findings(problems=(a_problem("Asthme", "J45"),)),
        Findings(problems=(a_problem("asthme", "", sources=(a_source(2),)),)),
    ).problems
    assert one.code == Code("J45", CIM10)


def test_two_codes_of_one_system_are_two_problems_whatever_their_label() -> None:
    found = put(
        Findings(problems=(a_problem("Diabète", "E109"),)),
        Findings(problems=(a_problem("Diabète", "E119", sources=(a_source(2),)),)),
    ).problems
    assert len(found) == 2


def test_a_long_term_condition_joins_the_problem_of_its_category() -> None:
    ald = a_problem("Diabète de type 2", "E11", long_term="8", sources=(of_claims(days_ago(900)),))
    precise = a_problem("Diabète de type 2, sans complication", "E119", sources=(a_source(1),))
    (one,) = put(Findings(problems=(ald,)), Findings(problems=(precise,))).problems
    assert (one.long_term, one.code) == ("8", Code("E119", CIM10))
    assert len(one.sources) == 2


def test_the_newest_source_says_whether_a_problem_is_resolved() -> None:
    old = a_problem(sources=(a_source(1, days_ago(400)),))
    new = a_problem(active=False, until=days_ago(30), sources=(a_source(2, days_ago(10)),))
    (one,) = put(Findings(problems=(old,)), Findings(problems=(new,))).problems
    assert (one.active, one.until) == (False, days_ago(30))
    (again,) = put(
        Findings(problems=(a_problem(sources=(a_source(3),)),)), Findings(problems=(new,))
    ).problems
    assert again.active


def test_an_allergy_that_the_holder_declares_joins_the_coded_one() -> None:
    coded = an_allergy("Pénicillines", code=Code("J01C", ATC), reaction="urticaire")
    declared = an_allergy(
        "allergie à la pénicilline", sources=(a_source(2, provenance=Provenance.DECLARED),)
    )
    (one,) = put(Findings(allergies=(declared,)), Findings(allergies=(coded,))).allergies
    assert (one.label, one.reaction, len(one.sources)) == ("Pénicillines", "urticaire", 2)


def test_no_known_allergy_is_said_unless_there_is_one() -> None:
    none = Findings(no_known_allergy=(a_source(1),))
    assert put(none).no_known_allergy == (a_source(1),)
    assert put(none, Findings(allergies=(an_allergy(),))).no_known_allergy == ()
    assert put(none, Findings(allergies=(an_allergy(active=False),))).no_known_allergy


def test_a_delivery_of_a_document_joins_the_line_of_the_insurance() -> None:
    line = a_delivery(WARFARIN, 5, boxes=2)
    paper = a_delivery(WARFARIN, 5, prescriber=OTHER_DOCTOR, sources=(a_source(1),))
    (one,) = put(Findings(dispensed=(line,)), Findings(dispensed=(paper,))).dispensed
    assert (one.boxes, len(one.sources)) == (2, 2)


def test_two_prescribers_on_one_day_are_two_deliveries() -> None:
    found = put(Findings(dispensed=(a_delivery(), a_delivery(prescriber=OTHER_DOCTOR)))).dispensed
    assert len(found) == 2


def test_a_copy_of_a_prescription_is_one_prescription() -> None:
    (one,) = put(
        Findings(prescribed=(a_prescription(dosage="1 par jour"),)),
        Findings(prescribed=(a_prescription(sources=(a_source(51, days_ago(2)),)),)),
    ).prescribed
    assert (one.dosage, documents(*one.sources)) == ("1 par jour", [50, 51])


def test_the_same_value_in_two_reports_is_one_result() -> None:
    found = put(
        Findings(results=(a_result(),)),
        Findings(results=(a_result(sources=(a_source(2),)), a_result(value=7.4))),
    ).results
    assert sorted(result.value or 0 for result in found) == [7.2, 7.4]


def test_an_injection_takes_the_delivery_of_its_vaccine() -> None:
    injection = a_vaccination(10, lot="A1")
    delivery = a_vaccination(30, delivered_only=True, sources=(of_claims(days_ago(30)),))
    (one,) = put(
        Findings(vaccinations=(delivery,)), Findings(vaccinations=(injection,))
    ).vaccinations
    assert (one.on, one.delivered_only, one.lot) == (days_ago(10), False, "A1")
    assert {source.provenance for source in one.sources} == {
        Provenance.STRUCTURED,
        Provenance.CLAIMS,
    }


@pytest.mark.parametrize("ago", [200, 2])
def test_a_delivery_far_from_the_injection_stays(ago: int) -> None:
    injection = a_vaccination(20)
    delivery = a_vaccination(ago, delivered_only=True, sources=(of_claims(days_ago(ago)),))
    assert len(put(Findings(vaccinations=(injection, delivery))).vaccinations) == 2


def test_each_injection_takes_one_delivery() -> None:
    def delivered(ago: int) -> Vaccination:
        return a_vaccination(ago, delivered_only=True, sources=(of_claims(days_ago(ago)),))

    found = put(
        Findings(vaccinations=(delivered(80), delivered(40), a_vaccination(70), a_vaccination(10)))
    ).vaccinations
    assert [vaccination.delivered_only for vaccination in found] == [False, False]


def test_another_vaccine_is_another_vaccination() -> None:
    other = a_vaccination(10, label="Autre", codes=(Code("J07AM01", ATC),))
    delivery = a_vaccination(12, delivered_only=True, sources=(of_claims(days_ago(12)),))
    assert len(put(Findings(vaccinations=(other, delivery))).vaccinations) == 2


def test_a_stay_paid_for_joins_its_letter() -> None:
    letter = a_stay(reason="Pneumonie")
    claim = a_stay(place="FINESS 750000024", sources=(of_claims(days_ago(20)),))
    (one,) = put(Findings(stays=(claim,)), Findings(stays=(letter,))).stays
    assert (one.place, one.reason, len(one.sources)) == ("Hôpital du Parc", "Pneumonie", 2)


def test_overlapping_stays_at_one_place_are_one() -> None:
    (one,) = put(
        Findings(stays=(a_stay(20, 15),)), Findings(stays=(a_stay(16, 10, sources=(a_source(2),)),))
    ).stays
    assert (one.start, one.end) == (days_ago(20), days_ago(10))


def test_a_transfer_is_two_stays() -> None:
    other = a_stay(15, 10, place="Clinique du Port", sources=(a_source(2),))
    assert len(put(Findings(stays=(a_stay(20, 15), other))).stays) == 2


def test_an_exam_paid_for_joins_its_report_a_day_apart() -> None:
    report = an_exam(5, code=None)
    claim = an_exam(4, conclusion="", sources=(of_claims(days_ago(4)),))
    (one,) = put(Findings(imaging=(claim,)), Findings(imaging=(report,))).imaging
    assert one.conclusion == "Pas de lésion."
    assert one.code is not None
    assert len(one.sources) == 2


def test_two_exams_a_day_apart_stay_two() -> None:
    assert len(put(Findings(imaging=(an_exam(5), an_exam(4)))).imaging) == 2
    far = an_exam(2, conclusion="", sources=(of_claims(days_ago(2)),))
    assert len(put(Findings(imaging=(an_exam(5), far))).imaging) == 2


def test_another_region_is_another_exam() -> None:
    claim = an_exam(5, code=None, region="abdomen", sources=(of_claims(days_ago(5)),))
    assert len(put(Findings(imaging=(an_exam(5, code=None), claim))).imaging) == 2


@pytest.mark.parametrize(
    ("label", "modality", "region", "same"),
    [
        ("Scanographie du thorax, avec injection", "", "", True),
        ("CT thorax avec contraste IV", "CT", "segment thoracique du tronc", True),
        ("TDM thoraco-abdominale", "", "", True),
        ("IRM du thorax", "", "", False),
        ("Scanner de la cheville", "", "", False),
        ("Radiographie du thorax", "DX", "thorax entier", False),
        ("Scanner", "CT", "", True),
    ],
)
def test_a_report_in_other_words_joins_its_claim(
    label: str, modality: str, region: str, same: bool
) -> None:
    claim = an_exam(5, conclusion="", sources=(of_claims(days_ago(5)),))
    report = an_exam(5, label=label, code=None, modality=modality, region=region)
    assert len(put(Findings(imaging=(claim, report))).imaging) == (1 if same else 2)


_SOURCES = st.builds(
    a_source,
    st.integers(1, 4),
    st.integers(0, 40).map(days_ago),
    provenance=st.sampled_from(Provenance),
).map(lambda source: (source,))
_AGO = st.integers(0, 12)


def some(facts: st.SearchStrategy[Any], most: int = 3) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(facts, max_size=most).map(tuple)


def _found(**facts: tuple[Any, ...]) -> Findings:
    """Of what is given alone: hypothesis would fill every value of a named tuple."""
    return Findings(**facts)


_PARTS = st.builds(
    _found,
    problems=some(
        st.builds(
            a_problem,
            st.sampled_from(["Asthme", "asthme", "HTA"]),
            st.sampled_from(["", "J45", "I10", "I109"]),
            active=st.booleans(),
            sources=_SOURCES,
        )
    ),
    allergies=some(
        st.builds(
            an_allergy,
            st.sampled_from(["Pénicilline", "Pénicillines", "Latex"]),
            code=st.sampled_from([None, Code("J01C", ATC)]),
            active=st.booleans(),
            sources=_SOURCES,
        ),
        2,
    ),
    dispensed=some(
        st.builds(
            a_delivery,
            st.sampled_from([WARFARIN, IBUPROFEN]),
            _AGO,
            boxes=st.sampled_from([1, 2]),
            sources=_SOURCES,
        )
    ),
    prescribed=some(
        st.builds(a_prescription, st.sampled_from([WARFARIN, AMOXICILLIN]), _AGO, sources=_SOURCES),
        2,
    ),
    results=some(st.builds(a_result, value=st.sampled_from([7.0, 8.0]), sources=_SOURCES)),
    vaccinations=some(
        st.builds(a_vaccination, _AGO, delivered_only=st.booleans(), sources=_SOURCES)
    ),
    stays=some(
        st.tuples(_AGO, st.integers(0, 6), st.sampled_from(["A", "B"]), _SOURCES).map(
            lambda v: a_stay(v[0] + v[1], v[0], place=v[2], sources=v[3])
        )
    ),
    imaging=some(
        st.builds(an_exam, _AGO, region=st.sampled_from(["thorax", "crâne", ""]), sources=_SOURCES)
    ),
    performed=some(st.builds(a_test, st.sampled_from(["1577", "1208"]), _AGO, sources=_SOURCES)),
)
KINDS = [name for name in Findings._fields if not name.startswith("no_known")]


def sorted_facts(findings: Findings) -> dict[str, list[str]]:
    return {kind: sorted(map(repr, getattr(findings, kind))) for kind in KINDS}


def all_facts(findings: Findings) -> list[Any]:
    return list(chain.from_iterable(getattr(findings, kind) for kind in KINDS))


@settings(deadline=None, max_examples=60)
@given(st.lists(_PARTS, max_size=4), st.randoms(use_true_random=False))
def test_the_order_of_the_parts_is_nothing(parts: list[Findings], random: Any) -> None:
    shuffled = parts[:]
    random.shuffle(shuffled)
    assert sorted_facts(put(*parts)) == sorted_facts(put(*shuffled))


@settings(deadline=None, max_examples=60)
@given(st.lists(_PARTS, max_size=3))
def test_putting_together_twice_changes_nothing(parts: list[Findings]) -> None:
    once = put(*parts)
    assert sorted_facts(put(once)) == sorted_facts(once)


@settings(deadline=None, max_examples=60)
@given(st.lists(_PARTS, min_size=1, max_size=4))
def test_every_source_is_kept_and_none_is_added(parts: list[Findings]) -> None:
    given_ = {source for part in parts for fact in all_facts(part) for source in fact.sources}
    kept = {source for fact in all_facts(put(*parts)) for source in fact.sources}
    assert kept == given_


@settings(deadline=None, max_examples=60)
@given(st.lists(_PARTS, min_size=1, max_size=4), st.data())
def test_without_a_part_nothing_appears_that_was_not_there(
    parts: list[Findings], data: st.DataObject
) -> None:
    """Who may not see a document reads only what the others say: each fact left has a source that showed it."""
    hidden = data.draw(st.integers(0, len(parts) - 1))
    left = parts[:hidden] + parts[hidden + 1 :]
    for kind in KINDS:
        before, after = getattr(put(*parts), kind), getattr(put(*left), kind)
        shown = [set(fact.sources) for fact in before]
        own = {source for part in left for fact in getattr(part, kind) for source in fact.sources}
        for fact in after:
            assert set(fact.sources) <= own
            assert any(set(fact.sources) & sources for sources in shown)


def test_a_resolved_problem_is_kept_with_its_end() -> None:
    resolved = a_problem(active=False, until=days_ago(5))
    assert put(Findings(problems=(resolved,))).problems == (resolved,)
    assert isinstance(resolved, Problem)


def test_a_box_in_another_system_is_the_same_medicine() -> None:
    box = a_box(WARFARIN)
    other = Code(box.code, "1.2.250.1.215.200.1.1.1")
    found = put(
        Findings(prescribed=(a_prescription(codes=(box,)), a_prescription(codes=(other,))))
    ).prescribed
    assert len(found) == 1
