"""What must hold of every question that can be asked."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from dmp.domain.access.actions import Action
from dmp.domain.access.decide import decide
from dmp.domain.access.explain import OTHER_RULES, Outcome, explain
from dmp.domain.access.filter import NOTHING, DocumentFacts, Scope
from dmp.domain.access.matrix import professions
from dmp.domain.access.policy import Policy
from dmp.domain.access.rules import RULES, Question
from dmp.domain.documents.types import document_types
from dmp.domain.identity.caller import Caller, Purpose, Strength
from dmp.domain.record.health_record import HealthRecord
from dmp.domain.record.preferences import Block, EmergencySwitches, Preferences
from tests.domain.samples import (
    COLLEAGUE,
    DESK,
    GP,
    HOLDER,
    HOSPITAL,
    JOB,
    NOW,
    OPERATOR,
    PARENT,
    PRACTICE,
    STRANGER,
    SYSTEM,
    caller,
    consent,
    professional,
    record,
    relations,
)

POLICY = Policy()
MATRIX = POLICY.matrices.versions[-1]
PEOPLE = (GP, COLLEAGUE, PRACTICE.id_nat, HOSPITAL.id_nat, HOLDER.id, PARENT.id)

facts = st.builds(
    DocumentFacts,
    type_code=st.sampled_from(sorted(document_types())),
    owner_ids=st.frozensets(st.sampled_from(PEOPLE), max_size=3),
    masked=st.booleans(),
    hidden_from_patient=st.booleans(),
    hidden_from_representatives=st.booleans(),
    deleted=st.booleans(),
)
scopes = st.builds(
    Scope,
    own_ids=st.lists(st.sampled_from(PEOPLE), max_size=2).map(tuple),
    own_only=st.booleans(),
    types=st.none() | st.frozensets(st.sampled_from(sorted(document_types()))),
    sees_masked=st.booleans(),
    sees_hidden_from_patient=st.booleans(),
    sees_hidden_from_representatives=st.booleans(),
    kept_documents=st.just(frozenset()),
    kept_types=st.just(frozenset()),
    at=st.just(NOW),
    even_deleted=st.just(False),
    only=st.none()
    | st.frozensets(
        st.sampled_from([DocumentFacts(type_code="x", owner_ids=frozenset()).document_id])
    ),
)
professionals: st.SearchStrategy[Caller] = st.builds(
    lambda who, profession, structure, purpose, strength, regulates: caller(
        professional(who, profession, structure, regulates=regulates),
        strength,
        purpose,
        "inconscient",
    ),
    st.sampled_from([GP, COLLEAGUE]),
    st.sampled_from([*sorted(professions()), "77"]),
    st.sampled_from([PRACTICE, HOSPITAL]),
    st.sampled_from(list(Purpose)),
    st.sampled_from(list(Strength)),
    st.booleans(),
)
callers = professionals | st.sampled_from([HOLDER, PARENT, STRANGER, SYSTEM, DESK, OPERATOR, JOB])


@st.composite
def records(draw: st.DrawFn) -> HealthRecord:
    consents = draw(
        st.lists(st.sampled_from([consent(GP), consent(HOSPITAL.id_nat, to_team=True)]), max_size=2)
    )
    known = relations(
        *consents, attending=draw(st.sampled_from(["", GP])), parent=draw(st.booleans())
    )
    blocks = tuple(
        Block(person_id=who, name="", start=NOW, by="h")
        for who in draw(st.sets(st.sampled_from([GP, COLLEAGUE])))
    )
    switches = draw(
        st.builds(
            EmergencySwitches,
            break_glass=st.booleans(),
            regulation=st.booleans(),
            masked_documents=st.booleans(),
        )
    )
    return record(relations=known, preferences=Preferences(blocks=blocks, emergency=switches))


questions = st.builds(
    Question,
    action=st.sampled_from(list(Action)),
    caller=callers,
    at=st.just(NOW),
    record=st.none() | records(),
    document=st.none() | facts,
    settles_for_own=st.booleans(),
)
READING = (Action.READ_DOCUMENT, Action.FIND_DOCUMENTS)


@given(questions)
def test_masking_never_opens_anything(question: Question) -> None:
    if question.document is None:
        return
    seen = question.document
    for shown, hidden in (
        (replace(seen, masked=False), replace(seen, masked=True)),
        (replace(seen, hidden_from_patient=False), replace(seen, hidden_from_patient=True)),
        (
            replace(seen, hidden_from_representatives=False),
            replace(seen, hidden_from_representatives=True),
        ),
        (replace(seen, deleted=False), replace(seen, deleted=True)),
    ):
        if decide(replace(question, document=hidden), POLICY).permitted:
            assert decide(replace(question, document=shown), POLICY).permitted


@given(questions)
def test_a_blocked_professional_never_reads(question: Question) -> None:
    known = question.record
    if known is None or not known.preferences.blocked(question.caller.id, question.at):
        return
    for action in READING:
        asked = replace(question, action=action, settles_for_own=False)
        assert not decide(asked, POLICY).permitted
    asked = replace(question, action=Action.READ_DOCUMENT, settles_for_own=False)
    assert decide(replace(asked, document=None), POLICY).scope is None


@given(questions)
def test_blocking_and_ending_a_consent_never_open_anything(question: Question) -> None:
    if question.record is None:
        return
    block = Block(person_id=question.caller.id, name="", start=NOW, by="h")
    less = replace(question.record, preferences=question.record.preferences.with_block(block))
    ended = replace(question.record, relations=question.record.relations.ended_for(GP, NOW))
    for narrower in (less, ended):
        if decide(replace(question, record=narrower), POLICY).permitted:
            assert decide(question, POLICY).permitted


@given(questions)
def test_who_is_not_authenticated_gets_nothing(question: Question) -> None:
    unknown = replace(question, caller=replace(question.caller, strength=Strength.NONE))
    assert not decide(unknown, POLICY).permitted


@given(questions)
def test_without_a_document_reading_is_the_same_scope_whatever_the_document(
    question: Question,
) -> None:
    """One document does not change what is seen of the others; one's own opens itself alone."""
    asked = replace(question, action=Action.READ_DOCUMENT)
    one, none = decide(asked, POLICY), decide(replace(asked, document=None), POLICY)
    if "depositor_finds_own_deposits" in one.tried:
        assert one.scope is not None
        assert one.scope.own_only
        assert none.scope is None
    elif one.permitted:
        assert one.scope == none.scope
    if none.scope is not None and asked.document is not None:
        assert one.permitted is none.scope.verdict(asked.document)[0]


