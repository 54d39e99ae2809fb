"""Real documents travel: deposited through ITI-105 and ITI-65, listed, and retrieved byte for byte.

The published examples are not part of the project; without them these tests are skipped.
"""

from __future__ import annotations

import base64
from typing import Any

import httpx
from fhir.resources.R4B.documentreference import DocumentReference

from dmp.domain.documents.submission import ContentHeader
from dmp.domain.identifiers import Ins, InsRoot
from dmp.formats.content import read_header
from tests.entrypoints.fhir.requests import authorise
from tests.entrypoints.fhir.served import DOCTOR, Served
from tests.entrypoints.fhir.test_iti65 import submission
from tests.formats.corpus import DOCUMENTS, name_of, needs_corpus

pytestmark = needs_corpus

SAME_BYTES = "BIO-CR-BIO_2021.01_Microbiologie_V2_Delete"
"""Holds the document of the package before it."""
EDITIONS = {
    "CANCER-FRCP_2022.01_Appareil": "CANCER-FRCP_2025.01_Appareil",
    "SDM-MR_2025.01_nouveau-ne": "SDM-MR_2024.01_nouveau-ne",
    "SDM-MR_2025.01_patiente-post-grossesse": "SDM-MR_2024.01_patiente-post-grossesse",
}
"""Two editions of one example with one uniqueId and different bytes: whichever comes second is refused."""
INSURERS = {"CNAM-HR_2021.01": "act-not-allowed"}
"""The history of reimbursements comes from the health insurance alone."""


def patient_of(header: ContentHeader) -> Ins:
    roots = set(InsRoot)
    root, matricule = next((r, e) for r, e in header.patient_ids if r in roots)
    return Ins.parse(matricule, root, test_mode=True)


class Records:
    """Records of the people in the documents, opened when they are first met."""

    def __init__(self, served: Served, client: httpx.Client) -> None:
        self._served, self._client = served, client
        self._known: set[Ins] = set()

    def open_for(self, ins: Ins) -> None:
        if ins not in self._known:
            authorise(self._client, self._served.open_record(ins))
            self._known.add(ins)


def simplified(ins: Ins, content: bytes, mime_type: str) -> dict[str, Any]:
    """The least a sender may say: whose it is, what it is, the bytes."""
    return {
        "resourceType": "DocumentReference",
        "status": "current",
        "subject": {"identifier": {"system": f"urn:oid:{ins.root.value}", "value": ins.matricule}},
        "content": [
            {
                "attachment": {
                    "contentType": mime_type,
                    "data": base64.b64encode(content).decode("ascii"),
                }
            }
        ],
    }


def as_bundle(ins: Ins, content: bytes, mime_type: str) -> dict[str, Any]:
    """The same as a submission set."""
    body = submission(ins, content)
    reference, binary = body["entry"][1]["resource"], body["entry"][2]["resource"]
    binary["contentType"] = mime_type
    attachment = {"contentType": mime_type, "url": reference["content"][0]["attachment"]["url"]}
    body["entry"][1]["resource"] = simplified(ins, content, mime_type) | {
        "content": [{"attachment": attachment}]
    }
    return body


def check_listed(client: httpx.Client, ins: Ins, document: str, content: bytes) -> None:
    listed = client.get(
        "DocumentReference",
        params={
            "patient.identifier": f"urn:oid:{ins.root.value}|{ins.matricule}",
            "identifier": document,
        },
    ).json()
    assert listed["total"] == 1
    resource = listed["entry"][0]["resource"]
    DocumentReference.model_validate(resource)
    attachment = resource["content"][0]["attachment"]
    assert attachment["size"] == len(content)
    raw = client.get(attachment["url"], headers={"accept": attachment["contentType"]})
    assert raw.content == content
    assert raw.headers["content-type"] == attachment["contentType"]
    wrapped = client.get(attachment["url"]).json()
    assert base64.b64decode(wrapped["data"]) == content


def test_every_document_is_published_alone(served: Served) -> None:
    refused: dict[str, str] = {}
    with served.client(DOCTOR) as client:
        records = Records(served, client)
        for path in DOCUMENTS:
            content = path.read_bytes()
            header = read_header(content, "text/xml")
            ins = patient_of(header)
            records.open_for(ins)
            answer = client.post(
                "DocumentReference", json=simplified(ins, content, header.mime_type)
            )
            if answer.status_code >= 400:
                refused[name_of(path)] = answer.json()["issue"][0]["details"]["coding"][0]["code"]
                continue
            assert answer.status_code == (200 if name_of(path) == SAME_BYTES else 201)
            assert header.unique_id is not None
            assert answer.json()["masterIdentifier"]
            check_listed(client, ins, f"urn:ietf:rfc:3986|{header.unique_id.value}", content)
    assert refused == dict.fromkeys(EDITIONS.values(), "unique-id-taken") | INSURERS


def test_every_document_is_submitted_in_a_set(served_anew: Served) -> None:
    refused: dict[str, str] = {}
    with served_anew.client(DOCTOR) as client:
        records = Records(served_anew, client)
        for path in reversed(DOCUMENTS):
            content = path.read_bytes()
            header = read_header(content, "text/xml")
            ins = patient_of(header)
            records.open_for(ins)
            answer = client.post("", json=as_bundle(ins, content, header.mime_type))
            if answer.status_code >= 400:
                refused[name_of(path)] = answer.json()["issue"][0]["details"]["coding"][0]["code"]
                continue
            location = answer.json()["entry"][1]["response"]["location"]
            check_listed(client, ins, location.removeprefix("DocumentReference/"), content)
    assert refused == dict.fromkeys(EDITIONS, "unique-id-taken") | INSURERS
