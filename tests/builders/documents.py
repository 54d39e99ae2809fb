"""Documents: an entry with its content, and submission sets."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from hashlib import sha1, sha256
from typing import Any
from uuid import uuid4

from dmp.domain.codes import (
    LOINC,
    TRE_A00_AUTHOR_ROLE,
    TRE_A01_PRACTICE,
    TRE_A02_SPECIALTY,
    TRE_A03_CLASS,
    TRE_A06_FORMAT,
    TRE_R02_SECTOR,
    Code,
)
from dmp.domain.documents.entry import (
    Author,
    AuthorKind,
    Content,
    DocumentEntry,
    Status,
    SubmissionSet,
)
from dmp.domain.documents.visibility import Visibility
from dmp.domain.identifiers import (
    PS_ROOT,
    STRUCTURE_ROOT,
    DocumentId,
    EntryUuid,
    RecordId,
    SubmissionId,
    UniqueId,
)
from tests.builders.people import HOLDER_INS
from tests.builders.records import NOW

_AUTHOR = Author(
    kind=AuthorKind.PROFESSIONAL,
    id="810100000017",
    id_root=PS_ROOT,
    family="Vasseur",
    given="Anne",
    specialty=Code("G15_10/SM54", TRE_A02_SPECIALTY, "Médecin - Médecine générale"),
    role=Code("MEDECIN_TRAITANT", TRE_A00_AUTHOR_ROLE, "Médecin traitant"),
    structure_id="1750000016",
    structure_root=STRUCTURE_ROOT,
    structure_name="Cabinet des Lilas",
)


def a_content(size: int = 300, seed: str = "a") -> bytes:
    """Text that compresses about as well as a CDA."""
    line = f"<entry code='{seed}'><text>Compte rendu de consultation {{}}</text></entry>\n"
    text = "".join(line.format(i * 7919 % 997) for i in range(size // len(line) + 1))
    return text.encode("utf-8")[:size]


def an_entry(
    record_id: RecordId | None = None, content: bytes = b"<ClinicalDocument/>", **changes: Any
) -> DocumentEntry:
    """A visible consultation note, with the hashes of `content`; another document each time."""
    document_id = uuid4()
    values: dict[str, Any] = {
        "record_id": record_id or RecordId(uuid4()),
        "document_id": DocumentId(document_id),
        "entry_uuid": EntryUuid(uuid4()),
        "unique_id": UniqueId(f"1.2.250.1.999.1.{document_id.int}"),
        "version": 1,
        "status": Status.APPROVED,
        "visibility": Visibility(),
        "mime_type": "text/xml",
        "content": Content(
            size=len(content),
            sha1=sha1(content, usedforsecurity=False).hexdigest(),
            sha256=sha256(content).hexdigest(),
        ),
        "language": "fr-FR",
        "title": "Compte rendu de consultation",
        "created_at": NOW - timedelta(days=1),
        "service_start": NOW - timedelta(days=1, hours=1),
        "service_stop": NOW - timedelta(days=1),
        "submitted_at": NOW,
        "type_code": Code("11488-4", LOINC, "CR de consultation"),
        "class_code": Code("10", TRE_A03_CLASS, "Compte rendu"),
        "format_code": Code("urn:ihe:iti:xds-sd:text:2008", TRE_A06_FORMAT, "Niveau 1"),
        "facility_type": Code("SA07", TRE_R02_SECTOR, "Cabinet individuel"),
        "practice_setting": Code("AMBULATOIRE", TRE_A01_PRACTICE, "Ambulatoire"),
        "authors": (_AUTHOR,),
        "legal_authenticator": _AUTHOR,
        "source_patient_id": "42^^^&1.2.250.1.999.2&ISO^PI",
        "ins": HOLDER_INS,
        "submission_id": SubmissionId(uuid4()),
        "depositor_id": "810100000017",
        "owner_ids": ("810100000017", "1750000016"),
    }
    return DocumentEntry(**{**values, **changes})


def changed(entry: DocumentEntry, **changes: Any) -> DocumentEntry:
    """The next version of an entry's metadata."""
    return replace(entry, entry_uuid=EntryUuid(uuid4()), version=entry.version + 1, **changes)


def a_submission(entry: DocumentEntry, **changes: Any) -> SubmissionSet:
    """The submission set of one document."""
    values: dict[str, Any] = {
        "record_id": entry.record_id,
        "submission_id": entry.submission_id,
        "unique_id": UniqueId(f"1.2.250.1.999.3.{entry.submission_id.int}"),
        "source_id": "1.2.250.1.999",
        "content_type": Code("04", "1.2.250.1.213.2.2", "Hospitalisation de jour"),
        "author": _AUTHOR,
        "submitted_at": entry.submitted_at,
        "document_ids": (entry.document_id,),
    }
    return SubmissionSet(**{**values, **changes})
