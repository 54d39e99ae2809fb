"""Acts repeated too early and medicines taken twice: said with the earlier act, silent where the table is."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

import pytest

from dmp.domain.clinical.assembling import synthesis_of
from dmp.domain.clinical.coding import CIM10, CNAM_CCAM
from dmp.domain.clinical.facts import Findings
from dmp.domain.clinical.knowledge.rules import Comparison, RedundancyRule, Weight
from dmp.domain.clinical.synthesis import Alert, AlertClass
from dmp.domain.codes import Code
from tests.builders.clinical import (
    AMOXICILLIN,
    ATORVASTATIN,
    ATORVASTATIN_40,
    CODEINE_PARACETAMOL,
    IBUPROFEN,
    KETOPROFEN,
    KETOPROFEN_GEL,
    METFORMIN,
    OTHER_DOCTOR,
    PARACETAMOL,
    SIMVASTATIN,
    a_delivery,
    a_knowledge,
    a_material,
    a_problem,
    a_result,
    a_rule,
    a_stay,
    a_test,
    an_exam,
    days_ago,
)

LOINC_OF = MappingProxyType({"1577": frozenset({"4548-4"}), "1208": frozenset({"3016-3"})})


def said(facts: Findings, *rules: RedundancyRule, **known: Any) -> list[Alert]:
    knowledge = a_knowledge(redundancy=rules, loinc_of=LOINC_OF, **known)
    alerts = synthesis_of(a_material(facts), knowledge).alerts
    return [alert for alert in alerts if alert.alert_class is AlertClass.DUPLICATE]


def done(*ago: int, code: str = "1577") -> Findings:
    return Findings(performed=tuple(a_test(code, days) for days in ago))


def test_a_test_repeated_too_early_shows_the_earlier_one() -> None:
    facts = Findings(performed=(a_test(ago=3),), results=(a_result(ago=30, value=7.2),))
    (alert,) = said(facts, a_rule())
    assert "déjà le 31/01/2026 par Laboratoire du Quai (HbA1c 7,2 %)" in alert.sentence
    assert [proof.on for proof in alert.proofs] == [days_ago(30), days_ago(3)]
    assert alert.proofs[0].sources[0].author == "Laboratoire du Quai"
    assert (alert.rule_id, alert.on, alert.side) == ("L01", days_ago(3), False)
    assert "Source de la règle" in alert.edition


@pytest.mark.parametrize(("earlier", "alerts"), [(62, 1), (63, 0)])
def test_the_interval_is_that_of_the_rule(earlier: int, alerts: int) -> None:
    assert len(said(done(3, earlier), a_rule())) == alerts


def test_a_claim_and_its_result_are_one_test() -> None:
    facts = Findings(
        performed=(a_test(ago=4),), results=(a_result(ago=3), a_result(ago=3, value=7.3))
    )
    assert said(facts, a_rule()) == []


def test_three_tests_are_two_repeats() -> None:
    assert len(said(done(3, 20, 40), a_rule())) == 2


def test_what_was_repeated_long_ago_is_no_longer_said() -> None:
    assert said(done(300, 320), a_rule()) == []


def test_codes_joined_by_a_slash_are_one_test_and_others_are_not() -> None:
    facts = Findings(performed=(a_test("1208", 3), a_test("1211", 10)))
    assert len(said(facts, a_rule(codes=("1208/1211",), min_days=28.0))) == 1
    assert said(facts, a_rule(codes=("1208", "1211"), min_days=28.0)) == []


def test_an_information_stands_in_the_side_list_and_a_warning_comes_before_it() -> None:
    information = a_rule("L01b", min_days=90.0, weight=Weight.INFO)
    (alert,) = said(done(3, 80), a_rule(), information)
    assert (alert.rule_id, alert.side) == ("L01b", True)
    (warned,) = said(done(3, 30), information, a_rule())
    assert warned.rule_id == "L01"


def test_a_rule_without_interval_speaks_at_any_distance_and_of_a_single_one() -> None:
    rule = a_rule(min_days=None, label="HbA1c sans raison")
    (twice,) = said(done(3, 900), rule)
    assert (
        twice.sentence
        == f"HbA1c sans raison : déjà le {days_ago(900):%d/%m/%Y} par Laboratoire du Quai"
    )
    assert len(twice.proofs) == 2
    (once,) = said(done(3), rule)
    assert [proof.on for proof in once.proofs] == [days_ago(3)]
    assert said(done(200, 900), rule) == []  # the last one is history


def test_a_rule_that_leaves_the_first_says_nothing_of_two_in_one_context() -> None:
    rule = a_rule(min_days=None, silent_in=("first",))
    assert said(done(3), rule) == said(done(3, 33), rule) == []
    (again,) = said(done(3, 34), rule)
    assert again.proofs[0].on == days_ago(34)


def test_an_act_more_often_than_an_order_may_hold() -> None:
    facts = Findings(performed=(a_test(ago=3), a_test(ago=3, prescriber=OTHER_DOCTOR)))
    rule = a_rule("L19", codes=("*",), min_days=0.0)
    assert len(said(facts, rule, most_per_order=MappingProxyType({"1577": 1}))) == 1
    assert said(facts, rule, most_per_order=MappingProxyType({"1577": 2})) == []
    twice = Findings(performed=(a_test(ago=3, quantity=2),))
    assert len(said(twice, rule, most_per_order=MappingProxyType({"1577": 1}))) == 1


def test_two_acts_that_do_not_go_on_one_order() -> None:
    rule = a_rule("L20", codes=("580+996",), min_days=0.0, weight=Weight.INFO)
    assert len(said(Findings(performed=(a_test("580", 3), a_test("996", 3))), rule)) == 1
    assert said(Findings(performed=(a_test("580", 3), a_test("996", 4))), rule) == []


def situation(word: str) -> Findings:
    return {
        "ald8": Findings(problems=(a_problem("Diabète", "E119", long_term="8"),)),
        "ald30": Findings(problems=(a_problem("Tumeur", "C509", long_term="30"),)),
        "stay": Findings(stays=(a_stay(5, 1),)),
        "pregnancy": Findings(problems=(a_problem("Grossesse", "Z34", since=days_ago(60)),)),
        "surgery": Findings(stays=(a_stay(20, 10),)),
        "atc:A10": Findings(dispensed=(a_delivery(METFORMIN, 20),)),
        "cim10:M31": Findings(problems=(a_problem("Artérite", "M316"),)),
        "therapy-change": Findings(dispensed=(a_delivery(METFORMIN, 20),)),
    }[word]


SITUATIONS = (
    "ald8",
    "ald30",
    "stay",
    "pregnancy",
    "surgery",
    "atc:A10",
    "cim10:M31",
    "therapy-change",
)


@pytest.mark.parametrize("word", SITUATIONS)
def test_a_rule_is_silent_in_the_situations_it_names_and_in_no_other(word: str) -> None:
    knowledge = a_knowledge(redundancy=(a_rule(silent_in=(word,)),))
    material = a_material(done(3, 30), situation(word))
    assert synthesis_of(material, knowledge).alerts == ()
    others = tuple(other for other in SITUATIONS if other != word)
    if word not in ("atc:A10", "therapy-change", "stay", "surgery"):
        loud = a_knowledge(redundancy=(a_rule(silent_in=others),))
        assert len(synthesis_of(material, loud).alerts) == 1


def test_a_word_that_nobody_knows_silences_nothing() -> None:
    assert len(said(done(3, 30), a_rule(silent_in=("on-tuesdays", "ald")))) == 1


def test_a_change_of_another_therapy_does_not_explain_the_test() -> None:
    facts = Findings(performed=done(3, 30).performed, dispensed=(a_delivery(AMOXICILLIN, 20),))
    assert len(said(facts, a_rule(silent_in=("therapy-change",)))) == 1


def imaging_rule(**changes: Any) -> RedundancyRule:
    values: dict[str, Any] = {
        "comparison": Comparison.IMAGING, "codes": ("region",), "label": "Même région", "min_days": 30.0,
    }  # fmt: skip
    return a_rule("I02", **{**values, **changes})


def test_the_same_region_again_shows_the_earlier_conclusion() -> None:
    (alert,) = said(Findings(imaging=(an_exam(25), an_exam(3, conclusion=""))), imaging_rule())
    assert "(Pas de lésion.)" in alert.sentence


def test_another_region_or_another_modality_is_no_repeat() -> None:
    other = an_exam(25, region="abdomen")
    assert said(Findings(imaging=(other, an_exam(3))), imaging_rule()) == []
    ultrasound = an_exam(25, modality="US")
    assert said(Findings(imaging=(ultrasound, an_exam(3))), imaging_rule()) == []


def test_an_ionising_exam_has_its_longer_interval_and_one_alert() -> None:
    ionising = imaging_rule(codes=("region", "CT", "NM"), min_days=90.0)
    (alert,) = said(Findings(imaging=(an_exam(60), an_exam(3))), imaging_rule(), ionising)
    assert alert.rule_id == "I02"
    assert len(said(Findings(imaging=(an_exam(20), an_exam(3))), imaging_rule(), ionising)) == 1
    magnetic = (an_exam(60, modality="MR"), an_exam(3, modality="MR"))
    assert said(Findings(imaging=magnetic), ionising) == []


def test_the_same_act_again() -> None:
    rule = imaging_rule(codes=("PAQK007",), min_days=1095.0)
    bone = Code("PAQK007", CNAM_CCAM)
    facts = Findings(
        imaging=(an_exam(400, code=bone, modality="BMD"), an_exam(3, code=bone, modality="BMD"))
    )
    assert len(said(facts, rule)) == 1


def test_imaging_is_silent_in_its_situations() -> None:
    trauma = a_problem("Fracture", "S720")
    facts = Findings(imaging=(an_exam(25), an_exam(3)), problems=(trauma,))
    assert trauma.code == Code("S720", CIM10)
    assert said(facts, imaging_rule(silent_in=("cim10:S",))) == []


def medicine_rule(rule_id: str, *codes: str, **changes: Any) -> RedundancyRule:
    values: dict[str, Any] = {
        "comparison": Comparison.MEDICINE, "codes": codes, "label": "Doublon", "min_days": 7.0,
    }  # fmt: skip
    return a_rule(rule_id, **{**values, **changes})


D01 = medicine_rule("D01", "ATC level 5")
D02 = medicine_rule("D02", "ATC level 4")
D03 = medicine_rule("D03", "M01A", "N05B+N05C", "C10A", weight=Weight.INFO)
D04 = medicine_rule("D04", "combination")


def test_the_same_substance_of_two_prescribers() -> None:
    facts = Findings(
        dispensed=(a_delivery(METFORMIN, 20), a_delivery(METFORMIN, 5, prescriber=OTHER_DOCTOR))
    )
    (alert,) = said(facts, D01)
    assert "déjà le 10/02/2026 par Dr Anne VASSEUR" in alert.sentence


def test_a_renewal_is_no_repeat() -> None:
    assert (
        said(Findings(dispensed=(a_delivery(METFORMIN, 20), a_delivery(METFORMIN, 5))), D01) == []
    )
    late = (a_delivery(METFORMIN, 32), a_delivery(METFORMIN, 5, prescriber=OTHER_DOCTOR))
    assert said(Findings(dispensed=late), D01) == []


def test_two_strengths_of_one_prescription_are_no_repeat() -> None:
    one_day = (a_delivery(ATORVASTATIN, 5), a_delivery(ATORVASTATIN_40, 5))
    assert said(Findings(dispensed=one_day), D01) == []
    another = (a_delivery(ATORVASTATIN, 15), a_delivery(ATORVASTATIN_40, 5))
    assert len(said(Findings(dispensed=another), D01)) == 1


def test_two_members_of_a_class() -> None:
    facts = Findings(dispensed=(a_delivery(SIMVASTATIN, 10), a_delivery(ATORVASTATIN, 5)))
    (alert,) = said(facts, D02, D03)
    assert alert.rule_id == "D02"
    treatments = synthesis_of(a_material(facts), a_knowledge(redundancy=(D02,))).treatments
    assert {one.key: one.duplicates for one in treatments} == {
        "simvastatine": ("atorvastatine",),
        "atorvastatine": ("simvastatine",),
    }


def test_a_local_medicine_doubles_nothing() -> None:
    facts = Findings(dispensed=(a_delivery(KETOPROFEN_GEL, 10), a_delivery(IBUPROFEN, 5)))
    assert said(facts, D02, D03) == []


def test_a_substance_of_a_combination_also_taken_alone() -> None:
    facts = Findings(dispensed=(a_delivery(CODEINE_PARACETAMOL, 10), a_delivery(PARACETAMOL, 5)))
    (alert,) = said(facts, D01, D02, D03, D04)
    assert alert.rule_id == "D04"


def test_a_doubled_class_steps_aside_where_an_interaction_interrupts() -> None:
    facts = Findings(dispensed=(a_delivery(IBUPROFEN, 10), a_delivery(KETOPROFEN, 5)))
    (alert,) = said(facts, D02)
    assert alert.side


def test_classes_given_together_on_purpose_are_let_pass() -> None:
    facts = Findings(dispensed=(a_delivery(SIMVASTATIN, 10), a_delivery(ATORVASTATIN, 5)))
    let_pass = medicine_rule("D02", "ATC level 4", silent_in=("atc:C10AA",))
    assert said(facts, let_pass) == []


def test_nothing_is_repeated_without_rules() -> None:
    assert said(done(3, 4)) == []
