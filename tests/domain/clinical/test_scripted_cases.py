"""Each scripted case of the generated claims gives the alert that it expects, or silence."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import chain
from uuid import UUID, uuid5

import pytest

from dmp.bootstrap.knowledge import shipped_knowledge
from dmp.domain.claims.reimbursement import Kind, Reimbursement, System
from dmp.domain.clinical.assembling import synthesis_of
from dmp.domain.clinical.synthesis import Alert, AlertClass
from dmp.domain.identity.patient import Sex
from dmp.remote.simulated.claims.cases import interactions, redundancy
from dmp.remote.simulated.claims.cases.case import Case, Setting, Told
from dmp.remote.simulated.claims.lines import Claims, Detail
from dmp.remote.simulated.territory.people import Person
from tests.builders.clinical import a_document, a_material
from tests.builders.identifiers import an_ins
from tests.builders.people import some_traits

UNTIL = date(2026, 11, 20)
_LINES = UUID(int=7)
_KINDS = {
    Detail.PHARMACY: (Kind.MEDICINE, System.CIP13),
    Detail.BIOLOGY: (Kind.BIOLOGY, System.NABM),
    Detail.PROCEDURE: (Kind.IMAGING, System.CCAM),
}
CASES = [*interactions.cases(), *redundancy.cases()]


def lines_of(claims: Claims) -> list[Reimbursement]:
    """The lines as the feed gives them: one for each service, stay and long-term condition."""
    found = []
    for number, line in enumerate(claims.lines):
        kind, system = _KINDS[line.detail]
        found.append(
            Reimbursement(
                line_id=uuid5(_LINES, str(number)),
                kind=kind,
                system=system,
                code=line.code,
                start=line.day,
                prescribed_on=line.prescribed,
                nature=line.nature,
                quantity=line.quantity,
                prescriber=line.prescriber.number if line.prescriber else "",
                performer=line.performer.number,
            )
        )
    found.extend(
        Reimbursement(
            line_id=uuid5(_LINES, long_term.cim10),
            kind=Kind.LONG_TERM,
            system=System.CIM10,
            code=long_term.cim10,
            start=long_term.start,
            end=long_term.end,
        )
        for long_term in claims.long_terms
    )
    found.extend(
        Reimbursement(
            line_id=uuid5(_LINES, str(stay.start)),
            kind=Kind.STAY,
            system=System.GHS,
            code=stay.code.ghs,
            start=stay.start,
            end=stay.end,
            place=stay.place,
        )
        for stay in claims.stays
    )
    return found


def told(case: Case) -> Told:
    person = Person(key="somebody", ins=an_ins(3), traits=some_traits())
    return case.tell(Setting(person=person, since=UNTIL - timedelta(days=730), until=UNTIL))


def alerts_of(case: Case) -> tuple[Alert, ...]:
    remb = a_document(900)
    material = a_material(
        at=remb.submitted_at.replace(year=2026, month=11, day=20),
        traits=some_traits(sex=case.who.sex or Sex.FEMALE),
        lines=tuple(lines_of(told(case).claims)),
        claims_document=remb,
    )
    return synthesis_of(material, shipped_knowledge()).alerts


def days(alert: Alert) -> list[str]:
    return [proof.on.isoformat() for proof in alert.proofs if proof.on is not None]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.key)
def test_a_scripted_case_gives_what_it_expects(case: Case) -> None:
    expected, alerts = told(case).expected, alerts_of(case)
    repeats = {
        alert.rule_id: alert for alert in alerts if alert.alert_class is AlertClass.DUPLICATE
    }
    met = [alert for alert in alerts if alert.key.startswith("interaction:")]
    match expected["expect"]:
        case "interaction":
            levels = expected["levels"]
            assert isinstance(levels, list)
            (alert,) = met
            assert alert.level == "-".join(levels)
            assert expected["on"] in days(alert)
        case "no-interaction":
            assert met == []
        case "redundancy":
            rule = expected["rule"]
            assert isinstance(rule, str)
            assert rule in repeats
            if "earlier" in expected:
                assert days(repeats[rule]) == [expected["earlier"], expected["later"]]
        case _:
            assert expected["rule"] not in repeats


def test_there_is_a_case_for_each_kind_of_rule() -> None:
    expected = {str(told(case).expected.get("rule", ""))[:1] for case in CASES}
    assert {"L", "I", "D"} <= expected


def test_every_word_of_the_shipped_rules_is_understood() -> None:
    knowledge = shipped_knowledge()
    words = set(chain.from_iterable(rule.silent_in for rule in knowledge.redundancy))
    words |= {word for rule in knowledge.follow_up for word in rule.condition.split("|") if word}
    known = {
        "pregnancy",
        "stay",
        "surgery",
        "therapy-change",
        "diabetes",
        "no-diabetes",
        "positive",
        "first",
        "stay-ahead",
        "bariatric",
    }
    unknown = {
        word
        for word in words - known
        if not word.startswith(("age:", "atc:", "cim10:", "pregnancy:"))
        and not (word[:3] == "ald" and word[3:].isdigit())
    }
    assert unknown == set()
    kinds = {word.partition(":")[0] for rule in knowledge.follow_up for word in rule.done_by}
    assert kinds <= {"loinc", "nabm", "ccam", "atc", "ngap", "cip13", "cim10"}
