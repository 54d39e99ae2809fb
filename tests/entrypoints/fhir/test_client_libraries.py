"""Real FHIR clients read and write here: fhirclient over HTTP, fhir.resources as the other model."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any

import pytest
from fhirclient.client import FHIRClient
from fhirclient.models.binary import Binary
from fhirclient.models.documentreference import DocumentReference
from fhirclient.models.patient import Patient

from dmp.domain.identifiers import Ins
from tests.entrypoints.fhir.requests import authorise, publish, simplified
from tests.entrypoints.fhir.served import DOCTOR, Served, next_ins, token
from tests.formats.fhir import samples


@pytest.fixture
def client(served: Served) -> Iterator[FHIRClient]:
    smart = FHIRClient(settings={"app_id": "test", "api_base": served.base})
    smart.server.session.headers["Authorization"] = f"Bearer {token(DOCTOR)}"
    yield smart
    smart.server.session.close()


@pytest.fixture
def ins(served: Served) -> Ins:
    person = next_ins()
    record = served.open_record(person)
    with served.client(DOCTOR) as http:
        authorise(http, record)
    return person


def by_ins(ins: Ins) -> str:
    return f"urn:oid:{ins.root.value}|{ins.matricule}"


def found(search: Any, client: FHIRClient) -> list[Any]:
    return list(search.perform_resources_iter(client.server))


def test_the_client_reads_the_capabilities(client: FHIRClient) -> None:
    statement = client.server.capabilityStatement
    assert statement.fhirVersion == "4.0.1"
    assert {one.type for one in statement.rest[0].resource} == {
        "DocumentReference",
        "Binary",
        "Patient",
    }


def test_the_client_finds_the_patient_and_follows(client: FHIRClient, ins: Ins) -> None:
    people = found(Patient.where({"identifier": by_ins(ins)}), client)
    assert [person.active for person in people] == [True]
    same = Patient.read(people[0].id, client.server)
    assert same.as_json() == people[0].as_json()
    documents = DocumentReference.where({"patient": people[0].id, "status": "current"})
    assert found(documents, client) == []


def test_the_client_writes_and_reads_back(client: FHIRClient, ins: Ins) -> None:
    document = DocumentReference(simplified(ins), strict=True)
    answer = document.create(client.server)
    assert answer["resourceType"] == "DocumentReference"
    listed = found(
        DocumentReference.where({"patient.identifier": by_ins(ins), "type": "11488-4"}), client
    )
    assert [one.id for one in listed] == [answer["id"]]
    read = DocumentReference.read(answer["id"], client.server)
    assert read.as_json() == answer
    attachment = read.content[0].attachment
    binary = Binary.read_from(attachment.url, client.server)
    assert base64.b64decode(binary.data) == samples.PDF
    raw = client.server.request_data(attachment.url, headers={"Accept": attachment.contentType})
    assert raw == samples.PDF


def test_pages_follow_each_other(served: Served, ins: Ins) -> None:
    with served.client(DOCTOR) as http:
        ids = {publish(http, ins)["id"] for _ in range(7)}
        page = http.get(
            "DocumentReference", params={"patient.identifier": by_ins(ins), "_count": "3"}
        ).json()
        seen: list[str] = []
        sizes: list[int] = []
        for _ in range(5):
            seen += [entry["resource"]["id"] for entry in page["entry"]]
            sizes.append(len(page["entry"]))
            assert page["total"] == 7
            following = [link["url"] for link in page["link"] if link["relation"] == "next"]
            if not following:
                break
            page = http.get(following[0]).json()
        assert sizes == [3, 3, 1]
        assert set(seen) == ids
        assert len(seen) == len(ids)
        count = http.get(
            "DocumentReference", params={"patient.identifier": by_ins(ins), "_summary": "count"}
        ).json()
        assert (count["total"], "entry" in count) == (7, False)


@pytest.mark.parametrize(
    ("criteria", "matches"),
    [
        ({"type": "http://loinc.org|11488-4"}, True),
        ({"type": "34133-9"}, False),
        ({"type": "34133-9,11488-4"}, True),
        ({"category": "10"}, True),
        ({"facility": "SA07"}, True),
        ({"facility": "SA01"}, False),
        ({"setting": "AMBULATOIRE"}, True),
        ({"format": "urn:ihe:iti:xds-sd:pdf:2008"}, True),
        ({"security-label": "N"}, True),
        ({"security-label": "MASQUE_PS"}, False),
        ({"date": "2026-06-12"}, True),
        ({"date": "ne2026-06-12"}, False),
        ({"date": ["ge2026-06-01", "lt2026-07-01"]}, True),
        ({"date": ["ge2026-06-13", "lt2026-07-01"]}, False),
        ({"creation": "2026-06"}, True),
        ({"period": "ge2026"}, True),
        ({"period": "lt2026"}, False),
        ({"period-start": "2026-06-12"}, True),
        ({"period-start": "gt2026-06-12"}, False),
        ({"period-end": "lt2026"}, False),
        ({"author.family": "Charpentier"}, True),
        ({"author.family": "Charpentier", "author.given": "Alix"}, True),
        ({"author.family": "Durand"}, False),
        ({"author.identifier": samples.DOCTOR.id}, True),
        ({"isArchived": "false"}, True),
        ({"isArchived": "true"}, False),
        ({"status": "superseded"}, False),
        ({"status": "current,superseded"}, True),
        ({"status": "entered-in-error"}, False),
        ({"event": "MG"}, True),
        ({"event": "urn:oid:1.2.3.9|MG"}, True),
        ({"event": "CT"}, False),
        ({"related": "ACC-1"}, True),
        ({"related:identifier": "urn:oid:1.2.3.4|ACC-1"}, True),
        ({"related": "ACC-2"}, False),
        ({"_lastUpdated": "ge2026"}, True),
        ({"_lastUpdated": "lt2026"}, False),
    ],
)
def test_each_criterion_finds_and_leaves_out(
    served: Served, one_document: str, criteria: dict[str, Any], matches: bool
) -> None:
    with served.client(DOCTOR) as http:
        asked = {"patient": one_document} | criteria
        got = http.get("DocumentReference", params=asked)
        assert got.json()["total"] == int(matches), got.text
        posted = http.post("DocumentReference/_search", data=asked)
        assert posted.json()["total"] == int(matches)


@pytest.fixture(scope="module")
def one_document(served: Served) -> str:
    """A record with one document that has everything."""
    person = next_ins()
    record = served.open_record(person)
    body = simplified(person)
    body["context"] |= {
        "event": [{"coding": [{"system": "urn:oid:1.2.3.9", "code": "MG"}]}],
        "related": [
            {
                "identifier": {
                    "type": {
                        "coding": [
                            {
                                "system": "urn:ietf:rfc:3986",
                                "code": "urn:ihe:iti:xds:2013:accession",
                            }
                        ]
                    },
                    "system": "urn:oid:1.2.3.4",
                    "value": "ACC-1",
                }
            }
        ],
    }
    with served.client(DOCTOR) as http:
        answer = http.post("DocumentReference", json=body)
        assert answer.status_code == 201, answer.text
        authorise(http, record)
    return record
