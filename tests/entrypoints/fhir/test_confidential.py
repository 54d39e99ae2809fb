"""What a reader may not see leaves no difference, and what passes here leaves no word in a log."""

from __future__ import annotations

import logging
import re
from typing import Any

import psycopg
import pytest

from dmp.domain.identifiers import Ins
from tests.entrypoints.fhir.requests import authorise, publish, simplified
from tests.entrypoints.fhir.served import DOCTOR, OTHER_DOCTOR, Served, holder, next_ins
from tests.formats.fhir import samples

A07 = "https://mos.esante.gouv.fr/NOS/TRE_A07-StatutVisibiliteDocument/FHIR/TRE-A07-StatutVisibiliteDocument"
MASKED = [{"coding": [{"system": A07, "code": "MASQUE_PS"}]}]
NOT_ANNOUNCED = [{"coding": [{"system": A07, "code": "INVISIBLE_PATIENT"}]}]


def opened(served: Served) -> tuple[Ins, str]:
    ins = next_ins()
    record = served.open_record(ins)
    for caller in (DOCTOR, OTHER_DOCTOR):
        with served.client(caller) as client:
            authorise(client, record)
    return ins, record


def without_links(bundle: dict[str, Any]) -> dict[str, Any]:
    """The answer less the address that was asked: it names the record."""
    return {name: value for name, value in bundle.items() if name != "link"}


@pytest.mark.parametrize("labels", [MASKED, NOT_ANNOUNCED], ids=["masked", "not announced"])
def test_a_hidden_document_makes_no_difference(served: Served, labels: list[Any]) -> None:
    """A record with a hidden document answers like a record without it."""
    answers: list[list[Any]] = []
    hidden_ids: list[str] = []
    reader = OTHER_DOCTOR
    for hides in (False, True):
        ins, record = opened(served)
        with served.client(DOCTOR) as author:
            if hides:
                hidden = publish(author, ins, securityLabel=labels)
                hidden_ids += [hidden["id"], hidden["masterIdentifier"]["value"]]
        if labels is NOT_ANNOUNCED:
            reader = holder(ins)
        with served.client(reader) as client:
            answers.append(
                [
                    without_links(client.get("DocumentReference", params=params).json())
                    for params in (
                        {"patient": record},
                        {"patient": record, "_count": "1"},
                        {"patient": record, "_summary": "count"},
                        {"patient": record, "type": "11488-4"},
                    )
                ]
            )
    assert answers[0] == answers[1]
    unknown = str(samples.DOCUMENT)
    with served.client(reader) as client:
        for resource in ("DocumentReference", "Binary"):
            asked = client.get(f"{resource}/{hidden_ids[0]}")
            never = client.get(f"{resource}/{unknown}")
            assert (asked.status_code, asked.content) == (never.status_code, never.content)


def test_no_log_line_holds_an_identity_or_a_content(
    served: Served, caplog: pytest.LogCaptureFixture
) -> None:
    ins, _ = opened(served)
    with caplog.at_level(logging.DEBUG), served.client(DOCTOR) as client:
        publish(client, ins)
        search = {"patient.identifier": f"{samples.INS_SYSTEM}|{ins.matricule}"}
        assert client.get("DocumentReference", params=search).status_code == 200
        broken = simplified(ins)
        broken["content"][0]["attachment"]["title"] = 7
        assert client.post("DocumentReference", json=broken).status_code == 422
        assert (
            client.get("DocumentReference", params=search | {"date": ins.matricule}).status_code
            == 400
        )
    ours = [
        one.getMessage() for one in caplog.records if one.name.split(".")[0] in ("dmp", "uvicorn")
    ]
    said = "\n".join(ours)
    assert ins.matricule[:13] not in said
    assert "consultation" not in said
    assert "Charpentier" not in said


def test_a_fault_of_ours_tells_nothing_but_its_reference(
    served: Served, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    ins, record = opened(served)

    def broken(*_: Any, **__: Any) -> bytes:
        raise RuntimeError(f"secret {ins.matricule}")

    monkeypatch.setattr("dmp.entrypoints.fhir.iti67.write_searchset", broken)
    with served.client(DOCTOR) as client:
        answer = client.get("DocumentReference", params={"patient": record})
    outcome = answer.json()
    assert (answer.status_code, outcome["issue"][0]["code"]) == (500, "exception")
    assert "secret" not in answer.text
    logged = [one.getMessage() for one in caplog.records if one.name == "dmp.fhir"]
    assert len(logged) == 1
    assert outcome["id"] in logged[0]
    assert re.search(r"RuntimeError broken:\d+", logged[0])
    assert "secret" not in logged[0] + str(caplog.records[0].exc_info)


def test_every_refusal_before_an_act_leaves_its_trace(served: Served) -> None:
    """Counted where they rest: one row for each request, whatever became of it."""

    def traces() -> int:
        with psycopg.connect(served.house.store.dsn) as connection:
            found = connection.execute("SELECT count(*) FROM trace").fetchone()
        assert found is not None
        count: int = found[0]
        return count

    for caller, method, path in (
        (None, "GET", "Patient"),
        (None, "GET", "Observation"),
        (DOCTOR, "GET", "Observation"),
        (DOCTOR, "DELETE", "Patient"),
        (DOCTOR, "GET", "DocumentReference"),
        (DOCTOR, "POST", "DocumentReference"),
        (DOCTOR, "GET", f"Binary/{samples.DOCUMENT}"),
        (DOCTOR, "GET", "DocumentReference/1"),
        (DOCTOR, "GET", "Patient?identifier=x"),
    ):
        before = traces()
        with served.client(caller) as client:
            assert client.request(method, path).status_code >= 400
        assert traces() == before + 1, (method, path)


def test_documents_are_attachments_that_run_nothing(served: Served) -> None:
    ins, _ = opened(served)
    with served.client(DOCTOR) as client:
        document = publish(client, ins)
        answer = client.get(f"Binary/{document['id']}", headers={"accept": "*/*"})
        head = client.head(f"Binary/{document['id']}", headers={"accept": "*/*"})
    assert answer.headers["content-disposition"] == f'attachment; filename="{document["id"]}.pdf"'
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store"
    assert head.content == b""
    assert head.headers["content-length"] == str(len(samples.PDF))
