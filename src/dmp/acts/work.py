"""The open unit of work: what an act may read, and what it leaves to be committed.

Acts stand below storage, so what they need of it is declared here, once. There is one
implementation, PostgreSQL; see docs/decisions on why these are Protocols all the same.

Reads answer at once. Writes are collected and become durable together, when `perform` commits.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from dmp.domain.access.actions import Action
from dmp.domain.access.decide import Decision
from dmp.domain.access.filter import Scope
from dmp.domain.access.matrix import Matrix
from dmp.domain.documents.entry import DocumentEntry, SubmissionSet
from dmp.domain.documents.query import DocumentQuery, Position
from dmp.domain.documents.submission import ContentHeader
from dmp.domain.identifiers import Ins, RecordId, UniqueId
from dmp.domain.identity.caller import Caller
from dmp.domain.journal.event import Trace
from dmp.domain.record.health_record import HealthRecord
from dmp.domain.record.profile import Profile


class ConcurrentChange(Exception):
    """What was read has changed before the commit; nothing was written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentPage:
    """One page of a list, newest first. `total` counts every match in the caller's scope."""

    entries: tuple[DocumentEntry, ...]
    total: int
    next: Position | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadyPage:
    """The same page as ready-made FHIR Bundle entries, joined by commas, in UTF-8."""

    entries: bytes
    total: int
    next: Position | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TracePage:
    """One page of traces, newest first. `next` continues after the last one."""

    traces: tuple[Trace, ...]
    next: UUID | None = None


class Records(Protocol):
    """Records by their keys."""

    async def by_ins(self, ins: Ins) -> HealthRecord | None:
        """The record of this person in whatever state, destroyed ones excepted."""

    async def by_id(self, record_id: RecordId) -> HealthRecord | None:
        """The record with this identifier, in whatever state."""

    async def due(self, at: datetime, limit: int) -> Sequence[HealthRecord]:
        """Records whose `due_at` has come, oldest first."""

    def create(self, record: HealthRecord) -> None:
        """Add a new record, its INS key and its data key. Two at once: ConcurrentChange at commit."""

    def change(self, record: HealthRecord) -> None:
        """Write a changed record. `record.version` is the one read; the commit raises it by one,
        or fails with ConcurrentChange when another change came first.
        """

    def destroy(self, record: HealthRecord) -> None:
        """Destroy the data key first, then every row of the record but its traces and a tombstone."""


class Documents(Protocol):
    """The registry of documents."""

    async def by_id(self, document: UUID) -> DocumentEntry | None:
        """The current metadata of a document, by its identifier or that of any version."""

    async def by_unique_id(self, unique_id: UniqueId) -> DocumentEntry | None:
        """The current metadata of the document with this producer's identifier, in any record."""

    async def find(self, record_id: RecordId, query: DocumentQuery, scope: Scope) -> DocumentPage:
        """Documents that match the query and exist in the scope: filtered before the page limit."""

    async def find_ready(
        self, record_id: RecordId, query: DocumentQuery, scope: Scope, base_url: str
    ) -> ReadyPage:
        """The same as ready-made FHIR text. `base_url` ends with `/`."""

    async def ready(self, record_id: RecordId, document: UUID) -> bytes | None:
        """The ready-made FHIR resource of one document, in UTF-8."""

    def add(self, entry: DocumentEntry, content: bytes) -> None:
        """Store the content (compressed, sealed) and register the entry. Duplicate uniqueId or
        record changed in between: ConcurrentChange at commit.
        """

    def change(self, entry: DocumentEntry, previous: DocumentEntry) -> None:
        """Write a new version of a document's metadata. Changed in between: ConcurrentChange."""

    def add_submission(self, submission: SubmissionSet) -> None:
        """Register the submission set."""

    async def content(self, entry: DocumentEntry) -> bytes:
        """The bytes of a document, exactly as deposited; decrypted and its hash verified."""


