"""The one answer to "may they": rules tried in order, deny by default.

Only `acts.perform` calls `decide`, and the previews of this room, so that no door can answer otherwise.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from dmp.domain.access.actions import Action
from dmp.domain.access.filter import DocumentFacts, Scope
from dmp.domain.access.order import order_for
from dmp.domain.access.policy import Policy
from dmp.domain.access.rules import RULES, Duty, Question, Rule, Verdict
from dmp.domain.access.rules.persons import individual_authentication_is_missing
from dmp.domain.access.rules.professionals import (
    authorisation_is_missing,
    passes_a_ceiling,
    professional_is_blocked,
)
from dmp.domain.access.rules.scopes import own_scope
from dmp.domain.errors import Reason


class Decision(NamedTuple):
    """The answer, the rule that gave it, and what it obliges to.

    `scope` tells which documents exist for the caller when the action reads. `tried` names the
    rules in the order in which they were tried, the deciding one last.
    """

    permitted: bool
    rule: str
    reason: Reason | None = None
    scope: Scope | None = None
    duties: tuple[Duty, ...] = ()
    tried: tuple[str, ...] = ()
    matrix_version: str = ""


def decide(question: Question, policy: Policy, rules: Sequence[Rule] = RULES) -> Decision:
    """Decide one question: the first rule that does not pass decides, and what none decides is refused."""
    tried: tuple[str, ...] = ()
    for rule, tried in order_for(question, policy, rules):
        verdict = rule(question, policy)
        if verdict is None:
            continue
        if verdict.reason is None:
            return _permitted(question, verdict, tried, policy)
        if _own_deposit_outweighs(question, rule):
            own = Verdict(scope=own_scope(question))
            return _permitted(question, own, (*tried, "depositor_finds_own_deposits"), policy)
        return _refused(verdict.reason, question, tried, policy)
    return _refused(Reason.ACT_NOT_ALLOWED, question, (*tried, "nothing_permits_it"), policy)


def _permitted(
    question: Question, verdict: Verdict, tried: tuple[str, ...], policy: Policy
) -> Decision:
    """The action is permitted; whether the document exists for the caller is still to be seen."""
    document, scope, duties = question.document, verdict.scope, verdict.duties
    rule = tried[-1]
    if document is not None and scope is not None:
        visible, document_rule = scope.verdict(document)
        tried = (*tried, document_rule)
        if not visible:
            return _refused(Reason.DOCUMENT_NOT_FOUND, question, tried, policy)
        if question.action in _AUTHOR_ONLY and document.owner_ids.isdisjoint(scope.own_ids):
            tried = (*tried, "only_the_author_replaces_or_deletes")
            return _refused(Reason.NOT_AUTHOR, question, tried, policy)
        if document_rule != "document_is_visible":
            rule = document_rule
        duties = (*duties, *_warnings(document, scope, question.at))
    if question.opened is not None and passes_a_ceiling(question, policy):
        duties = (*duties, Duty.TELL_OPERATOR)
    return Decision(
        permitted=True,
        rule=rule,
        scope=scope,
        duties=duties,
        tried=tried,
        matrix_version=policy.matrices.at(question.at).version,
    )


def _refused(
    reason: Reason, question: Question, tried: tuple[str, ...], policy: Policy
) -> Decision:
    return Decision(
        permitted=False,
        rule=tried[-1],
        reason=reason,
        duties=(Duty.TELL_OPERATOR,) if reason is Reason.CEILING_REACHED else (),
        tried=tried,
        matrix_version=policy.matrices.at(question.at).version,
    )


_AUTHOR_ONLY = frozenset({Action.REPLACE, Action.ARCHIVE, Action.DELETE})


def _own_deposit_outweighs(question: Question, rule: Rule) -> bool:
    """Whether the depositor keeps his own in spite of this refusal.

    A search by identifier (TD3.1b) serves software that may deposit but not consult, metadata only.
    One's own document stays open to read without consent (CSP R1111-49), but not when blocked.
    """
    if question.settles_for_own and question.action is Action.FIND_DOCUMENTS:
        return rule in (
            individual_authentication_is_missing,
            professional_is_blocked,
            authorisation_is_missing,
        )
    document = question.document
    return (
        rule is authorisation_is_missing
        and document is not None
        and question.action in (Action.READ_DOCUMENT, Action.FIND_DOCUMENTS)
        and not document.owner_ids.isdisjoint(own_scope(question).own_ids)
    )


def _warnings(document: DocumentFacts, scope: Scope, at: datetime) -> tuple[Duty, ...]:
    """What a reader must be told of a document that others may not see yet."""
    found: list[Duty] = []
    awaits = document.hidden_from_patient and at < document.reveal_at
    if awaits and scope.sees_hidden_from_patient:
        found.append(Duty.WARN_NOT_ANNOUNCED)
    if document.hidden_from_representatives and scope.sees_hidden_from_representatives:
        found.append(Duty.WARN_HIDDEN_FROM_REPRESENTATIVES)
    return tuple(found)
