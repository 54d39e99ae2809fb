"""Every shipped rule of redundancy: it speaks where it should, and is silent in each situation it names."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from dmp.bootstrap.knowledge import shipped_knowledge
from dmp.domain.clinical.assembling import synthesis_of
from dmp.domain.clinical.coding import CNAM_CCAM
from dmp.domain.clinical.facts import (
    Agent,
    Dispensed,
    Findings,
    Imaging,
    Performed,
    Result,
)
from dmp.domain.clinical.knowledge.knowledge import Knowledge
from dmp.domain.clinical.knowledge.medicines import NoMedicines
from dmp.domain.clinical.knowledge.rules import Comparison, RedundancyRule
from dmp.domain.clinical.synthesis import Alert, AlertClass
from dmp.domain.codes import Code
from tests.builders.clinical import (
    ATORVASTATIN,
    CODEINE_PARACETAMOL,
    DOCTOR,
    IBUPROFEN,
    KETOPROFEN,
    METFORMIN,
    OTHER_DOCTOR,
    PARACETAMOL,
    SIMVASTATIN,
    a_delivery,
    a_knowledge,
    a_material,
    a_medicine,
    a_problem,
    a_result,
    a_source,
    a_stay,
    a_test,
    an_exam,
    days_ago,
)
from tests.builders.people import some_traits

RULES = {rule.rule_id: rule for rule in shipped_knowledge().redundancy}
DIABETES = a_problem("Diabète de type 2", "E119")
REGION = {"CT": "thorax", "US": "abdomen", "MG": "sein", "BMD": "rachis"}


def alerts_of(rule: RedundancyRule, *facts: Findings) -> list[Alert]:
    if rule.comparison is Comparison.MEDICINE:
        knowledge = a_knowledge(redundancy=(rule,))
    else:
        knowledge = replace(shipped_knowledge(), redundancy=(rule,))
    alerts = synthesis_of(a_material(*facts), knowledge).alerts
    return [alert for alert in alerts if alert.alert_class is AlertClass.DUPLICATE]


def repeated(rule: RedundancyRule) -> Findings:
    """What the rule is about."""
    about_diabetics = (DIABETES,) if "no-diabetes" in rule.silent_in else ()
    if rule.comparison is Comparison.LABORATORY:
        return Findings(performed=analyses_of(rule), problems=about_diabetics)
    if rule.comparison is Comparison.IMAGING:
        return Findings(imaging=exams_of(rule))
    return Findings(dispensed=medicines_of(rule))


def analyses_of(rule: RedundancyRule) -> tuple[Performed, ...]:
    first = rule.codes[0]
    if first == "*":
        return a_test("1104", 3), a_test("1104", 3, prescriber=OTHER_DOCTOR)
    if "+" in first:
        return tuple(a_test(code, 3) for code in first.split("+"))
    if rule.min_days is None:
        return a_test(first, 3), a_test(first, 900)
    if rule.min_days == 0:
        return a_test(rule.codes[0], 3), a_test(rule.codes[-1], 3)
    code, days = first.split("/")[0], int(rule.min_days or 0)
    if days <= 1:
        return a_test(code, 3, prescriber=DOCTOR), a_test(code, 3, prescriber=OTHER_DOCTOR)
    return a_test(code, 3), a_test(code, 3 + max(1, days * 4 // 5))


def exams_of(rule: RedundancyRule) -> tuple[Imaging, ...]:
    apart = int(rule.min_days or 0) * 4 // 5
    modality = next((m for m in ("MG", "CT") if m in rule.codes), "CT")
    code = Code("PAQK007", CNAM_CCAM) if "PAQK007" in rule.codes else None
    what = {"modality": "BMD" if code else modality, "code": code, "region": REGION[modality]}
    return an_exam(3 + apart, **what), an_exam(3, **what)


def medicines_of(rule: RedundancyRule, ago: int = 10) -> tuple[Dispensed, ...]:
    one, other = {
        "D01": (METFORMIN, METFORMIN),
        "D02": (SIMVASTATIN, ATORVASTATIN),
        "D03": (IBUPROFEN, KETOPROFEN),
        "D04": (CODEINE_PARACETAMOL, PARACETAMOL),
    }[rule.rule_id]
    return a_delivery(one, ago), a_delivery(other, 4, prescriber=OTHER_DOCTOR)


SITUATIONS = {
    "ald8": Findings(problems=(a_problem("Diabète", "E119", long_term="8"),)),
    "ald30": Findings(problems=(a_problem("Tumeur", "C509", long_term="30"),)),
    "stay": Findings(stays=(a_stay(5, 1),)),
    "surgery": Findings(stays=(a_stay(20, 10),)),
    "pregnancy": Findings(problems=(a_problem("Grossesse", "Z34", since=days_ago(60)),)),
    "ald28": Findings(problems=(a_problem("Suites de transplantation", "", long_term="28"),)),
    "stay-ahead": Findings(stays=(a_stay(-20, -24),)),
    "bariatric": Findings(stays=(a_stay(400, 395, codes=(Code("HFFC018", CNAM_CCAM),)),)),
}
CHANGED = {
    "L01": "A10BA02",
    "L01b": "A10BA02",
    "L02": "H03AA01",
    "L03": "C10AA01",
    "L03b": "C10AA01",
}
"""The treatment whose change explains the test; for other rules, any."""


def situation(rule: RedundancyRule, word: str) -> tuple[Findings, Knowledge]:
    """Facts by which the situation holds, and a knowledge in which they are understood."""
    known = replace(shipped_knowledge(), redundancy=(rule,))
    kind, _, code = word.partition(":")
    if word == "therapy-change":
        kind, code = "atc", CHANGED.get(rule.rule_id, "C09AA05")
    if kind == "atc":
        medicine = a_medicine(f"substance of {code}", atc=code.ljust(7, "X"))
        known = replace(known, medicines=NoMedicines({medicine.key: medicine}))
        return Findings(dispensed=(a_delivery(medicine, 20),)), known
    if kind == "cim10":
        return Findings(problems=(a_problem("Problème", code),)), known
    return SITUATIONS[word], known


SILENCES = [
    (rule, word)
    for rule in RULES.values()
    if rule.comparison is not Comparison.MEDICINE
    for word in rule.silent_in
    if word not in ("no-diabetes", "positive", "first") and not word.startswith("age:")
]


def test_each_of_the_thirty_two_rules_is_evaluated() -> None:
    assert len(RULES) == 32
    assert {key for key, rule in RULES.items() if rule.min_days is None} == {"L04b", "L18"}


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.rule_id)
def test_a_rule_speaks_and_shows_the_earlier_act(rule: RedundancyRule) -> None:
    (alert,) = alerts_of(rule, repeated(rule))
    assert alert.rule_id == rule.rule_id and rule.source in alert.edition
    earlier, later = alert.proofs
    assert earlier.on is not None and later.on is not None and earlier.on <= later.on
    assert earlier.sources and f"déjà le {earlier.on:%d/%m/%Y}" in alert.sentence
    assert " par " in alert.sentence


@pytest.mark.parametrize(("rule", "word"), SILENCES, ids=lambda x: getattr(x, "rule_id", x))
def test_a_rule_is_silent_in_each_situation_of_its_row(rule: RedundancyRule, word: str) -> None:
    facts, known = situation(rule, word)
    alerts = synthesis_of(a_material(repeated(rule), facts), known).alerts
    assert [a for a in alerts if a.alert_class is AlertClass.DUPLICATE] == []


@pytest.mark.parametrize(
    "rule",
    [rule for rule in RULES.values() if rule.comparison is Comparison.MEDICINE],
    ids=lambda rule: rule.rule_id,
)
def test_a_rule_on_medicines_is_silent_when_one_follows_the_other(rule: RedundancyRule) -> None:
    assert alerts_of(rule, Findings(dispensed=medicines_of(rule, ago=33))) == []


@pytest.mark.parametrize("key", ["L01b", "L03b", "L16"])
def test_a_rule_about_diabetics_is_silent_for_others(key: str) -> None:
    assert alerts_of(RULES[key], Findings(performed=analyses_of(RULES[key]))) == []


def test_a_positive_microalbuminuria_may_be_confirmed() -> None:
    high = a_result("9318-7", 80, ago=60, high=30.0)
    facts = Findings(performed=(a_test("1133", 3),), problems=(DIABETES,))
    assert alerts_of(RULES["L16"], facts, Findings(results=(high,))) == []
    low = high._replace(value=12.0)
    (alert,) = alerts_of(RULES["L16"], facts, Findings(results=(low,)))
    assert "12" in alert.sentence


HOURS = ["L07", "L14", "L15"]


@pytest.mark.parametrize("key", HOURS)
def test_the_same_order_of_the_same_laboratory_is_one_test(key: str) -> None:
    code = RULES[key].codes[0].split("/")[0]
    twice = Findings(performed=(a_test(code, 3), a_test(code, 3)))
    assert alerts_of(RULES[key], twice) == []
    next_day = Findings(performed=(a_test(code, 3), a_test(code, 2, prescriber=OTHER_DOCTOR)))
    assert alerts_of(RULES[key], next_day) == []  # may be 24 hours, or 12: nobody knows


def test_another_laboratory_on_the_same_day_counts() -> None:
    one, other = (
        Agent(place=place, id=finess)
        for place, finess in (("Laboratoire du Quai", "750000010"), ("Halles", "750000028"))
    )
    facts = Findings(performed=tuple(a_test("1104", 3, performer=who) for who in (one, other)))
    (alert,) = alerts_of(RULES["L14"], facts)
    assert alert.side and [proof.on for proof in alert.proofs] == [days_ago(3)] * 2


def sample(number: int, hours: int) -> Result:
    """A haemoglobin taken that many hours after 8 in the morning, three days ago; document `number`."""
    taken = a_result("718-7", 12.5 + number / 10, ago=3, label="Hémoglobine", unit="g/dL")
    source = a_source(number, days_ago(3), author=f"Laboratoire {number}")
    return taken._replace(at=taken.at + timedelta(hours=hours), sources=(source,))


@pytest.mark.parametrize(
    ("hours", "said"), [(0, 0), (3, 1), (11, 1), (12, 0), (-11, 1), (16, 0)], ids=str
)
def test_reports_tell_the_hours(hours: int, said: int) -> None:
    alerts = alerts_of(RULES["L14"], Findings(results=(sample(1, 0), sample(2, hours))))
    assert len(alerts) == said
    if hours == 3:
        assert "à 09:00 par Laboratoire 1 (Hémoglobine 12,6 g/dL)" in alerts[0].sentence


def test_two_samples_of_one_report_were_meant() -> None:
    assert alerts_of(RULES["L14"], Findings(results=(sample(1, 0), sample(1, 4)))) == []


def test_a_day_without_an_hour_tells_nothing() -> None:
    midnight = sample(2, -8)
    assert alerts_of(RULES["L14"], Findings(results=(sample(1, -1), midnight))) == []


def aged(years: int, rule: RedundancyRule, *facts: Findings) -> list[Alert]:
    birth = days_ago(70).replace(year=days_ago(70).year - years)
    material = a_material(*facts, traits=some_traits(birth_date=birth))
    alerts = synthesis_of(material, replace(shipped_knowledge(), redundancy=(rule,))).alerts
    return [alert for alert in alerts if alert.alert_class is AlertClass.DUPLICATE]


VITAMIN_D = Findings(performed=(a_test("1139", 3),))


def test_one_vitamin_d_without_a_situation_is_said_beside_with_what_it_found() -> None:
    value = a_result("1989-3", 18.0, ago=3, label="25-OH-vitamine D", unit="ng/mL")
    (alert,) = alerts_of(RULES["L04b"], VITAMIN_D, Findings(results=(value,)))
    assert alert.side and len(alert.proofs) == 1 and len(alert.proofs[0].sources) == 2
    assert "aucune des six situations remboursées n'apparaissant ici : déjà le" in alert.sentence
    assert alert.sentence.endswith("(25-OH-vitamine D 18 ng/mL)")


@pytest.mark.parametrize(("years", "said"), [(17, 0), (18, 1), (64, 1), (65, 0), (90, 0)], ids=str)
def test_rickets_and_falls_leave_no_code_so_their_ages_are_silent(years: int, said: int) -> None:
    assert len(aged(years, RULES["L04b"], VITAMIN_D)) == said


def test_a_vitamin_d_that_was_long_ago_is_history() -> None:
    assert alerts_of(RULES["L04b"], Findings(performed=(a_test("1139", 181),))) == []


def test_the_stronger_rule_on_vitamin_d_is_said_once() -> None:
    known = replace(shipped_knowledge(), redundancy=(RULES["L04"], RULES["L04b"]))
    facts = Findings(performed=(a_test("1139", 3), a_test("1139", 20)))
    alerts = synthesis_of(a_material(facts), known).alerts
    assert [a.rule_id for a in alerts if a.alert_class is AlertClass.DUPLICATE] == ["L04"]


@pytest.mark.parametrize(
    ("years", "days", "said"),
    [
        (55, (3,), 0),
        (55, (3, 4), 0),
        (55, (3, 33), 0),
        (55, (3, 34), 1),
        (55, (3, 4, 700), 1),
        (0, (3, 60), 0),
    ],
    ids=str,
)
def test_a_blood_group_is_said_from_the_second_context(
    years: int, days: tuple[int, ...], said: int
) -> None:
    facts = Findings(performed=tuple(a_test("1140", day) for day in days))
    assert len(aged(years, RULES["L18"], facts)) == said


def test_the_group_that_a_report_gave_years_ago_is_shown() -> None:
    old = a_result("882-1", None, ago=2500, label="Groupe sanguin", text="O positif", unit="")
    facts = Findings(performed=(a_test("1140", 3),))
    (alert,) = alerts_of(RULES["L18"], facts, Findings(results=(old,)))
    assert alert.side and f"déjà le {days_ago(2500):%d/%m/%Y}" in alert.sentence
    assert "(Groupe sanguin O positif)" in alert.sentence
