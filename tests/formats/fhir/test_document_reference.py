"""The resource that is written once: complete, valid for others, and read back as it was."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from fhir.resources.R4B.documentreference import DocumentReference
from fhirclient.models.documentreference import DocumentReference as ClientReference
from hypothesis import given, settings
from hypothesis import strategies as st

from dmp.domain.codes import LOINC, TRE_A02_SPECIALTY, Code
from dmp.domain.documents.entry import Author, AuthorKind, Reference, Status
from dmp.domain.documents.submission import ClaimedDocument
from dmp.domain.documents.visibility import Visibility
from dmp.domain.identifiers import PS_ROOT, STRUCTURE_ROOT, DocumentId, UniqueId
from dmp.formats.fhir.deposit.claimed import Reading, read_document_reference
from dmp.formats.fhir.document_reference import version_of, write_document_reference
from dmp.formats.fhir.elements import Element
from tests.formats.fhir import samples


def written(**changes: Any) -> dict[str, Any]:
    resource: dict[str, Any] = json.loads(write_document_reference(samples.entry(**changes)))
    return resource


def read_back(**changes: Any) -> ClaimedDocument:
    return read_document_reference(
        Element(written(**changes), "DocumentReference"),
        samples.PDF,
        "application/pdf",
        Reading(test_mode=True),
    )


def test_the_identifiers_are_where_pdsm_puts_them() -> None:
    resource = written()
    assert resource["id"] == str(samples.DOCUMENT)
    assert resource["masterIdentifier"]["value"] == "urn:oid:1.2.250.1.213.4.5.99.1"
    assert {one["use"]: one["value"] for one in resource["identifier"]} == {
        "official": "urn:uuid:00000000-0000-7000-8000-00000000e001",
        "usual": f"urn:uuid:{samples.DOCUMENT}",
    }
    assert resource["content"][0]["attachment"]["url"] == f"Binary/{samples.DOCUMENT}"


def test_a_unique_id_with_extension_has_its_oid_as_system() -> None:
    resource = written(unique_id=UniqueId.parse("1.2.3^LABO-7"))
    assert resource["masterIdentifier"] == {"system": "urn:oid:1.2.3", "value": "LABO-7"}


def test_the_hash_is_the_base64_of_the_octets() -> None:
    attachment = written()["content"][0]["attachment"]
    assert base64.b64decode(attachment["hash"]).hex() == samples.entry().content.sha1
    assert attachment["size"] == len(samples.PDF)


@pytest.mark.parametrize(
    ("status", "archived", "said"),
    [
        (Status.APPROVED, False, "current"),
        (Status.ARCHIVED, True, "current"),
        (Status.DEPRECATED, False, "superseded"),
        (Status.DELETED, False, "entered-in-error"),
    ],
)
def test_the_status_and_the_archive_are_two_things(
    status: Status, archived: bool, said: str
) -> None:
    resource = written(status=status, archived=archived)
    assert resource["status"] == said
    assert resource["extension"][0]["valueBoolean"] is archived


def test_the_labels_are_a_set() -> None:
    labels = written(visibility=Visibility(masked=True, hidden_from_representatives=True))[
        "securityLabel"
    ]
    assert [one["coding"][0]["code"] for one in labels] == [
        "N",
        "MASQUE_PS",
        "INVISIBLE_REPRESENTANTS_LEGAUX",
    ]


def test_the_version_is_read_without_parsing() -> None:
    text = write_document_reference(samples.entry(version=42)).encode()
    assert version_of(text) == 42
    with pytest.raises(ValueError, match="without version"):
        version_of(b'{"resourceType":"DocumentReference"}')


def test_the_update_has_its_own_instant() -> None:
    at = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
    resource = json.loads(write_document_reference(samples.entry(version=2), at))
    assert resource["meta"]["lastUpdated"] == "2026-07-01T12:00:00Z"
    assert "lastUpdated" not in written(version=2)["meta"]


AUTHORS = [
    samples.DOCTOR,
    Author(kind=AuthorKind.PROFESSIONAL, id="810002673894", id_root=PS_ROOT, family="Charpentier"),
    Author(kind=AuthorKind.PATIENT, id="279035121518989", id_root="1.2.250.1.213.1.4.10"),
    Author(
        kind=AuthorKind.DEVICE,
        id="AUT-9",
        id_root="1.2.3.4",
        family="Analyseur",
        given="X200",
        structure_id="1750000010",
        structure_root=STRUCTURE_ROOT,
    ),
    Author(
        kind=AuthorKind.ORGANISATION,
        structure_id="1750000010",
        structure_root=STRUCTURE_ROOT,
        structure_name="Laboratoire du Port",
    ),
]


@pytest.mark.parametrize("author", AUTHORS, ids=lambda a: str(a.kind))
def test_every_kind_of_author_travels(author: Author) -> None:
    back = read_back(authors=(author, samples.DOCTOR), legal_authenticator=author)
    assert back.authors == (author, samples.DOCTOR)
    assert back.legal_authenticator == author


@pytest.mark.parametrize("author", AUTHORS, ids=lambda a: str(a.kind))
def test_independent_libraries_take_what_is_written(author: Author) -> None:
    resource = written(
        authors=(author,),
        status=Status.DEPRECATED,
        visibility=Visibility(masked=True),
        replaces=DocumentId(UUID(int=5)),
        replaces_unique_id=UniqueId.parse("1.2.3"),
        event_codes=(Code("15507-7", LOINC),),
        service_stop=datetime(2026, 6, 12, 9, 0, tzinfo=UTC),
        comments="Relu",
    )
    DocumentReference.model_validate(resource)
    assert ClientReference(resource, strict=True).as_json() == resource


TEXT = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"]), min_size=1, max_size=20
)
INSTANT = st.integers(-600_000_000_000_000, 4_000_000_000_000_000).map(
    lambda micros: datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=micros)
)
CODE = st.builds(Code, TEXT, st.sampled_from([LOINC, TRE_A02_SPECIALTY, "1.2.3.9"]), TEXT)
AUTHOR = st.builds(
    Author,
    kind=st.just(AuthorKind.PROFESSIONAL),
    id=TEXT,
    id_root=st.sampled_from([PS_ROOT, "1.2.3.4"]),
    family=TEXT,
    given=TEXT,
    specialty=st.none() | CODE,
    role=st.none() | CODE,
    structure_id=TEXT,
    structure_root=st.sampled_from([STRUCTURE_ROOT, "1.2.3.5"]),
    structure_name=TEXT,
)


@settings(max_examples=60, deadline=None)
@given(
    title=TEXT,
    created=INSTANT,
    start=INSTANT,
    length=st.none() | st.integers(0, 10_000),
    authors=st.lists(AUTHOR, min_size=1, max_size=3),
    events=st.lists(CODE, max_size=3),
    related=st.lists(
        st.builds(Reference, value=TEXT, kind=TEXT, system=st.sampled_from(["", "1.2.3"])),
        max_size=2,
    ),
    visibility=st.sampled_from(
        [Visibility(), Visibility(masked=True, level="R"), Visibility(hidden_from_patient=True)]
    ),
)
def test_what_is_written_is_read_back(
    title: str,
    created: datetime,
    start: datetime,
    length: int | None,
    authors: list[Author],
    events: list[Code],
    related: list[Reference],
    visibility: Visibility,
) -> None:
    stop = None if length is None else start + timedelta(minutes=length)
    entry = samples.entry(
        title=title,
        created_at=created,
        service_start=start,
        service_stop=stop,
        authors=tuple(authors),
        legal_authenticator=authors[0],
        event_codes=tuple(events),
        references=tuple(related),
        visibility=visibility,
    )
    resource = json.loads(write_document_reference(entry))
    back = read_document_reference(
        Element(resource, "DocumentReference"),
        samples.PDF,
        "application/pdf",
        Reading(test_mode=True),
    )
    assert (back.ins, back.unique_id, back.title) == (entry.ins, entry.unique_id, title)
    assert (back.created_at, back.service_start, back.service_stop) == (created, start, stop)
    assert (back.authors, back.legal_authenticator) == (tuple(authors), authors[0])
    assert (back.event_codes, back.references) == (tuple(events), tuple(related))
    assert (back.level, back.restrictions) == (
        visibility.level,
        frozenset(visibility.restrictions),
    )
    for name in ("type_code", "class_code", "format_code", "facility_type", "practice_setting"):
        assert getattr(back, name) == getattr(entry, name), name
    assert (back.hash, back.size) == (entry.content.sha1, entry.content.size)
    assert back.source_patient_id == entry.source_patient_id
    assert back.language == entry.language
