"""A document's metadata as the row of its table."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from dmp.domain.codes import HL7_CONFIDENTIALITY, TRE_A07_VISIBILITY, Code
from dmp.domain.documents.entry import DocumentEntry
from dmp.domain.identity.patient import folded
from dmp.domain.record.calendar import reveal_due
from dmp.storage.blobs.packs import Place
from dmp.storage.postgres.bodies import text_of
from dmp.storage.postgres.search import array, author_forms, reference_forms, replaced_forms

Row = tuple[object, ...]

# The order of these columns is that of `row_of`; the place in the packs follows them.
COLUMNS: tuple[tuple[str, str], ...] = (
    ("record_id", "uuid"),
    ("document_id", "uuid"),
    ("entry_uuid", "uuid"),
    ("unique_id", "text"),
    ("version", "bigint"),
    ("status", "text"),
    ("masked", "boolean"),
    ("hidden_from_patient", "boolean"),
    ("reveal_at", "timestamptz"),
    ("hidden_from_representatives", "boolean"),
    ("archived", "boolean"),
    ("type_code", "text"),
    ("owner_ids", "text[]"),
    ("created_at", "timestamptz"),
    ("service_start", "timestamptz"),
    ("service_stop", "timestamptz"),
    ("submitted_at", "timestamptz"),
    ("updated_at", "timestamptz"),
    ("type_token", "text"),
    ("class_token", "text"),
    ("facility_token", "text"),
    ("setting_token", "text"),
    ("format_token", "text"),
    ("event_tokens", "text[]"),
    ("label_tokens", "text[]"),
    ("related", "text[]"),
    ("replaces", "text[]"),
    ("author_ids", "text[]"),
    ("author_folded", "text"),
    ("title_folded", "text"),
    ("size", "bigint"),
    ("sha1", "text"),
    ("sha256", "text"),
    ("fhir", "text"),
    ("entry", "text"),
)
PLACE: tuple[tuple[str, str], ...] = (
    ("pack", "text"),
    ("pack_offset", "bigint"),
    ("pack_length", "bigint"),
)


def row_of(entry: DocumentEntry, fhir: str, updated_at: datetime) -> Row:
    """The row of an entry, in the order of `COLUMNS`; arrays as PostgreSQL literals."""
    author_ids, author_folded = author_forms(entry.authors)
    return (
        entry.record_id,
        entry.document_id,
        entry.entry_uuid,
        entry.unique_id.value,
        entry.version,
        entry.status.value,
        entry.visibility.masked,
        entry.visibility.hidden_from_patient,
        reveal_due(entry.waits_since),
        entry.visibility.hidden_from_representatives,
        entry.archived,
        entry.type_code.code,
        array(entry.owner_ids),
        entry.created_at,
        entry.service_start,
        max(entry.service_start, entry.service_stop or entry.service_start),
        entry.submitted_at,
        updated_at,
        entry.type_code.token,
        entry.class_code.token,
        entry.facility_type.token,
        entry.practice_setting.token,
        entry.format_code.token,
        array(_both_forms(entry.event_codes)),
        array(_both_forms(_labels(entry))),
        array(reference_forms(entry.references)),
        array(replaced_forms(entry)),
        array(author_ids),
        author_folded,
        folded(entry.title),
        entry.content.size,
        entry.content.sha1,
        entry.content.sha256,
        fhir,
        text_of(entry),
    )


def place_row(place: Place) -> Row:
    """The columns of `PLACE`."""
    return (place.segment, place.offset, place.length)


def _labels(entry: DocumentEntry) -> list[Code]:
    level = Code(entry.visibility.level, HL7_CONFIDENTIALITY)
    return [level, *(Code(r.value, TRE_A07_VISIBILITY) for r in entry.visibility.restrictions)]


def _both_forms(codes: Sequence[Code]) -> list[str]:
    return [form for code in codes for form in (code.token, code.code)]
