"""Rules that are not tried would have passed: marked as of another caller or action, or of the asker alone."""

from __future__ import annotations

import pytest

from dmp.domain.access.actions import MAY_ASK, Action
from dmp.domain.access.decide import decide
from dmp.domain.access.order import order_for
from dmp.domain.access.rules import RULES, Question, Rule, Verdict
from dmp.domain.access.rules.marks import concerns, is_of_the_asker
from tests.domain.access.test_rules_bite import answers, questions

OF_THE_ASKER = [rule for rule in RULES if is_of_the_asker(rule)]


def asker(question: Question) -> tuple[object, ...]:
    """What a rule of the asker may look at."""
    caller = question.caller
    return type(caller.who), caller.strength, caller.purpose, question.action


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: str(rule.__name__))
def test_a_rule_marked_as_anothers_would_have_passed(rule: Rule) -> None:
    skipped = 0
    for question, policy in questions():
        if not concerns(rule, type(question.caller.who), question.action):
            skipped += 1
            assert rule(question, policy) is None, question
    every = [concerns(rule, kind, action) for kind in MAY_ASK for action in Action]
    assert bool(skipped) is not all(every)


@pytest.mark.parametrize("rule", OF_THE_ASKER, ids=lambda rule: str(rule.__name__))
def test_a_rule_of_the_asker_looks_at_nothing_else(rule: Rule) -> None:
    said: dict[tuple[object, ...], Verdict | None] = {}
    for question, policy in questions():
        verdict = rule(question, policy)
        assert said.setdefault(asker(question), verdict) == verdict, question
    assert len(set(said.values())) > 1


def test_no_rule_is_left_out_that_would_not_pass() -> None:
    for question, policy, _ in answers():
        left = {rule for rule, _ in order_for(question, policy, RULES)}
        for rule in RULES:
            assert rule in left or rule(question, policy) is None


def test_what_was_tried_is_named_in_the_order_of_the_rules() -> None:
    order = [rule.__name__ for rule in RULES]
    for question, policy, _ in answers()[::97]:
        tried = [name for name in decide(question, policy).tried if name in order]
        assert tried == sorted(tried, key=order.index)
        assert tried[0] == "nobody_is_authenticated"
