"""The one answer to "may they": rules tried in order, deny by default.

Only `acts.perform` calls `decide`, and the previews of this room, so that no door can answer otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass

from dmp.domain.access.actions import Action
from dmp.domain.access.filter import DocumentFacts, Scope
from dmp.domain.access.matrix import Matrix
from dmp.domain.access.rules import (
    RULES,
    Duty,
    Question,
    Rule,
    Verdict,
    authorisation_is_missing,
    individual_authentication_is_missing,
    own_scope,
    professional_is_blocked,
)
from dmp.domain.errors import Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
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


def decide(question: Question, matrix: Matrix) -> Decision:
    """Decide one question. What no rule decides is refused."""
    tried: list[str] = []
    for rule in RULES:
        tried.append(rule.__name__)
        verdict = rule(question, matrix)
        if verdict is None:
            continue
        if verdict.reason is None:
            return _permitted(question, verdict, tried, matrix)
        if _own_deposit_outweighs(question, rule):
            tried.append("depositor_finds_own_deposits")
            return _permitted(question, Verdict(scope=own_scope(question)), tried, matrix)
        return _refused(verdict.reason, tried, matrix)
    tried.append("nothing_permits_it")
    return _refused(Reason.ACT_NOT_ALLOWED, tried, matrix)


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


def _refused(reason: Reason, tried: list[str], matrix: Matrix) -> Decision:
    return Decision(
        permitted=False,
        rule=tried[-1],
        reason=reason,
        tried=tuple(tried),
        matrix_version=matrix.version,
    )


def _permitted(question: Question, verdict: Verdict, tried: list[str], matrix: Matrix) -> Decision:
    document, scope, duties = question.document, verdict.scope, verdict.duties
    rule = tried[-1]
    if document is not None and scope is not None:
        visible, document_rule = scope.verdict(document)
        tried.append(document_rule)
        if not visible:
            return _refused(Reason.DOCUMENT_NOT_FOUND, tried, matrix)
        if question.action in _AUTHOR_ONLY and document.owner_ids.isdisjoint(scope.own_ids):
            tried.append("only_the_author_replaces_or_deletes")
            return _refused(Reason.NOT_AUTHOR, tried, matrix)
        if document_rule != "document_is_visible":
            rule = document_rule
        duties = (*duties, *_warnings(document, scope))
    return Decision(
        permitted=True,
        rule=rule,
        scope=scope,
        duties=duties,
        tried=tuple(tried),
        matrix_version=matrix.version,
    )


_AUTHOR_ONLY = frozenset({Action.REPLACE, Action.ARCHIVE, Action.DELETE})


def _warnings(document: DocumentFacts, scope: Scope) -> tuple[Duty, ...]:
    found: list[Duty] = []
    if document.hidden_from_patient and scope.sees_hidden_from_patient:
        found.append(Duty.WARN_NOT_ANNOUNCED)
    if document.hidden_from_representatives and scope.sees_hidden_from_representatives:
        found.append(Duty.WARN_HIDDEN_FROM_REPRESENTATIVES)
    return tuple(found)
