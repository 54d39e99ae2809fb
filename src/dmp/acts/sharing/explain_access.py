"""Explain a decision: which rules were tried for a caller, a record and a document, which decided.

Who: the operator. Shows the reasoning and no health content.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from dmp.acts.act import Act, OfPatient, always
from dmp.acts.work import Work
from dmp.domain.access.actions import Action
from dmp.domain.access.explain import Explanation, explain
from dmp.domain.access.filter import DocumentFacts
from dmp.domain.access.rules import Question
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import Ins
from dmp.domain.identity.caller import Caller


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainAccess:
    """The question: would this caller be allowed this action, on this person's record and document?"""

    ins: Ins
    caller: Caller
    action: Action
    document: UUID | None = None


async def _explain(request: ExplainAccess, work: Work) -> Explanation:
    facts = None
    if request.document is not None:
        entry = await work.documents.by_id(request.document)
        if entry is None or entry.record_id != work.record.record_id:
            raise Refused(Reason.DOCUMENT_NOT_FOUND)
        facts = DocumentFacts.of(entry)
    question = Question(
        action=request.action,
        caller=request.caller,
        at=work.now,
        about=request.ins,
        record=work.record,
        document=facts,
    )
    return explain(question, work.policy)


explain_access = Act(
    name="explain-access",
    actions=always(Action.EXPLAIN_ACCESS),
    target=lambda request: OfPatient(request.ins),
    run=_explain,
    reads=True,
    detail=lambda request: request.action.value,
)
