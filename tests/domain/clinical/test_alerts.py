"""Allergies, critical values, what is due, and the order and the keys of alerts."""

from __future__ import annotations

from datetime import date
from types import MappingProxyType
from typing import Any

import pytest

from dmp.domain.clinical.assembling import interactions_of_prescription, synthesis_of
from dmp.domain.clinical.coding import ATC
from dmp.domain.clinical.facts import Findings
from dmp.domain.clinical.knowledge.rules import FollowUpRule
from dmp.domain.clinical.synthesis import Alert, AlertClass, Due, Wording, Words
from dmp.domain.codes import LOINC, Code
from dmp.domain.identity.patient import Sex
from tests.builders.clinical import (
    AMOXICILLIN,
    CO_AMOXICLAV,
    DAPAGLIFLOZIN,
    IBUPROFEN,
    METFORMIN,
    MICONAZOLE,
    PARACETAMOL,
    WARFARIN,
    a_delivery,
    a_follow_up,
    a_knowledge,
    a_material,
    a_prescription,
    a_problem,
    a_result,
    a_rule,
    a_stay,
    a_test,
    a_vaccination,
    an_allergy,
    days_ago,
    of_claims,
)
from tests.builders.clinical_facts import an_alert
from tests.builders.people import some_traits


def of(alert_class: AlertClass, facts: Findings, **known: Any) -> list[Alert]:
    alerts = synthesis_of(a_material(facts), a_knowledge(**known)).alerts
    return [alert for alert in alerts if alert.alert_class is alert_class]


@pytest.mark.parametrize(
    ("label", "code", "medicine", "rule"),
    [
        ("Pénicilline", None, AMOXICILLIN, "allergy-class"),
        ("Allergie aux pénicillines", None, CO_AMOXICLAV, "allergy-class"),
        ("Amoxicilline", Code("J01CA04", ATC), AMOXICILLIN, "allergy-substance"),
        ("Amoxicilline", Code("J01CA04", ATC), CO_AMOXICLAV, "allergy-class"),
        ("Bêta-lactamines", None, AMOXICILLIN, "allergy-class"),
        ("AINS", None, IBUPROFEN, "allergy-class"),
        ("Réaction inconnue", Code("J01C", ATC), AMOXICILLIN, "allergy-class"),
    ],
)
def test_an_allergy_against_a_current_treatment(
    label: str, code: Code | None, medicine: Any, rule: str
) -> None:
    facts = Findings(allergies=(an_allergy(label, code=code),), dispensed=(a_delivery(medicine),))
    (alert,) = of(AlertClass.ALLERGY, facts)
    assert alert.rule_id == rule
    assert [proof.label for proof in alert.proofs] == [f"Allergie : {label}", medicine.name]


@pytest.mark.parametrize(
    ("label", "medicine"),
    [("Pénicilline", WARFARIN), ("Latex", AMOXICILLIN), ("Pollens de graminées", IBUPROFEN)],
)
def test_an_allergy_to_something_else_says_nothing(label: str, medicine: Any) -> None:
    facts = Findings(allergies=(an_allergy(label),), dispensed=(a_delivery(medicine),))
    assert of(AlertClass.ALLERGY, facts) == []


def test_an_allergy_that_is_over_and_a_treatment_that_is_over_say_nothing() -> None:
    over = Findings(allergies=(an_allergy(active=False),), dispensed=(a_delivery(AMOXICILLIN),))
    assert of(AlertClass.ALLERGY, over) == []
    stopped = Findings(allergies=(an_allergy(),), dispensed=(a_delivery(AMOXICILLIN, 100),))
    assert of(AlertClass.ALLERGY, stopped) == []


def test_a_new_prescription_meets_the_allergy() -> None:
    material = a_material(Findings(allergies=(an_allergy(),)))
    (alert,) = interactions_of_prescription([a_prescription(AMOXICILLIN)], material, a_knowledge())
    assert alert.alert_class is AlertClass.ALLERGY


def measured(loinc: str, value: float, unit: str, ago: int = 2, **changes: Any) -> Findings:
    return Findings(results=(a_result(loinc, value, ago, unit=unit, label="Analyte", **changes),))


