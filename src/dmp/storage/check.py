"""The proof that what is registered is there: every content, every key, every key table row.

Findings name identifiers of the house, never a person or a content.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha1
from typing import Any
from uuid import UUID

import psycopg

from dmp.domain.identifiers import DocumentId, RecordId
from dmp.storage.blobs.packs import Packs, Place
from dmp.storage.keys.ring import KeyRing
from dmp.storage.sealing import ContentDamaged, unseal, verified


class Fault(StrEnum):
    """What can be wrong with what is stored."""

    KEY_MISSING = "key-missing"  # a record that is not destroyed has no data key
    KEY_DAMAGED = "key-damaged"  # a data key does not unwrap with the master key
    KEY_LEFT = "key-left"  # a destroyed record still has its data key
    INS_KEY_MISSING = "ins-key-missing"
    DOCUMENT_KEY_MISSING = "document-key-missing"
    UNIQUE_ID_KEY_MISSING = "unique-id-key-missing"
    SUBMISSION_KEY_MISSING = "submission-key-missing"
    RECORD_MISSING = "record-missing"  # a document of a record that is not there
    CONTENT_LOST = "content-lost"  # no such frame in the packs, or it does not open
    CONTENT_DIFFERS = "content-differs"  # it opens and is not what was registered
    PROFILE_DAMAGED = "profile-damaged"
    NOTICE_KEY_MISSING = "notice-key-missing"  # a notice that its addressee does not find
    ANNOUNCEMENT_MISSING = "announcement-missing"  # a hidden document nobody tells of


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One fault. `subject` is the document, submission or notice concerned, or the record."""

    fault: Fault
    record_id: RecordId
    subject: UUID


_ROWS: tuple[tuple[Fault, str], ...] = (
    (
        Fault.KEY_MISSING,
        """SELECT r.record_id, r.record_id FROM health_record r
        LEFT JOIN record_key k ON k.record_id = r.record_id
        WHERE r.state <> 'destroyed' AND k.record_id IS NULL""",
    ),
    (
        Fault.KEY_LEFT,
        """SELECT r.record_id, r.record_id FROM health_record r
        JOIN record_key k ON k.record_id = r.record_id WHERE r.state = 'destroyed'""",
    ),
    (
        Fault.INS_KEY_MISSING,
        """SELECT r.record_id, r.record_id FROM health_record r
        LEFT JOIN ins_key k ON k.record_id = r.record_id
        WHERE r.state <> 'destroyed' AND k.record_id IS NULL""",
    ),
    (
        Fault.RECORD_MISSING,
        """SELECT d.record_id, d.document_id FROM document d
        LEFT JOIN health_record r ON r.record_id = d.record_id WHERE r.record_id IS NULL""",
    ),
    (
        Fault.DOCUMENT_KEY_MISSING,
        """SELECT d.record_id, d.document_id FROM document d
        LEFT JOIN document_key k ON k.id = d.document_id AND k.record_id = d.record_id
        WHERE k.id IS NULL""",
    ),
    (
        Fault.DOCUMENT_KEY_MISSING,
        """SELECT d.record_id, d.document_id FROM document d
        LEFT JOIN document_key k ON k.id = d.entry_uuid AND k.document_id = d.document_id
        WHERE k.id IS NULL""",
    ),
    (
        Fault.UNIQUE_ID_KEY_MISSING,
        """SELECT d.record_id, d.document_id FROM document d
        LEFT JOIN unique_id_key k
            ON k.unique_id = d.unique_id AND k.document_id = d.document_id
        WHERE k.unique_id IS NULL""",
    ),
    (
        Fault.SUBMISSION_KEY_MISSING,
        """SELECT s.record_id, s.submission_id FROM submission s
        LEFT JOIN submission_key k
            ON k.submission_id = s.submission_id AND k.record_id = s.record_id
        WHERE k.submission_id IS NULL""",
    ),
    (
        Fault.NOTICE_KEY_MISSING,
        """SELECT n.record_id, n.notice_id FROM notice n
        LEFT JOIN notice_key k ON k.addressee = n.addressee
            AND k.record_id = n.record_id AND k.notice_id = n.notice_id
        WHERE n.addressee <> '' AND k.notice_id IS NULL""",
    ),
    (
        Fault.ANNOUNCEMENT_MISSING,
        """SELECT d.record_id, d.document_id FROM document d
        LEFT JOIN announcement a
            ON a.record_id = d.record_id AND a.document_id = d.document_id
        WHERE d.hidden_from_patient AND d.status <> 'deleted' AND a.document_id IS NULL""",
    ),
)
_KEYS = "SELECT record_id, wrapped FROM record_key ORDER BY record_id"
_CONTENTS = """
SELECT d.record_id, d.document_id, d.pack, d.pack_offset, d.pack_length,
    d.size, d.sha1, d.sha256, k.wrapped
FROM document d JOIN record_key k ON k.record_id = d.record_id
ORDER BY d.record_id, d.document_id
"""
_PROFILES = """
SELECT p.record_id, p.sealed, k.wrapped
FROM profile p JOIN record_key k ON k.record_id = p.record_id
"""