@given(questions)
def test_a_decision_always_says_why(question: Question) -> None:
    decision = decide(question, POLICY)
    assert decision.permitted is (decision.reason is None)
    assert decision.tried
    assert decision.rule in decision.tried
    assert decision.matrix_version == MATRIX.version
    if not decision.permitted:
        assert decision.scope is None
        assert decision.duties == ()


@given(questions)
def test_the_explanation_tells_the_decision_and_every_rule(question: Question) -> None:
    told = explain(question, POLICY)
    assert told.decision == decide(question, POLICY)
    assert tuple(step.rule for step in told.steps) == told.decision.tried
    assert all(step.sentence.endswith(".") for step in told.steps)
    last = told.steps[-1]
    assert (last.outcome is Outcome.PERMITTED) is told.decision.permitted
    assert last.reason is told.decision.reason
    refusals = [step for step in told.steps if step.outcome is Outcome.REFUSED]
    assert refusals == ([] if told.decision.permitted else [last])


def test_no_two_rules_share_a_name() -> None:
    names = [rule.__name__ for rule in RULES]
    assert len(names) == len(set(names))
    assert not set(names) & set(OTHER_RULES)


@given(scopes, facts)
def test_a_wider_scope_sees_no_less(scope: Scope, document: DocumentFacts) -> None:
    seen, _ = scope.verdict(document)
    if not seen:
        return
    for wider in (
        scope._replace(own_only=False),
        scope._replace(types=None),
        scope._replace(sees_masked=True),
        scope._replace(sees_hidden_from_patient=True),
        scope._replace(sees_hidden_from_representatives=True),
    ):
        assert wider.verdict(document)[0]


@given(scopes, scopes)
def test_the_text_of_the_condition_never_varies(one: Scope, other: Scope) -> None:
    assert one.condition()[0] == other.condition()[0]


@given(facts)
def test_nothing_is_seen_in_the_empty_scope(document: DocumentFacts) -> None:
    assert not NOTHING.verdict(document)[0]
