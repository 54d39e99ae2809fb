"""Look whether a recent patient's record holds something new for its reader: his first page does it by itself.

Who: whoever noted the patient, while he may read the record. The holder finds these looks in his journal
under a name of their own, apart from what somebody read on purpose.
"""

from __future__ import annotations

from dataclasses import dataclass

from dmp.acts.act import Act, OfRecord, always
from dmp.acts.work import Work
from dmp.domain.access.actions import Action
from dmp.domain.documents.entry import DocumentEntry
from dmp.domain.documents.query import DocumentQuery, Period
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import RecordId
from dmp.domain.record.confidences import told_to
from dmp.domain.record.health_record import HealthRecord
from dmp.domain.record.recent_patient import RecentPatient

LOOKED_AT = 50
"""Documents that are looked at: more is not counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LookForNews:
    """In whose record. Since when is what was noted, not what is asked."""

    record_id: RecordId


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """The record, when it was opened last, and what others added since, the newest first."""

    record: HealthRecord
    seen: RecentPatient
    added: tuple[DocumentEntry, ...]


async def _look(request: LookForNews, work: Work) -> News:
    seen = await work.own_slips.one(work.caller.id, RecentPatient, request.record_id)
    if seen is None:
        raise Refused(Reason.RECORD_NOT_FOUND)
    query = DocumentQuery(last_updated=(Period(start=seen.opened_at),), count=LOOKED_AT)
    page = await work.documents.find(request.record_id, query, work.scope)
    added = [
        entry
        for entry in page.entries
        # A change of visibility updates a document too: only a deposit is news, and one's own is none.
        if entry.submitted_at > seen.opened_at and entry.depositor_id != work.caller.id
    ]
    added.sort(key=lambda entry: entry.submitted_at, reverse=True)
    return News(record=told_to(work.record, work.caller), seen=seen, added=tuple(added))


look_for_news = Act(
    name="look-for-news",
    actions=always(Action.FIND_DOCUMENTS),
    target=lambda request: OfRecord(request.record_id),
    run=_look,
    reads=True,
)
