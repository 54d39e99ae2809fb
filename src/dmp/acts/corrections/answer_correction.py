"""Answer a request for correction: corrected, noted, or refused with the reason.

Who: whoever it is addressed to and nobody else, even when he has lost access to the record: he sees the
title he wrote and what was said of it. Every answer is kept; the holder is told that there is one.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from dmp.acts.act import Act, OfNothing, always
from dmp.acts.corrections.list_corrections import Owed, addressee_of
from dmp.acts.notices.telling import tell
from dmp.acts.work import Work
from dmp.domain.access.actions import Action
from dmp.domain.arranging.correction import Answer, CorrectionRequest
from dmp.domain.documents.entry import DocumentEntry
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import RecordId
from dmp.domain.record.health_record import State
from dmp.domain.record.notice import NoticeKind


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOwed:
    """Which request, of which record."""

    record_id: RecordId
    request_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerCorrection:
    """Which request, and what is answered."""

    record_id: RecordId
    request_id: UUID
    answer: Answer
    text: str = ""


async def _addressed(record_id: RecordId, request_id: UUID, work: Work) -> CorrectionRequest:
    """The request, if it is addressed to the caller; what is addressed to others is not there."""
    found = await work.slips.one(record_id, CorrectionRequest, request_id)
    if found is None or found.addressee != addressee_of(work):
        raise Refused(Reason.CORRECTION_NOT_FOUND)
    return found


async def _trace(
    record_id: RecordId, request: CorrectionRequest, work: Work
) -> DocumentEntry | None:
    """Let the trace stand in the record, by its document: whoever may not know it is not told of this."""
    entry = await work.documents.by_id(request.document)
    work.traced_record = record_id
    work.traced_documents = (entry,) if entry is not None else ()
    return entry


async def _read(request: ReadOwed, work: Work) -> Owed:
    found = await _addressed(request.record_id, request.request_id, work)
    await _trace(request.record_id, found, work)
    return Owed(record_id=request.record_id, request=found)


async def _answer(request: AnswerCorrection, work: Work) -> CorrectionRequest:
    asked = await _addressed(request.record_id, request.request_id, work)
    record = await work.records.by_id(request.record_id)
    if record is None or record.state is State.DESTROYED:
        raise Refused(Reason.CORRECTION_NOT_FOUND)
    name = getattr(work.caller.who, "name", "")
    answered = asked.answered(request.answer, request.text, name, work.now)
    # It stays in the list of who answered it.
    work.slips.keep(record.record_id, answered, addressee=asked.addressee)
    entry = await _trace(record.record_id, asked, work)
    secret = entry is not None and entry.visibility.hidden_from_representatives
    about = (asked.slip_id, len(answered.answers))
    tell(work, NoticeKind.CORRECTION_ANSWERED, record.record_id, *about, secret=secret)
    return answered


read_owed_correction = Act(
    name="read-owed-correction",
    actions=always(Action.ANSWER_CORRECTION),
    target=lambda _: OfNothing(),
    run=_read,
    reads=True,
)

answer_correction = Act(
    name="answer-correction",
    actions=always(Action.ANSWER_CORRECTION),
    target=lambda _: OfNothing(),
    run=_answer,
    detail=lambda request: request.answer.value,
)
