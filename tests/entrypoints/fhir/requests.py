"""Requests of tests: valid by default."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import httpx

from dmp.domain.identifiers import Ins
from tests.formats.fhir import samples

AUTHORISATION = "urn:dmp:StructureDefinition:dmp-autorisation"


def oid() -> str:
    """A uniqueId that nobody has yet."""
    return f"2.25.{uuid4().int}"


def simplified(ins: Ins, content: bytes = samples.PDF, **changes: Any) -> dict[str, Any]:
    """A valid ITI-105 resource about this person; keywords change its members."""
    resource = samples.simplified(content)
    resource["subject"]["identifier"]["value"] = ins.matricule
    resource["masterIdentifier"]["value"] = f"urn:oid:{oid()}"
    resource["context"] = {
        "facilityType": {
            "coding": [
                {
                    "system": "https://mos.esante.gouv.fr/NOS/TRE_R02-SecteurActivite/FHIR/TRE-R02-SecteurActivite",
                    "code": "SA07",
                }
            ]
        },
        "practiceSetting": {
            "coding": [
                {
                    "system": "https://mos.esante.gouv.fr/NOS/TRE_A01-CadreExercice/FHIR/TRE-A01-CadreExercice",
                    "code": "AMBULATOIRE",
                }
            ]
        },
    }
    return resource | changes


def publish(client: httpx.Client, ins: Ins, **changes: Any) -> dict[str, Any]:
    """Publish one document; returns the resource."""
    answer = client.post("DocumentReference", json=simplified(ins, **changes))
    assert answer.status_code == 201, answer.text
    resource: dict[str, Any] = answer.json()
    return resource


def authorise(client: httpx.Client, record: str, **changes: Any) -> None:
    """Record the person's consent for the caller."""
    parameters = {"action": "AJOUT", "recueil": "oral"} | changes
    body = {
        "resourceType": "Parameters",
        "parameter": [{"name": name, "valueCode": value} for name, value in parameters.items()],
    }
    answer = client.post(f"Patient/{record}/$dmp-autorisation", json=body)
    assert answer.status_code == 200, answer.text
    codes = {
        one["url"]: one["valueCoding"]["code"]
        for one in answer.json()["extension"]
        if "valueCoding" in one
    }
    assert codes[AUTHORISATION] == "VALIDE"
