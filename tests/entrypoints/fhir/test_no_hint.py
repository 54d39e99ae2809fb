"""Answers compared: a record with what a reader may not see, and the same without it."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from dmp.domain.identifiers import Ins
from dmp.domain.identity.caller import Caller
from tests.entrypoints.fhir.operations import (
    DOCTORS_ID,
    call,
    child_of,
    code,
    document,
    documents,
    done,
    person,
    refused,
    seen,
    text,
)
from tests.entrypoints.fhir.requests import authorise, publish, simplified
from tests.entrypoints.fhir.served import (
    DOCTOR,
    OTHER_DOCTOR,
    Served,
    holder,
    next_ins,
    patient,
)

A07 = (
    "https://mos.esante.gouv.fr/NOS/TRE_A07-StatutVisibiliteDocument/FHIR/"
    "TRE-A07-StatutVisibiliteDocument"
)
RESULTS = {"coding": [{"system": "http://loinc.org", "code": "11502-2"}]}
NOWHERE = "00000000-0000-4000-8000-000000000000"


def label(restriction: str) -> list[Any]:
    return [{"coding": [{"system": A07, "code": restriction}]}]


@pytest.fixture
def ins(served: Served) -> Ins:
    return next_ins()


@pytest.fixture
def record(served: Served, ins: Ins) -> str:
    """A minor's record that both doctors may read."""
    with served.client(DOCTOR) as client:
        opened: str = client.post("Patient", json=patient(ins, birthDate="2014-05-05")).json()["id"]
    for caller in (DOCTOR, OTHER_DOCTOR):
        with served.client(caller) as client:
            authorise(client, opened)
    return opened


def given(served: Served, ins: Ins, **changes: Any) -> dict[str, Any]:
    with served.client(DOCTOR) as client:
        return publish(client, ins, **changes)


def attempt(client: httpx.Client, ins: Ins, **changes: Any) -> tuple[int, bytes]:
    answer = client.post("DocumentReference", json=simplified(ins, **changes))
    return answer.status_code, answer.content


def replacing(resource: str) -> list[Any]:
    return [{"code": "replaces", "target": {"reference": f"DocumentReference/{resource}"}}]


def test_a_deposit_does_not_tell_what_became_of_a_hidden_document(
    served: Served, ins: Ins, record: str
) -> None:
    """Masked, masked and superseded, or never there: one answer, octet for octet."""
    old = given(served, ins)
    new = given(served, ins, relatesTo=replacing(old["id"]))
    with served.client(holder(ins)) as client:
        masking = [code("action", "MASQUER"), document("document", new["id"])]
        done(client, record, "dmp-masquage", *masking)
    with served.client(OTHER_DOCTOR) as client:
        answers = {
            attempt(client, ins, relatesTo=replacing(target))
            for target in (old["id"], new["id"], NOWHERE)
        }
    assert len(answers) == 1
    assert {status for status, _ in answers} == {422}


def test_an_identifier_that_is_taken_says_nothing_of_where(
    served: Served, ins: Ins, record: str
) -> None:
    """Hidden in this record, shown in it, in another one: one answer."""
    mine, elsewhere = given(served, ins), next_ins()
    served.open_record(elsewhere)
    foreign = given(served, elsewhere)
    masked = given(served, ins, securityLabel=label("MASQUE_PS"))
    with served.client(OTHER_DOCTOR) as client:
        answers = {
            attempt(client, ins, masterIdentifier=one["masterIdentifier"])
            for one in (mine, foreign, masked)
        }
        assert len(answers) == 1
        assert {status for status, _ in answers} == {409}
        assert b"record" not in answers.pop()[1]


@pytest.mark.parametrize("restriction", ["INVISIBLE_PATIENT", "INVISIBLE_REPRESENTANTS_LEGAUX"])
def test_no_new_version_is_hidden_behind_one_that_is_seen(
    served: Served, ins: Ins, record: str, restriction: str
) -> None:
    """A document that turns obsolete without a newer one would tell that there is one."""
    shown = given(served, ins)
    with served.client(DOCTOR) as client:
        hiding = simplified(ins, relatesTo=replacing(shown["id"]), securityLabel=label(restriction))
        answer = client.post("DocumentReference", json=hiding)
    assert refused(answer) == (422, "visibility-conflict")
    with served.client(holder(ins)) as client:
        assert client.get(f"DocumentReference/{shown['id']}").json() == shown


def test_no_visible_version_names_a_hidden_one(served: Served, ins: Ins, record: str) -> None:
    """`relatesTo`, version and date of what is seen never point at what is not."""
    first = given(served, ins)
    second = given(served, ins, relatesTo=replacing(first["id"]))
    with served.client(holder(ins)) as client:
        masking = [code("action", "MASQUER"), document("document", first["id"])]
        changed = done(client, record, "dmp-masquage", *masking)
        assert documents(changed, "modifie") == {first["id"], second["id"]}
    with served.client(OTHER_DOCTOR) as client:
        assert seen(client, record) == set()
    waiting = given(served, ins, securityLabel=label("INVISIBLE_PATIENT"))
    announced = given(served, ins, relatesTo=replacing(waiting["id"]))
    with served.client(holder(ins)) as client:
        both = {waiting["id"], announced["id"]}
        assert seen(client, record) == {first["id"], second["id"], *both}
        replaced = client.get(f"DocumentReference/{waiting['id']}").json()
        assert replaced["status"] == "superseded"


