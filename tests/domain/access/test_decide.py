"""Who may and who may not: every test names everybody."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from dmp.domain.access.actions import MAY_ASK, Action
from dmp.domain.access.decide import Decision, decide
from dmp.domain.access.filter import DocumentFacts
from dmp.domain.access.matrix import current_matrix
from dmp.domain.access.rules import Duty, Question
from dmp.domain.errors import Reason
from dmp.domain.identity.caller import NOBODY, Caller, Holder, Purpose, Strength
from dmp.domain.record.health_record import (
    ClosingMotive,
    HealthRecord,
    State,
    ask_erasure,
    close,
    destroyed,
    informed,
    refused,
    suspend,
    years_after,
)
from dmp.domain.record.preferences import Block, EmergencySwitches, Preferences
from tests.domain.samples import (
    COLLEAGUE,
    DESK,
    DOCTOR,
    GP,
    HOLDER,
    HOSPITAL,
    INS,
    JOB,
    NOW,
    NURSE,
    OPERATOR,
    OPTICIAN,
    PARENT,
    PRACTICE,
    SPECIALIST,
    STRANGER,
    STRANGER_INS,
    SYSTEM,
    TRAITS,
    caller,
    consent,
    professional,
    record,
    relations,
    step,
)

MATRIX = current_matrix()
AUTHOR = caller(professional(SPECIALIST, "10", HOSPITAL))
SAME_STRUCTURE = caller(professional(COLLEAGUE, "10", HOSPITAL))
OPTICIAN_CALLER = caller(professional(OPTICIAN, "28"))
NURSE_CALLER = caller(professional(NURSE, "60"))
ATTENDING = DOCTOR
REPLACEMENT = caller(professional("810000009992", "10", PRACTICE))
ADMINISTRATOR = caller(professional("810000008887", "21"))
BLOCKED = caller(professional("810000007772", "10"))
UNKNOWN_DOCTOR = caller(professional("810000006667", "10"))
INDIRECT = caller(professional(GP), Strength.STRUCTURE)

EVERYBODY: dict[str, Caller] = {
    "holder": HOLDER, "stranger": STRANGER, "parent": PARENT, "attending doctor": ATTENDING,
    "his replacement": REPLACEMENT, "author": AUTHOR, "author's colleague": SAME_STRUCTURE,
    "optician": OPTICIAN_CALLER, "nurse": NURSE_CALLER, "administrator": ADMINISTRATOR,
    "blocked": BLOCKED, "no consent": UNKNOWN_DOCTOR, "hospital system": SYSTEM, "desk": DESK,
    "operator": OPERATOR, "job": JOB, "nobody": NOBODY, "not in person": INDIRECT,
}  # fmt: skip

RECORD = record(
    relations=relations(
        *(
            consent(who)
            for who in (SPECIALIST, COLLEAGUE, OPTICIAN, NURSE, "810000009992", "810000007772")
        ),
        attending=GP,
        parent=True,
        administrator="810000008887",
    ),
    preferences=Preferences(blocks=(Block(person_id="810000007772", name="B", since=NOW, by="h"),)),
)
REPORT = DocumentFacts(type_code="11488-4", owner_ids=frozenset({SPECIALIST, HOSPITAL.id_nat}))
PSYCHIATRY = replace(REPORT, type_code="68599-0")


def asked(
    who: Caller,
    action: Action = Action.READ_DOCUMENT,
    document: DocumentFacts | None = REPORT,
    of: HealthRecord | None = RECORD,
    **more: object,
) -> Decision:
    question = Question(action=action, caller=who, at=NOW, record=of, document=document)
    return decide(replace(question, **more), MATRIX)  # type: ignore[arg-type]  # one field, named


def permitted(action: Action, document: DocumentFacts | None = REPORT) -> set[str]:
    return {name for name, who in EVERYBODY.items() if asked(who, action, document).permitted}


READERS = {
    "holder", "parent", "attending doctor", "his replacement", "author", "author's colleague",
    "optician", "nurse", "administrator",
}  # fmt: skip


def test_who_reads_an_ordinary_report() -> None:
    assert permitted(Action.READ_DOCUMENT) == READERS


def test_who_reads_a_psychiatric_synthesis() -> None:
    expected = READERS - {"optician", "nurse"}
    assert permitted(Action.READ_DOCUMENT, PSYCHIATRY) == expected


def test_who_reads_a_masked_document() -> None:
    expected = {
        "holder",
        "parent",
        "attending doctor",
        "administrator",
        "author",
        "author's colleague",
    }
    assert permitted(Action.READ_DOCUMENT, replace(REPORT, masked=True)) == expected


def test_who_reads_what_awaits_its_announcement() -> None:
    hidden = replace(REPORT, hidden_from_patient=True)
    assert permitted(Action.READ_DOCUMENT, hidden) == READERS - {"holder", "parent"}
    assert asked(REPLACEMENT, document=hidden).duties == (Duty.WARN_NOT_ANNOUNCED,)


def test_who_reads_what_is_hidden_from_the_parents() -> None:
    hidden = replace(REPORT, hidden_from_representatives=True)
    assert permitted(Action.READ_DOCUMENT, hidden) == READERS - {"parent"}
    assert asked(REPLACEMENT, document=hidden).duties == (Duty.WARN_HIDDEN_FROM_REPRESENTATIVES,)


def test_who_reads_a_deleted_document() -> None:
    assert permitted(Action.READ_DOCUMENT, replace(REPORT, deleted=True)) == set()


def test_who_lists() -> None:
    assert permitted(Action.FIND_DOCUMENTS, None) == READERS


def test_who_deposits() -> None:
    assert permitted(Action.DEPOSIT, None) == READERS | {
        "blocked", "no consent", "hospital system", "not in person",
    }  # fmt: skip


def test_who_masks() -> None:
    assert permitted(Action.MASK) == READERS | {"hospital system"}


def test_who_reveals_to_the_patient() -> None:
    hidden = replace(REPORT, hidden_from_patient=True)
    expected = (READERS - {"holder", "parent"}) | {"hospital system"}
    assert permitted(Action.REVEAL, hidden) == expected


@pytest.mark.parametrize("action", [Action.REPLACE, Action.ARCHIVE, Action.DELETE])
def test_who_replaces_archives_and_deletes(action: Action) -> None:
    assert permitted(action) == {"author", "author's colleague", "hospital system"}
    assert asked(ATTENDING, action).reason is Reason.NOT_AUTHOR


def test_the_holder_manages_what_he_deposited_himself() -> None:
    own = DocumentFacts(type_code="DOCPAT03", owner_ids=frozenset({HOLDER.id}))
    assert permitted(Action.DELETE, own) == {"holder"}


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        (Action.GRANT_CONSENT, READERS | {"no consent"}),
        (Action.BLOCK_PROFESSIONAL, {"holder", "parent", "attending doctor", "administrator"}),
        (Action.UNBLOCK_PROFESSIONAL, {"holder", "parent"}),
        (Action.READ_TRACES, {"holder", "parent", "attending doctor", "administrator"}),
        (Action.READ_PROFILE, {"holder", "parent"}),
        (Action.WRITE_CHOICES, {"holder", "parent"}),
        (Action.PREVIEW_VISIBILITY, {"holder", "parent"}),
        (Action.CLOSE_RECORD, {"holder", "parent", "desk", "operator", "job"}),
        (Action.ASK_ERASURE, {"holder", "parent"}),
        (Action.SUSPEND_RECORD, {"operator"}),
        (Action.DESTROY_RECORD, {"job"}),
        (Action.DECLARE_ATTENDING_DOCTOR, {"operator"}),
        (Action.DECLARE_REPRESENTATIVE, {"operator"}),
        (Action.EXPLAIN_ACCESS, {"operator"}),
        (Action.INFORM_PERSON, {"desk", "operator"}),
    ],
)
def test_who_may_do_what_else(action: Action, expected: set[str]) -> None:
    assert permitted(action, None) == expected


def test_every_kind_of_caller_has_its_list_and_nobody_has_none() -> None:
    assert type(NOBODY.who) not in MAY_ASK
    for action in Action:
        decision = asked(NOBODY, action)
        assert not decision.permitted
        assert decision.reason is Reason.NOT_AUTHENTICATED
        assert decision.scope is None
        assert any(action in allowed for allowed in MAY_ASK.values()), action


def test_a_caller_who_is_not_authenticated_gets_nothing_whoever_he_says_he_is() -> None:
    for who in EVERYBODY.values():
        for action in Action:
            assert not asked(replace(who, strength=Strength.NONE), action).permitted


def test_holders_and_parents_do_nothing_without_proof_in_person() -> None:
    for who in (HOLDER, PARENT):
        for action in Action:
            assert not asked(replace(who, strength=Strength.STRUCTURE), action).permitted


@pytest.mark.parametrize("action", [Action.OPEN_RECORD, Action.REFUSE_RECORD])
def test_nobody_opens_or_refuses_for_a_person_he_does_not_represent(action: Action) -> None:
    assert asked(PARENT, action, None, None, about=STRANGER_INS).reason is Reason.RECORD_NOT_FOUND
    assert asked(HOLDER, action, None, None, about=STRANGER_INS).reason is Reason.RECORD_NOT_FOUND
    assert asked(HOLDER, action, None, None, about=INS).permitted
    assert asked(DESK, action, None, None, about=STRANGER_INS).permitted


def test_another_person_learns_nothing_of_a_record() -> None:
    for action in MAY_ASK[Holder]:
        assert asked(STRANGER, action).reason is Reason.RECORD_NOT_FOUND


def test_a_parent_whose_right_ended_learns_nothing() -> None:
    ended = replace(
        RECORD.relations,
        representatives=tuple(replace(r, end=NOW) for r in RECORD.relations.representatives),
    )
    assert asked(PARENT, of=replace(RECORD, relations=ended)).reason is Reason.RECORD_NOT_FOUND


SHUT = {
    State.CLOSED: Reason.RECORD_CLOSED,
    State.ERASURE_PENDING: Reason.RECORD_CLOSED,
    State.SUSPENDED: Reason.RECORD_SUSPENDED,
    State.REFUSED: Reason.RECORD_REFUSED,
    State.INFORMED: Reason.RECORD_NOT_OPEN,
    State.DESTROYED: Reason.RECORD_NOT_FOUND,
}


def in_state(state: State) -> HealthRecord:
    closed = close(RECORD, step(), ClosingMotive.HOLDER_REQUEST, "")
    made = {
        State.CLOSED: closed,
        State.ERASURE_PENDING: ask_erasure(RECORD, step()),
        State.SUSPENDED: suspend(RECORD, step()),
        State.REFUSED: refused(RECORD.record_id, INS, TRAITS, step()),
        State.INFORMED: informed(RECORD.record_id, INS, TRAITS, step()),
        State.DESTROYED: destroyed(closed, step(years_after(NOW, 10))),
    }[state]
    return replace(made, relations=RECORD.relations, preferences=RECORD.preferences)


@pytest.mark.parametrize(("state", "reason"), SHUT.items())
def test_a_record_that_is_not_open_takes_and_shows_nothing(state: State, reason: Reason) -> None:
    for name, who in EVERYBODY.items():
        for action in (Action.READ_DOCUMENT, Action.FIND_DOCUMENTS, Action.DEPOSIT, Action.DELETE):
            decision = asked(who, action, of=in_state(state))
            assert not decision.permitted, name
            if name in ("holder", "author"):
                assert decision.reason is reason


def test_the_holder_of_a_closed_record_still_reads_who_came_and_reopens_it() -> None:
    closed = in_state(State.CLOSED)
    assert asked(HOLDER, Action.READ_TRACES, None, closed).permitted
    assert asked(HOLDER, Action.REOPEN_RECORD, None, closed).permitted


# --- Emergency

EMERGENCY = caller(professional("810000006667"), purpose=Purpose.BREAK_GLASS, reason="inconscient")
REGULATOR = caller(professional("810000006667", regulates=True), purpose=Purpose.REGULATION)


def with_switches(**switches: bool) -> HealthRecord:
    return replace(
        RECORD,
        preferences=replace(RECORD.preferences, emergency=EmergencySwitches(**switches)),
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


def test_an_emergency_needs_its_reason_a_regulator_and_a_reading() -> None:
    silent = replace(EMERGENCY, purpose_reason="  ")
    assert asked(silent).reason is Reason.EMERGENCY_REASON_MISSING
    pretended = replace(EMERGENCY, purpose=Purpose.REGULATION)
    assert asked(pretended).reason is Reason.ACT_NOT_ALLOWED
    assert asked(EMERGENCY, Action.MASK).reason is Reason.ACT_NOT_ALLOWED


def test_the_matrix_holds_in_an_emergency_too() -> None:
    optician = caller(
        professional("810000006667", "28"), purpose=Purpose.BREAK_GLASS, reason="inconscient"
    )
    assert asked(optician).permitted
    assert not asked(optician, document=PSYCHIATRY).permitted


def test_a_blocked_professional_reads_in_no_mode_at_all() -> None:
    who = professional("810000007772", regulates=True)
    for purpose in Purpose:
        asking = caller(who, purpose=purpose, reason="inconscient")
        for action in (Action.READ_DOCUMENT, Action.FIND_DOCUMENTS, Action.GRANT_CONSENT):
            assert asked(asking, action).reason is Reason.ACCESS_BLOCKED
    attending = replace(RECORD, relations=replace(RECORD.relations, administrators=(who.id_nat,)))
    assert asked(caller(who), of=attending).reason is Reason.ACCESS_BLOCKED


# --- Depositors without authorisation

OWN = replace(REPORT, owner_ids=frozenset({"810000007772", "810000006667", HOSPITAL.id_nat}))


@pytest.mark.parametrize("who", [BLOCKED, UNKNOWN_DOCTOR, SYSTEM])
def test_a_depositor_manages_his_deposit_without_any_authorisation(who: Caller) -> None:
    for action in (Action.REPLACE, Action.MASK, Action.REVEAL, Action.ARCHIVE, Action.DELETE):
        assert asked(who, action, OWN).permitted


def test_the_author_reads_his_own_without_consent_unless_blocked_or_not_in_person() -> None:
    own = asked(UNKNOWN_DOCTOR, Action.READ_DOCUMENT, OWN)
    assert own.permitted
    assert own.rule == "author_keeps_own_deposit"
    assert (
        asked(UNKNOWN_DOCTOR, Action.READ_DOCUMENT, REPORT).reason is Reason.ACCESS_NOT_AUTHORISED
    )
    assert asked(UNKNOWN_DOCTOR, Action.FIND_DOCUMENTS).reason is Reason.ACCESS_NOT_AUTHORISED
    assert asked(BLOCKED, Action.READ_DOCUMENT, OWN).reason is Reason.ACCESS_BLOCKED
    in_person = Reason.INDIVIDUAL_AUTHENTICATION_REQUIRED
    assert asked(SYSTEM, Action.READ_DOCUMENT, OWN).reason is in_person


@pytest.mark.parametrize("who", [BLOCKED, UNKNOWN_DOCTOR, SYSTEM])
def test_a_search_by_identifier_leaves_him_his_own_and_nothing_else(who: Caller) -> None:
    decision = asked(who, Action.FIND_DOCUMENTS, None, settles_for_own=True)
    assert decision.permitted
    assert decision.scope is not None
    assert decision.scope.own_only
    assert decision.scope.verdict(OWN)[0]
    other = replace(REPORT, owner_ids=frozenset({"810000001999"}))
    assert not decision.scope.verdict(other)[0]


def test_settling_for_own_opens_no_closed_record_and_no_stranger() -> None:
    closed = in_state(State.CLOSED)
    assert not asked(SYSTEM, Action.FIND_DOCUMENTS, None, closed, settles_for_own=True).permitted
    for who in (DESK, OPERATOR, NOBODY, STRANGER):
        assert not asked(who, Action.FIND_DOCUMENTS, None, settles_for_own=True).permitted


def test_a_consent_that_ended_a_minute_ago_opens_nothing() -> None:
    late = replace(RECORD, relations=relations(consent("810000006667")))
    at = late.relations.consents[0].end
    question = Question(
        action=Action.READ_DOCUMENT, caller=UNKNOWN_DOCTOR, at=at, record=late, document=REPORT
    )
    assert decide(question, MATRIX).reason is Reason.ACCESS_NOT_AUTHORISED
    assert decide(replace(question, at=at - timedelta(minutes=1)), MATRIX).permitted