@pytest.mark.parametrize(
    ("loinc", "value", "unit", "critical"),
    [
        ("2823-3", 6.0, "mmol/L", True),
        ("2823-3", 5.9, "mmol/L", False),
        ("2823-3", 2.5, "mmol/L", True),
        ("2823-3", 6.2, "mEq/L", True),
        ("2823-3", 6.2, "furlong", False),
        ("6301-6", 5.2, "", True),
        ("6301-6", 3.0, "", False),
        ("718-7", 6.5, "g/dL", True),
        ("718-7", 65, "g/L", True),
        ("718-7", 12.5, "g/dL", False),
        ("2345-7", 0.40, "g/L", True),
        ("62238-1", 12, "mL/min/{1.73_m2}", True),
        ("62238-1", 45, "mL/min", False),
        ("777-3", 15, "10*9/L", True),
    ],
)
def test_critical_values(loinc: str, value: float, unit: str, critical: bool) -> None:
    assert bool(of(AlertClass.CRITICAL, measured(loinc, value, unit))) is critical


def test_what_the_laboratory_calls_critical_is_critical() -> None:
    (alert,) = of(AlertClass.CRITICAL, measured("1988-5", 300, "mg/L", interpretation="HH"))
    assert alert.edition == "Signalé critique par le laboratoire"


def test_a_critical_value_that_was_followed_by_a_good_one_is_history() -> None:
    facts = Findings(
        results=(
            a_result("2823-3", 6.4, 20, unit="mmol/L"),
            a_result("2823-3", 4.2, 2, unit="mmol/L"),
        )
    )
    assert of(AlertClass.CRITICAL, facts) == []
    assert of(AlertClass.CRITICAL, measured("2823-3", 6.4, "mmol/L", ago=120)) == []


@pytest.mark.parametrize(
    ("medicine", "gfr", "rules"),
    [
        (METFORMIN, 28, ["gfr-metformin"]),
        (METFORMIN, 31, []),
        (IBUPROFEN, 22, ["gfr-nsaid"]),
        (PARACETAMOL, 22, []),
    ],
)
def test_a_renal_function_that_speaks_against_a_treatment(
    medicine: Any, gfr: float, rules: list[str]
) -> None:
    result = a_result("62238-1", gfr, 30, unit="mL/min", label="DFG")
    found = of(AlertClass.CRITICAL, Findings(results=(result,), dispensed=(a_delivery(medicine),)))
    assert [alert.rule_id for alert in found] == rules
    assert all(len(alert.proofs) == 2 and alert.edition for alert in found)


def dues(rule: FollowUpRule, facts: Findings, **traits: Any) -> tuple[Due, ...]:
    material = a_material(facts, traits=some_traits(**traits))
    return synthesis_of(material, a_knowledge(follow_up=(rule,))).due


DIABETIC = Findings(problems=(a_problem("Diabète de type 2", "E119"),))


@pytest.mark.parametrize(
    "facts",
    [
        DIABETIC,
        Findings(problems=(a_problem("X", "", long_term="8"),)),
        Findings(problems=(a_problem("Diabète gestationnel ancien", ""),)),
        Findings(dispensed=(a_delivery(METFORMIN),)),
    ],
)
def test_the_follow_up_of_diabetes_concerns_diabetics(facts: Findings) -> None:
    (one,) = dues(a_follow_up(), facts)
    assert (one.last, one.late_since) == (None, None)


def test_the_follow_up_of_diabetes_does_not_concern_others() -> None:
    assert dues(a_follow_up(), Findings()) == ()
    insipidus = Findings(problems=(a_problem("Diabète insipide", ""),))
    assert dues(a_follow_up(), insipidus) == ()
    heart = Findings(dispensed=(a_delivery(DAPAGLIFLOZIN),))
    assert dues(a_follow_up(), heart) == ()


def test_what_was_done_in_time_is_not_due() -> None:
    done = Findings(problems=DIABETIC.problems, performed=(a_test(ago=100),))
    assert dues(a_follow_up(), done) == ()


def test_what_was_done_long_ago_is_late_since_its_interval() -> None:
    old = Findings(problems=DIABETIC.problems, results=(a_result(ago=300),))
    (one,) = dues(a_follow_up(), old)
    assert (one.last, one.late_since) == (days_ago(300), date(2025, 11, 6))
    assert one.sources


