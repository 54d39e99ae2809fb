"""The operations on rights, as clients call them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import httpx

from dmp.acts.perform import perform
from dmp.acts.relatives.declare_representative import DeclareRepresentative, declare_representative
from dmp.acts.sharing.declare_attending_doctor import (
    DeclareAttendingDoctor,
    declare_attending_doctor,
)
from dmp.domain.identifiers import PS_ROOT, Ins, RecordId
from dmp.domain.identity.caller import Caller, Door, Operator, Representative, Strength
from tests.entrypoints.fhir.served import HOSPITAL, Served, professional

Parameter = dict[str, Any]
DOCTORS_ID, NURSES_ID = "810000000017", "810000000025"
OFFICE = Caller(
    who=Operator(id="exploitation", name="Exploitation"),
    strength=Strength.INDIVIDUAL,
    door=Door.CLI,
)


def code(name: str, value: str) -> Parameter:
    return {"name": name, "valueCode": value}


def flag(name: str, value: bool = True) -> Parameter:
    return {"name": name, "valueBoolean": value}


def text(name: str, value: str) -> Parameter:
    return {"name": name, "valueString": value}


def person(name: str, value: str, root: str = PS_ROOT) -> Parameter:
    return {"name": name, "valueIdentifier": {"system": f"urn:oid:{root}", "value": value}}


def document(name: str, identifier: str) -> Parameter:
    return {"name": name, "valueReference": {"reference": f"DocumentReference/{identifier}"}}


def parts(name: str, *inside: Parameter) -> Parameter:
    return {"name": name, "part": list(inside)}


def call(client: httpx.Client, record: str, operation: str, *given: Parameter) -> httpx.Response:
    """`POST Patient/[record]/$[operation]` with these parameters."""
    body: dict[str, Any] = {"resourceType": "Parameters"}
    if given:
        body["parameter"] = list(given)
    return client.post(f"Patient/{record}/${operation}", json=body)


def done(client: httpx.Client, record: str, operation: str, *given: Parameter) -> dict[str, Any]:
    """The same, which must succeed; its answer."""
    answer = call(client, record, operation, *given)
    assert answer.status_code == 200, answer.text
    resource: dict[str, Any] = answer.json()
    return resource


def refused(answer: httpx.Response) -> tuple[int, str]:
    """Status and reason of a refusal, which is an OperationOutcome."""
    outcome = answer.json()
    assert outcome["resourceType"] == "OperationOutcome"
    return answer.status_code, outcome["issue"][0]["details"]["coding"][0]["code"]


def values(parameters: dict[str, Any], name: str) -> list[Any]:
    """The values of a parameter of an answer; parts as a list of parameters."""
    found = []
    for one in parameters.get("parameter", []):
        if one["name"] == name:
            (value,) = (v for k, v in one.items() if k != "name")
            found.append(value)
    return found


def documents(parameters: dict[str, Any], name: str) -> set[str]:
    """The identifiers of the documents that a parameter of an answer names."""
    return {one["reference"].removeprefix("DocumentReference/") for one in values(parameters, name)}


def seen(client: httpx.Client, record: str) -> set[str]:
    """The documents that a search finds, counted as they are listed."""
    answer = client.get("DocumentReference", params={"patient": record, "_count": "500"})
    assert answer.status_code == 200, answer.text
    bundle = answer.json()
    found = {entry["resource"]["id"] for entry in bundle.get("entry", [])}
    assert bundle["total"] == len(found)
    return found


NURSE = professional(NURSES_ID, "Lou Perrin", HOSPITAL, "60")


def attending(served: Served, record: str, caller: Caller) -> None:
    """The operator takes over the declaration of the attending doctor."""
    request = DeclareAttendingDoctor(
        record_id=RecordId(UUID(record)), person_id=caller.id, name="Dr Lambert"
    )
    served.run(perform(served.house, declare_attending_doctor, request, OFFICE))


def child_of(served: Served, record: str, parent: Ins) -> Caller:
    """The operator takes over who represents a minor; returns the parent."""
    request = DeclareRepresentative(
        record_id=RecordId(UUID(record)), representative=parent, name="Luc"
    )
    served.run(perform(served.house, declare_representative, request, OFFICE))
    return Caller(
        who=Representative(ins=parent, name="Luc"), strength=Strength.INDIVIDUAL, door=Door.FHIR
    )
