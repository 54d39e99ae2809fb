"""Which rules are tried for a question, in their order, each with the names of those up to it.

Left out are rules marked as another caller's or another action's, and those about the asker alone where they
passed. What is left is found once for each kind of caller, strength, purpose and action.
"""

from __future__ import annotations

from collections.abc import Sequence

from dmp.domain.access.actions import Action
from dmp.domain.access.policy import Policy
from dmp.domain.access.rules import RULES, Question, Rule
from dmp.domain.access.rules.marks import concerns, is_of_the_asker
from dmp.domain.identity.caller import Purpose, Strength

Order = tuple[tuple[Rule, tuple[str, ...]], ...]

_FOUND: dict[tuple[type, Action, Strength, Purpose], Order] = {}


def order_for(question: Question, policy: Policy, rules: Sequence[Rule]) -> Order:
    """The rules to be tried."""
    if rules is not RULES:
        return _ordered(question, policy, rules)
    caller = question.caller
    asker = (type(caller.who), question.action, caller.strength, caller.purpose)
    order = _FOUND.get(asker)
    if order is None:
        order = _FOUND[asker] = _ordered(question, policy, rules)
    return order


def _ordered(question: Question, policy: Policy, rules: Sequence[Rule]) -> Order:
    kind, action = type(question.caller.who), question.action
    kept: list[tuple[Rule, tuple[str, ...]]] = []
    names: tuple[str, ...] = ()
    for rule in rules:
        if not concerns(rule, kind, action):
            continue
        names = (*names, rule.__name__)
        if not is_of_the_asker(rule) or rule(question, policy) is not None:
            kept.append((rule, names))
    return tuple(kept)
