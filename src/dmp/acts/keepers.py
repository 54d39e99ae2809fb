"""What acts ask of storage: its keepers, one for each kind of thing, and the pages they answer with.

There is one implementation, PostgreSQL; see docs/decisions on why these are Protocols all the same.
Reads answer at once. Writes are collected and become durable together, when `perform` commits.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from dmp.domain.access.filter import Scope
from dmp.domain.access.rules import Opened
from dmp.domain.claims.deliveries import Delivery, FedLines, RecordFound
from dmp.domain.claims.reimbursement import Reimbursement
from dmp.domain.clinical.facts import Findings
from dmp.domain.clinical.material import Outline
from dmp.domain.documents.entry import DocumentEntry, SubmissionSet
from dmp.domain.documents.query import DocumentQuery, Position
from dmp.domain.documents.text.readable import DocumentText
from dmp.domain.documents.text.search import Searched
from dmp.domain.identifiers import DocumentId, Ins, RecordId, UniqueId
from dmp.domain.journal.event import Trace
from dmp.domain.record.emergency_access import EmergencyAccess
from dmp.domain.record.health_record import HealthRecord
from dmp.domain.record.heirs import HeirRequest
from dmp.domain.record.notice import Notice
from dmp.domain.record.outgoing import Settled
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

    async def in_whose_relations(self, matricule: str) -> Sequence[HealthRecord]:
        """Records in whose relations this person stands as a representative or a carer, past or present."""

    async def by_invitation(self, code_digest: str) -> HealthRecord | None:
        """The record in which a carer was invited with the code of this digest."""


class Documents(Protocol):
    """The registry of documents."""

    async def located(self, named: UUID | UniqueId) -> tuple[HealthRecord, DocumentEntry] | None:
        """A document with its record: one statement, whether it is there or not.

        `named` is its identifier, that of any version, or the producer's; an identifier of ours written
        as a `urn:uuid:` is found too.
        """

    async def awaiting(self, at: datetime, limit: int) -> Sequence[tuple[RecordId, UUID]]:
        """Documents hidden from their patient for which a notice or the reveal is due."""

    def announcement_told(self, entry: DocumentEntry) -> None:
        """The patient was told to see a professional; what comes next is the reveal."""

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

    def add(self, entry: DocumentEntry, content: bytes, findings: Findings | None = None) -> None:
        """Store the content and what it says in structured form (compressed, sealed) and register the
        entry. Duplicate uniqueId or record changed in between: ConcurrentChange at commit.
        """

    def change(self, entry: DocumentEntry, previous: DocumentEntry) -> None:
        """Write a new version of a document's metadata. Changed in between: ConcurrentChange."""

    def add_submission(self, submission: SubmissionSet) -> None:
        """Register the submission set."""

    async def content(self, entry: DocumentEntry) -> bytes:
        """The bytes of a document, exactly as deposited; decrypted and its hash verified."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceView:
    """Which traces are told, and how much of them.

    A trace about documents is told when one of them exists in `scope` (None: all of them do), or when
    it is `reader`'s own; of its `document_ids` those in scope are left. `secrets` tells what was
    done in secret sessions too. `own_only` leaves the traces of `reader` alone. Only what was done
    `before` is told: the trace of the reading itself is written meanwhile.
    """

    reader: str = ""
    scope: Scope | None = None
    secrets: bool = True
    own_only: bool = False
    before: datetime | None = None


class Traces(Protocol):
    """Traces of one record, for reading."""

    async def of_record(
        self,
        record_id: RecordId,
        limit: int,
        after: UUID | None = None,
        view: TraceView | None = None,
    ) -> TracePage:
        """Traces newest first, filtered before the limit. `after` is where the last page ended."""

    async def opened_by(self, record_id: RecordId, caller_id: str) -> frozenset[DocumentId]:
        """The documents of a record whose content this caller was given."""

    async def checkpoint(self) -> str:
        """The newest signed checkpoint of the journal, as it was published; empty before the first."""


class Notices(Protocol):
    """Notices, for those they are addressed to."""

    async def of_record(
        self, record_id: RecordId, limit: int, *, secrets: bool
    ) -> Sequence[Notice]:
        """Notices to the holder of a record and those who act for him, newest first."""

    async def addressed_to(self, addressee: str, limit: int) -> Sequence[Notice]:
        """Notices to a professional, to the operator, or to a person outside a record, newest first."""

    async def by_id(self, record_id: RecordId, notice_id: UUID) -> Notice | None:
        """One notice."""

    def add(self, notice: Notice) -> None:
        """Give a notice; one that was given already changes nothing. To a holder it leaves by mail and SMS
        as well, unless it is secret.
        """

    def settled(self, settled: Settled) -> None:
        """Note what became of an attempt to send a notice."""


class Emergencies(Protocol):
    """Emergency accesses, for the operator's review."""

    def opened(self, access: EmergencyAccess) -> None:
        """An emergency access began; one that is known already changes nothing."""

    async def waiting(self, limit: int) -> Sequence[EmergencyAccess]:
        """Accesses that are not justified yet, oldest first."""

    async def by_id(self, record_id: RecordId, access_id: UUID) -> EmergencyAccess | None:
        """One access."""

    def change(self, access: EmergencyAccess, previous: EmergencyAccess) -> None:
        """Write a reviewed access. Changed in between: ConcurrentChange at commit."""


