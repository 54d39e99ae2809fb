"""Follow a document that its patient may not know yet: tell him after 14 days, reveal it after a month.

CSP R1111-53. Who: the calendar. By the rules the document is visible at the very instant; this tidies its
label up and gives the notices, which say nothing of the content.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from dmp.acts.act import Act, OfDocument, OfRecord, always
from dmp.acts.notices.telling import tell
from dmp.acts.work import Work
from dmp.domain.access.actions import Action
from dmp.domain.documents.entry import DocumentEntry
from dmp.domain.documents.versions import announced
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import EntryUuid, RecordId
from dmp.domain.record.calendar import announcement_due, reveal_due
from dmp.domain.record.health_record import State
from dmp.domain.record.notice import NoticeKind


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowAnnouncement:
    """Which document of which record."""

    document: UUID
    within: RecordId


async def _follow(_: FollowAnnouncement, work: Work) -> DocumentEntry:
    entry = work.document
    if work.record.state is not State.OPEN:
        raise Refused(Reason.RECORD_CLOSED)
    if not entry.visibility.hidden_from_patient or work.now < announcement_due(entry.waits_since):
        raise Refused(Reason.CHANGE_NOT_ALLOWED, field="securityLabel INVISIBLE_PATIENT")
    if work.now >= reveal_due(entry.waits_since):
        return _revealed(entry, work)
    work.documents.announcement_told(entry)
    _tell(NoticeKind.ANNOUNCEMENT_OVERDUE, entry, work)
    return entry


def _revealed(entry: DocumentEntry, work: Work) -> DocumentEntry:
    changed = replace(
        announced(entry, work.record.preferences),
        version=entry.version + 1,
        entry_uuid=EntryUuid(work.new_uuid()),
    )
    work.documents.change(changed, entry)
    _tell(NoticeKind.AUTOMATIC_REVEAL, entry, work)
    return changed


def _tell(kind: NoticeKind, entry: DocumentEntry, work: Work) -> None:
    # Of what is kept from the representatives they are not told either.
    secret = entry.visibility.hidden_from_representatives
    tell(work, kind, entry.record_id, entry.document_id, secret=secret)


follow_announcement = Act(
    name="follow-announcement",
    actions=always(Action.FOLLOW_ANNOUNCEMENT),
    target=lambda request: OfDocument(request.document, OfRecord(request.within)),
    run=_follow,
)