def test_of_what_was_never_found_nobody_says_since_when() -> None:
    """An age that was reached long ago says nothing of a vaccine that is younger; the same day after day."""
    rule = a_follow_up(condition="", from_months=600, every_months=24)
    material = a_material(Findings(), traits=some_traits(birth_date=date(1935, 1, 25)))
    (alert,) = synthesis_of(material, a_knowledge(follow_up=(rule,))).alerts
    assert alert.sentence == f"{rule.label} : non retrouvé dans le dossier"
    assert (alert.on, alert.side) == (date.min, True)


@pytest.mark.parametrize(
    ("months", "concerned"), [(599, False), (600, True), (899, True), (900, False)]
)
def test_ages_are_counted_in_months(months: int, concerned: bool) -> None:
    rule = a_follow_up(condition="", from_months=600, to_months=900, every_months=24)
    birth = date(2026 - months // 12, 3 - months % 12 + (12 if months % 12 >= 3 else 0), 1)
    if months % 12 >= 3:
        birth = birth.replace(year=birth.year - 1)
    assert bool(dues(rule, Findings(), birth_date=birth)) is concerned


def test_a_rule_for_one_sex_does_not_concern_the_other() -> None:
    rule = a_follow_up(condition="", sex="F")
    assert dues(rule, Findings())
    assert dues(rule, Findings(), sex=Sex.MALE) == ()


def test_doses_are_counted_by_their_days() -> None:
    rule = a_follow_up(
        condition="", every_months=None, done_by=("atc:J07BB",), rank=2, from_months=0
    )
    first = Findings(vaccinations=(a_vaccination(30),))
    assert len(dues(rule, first)) == 1
    both = Findings(vaccinations=(a_vaccination(400), a_vaccination(30)))
    assert dues(rule, both) == ()


def test_of_several_missing_doses_the_next_is_due() -> None:
    doses = tuple(
        a_follow_up(f"V{rank}", condition="", every_months=None, done_by=("atc:J07BB",), rank=rank)
        for rank in (3, 1, 2)
    )
    material = a_material(Findings(vaccinations=(a_vaccination(30),)))
    found = synthesis_of(material, a_knowledge(follow_up=doses)).due
    assert [one.rule_id for one in found] == ["V2"]


def test_what_was_never_done_stands_in_the_side_list() -> None:
    never = of(AlertClass.DUE, DIABETIC, follow_up=(a_follow_up(),))
    assert [(alert.side, alert.proofs) for alert in never] == [(True, ())]


def test_a_vaccine_delivered_counts_as_done() -> None:
    rule = a_follow_up(condition="", every_months=12, done_by=("atc:J07BB",))
    delivered = a_vaccination(30, delivered_only=True, sources=(of_claims(days_ago(30)),))
    assert dues(rule, Findings(vaccinations=(delivered,))) == ()


def test_what_is_due_at_a_season_is_due_in_season_only() -> None:
    autumn = a_follow_up(condition="", every_months=12, season_from=12, done_by=("atc:J07BB",))
    (one,) = dues(autumn, Findings())
    assert one.late_since == date(2025, 12, 1)
    assert dues(autumn, Findings(vaccinations=(a_vaccination(60),))) == ()
    assert len(dues(autumn, Findings(vaccinations=(a_vaccination(200),)))) == 1
    assert dues(a_follow_up(condition="", every_months=12, season_from=6), Findings()) == ()


def test_pregnancy_has_its_own_schedule_until_it_is_over() -> None:
    rule = a_follow_up(condition="pregnancy", every_months=1, done_by=("nabm:1432",))
    pregnant = a_problem("Grossesse", "Z34", since=days_ago(100))
    assert dues(rule, Findings(problems=(pregnant,)))
    born = a_stay(10, 6, codes=(Code("O80", "2.16.840.1.113883.6.3"),))
    assert dues(rule, Findings(problems=(pregnant,), stays=(born,))) == ()
    long_ago = a_problem("Grossesse", "Z34", since=days_ago(400))
    assert dues(rule, Findings(problems=(long_ago,))) == ()


def test_an_act_of_one_age_is_done_once_at_that_age() -> None:
    rule = a_follow_up(
        condition="", every_months=None, from_months=600, to_months=700, done_by=("ccam:QEQK004",)
    )
    assert len(dues(rule, Findings())) == 1


def everything() -> tuple[Findings, dict[str, Any]]:
    facts = Findings(
        allergies=(an_allergy(),),
        problems=DIABETIC.problems,
        dispensed=(a_delivery(AMOXICILLIN), a_delivery(WARFARIN), a_delivery(IBUPROFEN),
                   a_delivery(MICONAZOLE), a_delivery(PARACETAMOL)),
        results=(
            a_result("2823-3", 6.4, 2, unit="mmol/L", label="Potassium"),
            a_result(value=6.1, ago=300),
        ),
        performed=(a_test("1208", 3), a_test("1208", 20)),
    )  # fmt: skip
    known = {"redundancy": (a_rule(codes=("1208",)),), "follow_up": (a_follow_up(),)}
    return facts, known


def test_alerts_are_in_the_order_of_their_gravity_and_the_side_list_is_last() -> None:
    facts, known = everything()
    alerts = synthesis_of(a_material(facts), a_knowledge(**known)).alerts
    assert [alert.alert_class for alert in alerts] == [
        AlertClass.CONTRAINDICATION,
        AlertClass.ALLERGY,
        AlertClass.CRITICAL,
        AlertClass.INTERACTION,
        AlertClass.DUPLICATE,
        AlertClass.DUE,
        AlertClass.INTERACTION,
    ]
    assert [alert.side for alert in alerts] == [False] * 6 + [True]
    assert all(alert.edition and alert.sentence and alert.rule_id for alert in alerts)


def test_keys_are_the_same_over_readings_and_each_is_there_once() -> None:
    facts, known = everything()
    first = synthesis_of(a_material(facts), a_knowledge(**known)).alerts
    again = synthesis_of(a_material(facts), a_knowledge(**known)).alerts
    assert [alert.key for alert in first] == [alert.key for alert in again]
    assert len({alert.key for alert in first}) == len(first)


def test_every_rule_is_counted_whether_it_speaks_or_not() -> None:
    without = synthesis_of(a_material(), a_knowledge()).evaluated_rules
    known = {"redundancy": (a_rule(),), "follow_up": (a_follow_up(),)}
    assert synthesis_of(a_material(), a_knowledge(**known)).evaluated_rules == without + 2


def test_what_is_hidden_takes_its_alert_with_it() -> None:
    drug, allergy = (
        Findings(dispensed=(a_delivery(AMOXICILLIN),)),
        Findings(allergies=(an_allergy(),)),
    )
    assert synthesis_of(a_material(drug, allergy), a_knowledge()).alerts
    assert synthesis_of(a_material(drug), a_knowledge()).alerts == ()
    assert synthesis_of(a_material(allergy), a_knowledge()).alerts == ()


def test_a_label_of_loinc_is_not_needed_to_know_an_analyte() -> None:
    uncoded = a_result(value=6.4, unit="mmol/L", label="Kaliémie", code=None)
    assert of(AlertClass.CRITICAL, Findings(results=(uncoded,)))
    other = a_result(value=6.4, unit="mmol/L", label="Kaliémie", code=Code("2828-2", LOINC))
    assert of(AlertClass.CRITICAL, Findings(results=(other,))) == []


def test_nothing_known_says_nothing() -> None:
    facts, _ = everything()
    empty = a_knowledge(
        thesaurus=a_knowledge().thesaurus.__class__(), editions=MappingProxyType({})
    )
    classes = {alert.alert_class for alert in synthesis_of(a_material(facts), empty).alerts}
    assert classes == {AlertClass.ALLERGY, AlertClass.CRITICAL}


def test_an_alert_is_put_into_words_once_and_only_when_it_is_read() -> None:
    written: list[str] = []

    def write() -> Wording:
        written.append("written")
        return Wording(sentence="Warfarine + ibuprofène", edition="ANSM")

    alert = an_alert(key="interaction:a|b")._replace(words=Words(write))
    assert (alert.key, alert.side, written) == ("interaction:a|b", False, [])
    assert (alert.sentence, alert.edition, alert.proofs) == ("Warfarine + ibuprofène", "ANSM", ())
    assert written == ["written"]


def test_two_alerts_are_equal_when_they_say_the_same_written_or_not() -> None:
    one, same, other = an_alert(), an_alert(), an_alert(sentence="Autre chose")
    assert one.sentence
    assert one == same
    assert hash(one) == hash(same)
    assert repr(one) == repr(same)
    assert one != other