def check(
    dsn: str, packs: Packs, keys: KeyRing, seen: Callable[[int], None] = lambda _: None
) -> Iterator[Finding]:
    """Every fault, as it is found, in one snapshot of the database. Blocks; reads every content.

    Args:
        dsn: libpq connection string.
        packs: where the contents are.
        keys: opens the data keys.
        seen: told the number of documents examined, now and then.
    """
    with psycopg.connect(dsn) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        for fault, statement in _ROWS:
            for record_id, subject in _rows(connection, statement):
                yield Finding(fault=fault, record_id=RecordId(record_id), subject=subject)
        for record_id, wrapped in _rows(connection, _KEYS):
            if not _opens(keys, record_id, wrapped):
                yield Finding(
                    fault=Fault.KEY_DAMAGED, record_id=RecordId(record_id), subject=record_id
                )
        for record_id, sealed, wrapped in _rows(connection, _PROFILES):
            if not _profile_opens(keys, record_id, sealed, wrapped):
                yield Finding(
                    fault=Fault.PROFILE_DAMAGED, record_id=RecordId(record_id), subject=record_id
                )
        count = 0
        for count, row in enumerate(_rows(connection, _CONTENTS), start=1):
            content_fault = _content_fault(packs, keys, row)
            if content_fault is not None:
                yield Finding(fault=content_fault, record_id=RecordId(row[0]), subject=row[1])
            if count % 100 == 0:
                seen(count)
        seen(count)


def _rows(connection: psycopg.Connection, statement: str) -> Iterator[tuple[Any, ...]]:
    with connection.cursor(name="check", binary=True) as cursor:
        cursor.itersize = 500
        cursor.execute(statement.encode("utf-8"))
        yield from cursor


def _opens(keys: KeyRing, record_id: UUID, wrapped: bytes) -> bool:
    try:
        keys.unwrap(RecordId(record_id), wrapped)
    except ContentDamaged:
        return False
    return True


def _profile_opens(keys: KeyRing, record_id: UUID, sealed: bytes, wrapped: bytes) -> bool:
    try:
        unseal(keys.unwrap(RecordId(record_id), wrapped), record_id, sealed)
    except ContentDamaged:
        return False
    return True


def _content_fault(packs: Packs, keys: KeyRing, row: tuple[Any, ...]) -> Fault | None:
    record_id, document_id, pack, offset, length, size, sha1_hex, sha256_hex, wrapped = row
    try:
        sealed = packs.read(
            RecordId(record_id), DocumentId(document_id), Place(pack, offset, length)
        )
        content = unseal(keys.unwrap(RecordId(record_id), wrapped), document_id, sealed)
    except ContentDamaged:
        return Fault.CONTENT_LOST
    try:
        verified(content, size, sha256_hex)
    except ContentDamaged:
        return Fault.CONTENT_DIFFERS
    # The XDS hash is SHA-1 by its norm; here it is compared, not relied upon.
    if sha1(content, usedforsecurity=False).hexdigest() != sha1_hex:
        return Fault.CONTENT_DIFFERS
    return None
