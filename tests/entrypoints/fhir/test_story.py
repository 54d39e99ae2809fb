"""The door's whole story with real parts: open, authorise, deposit, find, retrieve, change, delete."""

from __future__ import annotations

import base64

import pytest
from fhir.resources.R4B.binary import Binary
from fhir.resources.R4B.bundle import Bundle
from fhir.resources.R4B.capabilitystatement import CapabilityStatement
from fhir.resources.R4B.documentreference import DocumentReference
from fhir.resources.R4B.operationoutcome import OperationOutcome
from fhir.resources.R4B.patient import Patient

from dmp.domain.identifiers import Ins
from tests.entrypoints.fhir.requests import authorise, publish, simplified
from tests.entrypoints.fhir.served import DOCTOR, OTHER_DOCTOR, Served, holder, next_ins
from tests.formats.fhir import samples


@pytest.fixture
def ins() -> Ins:
    return next_ins()


def by_ins(ins: Ins) -> str:
    return f"urn:oid:{ins.root.value}|{ins.matricule}"


def test_a_record_is_opened_and_tested(served: Served, ins: Ins) -> None:
    with served.client(DOCTOR) as client:
        assert client.get("Patient", params={"identifier": by_ins(ins)}).json()["total"] == 0
        record = served.open_record(ins)
        found = client.get("Patient", params={"identifier": by_ins(ins)})
        Bundle.model_validate(found.json())
        person = found.json()["entry"][0]["resource"]
        Patient.model_validate(person)
        assert (person["id"], person["active"]) == (record, True)
        assert client.get(f"Patient/{record}").json() == person
        posted = client.post("Patient/_search", data={"identifier": by_ins(ins)})
        assert posted.json()["entry"] == found.json()["entry"]


def test_a_document_travels(served: Served, ins: Ins) -> None:
    record = served.open_record(ins)
    with served.client(DOCTOR) as client:
        created = client.post("DocumentReference", json=simplified(ins))
        assert created.status_code == 201, created.text
        DocumentReference.model_validate(created.json())
        document = created.json()["id"]
        assert created.headers["location"] == f"{served.base}DocumentReference/{document}"

        refused = client.get("DocumentReference", params={"patient.identifier": by_ins(ins)})
        assert refused.status_code == 403
        OperationOutcome.model_validate(refused.json())
        authorise(client, record)

        found = client.get("DocumentReference", params={"patient.identifier": by_ins(ins)})
        Bundle.model_validate(found.json())
        entry = found.json()["entry"][0]
        assert found.json()["total"] == 1
        assert entry["fullUrl"] == f"{served.base}DocumentReference/{document}"
        assert entry["resource"] == created.json()

        read = client.get(f"DocumentReference/{document}")
        assert (read.json(), read.headers["etag"]) == (created.json(), 'W/"1"')

        attachment = entry["resource"]["content"][0]["attachment"]
        raw = client.get(attachment["url"], headers={"accept": attachment["contentType"]})
        assert raw.content == samples.PDF
        assert raw.headers["content-type"] == "application/pdf"
        wrapped = client.get(attachment["url"])
        Binary.model_validate(wrapped.json())
        assert base64.b64decode(wrapped.json()["data"]) == samples.PDF


def test_a_document_is_masked_archived_and_deleted(served: Served, ins: Ins) -> None:
    record = served.open_record(ins)
    with served.client(DOCTOR) as author, served.client(OTHER_DOCTOR) as other:
        document = publish(author, ins)
        authorise(other, record)
        search = {"patient": f"Patient/{record}", "status": "current"}
        assert other.get("DocumentReference", params=search).json()["total"] == 1

        with served.client(holder(ins)) as person:
            masked = person.patch(
                "DocumentReference",
                params={"identifier": f"urn:ietf:rfc:3986|{document['masterIdentifier']['value']}"},
                content=MASK,
                headers=JSON_PATCH,
            )
        assert masked.status_code == 200, masked.text
        assert masked.json()["meta"]["versionId"] == "2"
        assert other.get("DocumentReference", params=search).json()["total"] == 0
        hidden = other.get(f"DocumentReference/{document['id']}")
        assert hidden.status_code == 404
        assert hidden.json()["issue"][0]["code"] == "not-found"

        archived = author.patch(
            f"DocumentReference/{document['id']}",
            content=ARCHIVE,
            headers=JSON_PATCH | {"if-match": 'W/"2"'},
        )
        assert archived.json()["extension"][0]["valueBoolean"] is True
        stored = author.get(f"DocumentReference/{document['id']}").json()
        assert stored["meta"]["versionId"] == "3"
        assert stored["meta"]["lastUpdated"] > document["meta"]["lastUpdated"]
        stale = author.patch(
            f"DocumentReference/{document['id']}",
            content=ARCHIVE,
            headers=JSON_PATCH | {"if-match": 'W/"2"'},
        )
        assert stale.status_code == 412

        gone = author.patch(
            f"DocumentReference/{document['id']}", content=DELETE, headers=JSON_PATCH
        )
        assert (gone.status_code, gone.json()["status"]) == (200, "entered-in-error")
        again = author.get(f"DocumentReference/{document['id']}")
        assert again.status_code in (403, 404)
        acts = [(t.act, t.outcome.value, t.detail) for t in served.traces(ins, record)]
        assert ("update-metadata", "done", "mask") in acts
        assert ("update-metadata", "done", "delete") in acts
        assert ("update-metadata", "refused", "") in acts


JSON_PATCH = {"content-type": "application/json-patch+json"}
MASK = (
    b'[{"op":"replace","path":"/securityLabel/0","value":{"coding":[{"system":'
    b'"https://mos.esante.gouv.fr/NOS/TRE_A07-StatutVisibiliteDocument/FHIR/'
    b'TRE-A07-StatutVisibiliteDocument","code":"MASQUE_PS"}]}}]'
)
ARCHIVE = (
    b'[{"op":"replace","path":"/extension[url:\'https://interop.esante.gouv.fr/ig/fhir/pdsm/'
    b'StructureDefinition/pdsm-ext-is-archived\']/valueBoolean","value":true}]'
)
DELETE = b'[{"op":"replace","path":"/status","value":"entered-in-error"}]'


def test_the_capabilities_are_open_and_true(served: Served) -> None:
    with served.client(None) as client:
        answer = client.get("metadata")
    assert answer.status_code == 200
    CapabilityStatement.model_validate(answer.json())
    assert answer.json()["implementation"]["url"] + "/" == served.base
