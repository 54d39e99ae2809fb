"""Feeding the record, and what stays to whoever fed it."""

from __future__ import annotations

from dmp.domain.access.actions import Action
from dmp.domain.access.policy import Policy
from dmp.domain.access.rules.marks import only_of, only_on
from dmp.domain.access.rules.question import Question, Verdict
from dmp.domain.access.rules.scopes import own_ids, own_scope
from dmp.domain.errors import Reason
from dmp.domain.identity.caller import Insurer

REIMBURSEMENTS = "REMB"
_DEPOSIT = Action.DEPOSIT
_MANAGEMENT = frozenset(
    {
        Action.REPLACE,
        Action.MASK,
        Action.REVEAL,
        Action.HIDE_FROM_REPRESENTATIVES,
        Action.ARCHIVE,
        Action.DELETE,
    }
)


@only_on(*_MANAGEMENT)
def author_manages_own_deposit(question: Question, _: Policy) -> Verdict | None:
    """The author, or the depositing structure, keeps the management of a deposit, even without consent."""
    document = question.document
    if document is None or question.action not in _MANAGEMENT or document.deleted:
        return None
    if document.owner_ids.isdisjoint(own_ids(question)):
        return None
    return Verdict(scope=own_scope(question))


@only_of(Insurer)
@only_on(_DEPOSIT)
def insurer_feeds_reimbursements_only(question: Question, _: Policy) -> Verdict | None:
    """The health insurance deposits the history of reimbursements and nothing else."""
    if not isinstance(question.caller.who, Insurer) or question.action is not _DEPOSIT:
        return None
    document = question.document
    if document is not None and document.type_code != REIMBURSEMENTS:
        return Verdict(Reason.ACT_NOT_ALLOWED)
    return None


@only_on(_DEPOSIT)
def reimbursements_come_from_the_insurer(question: Question, _: Policy) -> Verdict | None:
    """Nobody but the health insurance deposits a history of reimbursements.

    Its lines exist for whoever sees such a document: with one of his own, anybody would see them all.
    """
    document = question.document
    if document is None or document.type_code != REIMBURSEMENTS or question.action is not _DEPOSIT:
        return None
    if isinstance(question.caller.who, Insurer):
        return None
    return Verdict(Reason.ACT_NOT_ALLOWED)


@only_on(_DEPOSIT)
def depositing_needs_no_consent(question: Question, _: Policy) -> Verdict | None:
    """Feeding is a duty of the professional: neither consent nor a block stands against it."""
    if question.action is _DEPOSIT:
        return Verdict(scope=own_scope(question))
    return None
