"""What a document must satisfy to enter a record: one table, and the entry that comes of it.

Each row says where a field is claimed, where the content says it, what happens when the two
differ, how often it must stand, and how its value is checked. `build` walks the table.

Source: CI-SIS, volets partage de documents and structuration minimale; PDSm 3.1.1; DMP TD2.1.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypedDict

from dmp.domain.codes import Code
from dmp.domain.documents import deposit as given
from dmp.domain.documents import field_checks as checks
from dmp.domain.documents.deposit import Deposit
from dmp.domain.documents.entry import Author, Content, DocumentEntry, Reference, Status
from dmp.domain.documents.field_rule import Contradiction, FieldRule, kept, needed, settle
from dmp.domain.documents.record_checks import (
    class_of,
    content_facts,
    same_patient,
    visibility_of,
)
from dmp.domain.documents.submission import ClaimedDocument, ContentHeader, Submission
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import DocumentId, EntryUuid, SubmissionId, UniqueId
from dmp.domain.identity.caller import Caller
from dmp.domain.record.health_record import HealthRecord
from dmp.domain.value_sets import FACILITY_TYPE, FORMAT_CODE, PRACTICE_SETTING

_C = Contradiction
_MANY = 200
"""More authors, acts or references than this is no document but an attack."""

UNIQUE_ID: FieldRule[UniqueId] = FieldRule(
    path="masterIdentifier", minimum=0, contradiction=_C.REFUSED, check=checks.any_identifier,
    claimed=lambda c: c.unique_id, header=lambda h: h.unique_id,
)  # fmt: skip
TYPE: FieldRule[Code] = FieldRule(
    path="type", minimum=1, contradiction=_C.REFUSED, check=checks.known_type,
    claimed=lambda c: c.type_code, header=lambda h: h.type_code, same=checks.same_code,
)  # fmt: skip
TITLE: FieldRule[str] = FieldRule(
    path="content.attachment.title", minimum=1, contradiction=_C.REMARKED, check=checks.plain_title,
    claimed=lambda c: c.title, header=lambda h: h.title, same=checks.same_text,
)  # fmt: skip
CREATED: FieldRule[datetime] = FieldRule(
    path="content.attachment.creation", minimum=1, contradiction=_C.REFUSED, check=checks.sane_creation,
    claimed=lambda c: c.created_at, header=lambda h: h.created_at, same=checks.same_instant,
)  # fmt: skip
LANGUAGE: FieldRule[str] = FieldRule(
    path="content.attachment.language", minimum=1, contradiction=_C.REMARKED, check=checks.language_tag,
    claimed=lambda c: c.language, header=lambda h: h.language, same=checks.same_language,
    default=given.default_language,
)  # fmt: skip
START: FieldRule[datetime] = FieldRule(
    path="context.period.start", minimum=1, contradiction=_C.REMARKED, check=checks.sane_instant,
    claimed=lambda c: c.service_start, header=lambda h: h.service_start, same=checks.same_instant,
    default=given.default_start,
)  # fmt: skip
STOP: FieldRule[datetime] = FieldRule(
    path="context.period.end", minimum=0, contradiction=_C.REMARKED, check=checks.sane_instant,
    claimed=lambda c: c.service_stop, header=lambda h: h.service_stop, same=checks.same_instant,
)  # fmt: skip
FORMAT: FieldRule[Code] = FieldRule(
    path="content.format", minimum=1, contradiction=_C.REMARKED,
    check=checks.code_of(FORMAT_CODE, "content.format", "JDV_J60", tolerant_system=True),
    claimed=lambda c: c.format_code, header=lambda h: h.format_code, same=checks.same_format,
    default=given.default_format,
)  # fmt: skip
FACILITY: FieldRule[Code] = FieldRule(
    path="context.facilityType", minimum=1, contradiction=_C.REMARKED,
    check=checks.code_of(FACILITY_TYPE, "context.facilityType", "JDV_J61"),
    claimed=lambda c: c.facility_type, header=lambda h: h.facility_type, same=checks.same_code,
    default=given.default_facility,
)  # fmt: skip
SETTING: FieldRule[Code] = FieldRule(
    path="context.practiceSetting", minimum=1, contradiction=_C.REMARKED,
    check=checks.code_of(PRACTICE_SETTING, "context.practiceSetting", "JDV_J62"),
    claimed=lambda c: c.practice_setting, header=lambda h: h.practice_setting,
    same=checks.same_code, default=given.default_setting,
)  # fmt: skip
AUTHORS: FieldRule[tuple[Author, ...]] = FieldRule(
    path="author", minimum=1, maximum=_MANY, contradiction=_C.REMARKED, check=checks.named_authors,
    claimed=lambda c: c.authors, header=lambda h: h.authors, same=checks.share_an_identifier,
    default=given.default_authors,
)  # fmt: skip
AUTHENTICATOR: FieldRule[Author] = FieldRule(
    path="authenticator", minimum=0, contradiction=_C.REMARKED, check=checks.named_authenticator,
    claimed=lambda c: c.legal_authenticator, header=lambda h: h.legal_authenticator,
    same=checks.same_person, default=given.default_authenticator,
)  # fmt: skip
EVENTS: FieldRule[tuple[Code, ...]] = FieldRule(
    path="context.event", minimum=0, maximum=_MANY, contradiction=_C.NOT_COMPARED, check=kept,
    claimed=lambda c: c.event_codes, header=lambda h: h.event_codes,
)  # fmt: skip
REFERENCES: FieldRule[tuple[Reference, ...]] = FieldRule(
    path="context.related", minimum=0, maximum=_MANY, contradiction=_C.NOT_COMPARED, check=kept,
    claimed=lambda c: c.references, header=lambda h: h.references,
)  # fmt: skip
COMMENTS: FieldRule[str] = FieldRule(
    path="description", minimum=0, contradiction=_C.NOT_COMPARED, check=checks.plain_comments,
    claimed=lambda c: c.comments, header=lambda _: None,
)  # fmt: skip
SOURCE_PATIENT: FieldRule[str] = FieldRule(
    path="context.sourcePatientInfo", minimum=1, contradiction=_C.NOT_COMPARED, check=kept,
    claimed=lambda c: c.source_patient_id, header=given.local_patient,
    default=given.default_source_patient,
)  # fmt: skip

TABLE: tuple[FieldRule[Any], ...] = (
    UNIQUE_ID, TYPE, TITLE, CREATED, LANGUAGE, START, STOP, FORMAT, FACILITY, SETTING, AUTHORS,
    AUTHENTICATOR, EVENTS, REFERENCES, COMMENTS, SOURCE_PATIENT,
)  # fmt: skip
"""Every row, in the order in which it is checked. Class, hash, size, patient and visibility have
rules of their own in `record_checks`: they are derived or held against the record."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewIds:
    """Identifiers for what is registered; `unique_id` serves when the sender gives none."""

    document_id: DocumentId
    entry_uuid: EntryUuid
    submission_id: SubmissionId
    unique_id: UniqueId