class Heirs(Protocol):
    """Requests of heirs."""

    def file(self, request: HeirRequest) -> None:
        """Register a request."""

    async def waiting(self, limit: int) -> Sequence[HeirRequest]:
        """Requests that wait for a decision, or for their documents to be given out, oldest first."""

    async def by_id(self, record_id: RecordId, request_id: UUID) -> HeirRequest | None:
        """One request."""

    def change(self, request: HeirRequest, previous: HeirRequest) -> None:
        """Write a decided or released request. Changed in between: ConcurrentChange at commit."""


class Openings(Protocol):
    """Who opened how many different records lately."""

    async def counted(
        self, person_id: str, structure_id: str, record_id: RecordId, at: datetime
    ) -> Opened:
        """Different records opened in the last hour and the last 24, by the person and by the structure,
        this record not counted.
        """

    def note(self, person_id: str, structure_id: str, record_id: RecordId, at: datetime) -> None:
        """Count this record as opened now."""


class Profiles(Protocol):
    """What holders entered; sealed with the record's key."""

    async def of(self, record_id: RecordId) -> Profile | None:
        """The holder's profile, or None when nothing was entered."""

    def save(self, record_id: RecordId, profile: Profile) -> None:
        """Replace the profile: the one that this act read, or whatever stands there when it read none.
        Written in between: ConcurrentChange at commit.
        """


class Facts(Protocol):
    """What the documents of a record say in structured form; sealed with the record's key."""

    async def in_scope(
        self, record_id: RecordId, scope: Scope
    ) -> Sequence[tuple[Outline, Findings | None]]:
        """The valid documents that exist in the scope, newest first, each with its findings (None: it has
        no structured form); each fact has its document as its source.
        """

    async def stamp(self, record_id: RecordId, scope: Scope, *, whole: bool = False) -> str:
        """A word that changes whenever what the scope lets through of documents, findings, lines of the
        insurer or the holder's declarations changes, and with nothing else. `whole`: the reader sees all that
        is declared, not only the shared sections.
        """

    async def underived(self, limit: int) -> Sequence[tuple[RecordId, UUID]]:
        """Documents that were read in no form, or in an earlier one: for their findings or for their text."""

    def keep(self, entry: DocumentEntry, findings: Findings) -> None:
        """Keep what a registered document says, in place of what was kept before."""

    async def last_reading(
        self, record_id: RecordId, caller_id: str, before: datetime
    ) -> datetime | None:
        """When this caller last read in the record before an instant."""


class Texts(Protocol):
    """The texts of the documents of a record; sealed with the record's key."""

    async def in_scope(
        self, record_id: RecordId, query: DocumentQuery, scope: Scope
    ) -> Sequence[Searched]:
        """The documents that match the query and exist in the scope, newest first; each is opened when it
        is looked into.
        """

    def keep(self, entry: DocumentEntry, text: DocumentText) -> None:
        """Keep the text of a document, in place of what was kept before."""


class Claims(Protocol):
    """Lines of the health insurance."""

    async def of_record(self, record_id: RecordId, since: date) -> Sequence[Reimbursement]:
        """Every line of care on that day or later, cancelled ones and what cancels them included."""

    async def in_scope(
        self, record_id: RecordId, scope: Scope, since: date
    ) -> Sequence[Reimbursement]:
        """The same for a scope: none where it lets no document through that tells of them."""

    async def awaiting(self, limit: int) -> Sequence[tuple[RecordId, datetime]]:
        """Open records whose lines changed since their document was made, oldest change first, with the
        instant of that change.
        """

    async def names(self, identifiers: Collection[str]) -> Mapping[str, str]:
        """Names of professionals and places by RPPS and FINESS; who is in no directory is left out."""

    def published(self, record_id: RecordId, changed_at: datetime) -> None:
        """The document of a record was made from its lines as they were after the change of that instant."""


class ClaimsFeed(Protocol):
    """Deliveries of the insurer, and lines in bulk on their way into records."""

    async def delivery(self, digest: str) -> Delivery | None:
        """The delivery with this digest."""

    async def with_content(self, content: str) -> Delivery | None:
        """A delivery that was loaded to its end and held the same rows, however they were cut into files."""

    async def of_size(self, octets: int, about: int) -> Delivery | None:
        """A delivery that was loaded to its end and whose rows take so many octets, more or less."""

    async def deliveries(self, limit: int) -> Sequence[Delivery]:
        """The newest deliveries, newest first."""

    async def records_of(
        self, matricules: Sequence[str], roots: Sequence[str]
    ) -> Mapping[str, RecordFound]:
        """The records of these persons, by matricule; who has none is left out. `roots` come in the order in
        which they are believed.
        """

    async def fingerprints(self, records: Sequence[UUID]) -> Mapping[UUID, tuple[int, int | None]]:
        """How many lines these records have, and their marks put together; those without lines are left out."""

    def begin(self, delivery: Delivery) -> None:
        """A new delivery. Known already: ConcurrentChange at commit."""

    def end(self, delivery: Delivery) -> None:
        """A delivery is loaded to its end."""

    def feed(self, lines: FedLines) -> None:
        """Put a batch into its records. Another loading was faster, or a record is not open any more:
        ConcurrentChange at commit.
        """
