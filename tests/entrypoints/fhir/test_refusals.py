"""One valid submission, one change, one refusal that says what to change."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import httpx
import pytest
from fhir.resources.R4B.operationoutcome import OperationOutcome

from dmp.domain.identifiers import Ins
from dmp.domain.identity.caller import Purpose
from tests.entrypoints.fhir.requests import publish, simplified
from tests.entrypoints.fhir.served import (
    DOCTOR,
    HOSPITAL,
    OTHER_DOCTOR,
    SYSTEM,
    Served,
    holder,
    next_ins,
    patient,
    professional,
)
from tests.formats.fhir import samples

Body = dict[str, Any]
LOINC = "http://loinc.org"
CLASSES = "https://mos.esante.gouv.fr/NOS/TRE_A03-ClasseDocument/FHIR/TRE-A03-ClasseDocument"


@pytest.fixture(scope="module")
def ins(served: Served) -> Ins:
    """A person with an open record."""
    person = next_ins()
    served.open_record(person)
    return person


def told(answer: httpx.Response) -> tuple[int, str]:
    """Status and reason; the answer is a valid OperationOutcome that says it in French too."""
    outcome = answer.json()
    OperationOutcome.model_validate(outcome)
    assert answer.headers["cache-control"] == "no-store"
    issue = outcome["issue"][0]
    assert issue["details"]["text"]
    assert issue["diagnostics"]
    return answer.status_code, issue["details"]["coding"][0]["code"]


def attachment(body: Body) -> Body:
    found: Body = body["content"][0]["attachment"]
    return found


def put(path: str, value: Any) -> Callable[[Body], None]:
    def change(body: Body) -> None:
        target: Any = body
        *parents, last = path.split("/")
        for name in parents:
            target = target[int(name)] if name.isdigit() else target[name]
        if value is None:
            del target[last]
        else:
            target[last] = value

    return change


def coded(system: str, code: str) -> Body:
    return {"coding": [{"system": system, "code": code}]}


DATA = "content/0/attachment/data"
REFUSED: dict[str, tuple[Callable[[Body], None], int, str]] = {
    "wrong hash": (put("content/0/attachment/hash", "2jmj7l5rSw0yVb/vlWAYkK/YBwk="), 422, "hash-mismatch"),
    "hash of another length": (put("content/0/attachment/hash", "AAAA"), 422, "metadata-invalid"),
    "wrong size": (put("content/0/attachment/size", 3), 422, "size-mismatch"),
    "size is a text": (put("content/0/attachment/size", "3"), 422, "metadata-invalid"),
    "no content": (put(DATA, None), 422, "content-missing"),
    "empty content": (put(DATA, ""), 422, "content-missing"),
    "not base64": (put(DATA, "%%%"), 422, "metadata-invalid"),
    "content at an address": (put("content/0/attachment/url", "http://x/Binary/1"), 422, "metadata-invalid"),
    "not a PDF": (put(DATA, base64.b64encode(b"hello").decode()), 422, "content-type-mismatch"),
    "a word document": (put("content/0/attachment/contentType", "application/msword"), 422,
                        "content-type-unsupported"),
    "no media type": (put("content/0/attachment/contentType", None), 422, "metadata-missing"),
    "no title": (put("content/0/attachment/title", None), 422, "metadata-missing"),
    "no type": (put("type", None), 422, "metadata-missing"),
    "unknown type": (put("type", coded(LOINC, "99999-9")), 422, "code-unknown"),
    "type of another system": (put("type", coded("http://snomed.info/sct", "11488-4")), 422, "code-unknown"),
    "class that contradicts the type": (put("category", [coded(CLASSES, "42")]), 422,
                                        "class-contradicts-type"),
    "two contents": (lambda body: body["content"].append(body["content"][0]), 422, "metadata-invalid"),
    "superseded already": (put("status", "superseded"), 422, "metadata-invalid"),
    "no status": (put("status", None), 422, "metadata-missing"),
    "no subject": (put("subject", None), 422, "metadata-missing"),
    "a patient of elsewhere": (put("subject", {"reference": "Patient/marie"}), 422, "metadata-invalid"),
    "INS with a wrong key": (put("subject/identifier/value", "279035121518900"), 400, "ins-key-wrong"),
    "INS of nobody here": (put("subject/identifier/value", samples.OTHER_INS.matricule), 404,
                           "record-not-found"),
    "author not at hand": (put("author", [{"reference": "Practitioner/7"}]), 422, "metadata-invalid"),
    "author not contained": (put("author", [{"reference": "#nobody"}]), 422, "metadata-invalid"),
    "uniqueId that is none": (put("masterIdentifier/value", "urn:oid:abc"), 422, "identifier-malformed"),
    "a date that is none": (put("date", "12/06/2026"), 422, "metadata-invalid"),
    "two confidentialities": (put("securityLabel", [
        coded("http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "N"),
        coded("http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "V"),
    ]), 422, "metadata-invalid"),
    "label of our own invention": (put("securityLabel", [coded("urn:x", "SECRET")]), 422, "code-unknown"),
    "an element that would be lost": (put("docStatus", "final"), 422, "metadata-invalid"),
    "a modifier": (put("modifierExtension", [{"url": "urn:x"}]), 422, "metadata-invalid"),
    "another resource": (put("resourceType", "Observation"), 422, "metadata-invalid"),
    "replaces something unknown": (put("relatesTo", [
        {"code": "replaces", "target": {"identifier": {"value": "urn:oid:2.25.1"}}}
    ]), 422, "replaced-not-found"),
    "appends": (put("relatesTo", [
        {"code": "appends", "target": {"identifier": {"value": "urn:oid:2.25.1"}}}
    ]), 422, "metadata-invalid"),
}  # fmt: skip


@pytest.mark.parametrize(("change", "status", "reason"), REFUSED.values(), ids=list(REFUSED))
def test_one_change_one_refusal(
    served: Served, ins: Ins, change: Callable[[Body], None], status: int, reason: str
) -> None:
    body = simplified(ins)
    change(body)
    with served.client(DOCTOR) as client:
        answer = client.post("DocumentReference", json=body)
    assert told(answer) == (status, reason), answer.text
    assert ins.matricule[:13] not in answer.text


def test_the_hash_and_size_of_the_bytes_are_taken(served: Served, ins: Ins) -> None:
    entry = samples.entry()
    body = simplified(ins)
    attachment(body)["hash"] = base64.b64encode(bytes.fromhex(entry.content.sha1)).decode()
    attachment(body)["size"] = entry.content.size
    with served.client(DOCTOR) as client:
        assert client.post("DocumentReference", json=body).status_code == 201
        attachment(body)["hash"] = entry.content.sha1
        assert client.post("DocumentReference", json=body).status_code == 200, "the same again"


def test_the_same_unique_id_with_other_bytes_is_refused(served: Served, ins: Ins) -> None:
    body = simplified(ins)
    with served.client(DOCTOR) as client:
        assert client.post("DocumentReference", json=body).status_code == 201
        attachment(body)["data"] = base64.b64encode(samples.pdf("Autre")).decode()
        assert told(client.post("DocumentReference", json=body)) == (409, "unique-id-taken")


HOSTILE_XML = {
    "a document type": b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>',
    "not XML": b"<ClinicalDocument",
    "not a CDA": b'<?xml version="1.0"?><html/>',
}


@pytest.mark.parametrize("content", HOSTILE_XML.values(), ids=list(HOSTILE_XML))
def test_hostile_xml_is_refused(served: Served, ins: Ins, content: bytes) -> None:
    body = simplified(ins)
    attachment(body)["contentType"] = "text/xml"
    attachment(body)["data"] = base64.b64encode(content).decode()
    with served.client(DOCTOR) as client:
        status, reason = told(client.post("DocumentReference", json=body))
    assert status == 422
    assert reason in {"content-dangerous", "content-unreadable", "content-type-mismatch"}


def test_twenty_one_megabytes_are_too_many(served: Served, ins: Ins) -> None:
    body = simplified(ins)
    attachment(body)["data"] = base64.b64encode(bytes(21 * 1024 * 1024)).decode()
    with served.client(DOCTOR) as client:
        assert told(client.post("DocumentReference", json=body)) == (413, "content-too-large")


def test_a_body_without_end_is_refused_while_it_comes(served: Served) -> None:
    def endless() -> Any:
        for _ in range(40):
            yield b" " * 1024 * 1024

    with served.client(DOCTOR) as client:
        try:
            answer = client.post(
                "DocumentReference",
                content=endless(),
                headers={"content-type": "application/fhir+json"},
            )
        except httpx.WriteError:
            return  # the server hung up before everything was sent
    assert told(answer) == (413, "request-too-large")


JSON = {"content-type": "application/fhir+json"}
WIRE: dict[str, tuple[str, str, dict[str, Any], int, str]] = {
    "unknown address": ("GET", "Observation", {}, 404, "address-unknown"),
    "unknown address below": ("GET", "DocumentReference/x/y/z", {}, 404, "address-unknown"),
    "unknown method": ("DELETE", "DocumentReference/x", {}, 405, "interaction-unsupported"),
    "rare method": ("PROPFIND", "Patient", {}, 405, "interaction-unsupported"),
    "search of everybody": ("GET", "DocumentReference", {}, 400, "parameter-missing"),
    "no such document": ("GET", f"DocumentReference/{samples.DOCUMENT}", {}, 404, "document-not-found"),
    "no identifier of ours": ("GET", "DocumentReference/1", {}, 404, "document-not-found"),
    "no such content": ("GET", f"Binary/{samples.DOCUMENT}", {}, 404, "document-not-found"),
    "no such patient": ("GET", f"Patient/{samples.DOCUMENT}", {}, 404, "record-not-found"),
    "XML is asked": ("GET", "Patient", {"headers": {"accept": "application/fhir+xml"}}, 406,
                     "answer-type-unsupported"),
    "XML by _format": ("GET", "Patient", {"params": {"_format": "xml"}}, 406, "answer-type-unsupported"),
    "another FHIR": ("GET", "Patient", {"headers": {"accept": "application/fhir+json; fhirVersion=5.0"}},
                     406, "answer-type-unsupported"),
    "a picture of it": ("GET", f"Binary/{samples.DOCUMENT}", {"headers": {"accept": "image/png"}}, 406,
                        "answer-type-unsupported"),
    "XML is sent": ("POST", "DocumentReference",
                    {"content": b"<x/>", "headers": {"content-type": "application/fhir+xml"}}, 415,
                    "request-type-unsupported"),
    "compressed": ("POST", "DocumentReference",
                   {"content": b"x", "headers": JSON | {"content-encoding": "gzip"}}, 415,
                   "request-type-unsupported"),
    "no media type": ("POST", "DocumentReference", {"content": b"{}"}, 415, "request-type-unsupported"),
    "XML patch": ("PATCH", f"DocumentReference/{samples.DOCUMENT}",
                  {"content": b"<x/>", "headers": {"content-type": "application/xml-patch+xml"}}, 415,
                  "request-type-unsupported"),
    "form instead of JSON": ("POST", "DocumentReference", {"data": {"a": "b"}}, 415,
                             "request-type-unsupported"),
    "JSON instead of a form": ("POST", "DocumentReference/_search", {"json": {}}, 415,
                               "request-type-unsupported"),
    "broken JSON": ("POST", "DocumentReference", {"content": b"{", "headers": JSON}, 400,
                    "request-malformed"),
    "not UTF-8": ("POST", "", {"content": b'{"a":"\xff"}', "headers": JSON}, 400, "request-malformed"),
    "key twice": ("POST", "", {"content": b'{"a":1,"a":1}', "headers": JSON}, 400, "request-malformed"),
    "no resource": ("POST", "", {"content": b"{}", "headers": JSON}, 400, "request-malformed"),
    "not a transaction": ("POST", "", {"json": {"resourceType": "Bundle", "type": "batch"}}, 422,
                          "metadata-invalid"),
    "an empty submission": ("POST", "", {"json": {"resourceType": "Bundle", "type": "transaction"}}, 422,
                            "submission-empty"),
    "patch of nothing": ("PATCH", "DocumentReference",
                         {"content": b"[]", "headers": {"content-type": "application/json-patch+json"}},
                         400, "parameter-missing"),
    "bad escape in the address": ("GET", "DocumentReference?type=%FF", {}, 400, "request-malformed"),
    "too many parameters": ("GET", "DocumentReference?" + "a=1&" * 300, {}, 400, "request-malformed"),
    "bad If-Match": ("PATCH", f"DocumentReference/{samples.DOCUMENT}",
                     {"content": b'[{"op":"remove","path":"/extension/0"}]',
                      "headers": {"content-type": "application/json-patch+json", "if-match": "x"}},
                     400, "parameter-invalid"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("method", "path", "given", "status", "reason"), WIRE.values(), ids=list(WIRE)
)
def test_every_wrong_request_has_its_outcome(
    served: Served, method: str, path: str, given: dict[str, Any], status: int, reason: str
) -> None:
    with served.client(DOCTOR) as client:
        answer = client.request(method, path, **given)
    assert told(answer) == (status, reason), answer.text
    if status == 405:
        assert answer.headers["allow"]


@pytest.mark.parametrize("base", ["", "/"])
def test_the_transaction_is_taken_with_and_without_a_slash(served: Served, base: str) -> None:
    address = served.base.rstrip("/") + base
    with served.client(DOCTOR) as client:
        answer = client.post(address, json={"resourceType": "Bundle", "type": "batch"})
    assert told(answer)[0] == 422


def test_nobody_gets_nothing(served: Served, ins: Ins) -> None:
    with served.client(None) as client:
        for path in ("Patient", "DocumentReference", f"Binary/{samples.DOCUMENT}", "Observation"):
            answer = client.get(path)
            assert told(answer) == (401, "not-authenticated")
            assert answer.headers["www-authenticate"].startswith("Bearer")
        answer = client.get("Patient", headers={"authorization": "Bearer a.b.c"})
        assert told(answer) == (401, "token-invalid")
        assert 'error="invalid_token"' in answer.headers["www-authenticate"]


def test_who_may_not_is_told_why(served: Served, ins: Ins) -> None:
    search = {"patient.identifier": f"{samples.INS_SYSTEM}|{ins.matricule}"}
    with served.client(DOCTOR) as client:
        document = publish(client, ins)
        assert told(client.get("DocumentReference", params=search)) == (
            403,
            "access-not-authorised",
        )
        # TD3.1b: the depositor finds his own deposit by its identifier.
        own = search | {"identifier": document["masterIdentifier"]["value"]}
        assert client.get("DocumentReference", params=own).json()["total"] == 1
    with served.client(SYSTEM) as client:
        assert told(client.get("DocumentReference", params=search)) == (
            403,
            "individual-authentication-required",
        )
        # Named by its identifier alone it is not there, whatever stands between.
        assert told(client.get(f"Binary/{document['id']}")) == (404, "document-not-found")
    with served.client(OTHER_DOCTOR) as client:
        answer = client.patch(
            f"DocumentReference/{document['id']}",
            content=json.dumps([{"op": "replace", "path": "/status", "value": "entered-in-error"}]),
            headers={"content-type": "application/json-patch+json"},
        )
        assert told(answer) == (404, "document-not-found")
    with served.client(holder(next_ins())) as client:
        assert told(client.get("DocumentReference", params=search)) == (404, "record-not-found")
        assert told(client.get(f"Binary/{document['id']}")) == (404, "document-not-found")


def test_regulation_needs_the_right_to_regulate(served: Served, ins: Ins) -> None:
    asks = replace(
        professional("810000000017", "Noé Lambert", HOSPITAL), purpose=Purpose.REGULATION
    )
    search = {"patient.identifier": f"{samples.INS_SYSTEM}|{ins.matricule}"}
    with served.client(asks) as client:
        assert told(client.get("DocumentReference", params=search)) == (403, "act-not-allowed")
    break_glass = replace(asks, purpose=Purpose.BREAK_GLASS)
    with served.client(break_glass) as client:
        assert told(client.get("DocumentReference", params=search)) == (
            400,
            "emergency-reason-missing",
        )


def test_an_opening_needs_consent_and_traits(served: Served) -> None:
    person = next_ins()
    with served.client(DOCTOR) as client:
        for change, reason in (
            ({"extension": []}, "metadata-invalid"),
            ({"extension": [{"url": "urn:x"}]}, "consent-missing"),
            ({"name": [{"use": "usual", "family": "X"}]}, "metadata-missing"),
            ({"birthDate": "1971"}, "metadata-invalid"),
            ({"gender": "F"}, "metadata-invalid"),
            ({"identifier": [{"value": "7"}]}, "metadata-missing"),
        ):
            assert told(client.post("Patient", json=patient(person, **change))) == (422, reason)
        assert client.post("Patient", json=patient(person)).status_code == 201
        assert told(client.post("Patient", json=patient(person))) == (409, "record-already-open")
        other = patient(person, birthDate="1980-01-01")
        assert told(client.post("Patient", json=other)) == (409, "identity-mismatch")
