"""Each rule is needed: taken away alone, it changes an answer to somebody about something.

The same questions are asked with the rules whole and with one of them removed; a rule whose absence
nobody would notice fails here, as does a rule on documents that shuts nothing out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import cache

import pytest

from dmp.domain.access import filter as scopes
from dmp.domain.access.actions import Action
from dmp.domain.access.decide import Decision, decide
from dmp.domain.access.filter import DELETED, DOCUMENT_RULES, DocumentRule, Scope
from dmp.domain.access.policy import Ceilings, Policy
from dmp.domain.access.rules import RULES, Opened, Question, Rule
from dmp.domain.identity.caller import Caller, Purpose
from dmp.domain.record.health_record import ClosingMotive, HealthRecord, close
from dmp.domain.record.preferences import Audience, Covered, Mask, Preferences
from tests.domain.access.everybody import (
    CHILD,
    EMERGENCY,
    EVERYBODY,
    POLICY,
    RECORD,
    REGULATOR,
    REPORT,
    RESULTS,
)
from tests.domain.samples import GP, NOW, STRANGER_INS, step, uuid

DEAD = close(RECORD, step(), ClosingMotive.DEATH, "")
RECORDS: tuple[HealthRecord | None, ...] = (
    RECORD,
    CHILD,
    DEAD,
    replace(DEAD, preferences=replace(DEAD.preferences, heirs_opposed=True)),
    close(RECORD, step(), ClosingMotive.HOLDER_REQUEST, ""),
    None,
)
DOCUMENTS = (
    None,
    REPORT,
    replace(RESULTS, owner_ids=frozenset({"810000001999"})),
    replace(REPORT, owner_ids=frozenset({"810000001999"}), masked=True),
    replace(REPORT, type_code="DOCPAT03", owner_ids=frozenset({EVERYBODY["holder"].id})),
    replace(RESULTS, owner_ids=frozenset({EVERYBODY["insurer"].id})),
    replace(RESULTS, type_code="REMB", owner_ids=frozenset({"810000001999"})),
)
CALLERS: tuple[Caller, ...] = (
    *EVERYBODY.values(),
    EMERGENCY,
    REGULATOR,
    replace(
        EVERYBODY["attending doctor"], purpose=Purpose.BREAK_GLASS, purpose_reason="inconscient"
    ),
    replace(EVERYBODY["his replacement"], secret=True),
    replace(EVERYBODY["representative"], strength=EVERYBODY["hospital system"].strength),
)
CAPPED = replace(POLICY, ceilings=Ceilings(professional_hour=3))
FULL = Opened(professional_hour=3)


@cache
def questions() -> tuple[tuple[Question, Policy], ...]:
    """Everybody asks for everything, about every record; put together once for all tests of a process."""
    return tuple(_questions())


def _questions() -> Iterator[tuple[Question, Policy]]:
    for record in RECORDS:
        for who in CALLERS:
            for action in Action:
                for document in DOCUMENTS:
                    yield (
                        Question(
                            action=action, caller=who, at=NOW, about=STRANGER_INS, record=record,
                            document=document, opened=FULL,
                        ),
                        CAPPED if action is Action.READ_DOCUMENT else POLICY,
                    )  # fmt: skip


def told(decision: Decision) -> tuple[object, ...]:
    """What others than the operator notice of a decision."""
    return decision.permitted, decision.reason, decision.scope, decision.duties


@cache
def answers() -> tuple[tuple[Question, Policy, tuple[object, ...]], ...]:
    """What each question is answered by all rules together."""
    return tuple(
        (question, policy, told(decide(question, policy))) for question, policy in questions()
    )


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: str(rule.__name__))
def test_a_rule_that_is_taken_away_is_missed(rule: Rule) -> None:
    without = tuple(other for other in RULES if other is not rule)
    for question, policy, answer in answers():
        if told(decide(question, policy, without)) != answer:
            return
    pytest.fail(f"nobody would notice that {rule.__name__} is gone")


def test_with_all_rules_the_answers_are_the_same() -> None:
    """The comparison itself is not what makes the difference."""
    for question, policy, answer in answers()[:: max(1, len(answers()) // 500)]:
        assert told(decide(question, policy, RULES)) == answer


SHUT_OUT = {
    "only_own_deposits_may_be_found": (Scope(own_only=True), REPORT),
    "matrix_does_not_allow_type": (Scope(types=frozenset({"60591-5"})), REPORT),
    "document_is_not_shared": (Scope(only=frozenset({uuid(501)})), REPORT),
    "document_is_masked": (Scope(), replace(REPORT, masked=True)),
    "document_is_masked_to_this_reader": (
        Scope(kept_documents=frozenset({REPORT.document_id})),
        REPORT,
    ),
    "category_is_masked_to_this_reader": (
        Scope(kept_types=frozenset({REPORT.type_code})),
        REPORT,
    ),
    "document_awaits_announcement": (
        Scope(at=NOW),
        replace(REPORT, hidden_from_patient=True, reveal_at=NOW + timedelta(microseconds=1)),
    ),
    "document_is_hidden_from_representatives": (
        Scope(),
        replace(REPORT, hidden_from_representatives=True),
    ),
}


@pytest.mark.parametrize("rule", DOCUMENT_RULES, ids=lambda rule: rule.name)
def test_a_rule_on_documents_that_is_taken_away_is_missed(
    rule: DocumentRule, monkeypatch: pytest.MonkeyPatch
) -> None:
    scope, document = SHUT_OUT[rule.name]
    assert scope.verdict(document) == (False, rule.name)
    monkeypatch.setattr(
        scopes, "DOCUMENT_RULES", tuple(other for other in DOCUMENT_RULES if other is not rule)
    )
    assert scope.verdict(document)[0]


def test_a_deleted_document_is_there_for_nobody_its_author_included() -> None:
    deleted = replace(REPORT, deleted=True)
    everything = Scope(
        own_ids=tuple(REPORT.owner_ids), sees_masked=True, sees_hidden_from_patient=True,
        sees_hidden_from_representatives=True,
    )  # fmt: skip
    assert everything.verdict(deleted) == (False, DELETED.name)
    assert everything._replace(even_deleted=True).verdict(deleted)[0]


@pytest.mark.parametrize("covered", Covered)
@pytest.mark.parametrize(
    ("audience", "whom", "kept"),
    [
        (Audience.PROFESSION, "10", {"his replacement", "PMI doctor", "fire-service doctor"}),
        (Audience.PROFESSION, "28", {"optician"}),
        (Audience.PROFESSIONAL, EVERYBODY["nurse"].id, {"nurse"}),
        (Audience.PROFESSIONAL, GP, set()),
        (Audience.PROFESSIONAL, EVERYBODY["author"].id, set()),
    ],
)
def test_a_mask_keeps_from_whom_it_names_and_from_nobody_else(
    covered: Covered, audience: Audience, whom: str, kept: set[str]
) -> None:
    target = {
        Covered.DOCUMENT: str(uuid(500)), Covered.CATEGORY: "CPT_REND", Covered.EVERYTHING: "",
    }[covered]  # fmt: skip
    mask = Mask(audience=audience, audience_id=whom, covered=covered, target=target, start=NOW)
    masked = replace(RECORD, preferences=Preferences(masks=(mask,)))
    unmasked = replace(RECORD, preferences=Preferences())
    for name in (
        *kept,
        "holder",
        "representative",
        "attending doctor",
        "author",
        "optician",
        "nurse",
    ):
        question = Question(
            action=Action.READ_DOCUMENT, caller=EVERYBODY[name], at=NOW, document=REPORT
        )
        assert decide(replace(question, record=unmasked), POLICY).permitted, name
        assert decide(replace(question, record=masked), POLICY).permitted is (name not in kept)
    for who in (EMERGENCY, REGULATOR):
        hurried = Question(
            action=Action.READ_DOCUMENT, caller=who, at=NOW, document=REPORT, record=masked
        )
        assert decide(hurried, POLICY).permitted is not (whom == "10")


@pytest.mark.parametrize("refuses", [True, False])
@pytest.mark.parametrize(
    ("ceilings", "opened"),
    [
        (Ceilings(professional_hour=3), Opened(professional_hour=3)),
        (Ceilings(professional_day=3), Opened(professional_day=3)),
        (Ceilings(structure_hour=3), Opened(structure_hour=3)),
        (Ceilings(structure_day=3), Opened(structure_day=3)),
    ],
)
def test_a_ceiling_refuses_one_record_more_or_tells_of_it(
    ceilings: Ceilings, opened: Opened, refuses: bool
) -> None:
    policy = replace(POLICY, ceilings=replace(ceilings, refuses=refuses))
    other = replace(REPORT, owner_ids=frozenset())

    def asked(name: str, **changes: object) -> Decision:
        question = Question(
            action=Action.READ_DOCUMENT, caller=EVERYBODY[name], at=NOW, record=RECORD,
            document=other, opened=opened,
        )  # fmt: skip
        return decide(replace(question, **changes), policy)  # type: ignore[arg-type]

    for name in ("attending doctor", "nurse", "his replacement"):
        decision = asked(name)
        assert decision.permitted is not refuses
        assert [duty.value for duty in decision.duties] == ["tell-operator"]
        assert asked(name, opened=replace(opened, is_new=False)).permitted
        assert asked(name, opened=Opened(professional_hour=2, professional_day=2)).duties == ()
    assert asked("holder").permitted
    assert asked("nurse", caller=EMERGENCY).permitted
