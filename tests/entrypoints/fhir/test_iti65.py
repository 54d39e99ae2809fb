"""ITI-65: submission sets with one document or several, replacements, and what is refused of them."""

from __future__ import annotations

import base64
from copy import deepcopy
from typing import Any
from uuid import uuid4

import pytest
from fhir.resources.R4B.bundle import Bundle

from dmp.domain.identifiers import Ins
from tests.entrypoints.fhir.requests import authorise, oid, simplified
from tests.entrypoints.fhir.served import DOCTOR, Served, next_ins
from tests.entrypoints.fhir.test_refusals import put, told
from tests.formats.fhir import samples

Body = dict[str, Any]
LISTS = "https://profiles.ihe.net/ITI/MHD/CodeSystem/MHDlistTypes"
EXTENSIONS = "https://profiles.ihe.net/ITI/MHD/StructureDefinition"


@pytest.fixture(scope="module")
def ins(served: Served) -> Ins:
    person = next_ins()
    record = served.open_record(person)
    with served.client(DOCTOR) as client:
        authorise(client, record)
    return person


def urn() -> str:
    return f"urn:uuid:{uuid4()}"


def entry(resource: Body, method: str = "POST", url: str | None = None) -> Body:
    request = {"method": method, "url": url or resource["resourceType"]}
    return {"fullUrl": urn(), "resource": resource, "request": request}


def submission(ins: Ins, *contents: bytes) -> Body:
    """A valid Bundle with one document for each content."""
    references, binaries = [], []
    for content in contents or (samples.PDF,):
        binary = entry(
            {
                "resourceType": "Binary",
                "contentType": "application/pdf",
                "data": base64.b64encode(content).decode(),
            }
        )
        document = simplified(ins)
        attachment = document["content"][0]["attachment"]
        del attachment["data"]
        attachment["url"] = binary["fullUrl"]
        attachment["size"] = len(content)
        references.append(entry(document))
        binaries.append(binary)
    listed = entry(
        {
            "resourceType": "List",
            "contained": [
                {
                    "resourceType": "Practitioner",
                    "id": "author",
                    "identifier": [
                        {"system": "urn:oid:1.2.250.1.71.4.2.1", "value": samples.DOCTOR.id}
                    ],
                }
            ],
            "extension": [
                {
                    "url": f"{EXTENSIONS}/ihe-sourceId",
                    "valueIdentifier": {"system": "urn:ietf:rfc:3986", "value": "urn:oid:1.2.3.4"},
                },
            ],
            "identifier": [
                {"use": "usual", "system": "urn:ietf:rfc:3986", "value": f"urn:oid:{oid()}"}
            ],
            "status": "current",
            "mode": "working",
            "code": {"coding": [{"system": LISTS, "code": "submissionset"}]},
            "subject": {
                "reference": f"Patient?identifier=urn:oid:{ins.root.value}|{ins.matricule}"
            },
            "date": "2026-06-12T10:00:00+02:00",
            "source": {"reference": "#author"},
            "entry": [{"item": {"reference": one["fullUrl"]}} for one in references],
        }
    )
    return {
        "resourceType": "Bundle",
        "type": "transaction",
        "entry": [listed, *references, *binaries],
    }


def test_several_documents_make_one_submission(served: Served, ins: Ins) -> None:
    contents = [samples.pdf(f"Document {rank}") for rank in range(3)]
    with served.client(DOCTOR) as client:
        answer = client.post("", json=submission(ins, *contents))
        assert answer.status_code == 200, answer.text
        Bundle.model_validate(answer.json())
        responses = [one["response"] for one in answer.json()["entry"]]
        assert [one["status"] for one in responses] == ["201 Created"] * 7
        kinds = [one["location"].split("/")[0] for one in responses]
        assert kinds == ["List", *["DocumentReference"] * 3, *["Binary"] * 3]
        for rank in range(3):
            assert (
                client.get(responses[4 + rank]["location"], headers={"accept": "*/*"}).content
                == contents[rank]
            )


