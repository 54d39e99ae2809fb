"""What a doctor is told of each scripted case by the page, from nothing but the lines that were fed."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from dmp.bootstrap.knowledge import shipped_knowledge
from dmp.domain.clinical.assembling import synthesis_of
from dmp.domain.clinical.material import Material
from dmp.domain.clinical.synthesis import Alert, AlertClass, Synthesis
from dmp.domain.identity.patient import Sex
from dmp.remote.simulated.claims.cases import all_cases
from dmp.remote.simulated.claims.cases.case import Family
from tests.builders import some_traits
from tests.builders.clinical import a_document
from tests.remote.simulated.claims.conftest import UNTIL, Of, Read


def told(generated: Read, fed: Of, key: str) -> tuple[dict[str, Any], Synthesis]:
    """What is expected of a case, and the synthesis of its person."""
    entry = generated.case(key)
    ins = entry["ins"]
    sex = Sex.MALE if ins[0] == "1" else Sex.FEMALE
    year = int(ins[1:3])
    born = date(year + (2000 if year <= UNTIL.year % 100 else 1900), int(ins[3:5]), 1)
    material = Material(
        at=datetime(UNTIL.year, UNTIL.month, UNTIL.day, 9, tzinfo=UTC),
        traits=some_traits(sex=sex, birth_date=born),
        lines=tuple(fed(ins)),
        claims_document=a_document(1),
    )
    return entry["expected"], synthesis_of(material, shipped_knowledge())


def of_class(found: Synthesis, *classes: AlertClass) -> list[Alert]:
    return [alert for alert in found.alerts if alert.alert_class in classes]


def shown_as(cip: str) -> str:
    """The name under which this box is shown."""
    medicine = shipped_knowledge().medicines.by_cip13(cip)
    assert medicine is not None, cip
    return medicine.name


def of_pair(found: Synthesis, expected: dict[str, Any], *classes: AlertClass) -> list[Alert]:
    pair = {shown_as(expected["a"]), shown_as(expected["b"])}
    return [
        alert
        for alert in of_class(found, *classes)
        if {proof.label for proof in alert.proofs} == pair
    ]


def of(family: Family) -> list[str]:
    return [key for key, case in all_cases().items() if case.family is family]


@pytest.mark.parametrize("key", of(Family.INTERACTION))
def test_a_pair_interrupts_by_its_level_and_a_control_does_not(
    generated: Read, fed: Of, key: str
) -> None:
    expected, found = told(generated, fed, key)
    alerts = of_pair(found, expected, AlertClass.CONTRAINDICATION, AlertClass.INTERACTION)
    if expected["expect"] == "no-interaction":
        assert alerts == []
        return
    (alert,) = alerts
    assert alert.level == "-".join(expected["levels"])
    assert alert.on.isoformat() == expected["on"]
    assert alert.side is (expected["levels"][0] in ("PE", "APEC"))
    assert (alert.alert_class is AlertClass.CONTRAINDICATION) is ("CI" in expected["levels"])


@pytest.mark.parametrize("key", of(Family.REDUNDANCY))
def test_what_is_repeated_is_said_with_what_came_before(generated: Read, fed: Of, key: str) -> None:
    expected, found = told(generated, fed, key)
    alerts = [alert for alert in found.alerts if alert.rule_id == expected["rule"]]
    if expected["expect"] == "no-redundancy":
        assert alerts == []
        return
    (alert,) = alerts
    assert alert.alert_class is AlertClass.DUPLICATE
    if "a" in expected:
        assert of_pair(found, expected, AlertClass.DUPLICATE) == [alert]
        assert alert.on.isoformat() == expected["on"]
    else:
        days = [proof.on.isoformat() for proof in alert.proofs if proof.on is not None]
        assert days == [expected["earlier"], expected["later"]]


def test_the_people_of_the_demo_show_what_their_cards_promise(generated: Read, fed: Of) -> None:
    for key in ("georges-apixaban", "henri-colchicine"):
        expected, found = told(generated, fed, key)
        (alert,) = of_pair(found, expected, AlertClass.CONTRAINDICATION, AlertClass.INTERACTION)
        assert not alert.side and alert.level == "-".join(expected["levels"])
    for key in ("jeanne-hba1c", "suzanne-paracetamol"):
        expected, found = told(generated, fed, key)
        (alert,) = [alert for alert in found.alerts if alert.rule_id == expected["rule"]]
        assert not alert.side, "it stands on the first screen"


@pytest.mark.parametrize("key", ["gap", "paul-gap"])
def test_a_gap_is_shown_where_nothing_was_fetched(generated: Read, fed: Of, key: str) -> None:
    expected, found = told(generated, fed, key)
    gaps = [gap for one in found.treatments if one.label == "Périndopril" for gap in one.gaps]
    begins, ends = (date.fromisoformat(expected[name]) for name in ("begins", "ends"))
    (long,) = [gap for gap in gaps if (gap.end - gap.start).days > 30]
    assert abs((long.start - begins).days) <= 4 and abs((long.end - ends).days) <= 4


def test_what_is_not_fetched_any_more_is_not_current(generated: Read, fed: Of) -> None:
    _, found = told(generated, fed, "stopped")
    assert [(one.label, one.is_current) for one in found.treatments] == [("Périndopril", False)]


def test_other_stories_become_facts(generated: Read, fed: Of) -> None:
    expected, found = told(generated, fed, "long-term-diabetes")
    (problem,) = found.problems
    assert problem.long_term == expected["number"]
    expected, found = told(generated, fed, "stay")
    (stay,) = found.stays
    assert [day.isoformat() for day in (stay.start, stay.end) if day is not None] == [
        expected["start"],
        expected["end"],
    ]
    assert set(expected["diagnoses"]) <= {code.code for code in stay.codes}
    expected, found = told(generated, fed, "vaccine")
    assert expected["on"] in [one.on.isoformat() for one in found.vaccinations]
    expected, found = told(generated, fed, "devices")
    codes = {one.code.code for one in found.devices if one.code is not None}
    assert codes == set(expected["codes"])
