"""Several documents of a record: all that exist for the caller, or every version of one."""

from __future__ import annotations

from dataclasses import replace

from dmp.acts.work import Work
from dmp.domain.access.filter import Scope
from dmp.domain.documents.entry import DocumentEntry, Status
from dmp.domain.documents.query import DocumentQuery

PAGE = 500
KEPT = (Status.APPROVED, Status.ARCHIVED, Status.DEPRECATED)


async def whole_record(work: Work, types: tuple[str, ...] = ()) -> tuple[DocumentEntry, ...]:
    """The documents of these types (tokens; all of them without), newest first, page after page."""
    query = DocumentQuery(statuses=KEPT, types=types, count=PAGE)
    found: list[DocumentEntry] = []
    while True:
        page = await work.documents.find(work.record.record_id, query, work.scope)
        found += page.entries
        if page.next is None:
            return tuple(found)
        query = replace(query, after=page.next)


_ALL = Scope(sees_masked=True, sees_hidden_from_patient=True, sees_hidden_from_representatives=True)


async def other_versions(entry: DocumentEntry, work: Work) -> tuple[DocumentEntry, ...]:
    """The other versions of a document, earlier and later, whoever may see them; deleted ones left out."""
    found = {entry.document_id: entry}
    waiting = [entry]
    while waiting:
        one = waiting.pop()
        query = DocumentQuery(statuses=KEPT, replaces=(str(one.document_id),), count=PAGE)
        near = list((await work.documents.find(one.record_id, query, _ALL)).entries)
        parent = await work.documents.by_id(one.replaces) if one.replaces is not None else None
        if parent is not None and parent.record_id == one.record_id:
            near.append(parent)
        for other in near:
            if other.document_id not in found and other.status is not Status.DELETED:
                found[other.document_id] = other
                waiting.append(other)
    return tuple(found.values())[1:]
