"""Metadata of documents as the registry knows them: DocumentEntry and SubmissionSet.

Source: IHE ITI TF-3 §4.2; CI-SIS volet partage de documents; PDSm 3.1.1.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from dmp.domain.codes import Code
from dmp.domain.documents.visibility import Visibility
from dmp.domain.identifiers import (
    DocumentId,
    EntryUuid,
    Ins,
    RecordId,
    SubmissionId,
    UniqueId,
)


class Status(StrEnum):
    """Availability of a document. Source: JDV_J52."""

    APPROVED = "approved"
    DEPRECATED = "deprecated"
    ARCHIVED = "archived"
    DELETED = "deleted"


class AuthorKind(StrEnum):
    """What an author is."""

    PROFESSIONAL = "professional"
    PATIENT = "patient"
    DEVICE = "device"
    ORGANISATION = "organisation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """Who wrote a document, as its sender states it; a frozen copy.

    `id` and `structure_id` are kept as sent: a header may hold identifiers of other registers.
    """

    kind: AuthorKind
    id: str = ""
    id_root: str = ""
    family: str = ""
    given: str = ""
    specialty: Code | None = None
    role: Code | None = None
    structure_id: str = ""
    structure_root: str = ""
    structure_name: str = ""

    @property
    def display(self) -> str:
        """Name for people: `Prénom NOM`, else the structure, else the identifier."""
        person = f"{self.given} {self.family.upper()}".strip()
        return person or self.structure_name or self.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A related identifier: accession number, order, study. `kind` is the CX-5 type URN."""

    value: str
    kind: str
    system: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What is known of the stored bytes: octets, SHA-1 (the XDS hash) and SHA-256, in lower hexadecimal."""

    size: int
    sha1: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentEntry:
    """One version of a document's metadata.

    Instants are in UTC. `document_id` is the XDS logicalId, stable over metadata versions;
    `entry_uuid` changes with each. `owner_ids` are the identifiers (person and structure) to whom
    the deposit stays open. `depositor_id` is the caller who sent it. `hidden_since` is when the patient's
    waiting began, if not with this submission: a new version of what waits does not begin it again.
    """

    record_id: RecordId
    document_id: DocumentId
    entry_uuid: EntryUuid
    unique_id: UniqueId
    version: int
    status: Status
    visibility: Visibility
    mime_type: str
    content: Content
    language: str
    title: str
    created_at: datetime
    service_start: datetime
    service_stop: datetime | None
    submitted_at: datetime
    type_code: Code
    class_code: Code
    format_code: Code
    facility_type: Code
    practice_setting: Code
    authors: tuple[Author, ...]
    legal_authenticator: Author | None
    source_patient_id: str
    ins: Ins
    submission_id: SubmissionId
    depositor_id: str
    owner_ids: tuple[str, ...]
    event_codes: tuple[Code, ...] = ()
    references: tuple[Reference, ...] = ()
    comments: str = ""
    replaces: DocumentId | None = None
    replaces_unique_id: UniqueId | None = None
    set_id: str = ""
    archived: bool = False
    hidden_since: datetime | None = None

    @property
    def waits_since(self) -> datetime:
        """From when the 14 days and the month are counted, where it is hidden from the patient."""
        return self.hidden_since or self.submitted_at


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmissionSet:
    """What was sent together, by whom, when (UTC)."""

    record_id: RecordId
    submission_id: SubmissionId
    unique_id: UniqueId
    source_id: str
    content_type: Code
    author: Author
    submitted_at: datetime
    title: str = ""
    comments: str = ""
    document_ids: tuple[DocumentId, ...] = field(default=())
