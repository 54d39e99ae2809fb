"""Treatments that a letter says were stopped; whose words a current treatment rests on."""

from __future__ import annotations

from typing import Any

import pytest

from dmp.domain.clinical.facts import NOBODY, Findings, Prescribed, Provenance
from dmp.domain.clinical.merging import merged
from dmp.domain.clinical.supply.posology import abbreviated
from dmp.domain.clinical.synthesis import Treatment
from dmp.domain.clinical.treatments import courses
from tests.builders.clinical import (
    METFORMIN,
    TODAY,
    a_delivery,
    a_knowledge,
    a_prescription,
    a_source,
    days_ago,
)


def one_of(**facts: Any) -> Treatment:
    """The one treatment that these facts make."""
    medicines = a_knowledge().medicines
    found = merged([Findings(**facts)], medicines)
    (course,) = courses(found.prescribed, found.dispensed, medicines, TODAY)
    return course.treatment


def listed(ago: int, **changes: Any) -> Prescribed:
    """Listed in a synthesis of that day."""
    values: dict[str, Any] = {
        "start": days_ago(900),
        "sources": (a_source(1, days_ago(ago), anchor="10160-0"),),
    }
    return a_prescription(METFORMIN, **{**values, **changes})


def stopped(ago: int, **changes: Any) -> Prescribed:
    """Stopped in a stay, as its letter says that was written two days later."""
    values: dict[str, Any] = {
        "start": None,
        "stop": days_ago(ago),
        "sources": (a_source(2, days_ago(ago - 2), anchor="18610-6"),),
    }
    return a_prescription(METFORMIN, **{**values, **changes})


def test_what_a_letter_says_was_stopped_is_not_current() -> None:
    assert one_of(prescribed=(listed(100),)).is_current
    assert not one_of(prescribed=(listed(100), stopped(20))).is_current
    box = a_delivery(METFORMIN, 25)
    assert one_of(dispensed=(box,)).is_current
    assert not one_of(dispensed=(box,), prescribed=(stopped(20),)).is_current


@pytest.mark.parametrize("start", [None, days_ago(2000), days_ago(900)])
def test_it_is_stopped_whenever_it_is_said_to_have_begun(start: Any) -> None:
    assert not one_of(prescribed=(listed(100), stopped(20, start=start))).is_current


def test_what_was_taken_up_again_is_current() -> None:
    assert one_of(prescribed=(stopped(20), listed(5))).is_current
    again = a_delivery(METFORMIN, 10)
    assert one_of(dispensed=(again,), prescribed=(stopped(20),)).is_current
    at_discharge = a_prescription(
        METFORMIN, 18, sources=(a_source(2, days_ago(18), anchor="10183-2"),)
    )
    assert one_of(prescribed=(listed(100), stopped(20), at_discharge)).is_current


def test_what_was_given_in_a_stay_ends_nothing_at_home() -> None:
    given = stopped(3, start=days_ago(6))
    assert one_of(dispensed=(a_delivery(METFORMIN, 10),), prescribed=(given,)).is_current


def test_a_stop_to_come_is_none() -> None:
    planned = stopped(-10, sources=(a_source(2, days_ago(1), anchor="18610-6"),))
    assert one_of(prescribed=(listed(100), planned)).is_current


def of_holder(ago: int, **changes: Any) -> Prescribed:
    """Declared by the holder, who takes it without prescription."""
    values: dict[str, Any] = {
        "start": None,
        "dosage": "1 comprimé si mal de tête",
        "prescriber": NOBODY,
        "sources": (a_source(7, days_ago(ago), anchor="10160-0", provenance=Provenance.DECLARED),),
    }
    return a_prescription(METFORMIN, **{**values, **changes})


def test_a_treatment_that_rests_on_the_holder_is_proved_by_him() -> None:
    old = a_prescription(METFORMIN, 400, start=None, dosage="2 comprimés par jour")
    old = old._replace(sources=(a_source(50, days_ago(400)),))
    found = one_of(prescribed=(old, of_holder(40)))
    assert found.is_current
    assert found.dosage == "1 comprimé si mal de tête"
    assert found.sources[0].provenance is Provenance.DECLARED
    assert len(found.sources) == 2
    assert found.prescriber is None


def test_a_prescription_in_course_keeps_its_proof() -> None:
    found = one_of(prescribed=(a_prescription(METFORMIN, 20, dosage="1 par jour"), of_holder(10)))
    assert found.dosage == "1 par jour"
    assert found.sources[0].provenance is Provenance.STRUCTURED


def test_units_are_shortened_as_prescribers_do() -> None:
    assert abbreviated("2 comprimés le matin, 1 gélule le soir") == "2 cp le matin, 1 gél. le soir"
    assert abbreviated("5 mg au coucher") == "5 mg au coucher"


def test_a_box_of_long_ago_prescribes_nothing_of_what_the_holder_takes() -> None:
    found = one_of(dispensed=(a_delivery(METFORMIN, 400),), prescribed=(of_holder(40),))
    assert found.is_current
    assert found.prescriber is None
    assert found.sources[0].provenance is Provenance.DECLARED


def test_a_prescription_of_years_ago_does_not_prove_what_is_delivered_today() -> None:
    old = a_prescription(METFORMIN, 800, dosage="1 comprimé le soir")
    boxes = tuple(a_delivery(METFORMIN, ago) for ago in (800, 770, 10))
    found = one_of(dispensed=boxes, prescribed=(old,))
    assert found.sources[0].provenance is Provenance.CLAIMS
    assert found.sources[0].on == days_ago(10)
    assert len(found.sources) == 4
    recent = a_prescription(METFORMIN, 100)
    kept = one_of(dispensed=boxes, prescribed=(old, recent))
    assert kept.sources[0].provenance is Provenance.STRUCTURED