def test_the_same_submission_again_changes_nothing(served: Served, ins: Ins) -> None:
    body = submission(ins)
    with served.client(DOCTOR) as client:
        first = client.post("", json=body).json()["entry"]
        again = client.post("", json=body).json()["entry"]
    assert [one["response"]["status"] for one in again[1:]] == ["200 OK", "200 OK"]
    assert again[1]["response"]["location"] == first[1]["response"]["location"]


def supersede(url: str) -> Body:
    parts = [
        {"name": "type", "valueCode": "replace"},
        {"name": "path", "valueString": "DocumentReference.status"},
        {"name": "value", "valueCode": "superseded"},
    ]
    operation = {"name": "operation", "part": parts}
    return entry({"resourceType": "Parameters", "parameter": [operation]}, "PATCH", url)


@pytest.mark.parametrize("by", ["id", "uniqueId"])
def test_a_replacement_supersedes_the_old_one(served: Served, ins: Ins, by: str) -> None:
    old = submission(ins)
    with served.client(DOCTOR) as client:
        stored = client.post("", json=old).json()["entry"][1]["response"]["location"]
        master = old["entry"][1]["resource"]["masterIdentifier"]["value"]
        target: Body = (
            {"reference": stored}
            if by == "id"
            else {"identifier": {"system": "urn:ietf:rfc:3986", "value": master}}
        )
        url = stored if by == "id" else f"DocumentReference?identifier=urn:ietf:rfc:3986|{master}"
        new = submission(ins, samples.pdf("Version 2"))
        new["entry"][1]["resource"]["relatesTo"] = [{"code": "replaces", "target": target}]
        new["entry"].append(supersede(url))
        answer = client.post("", json=new)
        assert answer.status_code == 200, answer.text
        patched = answer.json()["entry"][-1]["response"]
        assert patched == {"status": "200 OK", "location": stored, "etag": 'W/"2"'}
        assert client.get(stored).json()["status"] == "superseded"
        replacing = client.get(answer.json()["entry"][1]["response"]["location"]).json()
        assert replacing["relatesTo"][0]["target"]["reference"] == stored
        third = deepcopy(new)
        third["entry"][1]["resource"]["masterIdentifier"]["value"] = f"urn:oid:{oid()}"
        assert told(client.post("", json=third)) == (409, "replaced-not-current")


def test_the_patient_may_come_along(served: Served, ins: Ins) -> None:
    body = submission(ins)
    person = entry(
        {
            "resourceType": "Patient",
            "identifier": [{"system": f"urn:oid:{ins.root.value}", "value": ins.matricule}],
        }
    )
    for one in body["entry"][:2]:
        one["resource"]["subject"] = {"reference": person["fullUrl"]}
    body["entry"].append(person)
    with served.client(DOCTOR) as client:
        answer = client.post("", json=body)
    assert answer.status_code == 200, answer.text
    assert answer.json()["entry"][-1] == {"response": {"status": "200 OK"}}


def _twice(body: Body) -> None:
    """A second document, with other bytes and the identifier of the first."""
    document, binary = deepcopy(body["entry"][1]), deepcopy(body["entry"][2])
    document["fullUrl"], binary["fullUrl"] = urn(), urn()
    binary["resource"]["data"] = base64.b64encode(samples.pdf("Autre")).decode()
    attachment = document["resource"]["content"][0]["attachment"]
    attachment["url"], attachment["size"] = binary["fullUrl"], len(samples.pdf("Autre"))
    body["entry"] += [document, binary]
    body["entry"][0]["resource"]["entry"].append({"item": {"reference": document["fullUrl"]}})