def whatever(client: httpx.Client, record: str, ins: Ins, target: str) -> list[tuple[int, bytes]]:
    """What a reader can ask about a document, its identifier apart."""
    asked = [
        client.get(f"DocumentReference/{target}"),
        client.get(f"Binary/{target}"),
        client.patch(
            f"DocumentReference/{target}",
            content=b'[{"op":"replace","path":"/status","value":"superseded"}]',
            headers={"content-type": "application/json-patch+json", "if-match": 'W/"7"'},
        ),
        client.get("DocumentReference", params={"patient": record, "_id": target}),
        client.get("DocumentReference", params={"patient": record, "_summary": "count"}),
        client.get("DocumentReference", params={"patient": record, "_count": "1"}),
        client.get(f"Patient/{record}"),
    ]
    return [(a.status_code, a.content.replace(target.encode(), b"")) for a in asked]


HIDDEN = {
    "masked": ("MASQUE_PS", "doctor"),
    "not announced": ("INVISIBLE_PATIENT", "holder"),
    "a minor's secret": ("INVISIBLE_REPRESENTANTS_LEGAUX", "parent"),
    "kept from one": ("", "doctor"),
}


@pytest.mark.parametrize(("restriction", "who"), HIDDEN.values(), ids=HIDDEN)
def test_a_hidden_document_is_asked_for_like_one_that_is_not_there(
    served: Served, ins: Ins, record: str, restriction: str, who: str
) -> None:
    parent = child_of(served, record, next_ins())
    readers: dict[str, Caller] = {"doctor": OTHER_DOCTOR, "holder": holder(ins), "parent": parent}
    given(served, ins)
    with served.client(readers[who]) as reader:
        before = whatever(reader, record, ins, NOWHERE)
        hidden = given(
            served, ins, **({"securityLabel": label(restriction)} if restriction else {})
        )
        if not restriction:
            with served.client(holder(ins)) as client:
                whom = [person("professionnel", DOCTORS_ID), text("nom", "Dr Lambert")]
                masking = [code("action", "MASQUER"), document("document", hidden["id"]), *whom]
                done(client, record, "dmp-masquage", *masking)
        assert whatever(reader, record, ins, hidden["id"]) == before
        probed = call(
            reader,
            record,
            "dmp-masquage",
            code("action", "MASQUER"),
            document("document", hidden["id"]),
        )
        unknown = call(
            reader, record, "dmp-masquage", code("action", "MASQUER"), document("document", NOWHERE)
        )
        assert (probed.status_code, probed.content) == (unknown.status_code, unknown.content)


@pytest.mark.parametrize("own", [True, False])
def test_traces_tell_nothing_of_what_is_hidden(
    served: Served, ins: Ins, record: str, own: bool
) -> None:
    """Not of the document, not of its reading by others, not of one's own probing."""
    parent = child_of(served, record, next_ins())
    hidden = given(served, ins, securityLabel=label("INVISIBLE_REPRESENTANTS_LEGAUX"))
    with served.client(OTHER_DOCTOR) as client:
        assert client.get(f"Binary/{hidden['id']}").status_code == 200
    reader = OTHER_DOCTOR if own else parent
    if own:
        with served.client(holder(ins)) as client:
            masking = [code("action", "MASQUER"), document("document", hidden["id"])]
            done(client, record, "dmp-masquage", *masking)
    address = f"Patient/{record}/$dmp-traces?_count=500" + ("&mes-actions=true" if own else "")
    with served.client(reader) as client:
        before = client.get(address).json()
        assert client.get(f"Binary/{hidden['id']}").status_code == 404
        after = client.get(address)
        assert hidden["id"] not in after.text
        acts = [e["resource"]["subtype"][0]["code"] for e in after.json()["entry"]]
        was = [e["resource"]["subtype"][0]["code"] for e in before.get("entry", [])]
        reading = "read-own-traces" if own else "read-traces"
        assert acts == [reading, *was]


def test_what_is_taken_along_disappears_with_the_document(
    served: Served, ins: Ins, record: str
) -> None:
    """The holder masks a document and what comes from it alone: nobody finds one of them."""
    note, results = given(served, ins), given(served, ins, type=RESULTS)
    other = given(served, ins)
    with served.client(holder(ins)) as client:
        both = [document("document", one["id"]) for one in (note, results)]
        masked = done(client, record, "dmp-masquage", code("action", "MASQUER"), *both)
        assert documents(masked, "modifie") == {note["id"], results["id"]}
    with served.client(OTHER_DOCTOR) as client:
        assert seen(client, record) == {other["id"]}
        for one in (note, results):
            search = {"patient": record, "identifier": one["masterIdentifier"]["value"]}
            assert client.get("DocumentReference", params=search).json()["total"] == 0
