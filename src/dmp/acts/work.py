"""The open unit of work: what an act may read, and what it leaves to be committed.

Acts stand below storage, so what they need of it is declared in `keepers` and here, once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from dmp.acts.keepers import (
    Claims,
    ClaimsFeed,
    Documents,
    Emergencies,
    Facts,
    Heirs,
    Notices,
    Openings,
    Profiles,
    Records,
    Texts,
    Traces,
)
from dmp.acts.slips import OwnSlips, Slips
from dmp.domain.access.actions import Action
from dmp.domain.access.decide import Decision
from dmp.domain.access.filter import Scope
from dmp.domain.access.policy import Policy
from dmp.domain.access.rules import Opened
from dmp.domain.claims.history import History
from dmp.domain.clinical.knowledge.knowledge import Knowledge
from dmp.domain.documents.entry import DocumentEntry
from dmp.domain.documents.submission import ContentHeader
from dmp.domain.identifiers import RecordId
from dmp.domain.identity.caller import Caller
from dmp.domain.journal.event import Trace
from dmp.domain.record.health_record import HealthRecord
from dmp.domain.record.notice import Notice

HeaderReader = Callable[[bytes, str], ContentHeader]
"""Reads what a content says of itself: (bytes, announced MIME type) → header.

Raises Refused: CONTENT_UNREADABLE, CONTENT_DANGEROUS, CONTENT_TYPE_MISMATCH, CONTENT_TYPE_UNSUPPORTED.
"""


ReimbursementsWriter = Callable[[History, Knowledge], bytes]
"""Writes the CI-SIS document CNAM-HR 2021.01 in UTF-8: eight sections, the empty variant without lines."""


class Remembered(Protocol):
    """A bounded memory of the process for answers that are dear to make; the key says all they depend on."""

    def get(self, key: object) -> object | None:
        """The answer, or None."""

    def put(self, key: object, fact: object) -> None:
        """Remember an answer."""


class Unit(Protocol):
    """What storage opens for one act."""

    @property
    def records(self) -> Records:
        """Records by their keys."""

    @property
    def documents(self) -> Documents:
        """The registry of documents."""

    @property
    def facts(self) -> Facts:
        """What documents say in structured form."""

    @property
    def texts(self) -> Texts:
        """The texts of documents."""

    @property
    def claims(self) -> Claims:
        """Lines of the health insurance."""

    @property
    def claims_feed(self) -> ClaimsFeed:
        """The insurer's feed."""

    @property
    def traces(self) -> Traces:
        """Traces of a record."""

    @property
    def profiles(self) -> Profiles:
        """What holders entered."""

    @property
    def notices(self) -> Notices:
        """Notices."""

    @property
    def emergencies(self) -> Emergencies:
        """Emergency accesses."""

    @property
    def heirs(self) -> Heirs:
        """Requests of heirs."""

    @property
    def slips(self) -> Slips:
        """Slips of records."""

    @property
    def own_slips(self) -> OwnSlips:
        """Slips of persons and structures."""

    @property
    def openings(self) -> Openings:
        """Records opened lately."""

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
    claims_months: int = 24


@dataclass(slots=True, kw_only=True)
class Work:
    """One act under way: who, when, on which record, by which decision, with what at hand."""

    now: datetime
    caller: Caller
    unit: Unit
    decision: Decision
    rules: Rules
    policy: Policy
    new_uuid: Callable[[], UUID]
    read_header: HeaderReader
    knowledge: Knowledge
    remembered: Remembered
    write_reimbursements: ReimbursementsWriter
    authorise: Callable[[Action, DocumentEntry], Decision]
    known_record: HealthRecord | None = None
    known_document: DocumentEntry | None = None
    opened: Opened | None = None
    traced_documents: tuple[DocumentEntry, ...] = ()
    traced_record: RecordId | None = None
    traced_detail: str = ""
    traced_secret: bool = False
    """Whether those who act for a minor are not told of it, as of a secret session."""
    alarms: tuple[Notice, ...] = ()
    """Notices that are given although the act refuses."""

    @property
    def records(self) -> Records:
        """Records by their keys."""
        return self.unit.records

    @property
    def documents(self) -> Documents:
        """The registry of documents."""
        return self.unit.documents

    @property
    def facts(self) -> Facts:
        """What documents say in structured form."""
        return self.unit.facts

    @property
    def texts(self) -> Texts:
        """The texts of documents."""
        return self.unit.texts

    @property
    def claims(self) -> Claims:
        """Lines of the health insurance."""
        return self.unit.claims

    @property
    def claims_feed(self) -> ClaimsFeed:
        """The insurer's feed."""
        return self.unit.claims_feed

    @property
    def traces(self) -> Traces:
        """Traces of the record."""
        return self.unit.traces

    @property
    def profiles(self) -> Profiles:
        """Holders' profiles."""
        return self.unit.profiles

    @property
    def notices(self) -> Notices:
        """Notices."""
        return self.unit.notices

    @property
    def slips(self) -> Slips:
        """Slips of records."""
        return self.unit.slips

    @property
    def own_slips(self) -> OwnSlips:
        """Slips of persons and structures."""
        return self.unit.own_slips

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
    def policy(self) -> Policy:
        """The data of the access rules: matrix, national parameters, settings."""

    @property
    def read_header(self) -> HeaderReader:
        """Reads what a content says of itself."""

    @property
    def knowledge(self) -> Knowledge:
        """Reference data in force now."""

    @property
    def remembered(self) -> Remembered:
        """Answers that are dear to make."""

    @property
    def write_reimbursements(self) -> ReimbursementsWriter:
        """Writes the document of the reimbursements."""

    def now(self) -> datetime:
        """The present instant, in UTC."""

    def new_uuid(self) -> UUID:
        """A new time-ordered UUID (version 7)."""

    def unit(self) -> Unit:
        """Open a unit of work; borrows nothing before its first read."""