BAD: dict[str, tuple[Any, int, str]] = {
    "two submission sets": (lambda b: b["entry"].append(entry(b["entry"][0]["resource"])), 422,
                            "metadata-invalid"),
    "no submission set": (lambda b: b["entry"].pop(0), 422, "metadata-invalid"),
    "no document": (lambda b: b["entry"].pop(1), 422, "submission-empty"),
    "a folder": (put("entry/0/resource/code/coding/0/code", "folder"), 405, "interaction-unsupported"),
    "no request": (put("entry/1/request", None), 422, "metadata-missing"),
    "a deletion": (put("entry/1/request/method", "DELETE"), 405, "interaction-unsupported"),
    "an observation": (put("entry/1/resource/resourceType", "Observation"), 405, "interaction-unsupported"),
    "a condition": (put("entry/1/request/ifNoneExist", "identifier=1"), 422, "metadata-invalid"),
    "an unlisted document": (put("entry/0/resource/entry/0/item/reference", "urn:uuid:1"), 422,
                             "metadata-invalid"),
    "no list entries": (put("entry/0/resource/entry", None), 422, "metadata-invalid"),
    "a binary of nobody": (lambda b: b["entry"].append(entry({"resourceType": "Binary", "data": "AAAA"})),
                           422, "metadata-invalid"),
    "content elsewhere": (put("entry/1/resource/content/0/attachment/url", "http://x/Binary/1"), 422,
                          "content-missing"),
    "content nowhere": (put("entry/1/resource/content/0/attachment/url", None), 422, "content-missing"),
    "an empty Binary": (put("entry/2/resource/data", None), 422, "content-missing"),
    "a Binary of another type": (put("entry/2/resource/contentType", "text/xml"), 422,
                                 "content-type-mismatch"),
    "a wrong size": (put("entry/1/resource/content/0/attachment/size", 1), 422, "size-mismatch"),
    "the set of somebody else": (put("entry/0/resource/subject", {"identifier": {
        "system": samples.INS_SYSTEM, "value": samples.OTHER_INS.matricule}}), 404, "record-not-found"),
    "the document of somebody else": (put("entry/1/resource/subject/identifier/value",
                                          samples.OTHER_INS.matricule), 422, "patient-mismatch"),
    "the local identity of somebody else": (lambda b: b["entry"][1]["resource"].update(
        contained=[*b["entry"][1]["resource"]["contained"],
                   {"resourceType": "Patient", "id": "p", "identifier": [
                       {"system": samples.INS_SYSTEM, "value": samples.OTHER_INS.matricule}]}],
        context=b["entry"][1]["resource"]["context"] | {"sourcePatientInfo": {"reference": "#p"}}),
        422, "patient-mismatch"),
    "two entries of one address": (lambda b: b["entry"][2].update(fullUrl=b["entry"][1]["fullUrl"]), 422,
                                   "metadata-invalid"),
    "a patch of an unrelated document": (lambda b: b["entry"].append(
        supersede(f"DocumentReference/{samples.DOCUMENT}")), 422, "metadata-invalid"),
    "the same uniqueId twice": (_twice, 409, "unique-id-taken"),
    "an entry that is a text": (lambda b: b["entry"].append("x"), 422, "metadata-invalid"),
    "entries that are none": (put("entry", []), 422, "metadata-invalid"),
    "an unknown element of the list": (put("entry/0/resource/encounter", {"reference": "Encounter/1"}), 422,
                                       "metadata-invalid"),
}  # fmt: skip


@pytest.mark.parametrize(("change", "status", "reason"), BAD.values(), ids=list(BAD))
def test_one_change_one_refusal(
    served: Served, ins: Ins, change: Any, status: int, reason: str
) -> None:
    body = submission(ins)
    change(body)
    with served.client(DOCTOR) as client:
        before = client.get("DocumentReference", params=_all(ins)).json()["total"]
        answer = client.post("", json=body)
        after = client.get("DocumentReference", params=_all(ins)).json()["total"]
    assert told(answer) == (status, reason), answer.text
    assert after == before, "nothing of a refused submission is kept"


def _all(ins: Ins) -> dict[str, str]:
    return {"patient.identifier": f"urn:oid:{ins.root.value}|{ins.matricule}", "_summary": "count"}


def test_the_path_leads_to_the_fault(served: Served, ins: Ins) -> None:
    body = submission(ins)
    body["entry"][1]["resource"]["content"][0]["attachment"]["hash"] = "AAAA"
    with served.client(DOCTOR) as client:
        answer = client.post("", json=body).json()
    assert answer["issue"][0]["expression"] == [
        "Bundle.entry[1].resource.content[0].attachment.hash"
    ]
