"""Say that something in a document is wrong: its author owes an answer.

GDPR article 16. Who: the holder, who represents him, a carer who manages, each about a document that exists
for him. The author is told that a request waits; a structure, a device or nobody known: the operator.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from dmp.acts.act import Act, OfDocument, OfRecord, always
from dmp.acts.notices.telling import tell
from dmp.acts.work import Work
from dmp.domain.access.actions import Action
from dmp.domain.arranging.correction import (
    MAX_WAITING,
    CorrectionRequest,
    owes_an_answer,
    said,
)
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import RecordId
from dmp.domain.identity.caller import Holder
from dmp.domain.record.notice import NoticeKind


@dataclass(frozen=True, slots=True, kw_only=True)
class AskCorrection:
    """What is wrong in which document of which record."""

    record_id: RecordId
    document: UUID
    text: str


async def _ask(request: AskCorrection, work: Work) -> CorrectionRequest:
    text, entry = said(request.text), work.document
    addressee, author = owes_an_answer(entry)
    record_id = work.record.record_id
    own = [
        one
        for one in await work.slips.of_record(record_id, CorrectionRequest)
        if one.asked_by == work.caller.id and not one.is_answered
    ]
    if any(one.document == entry.document_id and one.text == text for one in own):
        raise Refused(Reason.CORRECTION_NOT_POSSIBLE, field="texte", detail="it was asked already")
    if len(own) >= MAX_WAITING:
        raise Refused(Reason.CORRECTION_NOT_POSSIBLE, field="texte", detail="too many wait already")
    asked = CorrectionRequest(
        slip_id=work.new_uuid(),
        document=entry.document_id,
        title=entry.title,
        of=entry.service_start,
        author=author,
        addressee=addressee,
        text=text,
        asked_by=work.caller.id,
        asked_at=work.now,
        for_holder=not isinstance(work.caller.who, Holder),
    )
    work.slips.keep(record_id, asked, addressee=addressee)
    tell(work, NoticeKind.CORRECTION_ASKED, record_id, asked.slip_id, addressee=addressee)
    return asked


ask_correction = Act(
    name="ask-correction",
    actions=always(Action.ASK_CORRECTION),
    target=lambda request: OfDocument(request.document, OfRecord(request.record_id)),
    run=_ask,
)
