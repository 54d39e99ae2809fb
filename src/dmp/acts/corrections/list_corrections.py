"""Follow the requests for correction: the holder those of his record, an author those he has to answer.

Who: the holder, who represents him, his carers, about documents that exist for each; an author or the
operator what is addressed to him alone, whatever became of his access to the record.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from dmp.acts.act import Act, OfNothing, OfRecord, always
from dmp.acts.work import Work
from dmp.domain.access.actions import Action
from dmp.domain.access.filter import DocumentFacts
from dmp.domain.arranging.correction import CorrectionRequest
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import RecordId
from dmp.domain.identity.caller import Operator, Strength
from dmp.domain.record.notice import OPERATOR

LONGEST = 200
"""Longest list, whatever is asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListCorrections:
    """Of which record; of one document perhaps."""

    record_id: RecordId
    document: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListOwed:
    """How many at most of those addressed to whoever asks, newest first."""

    limit: int = LONGEST


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """A request with the record it is of: for the address of its page, never shown."""

    record_id: RecordId
    request: CorrectionRequest


async def _of_record(request: ListCorrections, work: Work) -> tuple[CorrectionRequest, ...]:
    kept = await work.slips.of_record(work.record.record_id, CorrectionRequest)
    wanted = [one for one in kept if request.document in (None, one.document)]
    return tuple([one for one in wanted[:LONGEST] if await exists(one, work)])


async def exists(request: CorrectionRequest, work: Work) -> bool:
    """Whether a request is there for the caller: as its document is, or was before it was deleted."""
    entry = await work.documents.by_id(request.document)
    if entry is None or entry.record_id != work.record.record_id:
        return False
    return work.scope._replace(even_deleted=True).verdict(DocumentFacts.of(entry))[0]


async def _owed(request: ListOwed, work: Work) -> tuple[Owed, ...]:
    limit = max(1, min(request.limit, LONGEST))
    found = await work.slips.addressed_to(addressee_of(work), CorrectionRequest, limit)
    return tuple(Owed(record_id=record_id, request=one) for record_id, one in found)


def addressee_of(work: Work) -> str:
    """The name under which requests wait for the caller.

    Raises Refused: INDIVIDUAL_AUTHENTICATION_REQUIRED.
    """
    if work.caller.strength < Strength.INDIVIDUAL:
        raise Refused(Reason.INDIVIDUAL_AUTHENTICATION_REQUIRED)
    return OPERATOR if isinstance(work.caller.who, Operator) else work.caller.id


list_corrections = Act(
    name="list-corrections",
    actions=always(Action.READ_CORRECTIONS),
    target=lambda request: OfRecord(request.record_id),
    run=_of_record,
    reads=True,
)

list_owed_corrections = Act(
    name="list-owed-corrections",
    actions=always(Action.ANSWER_CORRECTION),
    target=lambda _: OfNothing(),
    run=_owed,
    reads=True,
)
"""What an author has to answer."""
