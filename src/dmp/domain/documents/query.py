"""A search for documents as a value: ITI-67 criteria, and the place in the list.

Source: IHE ITI-67 (MHD), PDSM4DMP TD3.1a.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from dmp.domain.documents.entry import Status
from dmp.domain.identifiers import DocumentId


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """An interval of instants in UTC, `start` included, `end` excluded; None is open."""

    start: datetime | None = None
    end: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """Where a page begins: after this document in the order newest first. Never a right."""

    created_at: datetime
    document_id: DocumentId


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentQuery:
    """Criteria, all of which must hold; an empty criterion does not restrict.

    Codes are tokens: `system|code`, `|code` (any system) or `code`. Within one criterion the
    values are alternatives. `created` bears on the creation time, `period` on the service time
    (overlap), `started` and `ended` on its two ends; an act without end ends when it starts.
    `title` matches folded words anywhere in the title. `count` is the page size.
    """

    statuses: tuple[Status, ...] = (Status.APPROVED,)
    types: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    facilities: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    security_labels: tuple[str, ...] = ()
    identifiers: tuple[str, ...] = ()  # uniqueId, logicalId or entryUUID values
    related: tuple[str, ...] = ()
    replaces: tuple[str, ...] = ()  # relatesto: uniqueId or id of the replaced document
    authors: tuple[str, ...] = ()
    archived: bool | None = None
    created: tuple[Period, ...] = ()
    period: tuple[Period, ...] = ()
    started: tuple[Period, ...] = ()
    ended: tuple[Period, ...] = ()
    last_updated: tuple[Period, ...] = ()
    title: str = ""
    count: int = 50
    after: Position | None = None
