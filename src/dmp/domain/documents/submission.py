"""What a sender provides: claimed metadata with the bytes, before any check.

Every field that the server can derive is optional here. `submission_rules` checks what is claimed
against the content and the registry, and `build` completes it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from dmp.domain.clinical.facts import Findings
from dmp.domain.codes import Code
from dmp.domain.documents.entry import Author, Reference
from dmp.domain.documents.text.readable import DocumentText
from dmp.domain.documents.visibility import Restriction
from dmp.domain.identifiers import DocumentId, Ins, UniqueId


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimedDocument:
    """One document as its sender describes it. `path` points at it in the request, for refusals."""

    content: bytes
    content_type: str
    path: str = "DocumentReference"
    ins: Ins | None = None  # None: the sender named no patient on the document
    unique_id: UniqueId | None = None
    title: str | None = None
    hash: str | None = None  # SHA-1, hexadecimal
    size: int | None = None  # octets
    language: str | None = None
    created_at: datetime | None = None
    service_start: datetime | None = None
    service_stop: datetime | None = None
    type_code: Code | None = None
    class_code: Code | None = None
    format_code: Code | None = None
    facility_type: Code | None = None
    practice_setting: Code | None = None
    level: str = "N"
    restrictions: frozenset[Restriction] | None = None  # None: nothing said, the default applies
    authors: tuple[Author, ...] = ()
    legal_authenticator: Author | None = None
    event_codes: tuple[Code, ...] = ()
    references: tuple[Reference, ...] = ()
    comments: str = ""
    source_patient_id: str = ""
    replaces: UniqueId | DocumentId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """One submission set with its documents. `simplified` marks ITI-105: more may be derived."""

    ins: Ins
    documents: tuple[ClaimedDocument, ...]
    simplified: bool = False
    unique_id: UniqueId | None = None
    source_id: str = ""
    content_type: Code | None = None
    author: Author | None = None
    title: str = ""
    comments: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentHeader:
    """What the content itself says: the header of a CDA, empty for a plain PDF.

    `format_code` is derived from the templates and the body. `patient_ids` are (root, extension)
    pairs of the recordTarget. `replaces` are the parents named with RPLC. `findings` is what the body says
    in structured form (None: it has none), `text` what it says in words (None: to be read later).
    """

    unique_id: UniqueId | None = None
    set_id: str = ""
    version: int | None = None
    title: str | None = None
    type_code: Code | None = None
    confidentiality: str | None = None
    language: str | None = None
    created_at: datetime | None = None
    service_start: datetime | None = None
    service_stop: datetime | None = None
    format_code: Code | None = None
    facility_type: Code | None = None
    practice_setting: Code | None = None
    patient_ids: tuple[tuple[str, str], ...] = ()
    patient_names: tuple[str, ...] = ()
    authors: tuple[Author, ...] = ()
    legal_authenticator: Author | None = None
    event_codes: tuple[Code, ...] = ()
    references: tuple[Reference, ...] = ()
    replaces: tuple[UniqueId, ...] = ()
    mime_type: str = ""
    is_cda: bool = False
    findings: Findings | None = None
    text: DocumentText | None = None
    warnings: tuple[str, ...] = ()
