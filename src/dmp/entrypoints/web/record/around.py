"""What stands around a document in the list of its reader: the one before, the one after, other versions.

All of it comes from the reader's own scope: a version that does not exist for him leaves no gap.
"""

from __future__ import annotations

from dataclasses import dataclass

from dmp.domain.documents.entry import DocumentEntry, Status
from dmp.domain.documents.query import DocumentQuery
from dmp.domain.errors import Refused
from dmp.entrypoints.web.record.filing import Find

LOOKED_AT = 500
"""Documents of the list among which neighbours and versions are looked for, the newest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """The newer and the older document of the list, and the other versions of this one, newest first."""

    newer: DocumentEntry | None = None
    older: DocumentEntry | None = None
    versions: tuple[DocumentEntry, ...] = ()


async def around(entry: DocumentEntry, find: Find) -> Around:
    """What stands around a document; nothing for a reader who may not list documents."""
    statuses = (Status.APPROVED, Status.ARCHIVED, Status.DEPRECATED)
    try:
        page = await find(DocumentQuery(statuses=statuses, count=LOOKED_AT))
    except Refused:
        return Around()
    current = [one for one in page.entries if one.status is Status.APPROVED]
    place = next((n for n, one in enumerate(current) if one.document_id == entry.document_id), None)
    versions = versions_of(entry, page.entries)
    if place is None:
        return Around(versions=versions)
    return Around(
        newer=current[place - 1] if place > 0 else None,
        older=current[place + 1] if place + 1 < len(current) else None,
        versions=versions,
    )


def versions_of(
    entry: DocumentEntry, known: tuple[DocumentEntry, ...]
) -> tuple[DocumentEntry, ...]:
    """The other versions of a document among those that are known, newest first."""
    linked = {entry.document_id}
    found: list[DocumentEntry] = []
    grows = True
    while grows:
        near = [
            one
            for one in known
            if one.document_id not in linked
            and (
                one.replaces in linked
                or any(other.replaces == one.document_id for other in (entry, *found))
            )
        ]
        grows = bool(near)
        found += near
        linked |= {one.document_id for one in near}
    return tuple(sorted(found, key=lambda one: one.submitted_at, reverse=True))
