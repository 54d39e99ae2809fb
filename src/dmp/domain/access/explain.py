"""The reasoning behind a decision, rule by rule, for `dmp access explain`.

The decision is that of `decide`; this file only tells what each rule tried said on the way.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from dmp.domain.access.decide import Decision, decide
from dmp.domain.access.policy import Policy
from dmp.domain.access.rules import RULES, Question, Rule
from dmp.domain.errors import Reason


class Outcome(StrEnum):
    """What one rule said."""

    PASSED = "passed"  # not its business
    PERMITTED = "permitted"
    REFUSED = "refused"
    OUTWEIGHED = "outweighed"  # it refused, and a later rule leaves the depositor his own


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One rule that was tried, in its own words."""

    rule: str
    sentence: str
    outcome: Outcome
    reason: Reason | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """A decision with the rules that were tried, in their order, the deciding one last."""

    decision: Decision
    steps: tuple[Step, ...]


_RULES = {rule.__name__: rule for rule in RULES}

OTHER_RULES: dict[str, tuple[str, bool]] = {
    "nothing_permits_it": ("What no rule decides is refused.", False),
    "depositor_finds_own_deposits": ("A search by identifier leaves the depositor his own.", True),
    "only_the_author_replaces_or_deletes": (
        "Only its author, or the structure that deposited it, replaces, archives or deletes.",
        False,
    ),
    "document_is_deleted": ("A deleted document exists for nobody.", False),
    "author_keeps_own_deposit": ("The depositor, and his structure, keep what they sent.", True),
    "only_own_deposits_may_be_found": ("Without authorisation only own deposits exist.", False),
    "matrix_does_not_allow_type": ("The matrix keeps this type from this profession.", False),
    "document_is_not_shared": ("The code was given for other documents.", False),
    "document_is_masked": ("The document is masked to professionals.", False),
    "document_is_masked_to_this_reader": (
        "The holder keeps this document from this profession or this professional.",
        False,
    ),
    "category_is_masked_to_this_reader": (
        "The holder keeps this category from this profession or this professional.",
        False,
    ),
    "document_awaits_announcement": ("The document is not yet shown to the patient.", False),
    "document_is_hidden_from_representatives": (
        "The document is hidden from the legal representatives.",
        False,
    ),
    "document_is_visible": ("Nothing on the document stands against it.", True),
}
"""Rules about one document, and the last resort: their sentence, and whether they permit."""


def explain(question: Question, policy: Policy) -> Explanation:
    """Decide, and tell every rule that was tried with what it said."""
    decision = decide(question, policy)
    outweighed = "depositor_finds_own_deposits" in decision.tried
    steps = tuple(_step(name, question, policy, outweighed) for name in decision.tried)
    if not decision.permitted and decision.reason is not None:
        last = steps[-1]
        told = Step(
            rule=last.rule,
            sentence=last.sentence,
            outcome=Outcome.REFUSED,
            reason=decision.reason,
        )
        steps = (*steps[:-1], told)
    return Explanation(decision=decision, steps=steps)


def sentence_of(rule: Rule) -> str:
    """What a rule says, in its own words: the first sentence of its docstring."""
    return " ".join((rule.__doc__ or "").split("\n\n")[0].split())


def _step(name: str, question: Question, policy: Policy, outweighed: bool) -> Step:
    rule = _RULES.get(name)
    if rule is None:
        sentence, permits = OTHER_RULES[name]
        outcome = Outcome.PERMITTED if permits else Outcome.REFUSED
        return Step(rule=name, sentence=sentence, outcome=outcome)
    verdict = rule(question, policy)
    if verdict is None:
        outcome = Outcome.PASSED
    elif verdict.reason is None:
        outcome = Outcome.PERMITTED
    else:
        outcome = Outcome.OUTWEIGHED if outweighed else Outcome.REFUSED
    sentence = sentence_of(rule)
    reason = verdict.reason if verdict is not None else None
    return Step(rule=name, sentence=sentence, outcome=outcome, reason=reason)