class Traces(Protocol):
    """Traces of one record, for reading."""

    async def of_record(
        self, record_id: RecordId, limit: int, after: UUID | None = None
    ) -> TracePage:
        """Traces newest first. `after` is the identifier at which the last page ended."""


class Profiles(Protocol):
    """What holders entered; sealed with the record's key."""

    async def of(self, record_id: RecordId) -> Profile | None:
        """The holder's profile, or None when nothing was entered."""

    def save(self, record_id: RecordId, profile: Profile) -> None:
        """Replace the profile."""


HeaderReader = Callable[[bytes, str], ContentHeader]
"""Reads what a content says of itself: (bytes, announced MIME type) → header.

Raises Refused: CONTENT_UNREADABLE, CONTENT_DANGEROUS, CONTENT_TYPE_MISMATCH, CONTENT_TYPE_UNSUPPORTED.
"""


class Unit(Protocol):
    """What storage opens for one act."""

    @property
    def records(self) -> Records:
        """Records by their keys."""

    @property
    def documents(self) -> Documents:
        """The registry of documents."""

    @property
    def traces(self) -> Traces:
        """Traces of a record."""

    @property
    def profiles(self) -> Profiles:
        """What holders entered."""

    async def commit(self, traces: Sequence[Trace]) -> None:
        """Make the collected writes and the traces durable, all or nothing.

        Raises:
            ConcurrentChange: another change came first; nothing was written.
        """

    def discard(self) -> None:
        """Forget the collected writes."""

    async def close(self) -> None:
        """Give back what was borrowed. Safe to call twice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Parameters of the rules, from the settings."""

    test_mode: bool = False
    consent_days: int = 365
    max_document_octets: int = 20 * 1024 * 1024
    max_documents_per_submission: int = 50


@dataclass(slots=True, kw_only=True)
class Work:
    """One act under way: who, when, on which record, by which decision, with what at hand."""

    now: datetime
    caller: Caller
    unit: Unit
    decision: Decision
    rules: Rules
    matrix: Matrix
    new_uuid: Callable[[], UUID]
    read_header: HeaderReader
    authorise: Callable[[Action, DocumentEntry], Decision]
    known_record: HealthRecord | None = None
    known_document: DocumentEntry | None = None
    traced_documents: tuple[DocumentEntry, ...] = ()
    traced_record: RecordId | None = None
    traced_detail: str = ""

    @property
    def records(self) -> Records:
        """Records by their keys."""
        return self.unit.records

    @property
    def documents(self) -> Documents:
        """The registry of documents."""
        return self.unit.documents

    @property
    def traces(self) -> Traces:
        """Traces of the record."""
        return self.unit.traces

    @property
    def profiles(self) -> Profiles:
        """Holders' profiles."""
        return self.unit.profiles

    @property
    def record(self) -> HealthRecord:
        """The record the act is about; the corridor made sure that there is one."""
        if self.known_record is None:
            raise LookupError("this act has no record")
        return self.known_record

    @property
    def document(self) -> DocumentEntry:
        """The document the act is about; the corridor made sure that there is one."""
        if self.known_document is None:
            raise LookupError("this act has no document")
        return self.known_document

    @property
    def scope(self) -> Scope:
        """Which documents exist for the caller."""
        if self.decision.scope is None:
            raise LookupError("this act reads no document")
        return self.decision.scope


class House(Protocol):
    """Everything the corridor needs, built once by `bootstrap`."""

    @property
    def rules(self) -> Rules:
        """Parameters of the rules."""

    @property
    def matrix(self) -> Matrix:
        """The habilitation matrix in force."""

    @property
    def read_header(self) -> HeaderReader:
        """Reads what a content says of itself."""

    def now(self) -> datetime:
        """The present instant, in UTC."""

    def new_uuid(self) -> UUID:
        """A new time-ordered UUID (version 7)."""

    def unit(self) -> Unit:
        """Open a unit of work; borrows nothing before its first read."""
