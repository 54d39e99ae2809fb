"""Emergency: for sixty minutes, reading only, by the holder's switches, told to him afterwards."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from dmp.domain.access.actions import Action
from dmp.domain.access.rules import Duty
from dmp.domain.errors import Reason
from dmp.domain.identity.caller import Caller, Motive, Purpose
from dmp.domain.identity.capacity import Capacity
from dmp.domain.record.health_record import HealthRecord
from dmp.domain.record.preferences import EmergencySwitches
from dmp.domain.record.relations import Administration
from tests.domain.access.everybody import (
    ATTENDING,
    BLOCKED_ID,
    COMPANY,
    COORDINATOR,
    EMERGENCY,
    EVERYBODY,
    FIRE_STATION,
    PSYCHIATRY,
    RECORD,
    REGULATOR,
    REPORT,
    UNKNOWN_ID,
    asked,
)
from tests.domain.samples import NOW, caller, professional

OTHERS = replace(REPORT, owner_ids=frozenset({"810000001999"}))


def with_switches(**switches: bool) -> HealthRecord:
    return replace(
        RECORD, preferences=replace(RECORD.preferences, emergency=EmergencySwitches(**switches))
    )


@pytest.mark.parametrize("who", [EMERGENCY, REGULATOR])
def test_an_emergency_reads_without_consent_and_obliges_to_tell(who: Caller) -> None:
    decision = asked(who)
    assert decision.permitted
    assert Duty.NOTIFY_EMERGENCY in decision.duties


def test_each_switch_closes_its_own_emergency() -> None:
    no_glass = with_switches(break_glass=False)
    assert asked(EMERGENCY, of=no_glass).reason is Reason.EMERGENCY_OPPOSED
    assert asked(REGULATOR, of=no_glass).permitted
    no_samu = with_switches(regulation=False)
    assert asked(REGULATOR, of=no_samu).reason is Reason.EMERGENCY_OPPOSED
    assert asked(EMERGENCY, of=no_samu).permitted


def test_masked_documents_open_in_an_emergency_only_by_their_switch() -> None:
    masked = replace(REPORT, masked=True)
    for who in (EMERGENCY, REGULATOR):
        assert asked(who, document=masked).reason is Reason.DOCUMENT_NOT_FOUND
        assert asked(who, document=masked, of=with_switches(masked_documents=True)).permitted


@pytest.mark.parametrize(
    ("motive", "reason", "enough"),
    [
        (None, "", False),
        (None, "  urgence  ", False),
        (None, "inconscient", True),
        (Motive.OTHER, "", False),
        (Motive.OTHER, "          ", False),
        (Motive.OTHER, "chute en montagne", True),
        (Motive.LIFE_AT_RISK, "", True),
        (Motive.CANNOT_EXPRESS_WILL, "", True),
    ],
)
def test_breaking_the_glass_needs_its_motive(
    motive: Motive | None, reason: str, enough: bool
) -> None:
    decision = asked(replace(EMERGENCY, motive=motive, purpose_reason=reason))
    assert decision.permitted is enough
    if not enough:
        assert decision.reason is Reason.EMERGENCY_REASON_MISSING


def test_regulation_is_a_regulating_doctors_and_needs_no_words() -> None:
    pretended = replace(EMERGENCY, purpose=Purpose.REGULATION)
    assert asked(pretended).reason is Reason.ACT_NOT_ALLOWED
    assert REGULATOR.purpose_reason == ""
    assert asked(REGULATOR).permitted


def test_it_ends_after_sixty_minutes_to_the_microsecond() -> None:
    for who in (EMERGENCY, REGULATOR):
        stated = replace(who, purpose_since=NOW - timedelta(minutes=60))
        assert asked(stated).reason is Reason.EMERGENCY_ENDED
        assert asked(stated, at=NOW - timedelta(microseconds=1)).permitted
        assert asked(replace(who, purpose_since=NOW)).permitted


READ_ONLY = {
    Action.FIND_DOCUMENTS, Action.READ_DOCUMENT, Action.TEST_EXISTENCE, Action.DEPOSIT,
}  # fmt: skip


@pytest.mark.parametrize("purpose", [Purpose.BREAK_GLASS, Purpose.REGULATION])
def test_in_an_emergency_one_reads_and_changes_nothing(purpose: Purpose) -> None:
    """Not even the attending doctor, or the author of the document."""
    for who in (ATTENDING, EVERYBODY["author"], caller(professional(UNKNOWN_ID, regulates=True))):
        hurried = replace(who, purpose=purpose, purpose_reason="inconscient")
        may = {action for action in Action if asked(hurried, action, OTHERS).permitted}
        assert may <= READ_ONLY
        assert asked(hurried, Action.MASK).reason is Reason.ACT_NOT_ALLOWED


def test_the_matrix_holds_in_an_emergency_too() -> None:
    optician = caller(
        professional(UNKNOWN_ID, "28"), purpose=Purpose.BREAK_GLASS, reason="inconscient"
    )
    assert asked(optician).permitted
    assert not asked(optician, document=PSYCHIATRY).permitted


def test_a_blocked_professional_reads_in_no_mode_at_all() -> None:
    who = professional(BLOCKED_ID, regulates=True)
    for purpose in Purpose:
        asking = caller(who, purpose=purpose, reason="inconscient")
        for action in (Action.READ_DOCUMENT, Action.FIND_DOCUMENTS):
            assert asked(asking, action).reason is Reason.ACCESS_BLOCKED
    assert asked(caller(who), Action.GRANT_CONSENT).reason is Reason.ACCESS_BLOCKED
    named = Administration(person_id=who.id_nat, name="A", start=NOW)
    known = replace(RECORD, relations=replace(RECORD.relations, administrators=(named,)))
    assert asked(caller(who), of=known).reason is Reason.ACCESS_BLOCKED


def test_who_breaks_the_glass_where() -> None:
    fire = professional(UNKNOWN_ID, "10", FIRE_STATION, capacity=Capacity.FIRE_SERVICE)
    company = professional(UNKNOWN_ID, "10", COMPANY)
    for who, may in ((fire, True), (company, False)):
        hurried = caller(who, purpose=Purpose.BREAK_GLASS, reason="inconscient")
        assert asked(hurried).permitted is may
    role = replace(COORDINATOR, purpose=Purpose.BREAK_GLASS, purpose_reason="inconscient")
    assert asked(role, document=OTHERS).reason is Reason.ACT_NOT_ALLOWED


def test_the_holder_is_never_in_an_emergency_with_his_own_record() -> None:
    holder = replace(EVERYBODY["holder"], purpose=Purpose.BREAK_GLASS)
    assert Duty.NOTIFY_EMERGENCY not in asked(holder).duties
