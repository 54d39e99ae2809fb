"""What each relation and each capacity opens, and what it does not."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from dmp.domain.access.actions import BY_LEVEL, MAY_ASK, Action
from dmp.domain.access.filter import DocumentFacts
from dmp.domain.access.policy import Policy
from dmp.domain.errors import Reason
from dmp.domain.record.relations import Administration, CarerLevel
from tests.domain.access.everybody import (
    ADMINISTRATOR,
    ATTENDING,
    CARER_INS,
    CARERS,
    CHILD,
    COORDINATOR,
    EVERYBODY,
    OCCUPATIONAL,
    PSYCHIATRY,
    RECORD,
    REPLACEMENT,
    REPORT,
    asked,
)
from tests.domain.samples import (
    GP,
    HOSPITAL,
    NOW,
    caller,
    consent,
    professional,
    relations,
)


def test_no_agreement_opens_a_record_where_the_law_forbids_it() -> None:
    doctor = EVERYBODY["insurer's doctor"]
    assert asked(REPLACEMENT).permitted  # the same person, elsewhere
    for action in MAY_ASK[type(doctor.who)]:
        assert asked(doctor, action).reason is Reason.ACCESS_FORBIDDEN_BY_LAW


def test_a_consent_for_care_opens_nothing_to_the_same_doctor_at_the_company() -> None:
    care_only = replace(RECORD, relations=relations(consent(OCCUPATIONAL.id), attending=GP))
    assert asked(OCCUPATIONAL, of=care_only).reason is Reason.ACCESS_NOT_AUTHORISED
    as_employee = caller(professional(GP, "10", OCCUPATIONAL.who.structure))  # type: ignore[union-attr]
    assert asked(as_employee).reason is Reason.ACCESS_NOT_AUTHORISED
    assert asked(ATTENDING).permitted


def test_an_administrator_in_another_capacity_is_none() -> None:
    who = OCCUPATIONAL.id
    named = Administration(person_id=who, name="A", start=NOW)
    known = replace(RECORD, relations=replace(RECORD.relations, administrators=(named,)))
    masked = replace(REPORT, masked=True, owner_ids=frozenset())
    assert not asked(OCCUPATIONAL, document=masked, of=known).permitted


def test_an_administrator_needs_an_agreement_and_keeps_to_his_matrix() -> None:
    ended = replace(RECORD, relations=RECORD.relations.ended_for(ADMINISTRATOR.id, NOW))
    named = replace(
        ended, relations=replace(ended.relations, administrators=RECORD.relations.administrators)
    )
    assert asked(ADMINISTRATOR, of=named).reason is Reason.ACCESS_NOT_AUTHORISED
    assert not asked(ADMINISTRATOR, document=replace(PSYCHIATRY, owner_ids=frozenset())).permitted


def test_a_teams_consent_does_not_reach_a_coordination_role() -> None:
    team = replace(RECORD, relations=relations(consent(HOSPITAL.id_nat, to_team=True)))
    other = replace(REPORT, owner_ids=frozenset())
    assert asked(COORDINATOR, document=other, of=team).reason is Reason.ACCESS_NOT_AUTHORISED
    assert asked(COORDINATOR, document=other).permitted


def test_carers_are_nobody_where_they_are_not_admitted() -> None:
    for who in CARERS.values():
        for action in MAY_ASK[type(who.who)]:
            decision = asked(who, action, policy=Policy())
            assert decision.reason in (Reason.RECORD_NOT_FOUND, Reason.ACT_NOT_ALLOWED)


@pytest.mark.parametrize("level", CarerLevel)
def test_a_carer_does_what_his_level_allows_until_it_ends(level: CarerLevel) -> None:
    own = DocumentFacts(
        type_code="DOCPAT03", owner_ids=frozenset({f"ins:{CARER_INS[level].matricule}"})
    )
    may = {a for a in Action if asked(CARERS[level], a, own).permitted}
    assert may == BY_LEVEL[level] | {Action.ANSWER_INVITATION}
    later = NOW + timedelta(days=30)
    for action in may - {Action.ANSWER_INVITATION}:
        assert asked(CARERS[level], action, own, at=later).reason is Reason.RECORD_NOT_FOUND


def test_a_secret_session_is_a_professionals_with_a_minor() -> None:
    secret = replace(REPLACEMENT, secret=True)
    assert asked(secret, of=CHILD).permitted
    assert asked(secret).reason is Reason.SECRET_SESSION_NOT_POSSIBLE
    for name in ("holder", "representative", "hospital system"):
        other = replace(EVERYBODY[name], secret=True)
        assert asked(other, of=CHILD).reason is Reason.SECRET_SESSION_NOT_POSSIBLE, name
    for policy in (Policy(minors=False), Policy(secret_from_age=15)):
        refusal = asked(secret, of=CHILD, policy=policy).reason
        assert refusal is Reason.SECRET_SESSION_NOT_POSSIBLE
    assert asked(secret, of=CHILD, policy=Policy(secret_from_age=13)).permitted
