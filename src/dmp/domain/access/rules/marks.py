"""Marks on rules: whom and what a rule concerns, so that it is not tried where it would pass anyway.

A mark never changes an answer; a test holds that a rule which is left out would have passed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from dmp.domain.access.actions import Action
from dmp.domain.access.rules.question import Rule

RuleT = TypeVar("RuleT", bound=Rule)
_KINDS: dict[Rule, frozenset[type]] = {}
_ACTIONS: dict[Rule, frozenset[Action]] = {}
_OF_THE_ASKER: set[Rule] = set()


def only_of(*kinds: type) -> Callable[[RuleT], RuleT]:
    """Marks a rule that passes whenever another kind of caller asks."""

    def marked(rule: RuleT) -> RuleT:
        _KINDS[rule] = frozenset(kinds)
        return rule

    return marked


def only_on(*actions: Action) -> Callable[[RuleT], RuleT]:
    """Marks a rule that passes whenever another action is asked."""

    def marked(rule: RuleT) -> RuleT:
        _ACTIONS[rule] = frozenset(actions)
        return rule

    return marked


def of_the_asker(rule: RuleT) -> RuleT:
    """Marks a rule that looks at the caller's kind, strength and purpose, and at the action, alone: where it
    passed once, it passes.
    """
    _OF_THE_ASKER.add(rule)
    return rule


def concerns(rule: Rule, kind: type, action: Action) -> bool:
    """Whether the rule may say anything to this kind of caller who asks this action."""
    kinds, actions = _KINDS.get(rule), _ACTIONS.get(rule)
    return (kinds is None or kind in kinds) and (actions is None or action in actions)


def is_of_the_asker(rule: Rule) -> bool:
    """Whether the rule looks at the asker and the action alone."""
    return rule in _OF_THE_ASKER


def marks_of(rule: Rule) -> tuple[frozenset[type], frozenset[Action]]:
    """The kinds of caller and the actions a rule is marked with; none when it is tried for all."""
    return _KINDS.get(rule, frozenset()), _ACTIONS.get(rule, frozenset())
