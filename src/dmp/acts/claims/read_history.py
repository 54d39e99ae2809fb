"""Read the history of reimbursements: what the health insurance paid for, in words, newest first.

"Mon histoire de santé". Who: whoever may find and read documents; the lines exist for a reader when a valid
document of reimbursements does, else it is exactly as if there were none.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dmp.acts.act import Act, OfPatient, OfRecord, always
from dmp.acts.work import Work
from dmp.domain.access.actions import Action
from dmp.domain.access.rules.deposits import REIMBURSEMENTS
from dmp.domain.claims.history import is_in_view, people_of, standing, window
from dmp.domain.claims.readable import Heading, HistoryEntry, chosen, counted, entry_of
from dmp.domain.documents.entry import DocumentEntry, Status
from dmp.domain.documents.query import DocumentQuery
from dmp.domain.identifiers import Ins, RecordId

_DOCUMENT = DocumentQuery(
    types=(REIMBURSEMENTS,), statuses=(Status.APPROVED, Status.ARCHIVED), count=1
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadHistory:
    """Of which record; narrowed to one heading and to a period of local days, both included."""

    of: Ins | RecordId
    heading: Heading | None = None
    start: date | None = None
    end: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadableHistory:
    """The entries asked for, newest first, and how many there are in all under each heading.

    `document` is the one that proves them; None when no document of reimbursements exists for the reader,
    and then there is no entry. `first` and `last` are the days in view.
    """

    first: date
    last: date
    entries: tuple[HistoryEntry, ...] = ()
    counts: dict[Heading, int]
    document: DocumentEntry | None = None


async def _read(request: ReadHistory, work: Work) -> ReadableHistory:
    first, last = window(work.now, work.rules.claims_months)
    page = await work.documents.find(work.record.record_id, _DOCUMENT, work.scope)
    if not page.entries:
        return ReadableHistory(first=first, last=last, counts=counted(()))
    lines = standing(await work.claims.of_record(work.record.record_id, first))
    seen = tuple(line for line in lines if is_in_view(line, first, last))
    names = await work.claims.names(people_of(seen))
    entries = tuple(entry_of(line, work.knowledge, names) for line in seen)
    in_period = chosen(entries, start=request.start, end=request.end)
    return ReadableHistory(
        first=first,
        last=last,
        entries=chosen(in_period, request.heading),
        counts=counted(in_period),
        document=page.entries[0],
    )


def _target(request: ReadHistory) -> OfPatient | OfRecord:
    return OfPatient(request.of) if isinstance(request.of, Ins) else OfRecord(request.of)


read_history = Act(
    name="read-history",
    actions=always(Action.FIND_DOCUMENTS, Action.READ_DOCUMENT),
    target=_target,
    run=_read,
    reads=True,
)
