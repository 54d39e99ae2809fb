"""Reading by a one-time code: what its giver shared, while it lasts, and nothing that he could not show.

The bearer is proved by nobody. He may be anybody, so what the holder keeps from anybody in particular he
keeps from him.
"""

from __future__ import annotations

from uuid import UUID

from dmp.domain.access.actions import Action
from dmp.domain.access.filter import NOTHING, Scope
from dmp.domain.access.policy import Policy
from dmp.domain.access.rules.marks import only_of
from dmp.domain.access.rules.question import Question, Verdict
from dmp.domain.access.rules.scopes import types_covered
from dmp.domain.errors import Reason
from dmp.domain.identity.caller import CodeBearer
from dmp.domain.record.preferences import Covered
from dmp.domain.record.relations import Share, Shared


@only_of(CodeBearer)
def bearer_needs_the_share(question: Question, policy: Policy) -> Verdict | None:
    """Whoever bears a code reads while the sharing lasts, in the one browser that opened it."""
    who = question.caller.who
    if not isinstance(who, CodeBearer) or question.action is Action.OPEN_SHARE:
        return None
    share = _share(question, who)
    if share is None or not _still_gives(share, question, policy):
        return Verdict(Reason.RECORD_NOT_FOUND)
    return None


@only_of(CodeBearer)
def bearer_sees_what_was_shared(question: Question, _: Policy) -> Verdict | None:
    """Whoever bears a code sees what its giver chose, of what is hidden from nobody; masked documents only
    when they were chosen by name.
    """
    who = question.caller.who
    if not isinstance(who, CodeBearer) or question.action is Action.OPEN_SHARE:
        return None
    share = _share(question, who)
    if share is None:
        return Verdict(Reason.RECORD_NOT_FOUND)
    summary = question.action is Action.READ_SHARED_SUMMARY
    if summary and share.shared not in (Shared.SUMMARY, Shared.EVERYTHING):
        return Verdict(Reason.ACT_NOT_ALLOWED)
    if share.shared is Shared.SUMMARY and not summary:
        return Verdict(scope=NOTHING)
    return Verdict(scope=_scope(share, question))


def _share(question: Question, who: CodeBearer) -> Share | None:
    record = question.record
    share = record.relations.share(who.share_id) if record is not None else None
    if share is None or not share.is_read_by(who.reader_digest, question.at):
        return None
    return share


def _still_gives(share: Share, question: Question, policy: Policy) -> bool:
    """Whether whoever gave the code could give it now: a representative while he represents."""
    record = question.record
    return share.by_holder or (
        record is not None
        and record.is_represented_by(
            share.by.removeprefix("ins:"), question.at, policy.majority_age
        )
    )


def _scope(share: Share, question: Question) -> Scope:
    if share.shared is Shared.DOCUMENTS:
        return Scope(
            only=frozenset(share.documents),
            sees_masked=True,
            # Chosen by name: by the holder, who may show it; a representative did not see it.
            sees_hidden_from_representatives=share.by_holder,
            at=question.at,
        )
    documents, types = _kept_from_anybody(question)
    category = share.shared is Shared.CATEGORY
    return Scope(
        types=types_covered(Covered.CATEGORY, share.category) if category else None,
        kept_documents=documents,
        kept_types=types,
        at=question.at,
    )


def _kept_from_anybody(question: Question) -> tuple[frozenset[UUID], frozenset[str]]:
    """What the holder keeps from some professional or some profession: the bearer may be one of them."""
    documents: set[UUID] = set()
    types: frozenset[str] = frozenset()
    record = question.record
    for mask in record.preferences.masks if record is not None else ():
        if not mask.in_force(question.at):
            continue
        if mask.document is not None:
            documents.add(mask.document)
        else:
            types |= types_covered(mask.covered, mask.target)
    return frozenset(documents), types
