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

RULES = {rule.rule_id: rule for rule in shipped_knowledge().redundancy}
NEVER_EVALUATED = {"L04b", "L18"}
"""Not rules of an interval: the one asks for the reason of the test, which no claim holds; the other's source
is still to be verified.
"""
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


EVALUATED = [rule for key, rule in RULES.items() if key not in NEVER_EVALUATED]
SILENCES = [
    (rule, word)
    for rule in EVALUATED
    if rule.comparison is not Comparison.MEDICINE
    for word in rule.silent_in
    if word not in ("no-diabetes", "positive")
]


def test_there_are_thirty_two_rules_of_which_two_are_never_evaluated() -> None:
    assert len(RULES) == 32
    assert {key for key, rule in RULES.items() if rule.min_days is None} == NEVER_EVALUATED


@pytest.mark.parametrize("rule", EVALUATED, ids=lambda rule: rule.rule_id)
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
    [rule for rule in EVALUATED if rule.comparison is Comparison.MEDICINE],
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
    low = replace(high, value=12.0)
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
    return replace(taken, at=taken.at + timedelta(hours=hours), sources=(source,))


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