def build(
    claimed: ClaimedDocument,
    header: ContentHeader,
    *,
    record: HealthRecord,
    submission: Submission,
    ids: NewIds,
    now: datetime,
    test_mode: bool,
    depositor: Caller,
    replaced: DocumentEntry | None = None,
) -> tuple[DocumentEntry, tuple[str, ...]]:
    """The registry entry of a document, completed from its content, and remarks for its sender.

    What is absent comes from the CDA header, else from the depositor; a remark says so, but for the
    simplified publication, which may leave it out.

    Raises:
        Refused: CONTENT_EMPTY, HASH_MISMATCH, SIZE_MISMATCH, PATIENT_MISMATCH, METADATA_MISSING,
            METADATA_INVALID, CODE_UNKNOWN, CLASS_CONTRADICTS_TYPE, HEADER_CONTRADICTS_METADATA,
            VISIBILITY_CONFLICT, IDENTIFIER_MALFORMED, IDENTIFIER_KEY_WRONG.
    """
    deposit = Deposit(
        claimed=claimed,
        header=header,
        record=record,
        submission=submission,
        depositor=depositor,
        now=now,
        test_mode=test_mode,
    )
    notes = list(header.warnings)
    content = content_facts(deposit)
    same_patient(deposit, notes)
    entry = _entry(deposit, content, ids, replaced, notes)
    if entry.service_stop is not None and entry.service_stop < entry.service_start:
        raise Refused(
            Reason.METADATA_INVALID,
            field=deposit.path("context.period"),
            detail="it ends before it starts",
        )
    return entry, tuple(dict.fromkeys(notes))


def _entry(
    deposit: Deposit,
    content: Content,
    ids: NewIds,
    replaced: DocumentEntry | None,
    notes: list[str],
) -> DocumentEntry:
    type_code = needed(TYPE, deposit, notes)
    authors = needed(AUTHORS, deposit, notes)
    return DocumentEntry(
        record_id=deposit.record.record_id,
        document_id=ids.document_id,
        entry_uuid=ids.entry_uuid,
        unique_id=settle(UNIQUE_ID, deposit, notes) or ids.unique_id,
        version=1,
        status=Status.APPROVED,
        visibility=visibility_of(type_code, deposit, notes),
        mime_type=given.content_type_of(deposit),
        content=content,
        type_code=type_code,
        class_code=class_of(type_code, deposit, notes),
        authors=authors,
        submitted_at=deposit.now,
        ins=deposit.record.ins,
        submission_id=ids.submission_id,
        depositor_id=deposit.depositor.id,
        owner_ids=given.owner_ids(deposit, authors),
        replaces=replaced.document_id if replaced else None,
        replaces_unique_id=replaced.unique_id if replaced else None,
        set_id=deposit.header.set_id,
        **_described(deposit, notes),
    )


class _Described(TypedDict):
    """The descriptive fields of an entry."""

    language: str
    title: str
    created_at: datetime
    service_start: datetime
    service_stop: datetime | None
    format_code: Code
    facility_type: Code
    practice_setting: Code
    legal_authenticator: Author | None
    source_patient_id: str
    event_codes: tuple[Code, ...]
    references: tuple[Reference, ...]
    comments: str


def _described(deposit: Deposit, notes: list[str]) -> _Described:
    return _Described(
        title=needed(TITLE, deposit, notes),
        created_at=needed(CREATED, deposit, notes),
        language=needed(LANGUAGE, deposit, notes),
        service_start=needed(START, deposit, notes),
        service_stop=settle(STOP, deposit, notes),
        format_code=needed(FORMAT, deposit, notes),
        facility_type=needed(FACILITY, deposit, notes),
        practice_setting=needed(SETTING, deposit, notes),
        legal_authenticator=settle(AUTHENTICATOR, deposit, notes),
        source_patient_id=needed(SOURCE_PATIENT, deposit, notes),
        event_codes=settle(EVENTS, deposit, notes) or (),
        references=settle(REFERENCES, deposit, notes) or (),
        comments=settle(COMMENTS, deposit, notes) or "",
    )
