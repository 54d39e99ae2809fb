"""Episodes of treatment: how long a delivery lasts, gaps, what is current, who prescribed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dmp.domain.clinical.coding import ATC, CNAM_UCD
from dmp.domain.clinical.facts import NOBODY, Dispensed, Prescribed
from dmp.domain.clinical.knowledge.medicines import NoMedicines
from dmp.domain.clinical.supply.critical_classes import critical_class
from dmp.domain.clinical.supply.posology import units_a_day
from dmp.domain.clinical.synthesis import Treatment
from dmp.domain.clinical.treatments import courses
from dmp.domain.codes import Code
from tests.builders.clinical import (
    ALL,
    AMOXICILLIN,
    DOCTOR,
    IBUPROFEN,
    KETOPROFEN,
    KETOPROFEN_GEL,
    METFORMIN,
    OTHER_DOCTOR,
    TODAY,
    WARFARIN,
    a_delivery,
    a_knowledge,
    a_medicine,
    a_prescription,
    a_source,
    days_ago,
)


def treatments(
    prescribed: Sequence[Prescribed] = (), dispensed: Sequence[Dispensed] = ()
) -> list[Treatment]:
    medicines = a_knowledge().medicines
    return [course.treatment for course in courses(prescribed, dispensed, medicines, TODAY)]


@pytest.mark.parametrize(
    ("dosage", "units"),
    [
        ("1 comprimé matin et soir", 2),
        ("1 comprimé par jour", 1),
        ("2 gélules 3 fois par jour", 6),
        ("un comprimé le matin", 1),
        ("1/2 comprimé par jour", 0.5),
        ("un demi comprimé le soir", 0.5),
        ("1,5 comprimé par jour", 1.5),
        ("1 comprimé et demi par jour", 1.5),
        ("1 comprimé matin, midi et soir", 3),
        ("1 sachet toutes les 8 heures", 3),
        ("1-0-1", 2),
        ("1 - 0 - 0,5", 1.5),
        ("1 comprimé par semaine", 1 / 7),
        ("1 comprimé un jour sur deux", 0.5),
        ("1 comprimé/j", 1),
        ("1 comprimé, au petit-déjeuner et au dîner, pendant 30 jours, voie orale", 2),
        ("1 gélule, 2 fois par jour, pendant 7 jours", 2),
        ("2 bouffées 2 fois par jour", 4),
        ("1 cp 2x/j", 2),
        ("1 gélule x 3 par jour", 3),
        ("1 cp x 3/j", None),
        ("1 cp 1 jour sur 2", 0.5),
        ("2 comprimés par jour en deux prises", 2),
        ("2 cp le matin, 1 le soir", None),
        ("1 à 2 comprimés par jour", None),
        ("1 sachet 1 à 3 fois par jour", None),
        ("1 comprimé toutes les 6 à 8 heures", None),
        ("un comprimé au coucher si insomnie", None),
        ("1 comprimé par jour du lundi au vendredi", None),
        ("1 comprimé par jour pendant 3 semaines, arrêt 1 semaine", None),
        ("1 comprimé tous les 0 jours", None),
        ("1 comprimé toutes les 0 heures", None),
        (f"1 comprimé toutes les {'9' * 5000} heures", None),
        (f"{'9' * 400} comprimés par jour", None),
        ("10 gouttes le soir", None),
        ("500 mg par jour", None),
        ("1 comprimé si besoin", None),
        ("1 comprimé matin puis 2 comprimés le soir", None),
        ("2 comprimés le matin et 1 comprimé le soir", None),
        ("selon INR", None),
        ("1 comprimé", None),
        ("400 comprimés par jour", None),
        ("", None),
    ],
)
def test_a_posology_is_read_where_it_is_certain(dosage: str, units: float | None) -> None:
    read = units_a_day(dosage)
    assert read is None if units is None else read == pytest.approx(units)


def test_a_delivery_lasts_its_units_by_its_dose() -> None:
    (one,) = treatments(
        [a_prescription(WARFARIN, 10, dosage="1 comprimé matin et soir")],
        [a_delivery(WARFARIN, 10, boxes=2)],
    )
    assert (one.supplies[0].days, one.supplies[0].assumed) == (30, False)
    assert one.end == days_ago(10) + timedelta(days=29)


def test_a_delivery_lasts_thirty_days_where_the_posology_is_unknown() -> None:
    (one,) = treatments(dispensed=[a_delivery(WARFARIN, 10, boxes=3)])
    assert (one.supplies[0].days, one.supplies[0].assumed) == (30, True)


def test_the_dose_is_that_of_the_prescription_delivered() -> None:
    orders = [
        a_prescription(WARFARIN, 60, dosage="1 comprimé par jour"),
        a_prescription(WARFARIN, 10, dosage="2 comprimés par jour"),
    ]
    first = a_delivery(WARFARIN, 55, prescribed_on=days_ago(60))
    late = a_delivery(WARFARIN, 8, prescribed_on=days_ago(60))
    (one,) = treatments(orders, [first, late])
    assert [supply.days for supply in one.supplies] == [30, 30]


def test_known_supplies_that_overlap_are_used_one_after_the_other() -> None:
    (one,) = treatments(
        [a_prescription(WARFARIN, 40, dosage="1 comprimé par jour")],
        [a_delivery(WARFARIN, 40), a_delivery(WARFARIN, 20)],
    )
    assert one.end == days_ago(40) + timedelta(days=59)


@pytest.mark.parametrize(("second", "gaps"), [(93, 0), (92, 1)])
def test_more_than_seven_days_without_supply_are_a_gap(second: int, gaps: int) -> None:
    (one,) = treatments(dispensed=[a_delivery(WARFARIN, 130), a_delivery(WARFARIN, second)])
    assert len(one.gaps) == gaps


def test_a_gap_has_its_first_and_last_day() -> None:
    (one,) = treatments(dispensed=[a_delivery(WARFARIN, 90), a_delivery(WARFARIN, 20)])
    assert [(gap.start, gap.end) for gap in one.gaps] == [(days_ago(60), days_ago(21))]


@pytest.mark.parametrize(("ago", "current"), [(0, True), (36, True), (37, False)])
def test_a_treatment_is_current_for_a_week_after_its_supply(ago: int, current: bool) -> None:
    (one,) = treatments(dispensed=[a_delivery(WARFARIN, ago)])
    assert one.is_current is current


def test_a_prescription_without_delivery_is_shown_without_supply() -> None:
    (one,) = treatments([a_prescription(METFORMIN, 10)])
    assert one.supplies == ()
    assert one.is_current


def test_a_prescription_that_ended_is_not_current() -> None:
    (one,) = treatments([a_prescription(AMOXICILLIN, 30, stop=days_ago(23))])
    assert not one.is_current


def test_what_a_synthesis_lists_goes_on_for_a_year() -> None:
    listed = a_prescription(
        METFORMIN, 300, start=None, sources=(a_source(1, days_ago(300), anchor="10160-0"),)
    )
    assert treatments([listed])[0].is_current
    ordered = a_prescription(METFORMIN, 300, start=None, sources=(a_source(1, days_ago(300)),))
    assert not treatments([ordered])[0].is_current


def test_a_delivery_that_ran_out_wins_over_its_prescription() -> None:
    (one,) = treatments([a_prescription(WARFARIN, 80)], [a_delivery(WARFARIN, 80)])
    assert not one.is_current


def test_two_products_of_a_substance_are_one_treatment_and_local_use_another() -> None:
    generic = a_delivery(IBUPROFEN, 5)
    found = treatments(dispensed=[generic, a_delivery(KETOPROFEN), a_delivery(KETOPROFEN_GEL)])
    assert sorted(one.key for one in found) == ["ibuprofene", "ketoprofene", "ketoprofene (local)"]


def test_an_unknown_medicine_is_shown_by_its_label() -> None:
    (one,) = treatments(
        [a_prescription(WARFARIN, 3, codes=(), label="Tisane du jardin")],
    )
    assert (one.label, one.key, one.atc) == ("Tisane du jardin", "tisane du jardin", "")


def test_an_unknown_medicine_with_an_atc_code_has_its_critical_class() -> None:
    (one,) = treatments([a_prescription(WARFARIN, 3, codes=(Code("A10AE04", ATC),), label="X")])
    assert (one.key, one.critical) == ("A10AE04", "insuline")


def test_who_prescribed_is_the_last_prescriber() -> None:
    (one,) = treatments(
        dispensed=[
            a_delivery(WARFARIN, 40, prescriber=DOCTOR),
            a_delivery(WARFARIN, 5, prescriber=OTHER_DOCTOR),
        ]
    )
    assert one.prescriber == OTHER_DOCTOR
    (nobody,) = treatments(dispensed=[a_delivery(prescriber=NOBODY)])
    assert nobody.prescriber is None


def test_current_critical_treatments_come_first_then_the_most_recent() -> None:
    found = treatments(
        dispensed=[a_delivery(METFORMIN, 1), a_delivery(IBUPROFEN, 3), a_delivery(WARFARIN, 20),
                   a_delivery(AMOXICILLIN, 200)]
    )  # fmt: skip
    assert [one.key for one in found] == ["warfarine", "metformine", "ibuprofene", "amoxicilline"]


@pytest.mark.parametrize(
    ("atc", "substances", "word"),
    [
        ("B01AA03", (), "anticoagulant"),
        ("B01AF02", (), "anticoagulant"),
        ("B01AB05", (), "anticoagulant"),
        ("B01AC06", (), "antiagrégant plaquettaire"),
        ("A10AB01", (), "insuline"),
        ("N03AG01", (), "antiépileptique"),
        ("H02AB06", (), "corticoïde"),
        ("L04AD01", (), "immunosuppresseur"),
        ("C01AA05", (), "digitalique"),
        ("L04AX03", ("methotrexate",), "méthotrexate"),
        ("N05AN01", ("lithium",), "lithium"),
        ("C10AA05", ("atorvastatine",), ""),
    ],
)
def test_critical_classes(atc: str, substances: tuple[str, ...], word: str) -> None:
    assert critical_class(atc, substances) == word


WORDS = (
    "0 1 2 1,5 ½ 1/2 un deux demi cp comprimé gélule x 2x fois prises par jour j/ semaine tous les en "
    "toutes matin soir si à sur heures jours - ( ) ٣ ² 1e9 inf nan"
)


@given(st.lists(st.sampled_from(WORDS.split()), max_size=12))
def test_no_posology_breaks_the_page(words: list[str]) -> None:
    read = units_a_day(" ".join(words))
    assert read is None or 0 < read <= 40


@pytest.mark.parametrize("boxes", [float("inf"), float("nan"), 1e308, 0.0, 1e-300], ids=str)
def test_a_number_of_boxes_that_is_none_counts_as_thirty_days(boxes: float) -> None:
    (shown,) = treatments([a_prescription(dosage="1 comprimé par jour")], [a_delivery(boxes=boxes)])
    assert [(supply.days, supply.assumed) for supply in shown.supplies] == [(30, True)]


@pytest.mark.parametrize("day", [date.max, date(9999, 12, 1)], ids=str)
def test_a_day_that_is_none_leaves_the_others_as_they_are(day: date) -> None:
    found = treatments(
        [
            a_prescription(METFORMIN, start=day),
            a_prescription(KETOPROFEN, start=None, sources=(a_source(1, day),)),
        ],
        [a_delivery(on=day), a_delivery(IBUPROFEN)],
    )
    assert [one.name for one in found if one.is_current] == [IBUPROFEN.name]


def test_hospital_units_are_no_boxes_and_join_the_treatment() -> None:
    """Thirty units of a hospital pharmacy are not thirty boxes: how long they last is assumed."""
    unit = a_medicine(
        "warfarine", key="ucd:9000001", atc="B01AA03", units=None, name="WARFARINE 5 MG CPR"
    )
    known = NoMedicines({**{m.key: m for m in ALL}, unit.key: unit})
    given_out = a_delivery(WARFARIN, codes=(Code(unit.key, CNAM_UCD),), label=unit.name, boxes=30)
    (course,) = courses(
        [a_prescription(ago=70, dosage="1 comprimé par jour")],
        [given_out, a_delivery(ago=60)],
        known,
        TODAY,
    )
    assert [(s.days, s.assumed) for s in course.treatment.supplies] == [(30, False), (30, True)]
