"""Who may and who may not: every test names everybody."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from dmp.domain.access.actions import MAY_ASK, Action
from dmp.domain.access.decide import decide
from dmp.domain.access.filter import DocumentFacts
from dmp.domain.access.rules import Duty, Question
from dmp.domain.errors import Reason
from dmp.domain.identity.caller import NOBODY, Caller, Holder, Strength
from dmp.domain.record.calendar import years_after
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
)
from tests.domain.access.everybody import (
    ATTENDING,
    BLOCKED,
    BLOCKED_ID,
    CARERS,
    EVERYBODY,
    POLICY,
    PSYCHIATRY,
    RECORD,
    REPLACEMENT,
    REPORT,
    RESULTS,
    UNKNOWN_DOCTOR,
    UNKNOWN_ID,
    asked,
    permitted,
)
from tests.domain.samples import (
    DESK,
    HOLDER,
    HOSPITAL,
    INS,
    NOW,
    OPERATOR,
    PARENT,
    STRANGER,
    STRANGER_INS,
    SYSTEM,
    TRAITS,
    consent,
    relations,
    step,
)

CARERS_ALL = {"carer who sees", "carer who helps", "carer who manages"}
PERSONS = {"holder", "representative"} | CARERS_ALL
BY_MATRIX = {
    "his replacement", "optician", "nurse", "occupational doctor", "care home coordinator",
    "fire-service doctor", "PMI doctor", "case manager",
}  # fmt: skip
AUTHORS = {"author", "author's colleague"}
READERS = PERSONS | BY_MATRIX | AUTHORS | {"attending doctor", "administrator"}
BEARERS = {"bearer", "bearer of documents"}
WITHOUT_READING = {"blocked", "no consent", "not in person", "occupational nurse"}


def test_who_reads_an_ordinary_report() -> None:
    # The case manager of the hospital shares its structure: what it deposited is its own to him.
    assert permitted(Action.READ_DOCUMENT) == READERS | BEARERS | {"case manager without consent"}


def test_who_reads_a_report_of_another_structure() -> None:
    other = replace(REPORT, owner_ids=frozenset({"810000001999"}))
    assert permitted(Action.READ_DOCUMENT, other) == READERS | BEARERS


def test_who_reads_a_psychiatric_synthesis() -> None:
    other = replace(PSYCHIATRY, owner_ids=frozenset({"810000001999"}))
    doctors = BY_MATRIX - {"optician", "nurse", "case manager"}
    assert permitted(Action.READ_DOCUMENT, other) == (
        PERSONS | doctors | AUTHORS | BEARERS | {"attending doctor"}
    )


def test_who_reads_results_of_analyses() -> None:
    other = replace(RESULTS, owner_ids=frozenset({"810000001999"}))
    assert permitted(Action.READ_DOCUMENT, other) == (READERS | BEARERS) - {
        "optician",
        "case manager",
    }


def test_who_reads_a_masked_document() -> None:
    masked = replace(REPORT, masked=True, owner_ids=frozenset({"810000001999"}))
    assert permitted(Action.READ_DOCUMENT, masked) == (
        # One was given this very document, by name.
        PERSONS | {"attending doctor", "administrator", "bearer of documents"}
    )
    own = replace(REPORT, masked=True)
    assert permitted(Action.READ_DOCUMENT, own) >= AUTHORS


def test_who_reads_what_awaits_its_announcement() -> None:
    hidden = replace(REPORT, hidden_from_patient=True)
    assert permitted(Action.READ_DOCUMENT, hidden) & READERS == READERS - PERSONS
    assert asked(REPLACEMENT, document=hidden).duties == (Duty.WARN_NOT_ANNOUNCED,)
    revealed = replace(hidden, reveal_at=NOW)
    assert asked(REPLACEMENT, document=revealed).duties == ()


def test_what_awaits_its_announcement_is_seen_from_the_instant_of_its_reveal() -> None:
    hidden = replace(REPORT, hidden_from_patient=True, reveal_at=NOW)
    for who in (HOLDER, PARENT, *CARERS.values()):
        assert not asked(who, document=hidden, at=NOW - timedelta(microseconds=1)).permitted
        assert asked(who, document=hidden).permitted


def test_who_reads_what_is_hidden_from_the_representatives() -> None:
    hidden = replace(REPORT, hidden_from_representatives=True)
    expected = READERS - {"representative"} - CARERS_ALL
    assert permitted(Action.READ_DOCUMENT, hidden) & READERS == expected
    assert asked(REPLACEMENT, document=hidden).duties == (Duty.WARN_HIDDEN_FROM_REPRESENTATIVES,)


def test_who_reads_a_deleted_document() -> None:
    assert permitted(Action.READ_DOCUMENT, replace(REPORT, deleted=True)) == set()


def test_who_lists() -> None:
    # Whoever bears the summary may ask, and no document exists for him.
    assert permitted(Action.FIND_DOCUMENTS, None) == READERS | BEARERS | {"bearer of the summary"}


def test_who_deposits() -> None:
    assert permitted(Action.DEPOSIT, None) == (
        (READERS - {"carer who sees"})
        | WITHOUT_READING
        | {"hospital system", "secretary", "insurer", "case manager without consent"}
    )


def test_the_insurer_deposits_reimbursements_and_nothing_else() -> None:
    own = frozenset({EVERYBODY["insurer"].id})
    claims = replace(REPORT, type_code="REMB", owner_ids=own)
    report = replace(REPORT, owner_ids=own)
    assert asked(EVERYBODY["insurer"], Action.DEPOSIT, claims).permitted
    assert not asked(EVERYBODY["insurer"], Action.DEPOSIT, report).permitted
    for action in (Action.FIND_DOCUMENTS, Action.READ_DOCUMENT):
        assert not asked(EVERYBODY["insurer"], action, claims).permitted


def test_nobody_but_the_insurer_deposits_reimbursements() -> None:
    claims = replace(
        REPORT, type_code="REMB", owner_ids=frozenset(one.id for one in EVERYBODY.values())
    )
    assert permitted(Action.DEPOSIT, claims) == {"insurer"}


MASKERS = {"holder", "representative", "attending doctor", "administrator", "hospital system"} | (
    BY_MATRIX - {"case manager"} | AUTHORS
)


def test_who_masks() -> None:
    assert permitted(Action.MASK) == MASKERS


def test_who_reveals_to_the_patient() -> None:
    hidden = replace(REPORT, hidden_from_patient=True)
    assert permitted(Action.REVEAL, hidden) == MASKERS - {"holder", "representative"}


def test_who_hides_from_the_representatives() -> None:
    assert permitted(Action.HIDE_FROM_REPRESENTATIVES) == MASKERS - {"representative"}


@pytest.mark.parametrize("action", [Action.REPLACE, Action.DELETE])
def test_who_replaces_and_deletes(action: Action) -> None:
    assert permitted(action) == AUTHORS | {
        "hospital system", "case manager", "case manager without consent",
    }  # fmt: skip
    assert asked(ATTENDING, action).reason is Reason.NOT_AUTHOR


def test_who_archives() -> None:
    assert permitted(Action.ARCHIVE) == AUTHORS | {"hospital system"}


def test_the_holder_manages_what_he_deposited_himself() -> None:
    own = DocumentFacts(type_code="DOCPAT03", owner_ids=frozenset({HOLDER.id}))
    assert permitted(Action.DELETE, own) == {"holder"}


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        (Action.GRANT_CONSENT, (READERS - CARERS_ALL) | {"no consent", "case manager without consent"}),
        (Action.BLOCK_PROFESSIONAL, {"holder", "representative", "attending doctor", "administrator"}),
        (Action.UNBLOCK_PROFESSIONAL, {"holder", "representative"}),
        (Action.APPOINT_ADMINISTRATOR, {"holder", "representative"}),
        (Action.DISMISS_ADMINISTRATOR, {"holder", "representative"}),
        (Action.INVITE_CARER, {"holder", "representative"}),
        (Action.ANSWER_INVITATION, CARERS_ALL),
        (Action.END_CARING, PERSONS),
        (Action.READ_TRACES, {"holder", "representative", "attending doctor", "administrator"}),
        (Action.READ_NOTICES, {"holder", "representative"}),
        (Action.READ_PROFILE, PERSONS),
        (Action.WRITE_PROFILE, {"holder", "representative", "carer who manages"}),
        (Action.WRITE_CHOICES, {"holder", "representative"}),
        (Action.PREVIEW_VISIBILITY, {"holder", "representative"}),
        (Action.CLOSE_RECORD, {"holder", "representative", "desk", "operator", "job"}),
        (Action.ASK_ERASURE, {"holder", "representative"}),
        (Action.SUSPEND_RECORD, {"operator"}),
        (Action.DESTROY_RECORD, {"job"}),
        (Action.REACH_MAJORITY, {"job"}),
        (Action.FOLLOW_ANNOUNCEMENT, {"job"}),
        (Action.DECLARE_ATTENDING_DOCTOR, {"operator", "insurer"}),
        (Action.DECLARE_REPRESENTATIVE, {"operator", "insurer", "desk"}),
        (Action.EXPLAIN_ACCESS, {"operator"}),
        (Action.REVIEW_EMERGENCY, {"operator"}),
        (Action.FILE_HEIR_REQUEST, {"operator", "desk"}),
        (Action.DECIDE_HEIR_REQUEST, {"operator"}),
        (Action.RELEASE_TO_HEIRS, set()),
        (Action.INFORM_PERSON, {"desk", "operator", "insurer"}),
    ],
)  # fmt: skip
def test_who_may_do_what_else(action: Action, expected: set[str]) -> None:
    assert permitted(action, None) == expected


def test_who_learns_that_a_record_is_there() -> None:
    refused_by_law = {"stranger", "insurer's doctor", "job", "nobody"}
    refused_by_law |= {name for name in EVERYBODY if name.startswith("bearer")}
    assert permitted(Action.TEST_EXISTENCE, None) == set(EVERYBODY) - refused_by_law


def test_who_reads_the_traces_of_his_own_actions() -> None:
    professionals = BY_MATRIX | AUTHORS | {
        "attending doctor", "administrator", "no consent", "case manager without consent",
        "occupational nurse",
    }  # fmt: skip
    assert permitted(Action.READ_OWN_TRACES, None) == professionals


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
    for who in (HOLDER, PARENT, *CARERS.values()):
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
            if name in ("holder", "author") and action is not Action.DELETE:
                assert decision.reason is reason


def test_the_holder_of_a_closed_record_still_reads_who_came_and_reopens_it() -> None:
    closed = in_state(State.CLOSED)
    assert asked(HOLDER, Action.READ_TRACES, None, closed).permitted
    assert asked(HOLDER, Action.REOPEN_RECORD, None, closed).permitted


# --- Depositors without authorisation

OWN = replace(REPORT, owner_ids=frozenset({BLOCKED_ID, UNKNOWN_ID, HOSPITAL.id_nat}))


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
    late = replace(RECORD, relations=relations(consent(UNKNOWN_ID)))
    at = late.relations.consents[0].end
    question = Question(
        action=Action.READ_DOCUMENT, caller=UNKNOWN_DOCTOR, at=at, record=late, document=REPORT
    )
    assert decide(question, POLICY).reason is Reason.ACCESS_NOT_AUTHORISED
    assert decide(replace(question, at=at - timedelta(minutes=1)), POLICY).permitted
