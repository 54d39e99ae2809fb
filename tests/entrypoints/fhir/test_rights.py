"""The other operations on rights: who may, who may not, and what they answer."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from dmp.domain.identifiers import STRUCTURE_ROOT, Ins
from tests.entrypoints.fhir.operations import (
    DOCTORS_ID,
    NURSE,
    NURSES_ID,
    Parameter,
    attending,
    call,
    code,
    done,
    flag,
    person,
    refused,
    seen,
    text,
    values,
)
from tests.entrypoints.fhir.requests import AUTHORISATION, authorise, publish
from tests.entrypoints.fhir.served import (
    DOCTOR,
    HOSPITAL,
    OTHER_DOCTOR,
    SYSTEM,
    Served,
    holder,
    next_ins,
)

LAMBERT = [person("professionnel", DOCTORS_ID), text("nom", "Dr Lambert")]


@pytest.fixture
def ins(served: Served) -> Ins:
    return next_ins()


@pytest.fixture
def record(served: Served, ins: Ins) -> str:
    """A record that the other doctor may read."""
    opened = served.open_record(ins)
    with served.client(OTHER_DOCTOR) as client:
        authorise(client, opened)
    return opened


def status_of(patient: dict[str, Any]) -> str:
    """The authorisation that a Patient tells."""
    (found,) = (
        one["valueCoding"]["code"] for one in patient["extension"] if one["url"] == AUTHORISATION
    )
    assert isinstance(found, str)
    return found


def own_status(served: Served, record: str, caller: Any) -> str:
    with served.client(caller) as client:
        return status_of(client.get(f"Patient/{record}").json())


# --- Blocks ------------------------------------------------------------------------------------


def test_the_holder_blocks_and_unblocking_needs_a_new_agreement(
    served: Served, ins: Ins, record: str
) -> None:
    with served.client(holder(ins)) as client:
        answer = done(client, record, "dmp-blocage", code("action", "BLOQUER"), *LAMBERT)
        assert values(answer, "statut") == ["INTERDIT"]
        assert own_status(served, record, OTHER_DOCTOR) == "INTERDIT"
        with served.client(OTHER_DOCTOR) as doctor:
            search = doctor.get("DocumentReference", params={"patient": record})
            assert refused(search) == (403, "access-blocked")
            again = call(
                doctor, record, "dmp-autorisation", code("action", "AJOUT"), code("recueil", "oral")
            )
            assert refused(again) == (403, "access-blocked")
        choices = client.get(f"Patient/{record}/$dmp-choix").json()
        assert len(values(choices, "bloque")) == 1
        answer = done(client, record, "dmp-blocage", code("action", "DEBLOQUER"), LAMBERT[0])
        assert values(answer, "statut") == ["EXPIRE"]
    assert own_status(served, record, OTHER_DOCTOR) == "EXPIRE"
    with served.client(OTHER_DOCTOR) as doctor:
        authorise(doctor, record)
        assert seen(doctor, record) == set()


def test_the_attending_doctor_blocks_others_and_others_block_nobody(
    served: Served, ins: Ins, record: str
) -> None:
    block = code("action", "BLOQUER")
    somebody = [person("professionnel", NURSES_ID), text("nom", "Lou Perrin")]
    with served.client(OTHER_DOCTOR) as client:
        assert call(client, record, "dmp-blocage", block, *somebody).status_code == 403
        attending(served, record, OTHER_DOCTOR)
        done(client, record, "dmp-blocage", block, *somebody)
        assert refused(call(client, record, "dmp-blocage", block, *LAMBERT))[0] == 422
        unblock = call(client, record, "dmp-blocage", code("action", "DEBLOQUER"), somebody[0])
        assert refused(unblock) == (403, "act-not-allowed")
    assert own_status(served, record, NURSE) == "INTERDIT"
    for caller in (NURSE, SYSTEM):
        with served.client(caller) as client:
            assert call(client, record, "dmp-blocage", block, *LAMBERT).status_code == 403


# --- Administrators ----------------------------------------------------------------------------


def test_an_administrator_sees_masked_documents_and_the_traces(
    served: Served, ins: Ins, record: str
) -> None:
    with served.client(DOCTOR) as client:
        note = publish(client, ins)["id"]
    with served.client(holder(ins)) as client:
        mask = [code("action", "MASQUER"), code("categorie", "CPT_REND")]
        done(client, record, "dmp-masquage", *mask)
        with served.client(OTHER_DOCTOR) as doctor:
            assert seen(doctor, record) == set()
            assert doctor.get(f"Patient/{record}/$dmp-traces").status_code == 403
            name = code("action", "NOMMER")
            assert call(doctor, record, "dmp-administrateur", name, *LAMBERT).status_code == 403
        answer = done(client, record, "dmp-administrateur", code("action", "NOMMER"), *LAMBERT)
        assert values(answer, "administrateur") == [True]
        with served.client(OTHER_DOCTOR) as doctor:
            assert seen(doctor, record) == {note}
            assert doctor.get(f"Patient/{record}/$dmp-traces").status_code == 200
        kept = call(client, record, "dmp-masquage", *mask, *LAMBERT)
        assert refused(kept) == (422, "mask-not-possible")
        dismiss = [code("action", "REVOQUER"), LAMBERT[0]]
        assert values(done(client, record, "dmp-administrateur", *dismiss), "administrateur") == [
            False
        ]
        with served.client(OTHER_DOCTOR) as doctor:
            assert seen(doctor, record) == set()
        stranger = [person("professionnel", NURSES_ID), text("nom", "Lou")]
        no_access = call(client, record, "dmp-administrateur", code("action", "NOMMER"), *stranger)
        assert refused(no_access) == (422, "relation-not-possible")


# --- Choices -----------------------------------------------------------------------------------

SWITCHES = ("bris-de-glace", "centre-15", "masques-en-urgence", "masquer-nouveaux")


@pytest.mark.parametrize("name", SWITCHES)
def test_a_switch_is_set_and_the_others_stay(
    served: Served, ins: Ins, record: str, name: str
) -> None:
    address = f"Patient/{record}/$dmp-choix"
    with served.client(holder(ins)) as client:
        before = client.get(address).json()
        (value,) = values(before, name)
        after = done(client, record, "dmp-choix", flag(name, not value))
        assert after == client.get(address).json()
        for other in SWITCHES:
            assert values(after, other) == [
                (not value) if other == name else values(before, other)[0]
            ]
    for caller in (DOCTOR, OTHER_DOCTOR, SYSTEM):
        with served.client(caller) as client:
            assert client.get(address).status_code == 403
            assert call(client, record, "dmp-choix", flag(name, value)).status_code == 403


def test_wrong_choices_are_refused_by_their_name(served: Served, ins: Ins, record: str) -> None:
    with served.client(holder(ins)) as client:
        assert refused(call(client, record, "dmp-choix")) == (400, "parameter-missing")
        unknown = call(client, record, "dmp-choix", flag("vacances"))
        assert refused(unknown) == (400, "parameter-unknown")
        assert "vacances" in unknown.json()["issue"][0]["diagnostics"]
        worded = call(client, record, "dmp-choix", text("centre-15", "non"))
        assert refused(worded) == (400, "parameter-invalid")
        category = call(client, record, "dmp-choix", code("categorie-masquee", "TOUT"))
        assert refused(category) == (422, "mask-not-possible")


# --- Authorisation -----------------------------------------------------------------------------

ADD = [code("action", "AJOUT"), code("recueil", "oral")]


def test_one_professional_collects_for_another_after_telling(
    served: Served, ins: Ins, record: str
) -> None:
    nurse: list[Parameter] = [person("beneficiaire", NURSES_ID), text("nom", "Lou Perrin")]
    assert own_status(served, record, NURSE) == "NON_EXISTE"
    with served.client(OTHER_DOCTOR) as client:
        untold = call(client, record, "dmp-autorisation", *ADD, *nurse)
        assert refused(untold) == (422, "restrictions-not-told")
        nameless = call(client, record, "dmp-autorisation", *ADD, nurse[0], flag("information"))
        assert refused(nameless) == (400, "parameter-missing")
        done(client, record, "dmp-autorisation", *ADD, *nurse, flag("information"))
        taken_back = call(
            client, record, "dmp-autorisation", code("action", "SUPPRESSION"), nurse[0]
        )
        assert refused(taken_back) == (403, "act-not-allowed")
    assert own_status(served, record, NURSE) == "VALIDE"
    with served.client(NURSE) as client:
        assert seen(client, record) == set()


def test_the_holder_gives_and_takes_back(served: Served, ins: Ins, record: str) -> None:
    nurse = [person("beneficiaire", NURSES_ID), text("nom", "Lou Perrin")]
    with served.client(holder(ins)) as client:
        given = done(client, record, "dmp-autorisation", *ADD, *nurse)
        assert status_of(given) == "VALIDE"
        taken = done(client, record, "dmp-autorisation", code("action", "SUPPRESSION"), nurse[0])
        assert status_of(taken) == "EXPIRE"
        team = [person("beneficiaire", HOSPITAL.id_nat, STRUCTURE_ROOT), text("nom", "Hôpital")]
        assert status_of(done(client, record, "dmp-autorisation", *ADD, *team)) == "VALIDE"
    assert own_status(served, record, NURSE) == "VALIDE"


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ([code("action", "AJOUT")], (422, "consent-missing")),
        ([*ADD, flag("silence")], (400, "parameter-unknown")),
        ([*ADD, ADD[1]], (400, "parameter-invalid")),
        ([*ADD, text("nom", "Lou")], (400, "parameter-missing")),
        ([*ADD, person("beneficiaire", "x")], (400, "parameter-invalid")),
        ([*ADD, {"name": "duree", "valueInteger": 4000}], (400, "parameter-invalid")),
    ],
)
def test_a_wrong_authorisation_is_refused(
    served: Served, record: str, asked: list[Parameter], expected: tuple[int, str]
) -> None:
    with served.client(NURSE) as client:
        assert refused(call(client, record, "dmp-autorisation", *asked)) == expected
    assert own_status(served, record, NURSE) == "NON_EXISTE"


# --- Traces and notices ------------------------------------------------------------------------


def test_traces_come_in_pages_without_a_total(served: Served, ins: Ins, record: str) -> None:
    with served.client(DOCTOR) as client:
        note = publish(client, ins)["id"]
    with served.client(OTHER_DOCTOR) as client:
        client.get(f"Binary/{note}")
    with served.client(holder(ins)) as client:
        address: str | None = f"Patient/{record}/$dmp-traces?_count=2"
        events: list[dict[str, Any]] = []
        while address is not None:
            bundle = client.get(address).json()
            assert "total" not in bundle
            assert len(bundle["entry"]) <= 2
            events += [entry["resource"] for entry in bundle["entry"]]
            links = {link["relation"]: link["url"] for link in bundle["link"]}
            address = links.get("next")
        acts = [event["subtype"][0]["code"] for event in events]
        assert acts.count("read-traces") < 10
        reading = next(e for e in events if e["subtype"][0]["code"] == "retrieve-document")
        assert reading["agent"][0]["name"] == "Noé Lambert"
        assert reading["entity"][0]["what"]["reference"].endswith(note)
        assert ins.matricule not in str(events)
        for wrong in ("_count=0", "_page=x", "qui=moi", "mes-actions=oui"):
            assert client.get(f"Patient/{record}/$dmp-traces?{wrong}").status_code == 400


def test_whoever_acted_reads_his_own_traces_alone(served: Served, ins: Ins, record: str) -> None:
    with served.client(DOCTOR) as client:
        publish(client, ins)
    with served.client(NURSE) as client:
        everybodys = client.get(f"Patient/{record}/$dmp-traces")
        assert everybodys.status_code == 403
        own = client.get(f"Patient/{record}/$dmp-traces?mes-actions=true").json()
        acts = [entry["resource"]["subtype"][0]["code"] for entry in own["entry"]]
        assert set(acts) <= {"read-traces", "read-own-traces"}
    with served.client(SYSTEM) as client:
        assert client.get(f"Patient/{record}/$dmp-traces?mes-actions=true").status_code == 403


def test_notices_are_told_to_the_holder(served: Served, ins: Ins, record: str) -> None:
    address = f"Patient/{record}/$dmp-notifications"
    with served.client(holder(ins)) as client:
        bundle = client.get(address).json()
        kinds = [e["resource"]["category"][0]["coding"][0]["code"] for e in bundle["entry"]]
        assert kinds == ["first-access"]
        assert (
            str(UUID(bundle["entry"][0]["resource"]["id"])) == bundle["entry"][0]["resource"]["id"]
        )
        assert client.get(f"{address}?depuis=hier").status_code == 400
    for caller in (DOCTOR, OTHER_DOCTOR, SYSTEM):
        with served.client(caller) as client:
            assert client.get(address).status_code == 403
    with served.client(OTHER_DOCTOR) as client:
        assert client.get("$dmp-notifications").json()["resourceType"] == "Bundle"
    with served.client(SYSTEM) as client:
        assert client.get("$dmp-notifications").status_code == 403


def test_see_as_tells_why_somebody_is_shut_out(served: Served, ins: Ins, record: str) -> None:
    nurse = [code("lecteur", "professional"), person("identifiant", NURSES_ID)]
    with served.client(holder(ins)) as client:
        answer = done(client, record, "dmp-voir-comme", *nurse)
        assert values(answer, "refus-aujourd-hui") == ["access-not-authorised"]
        other = [code("lecteur", "professional"), person("identifiant", DOCTORS_ID)]
        blocked = done(client, record, "dmp-voir-comme", *other, person("bloquer", DOCTORS_ID))
        assert values(blocked, "refus-aujourd-hui") == []
        assert values(blocked, "refus-apres") == ["access-blocked"]
        switched = {"name": "urgence", "part": [flag(n, False) for n in SWITCHES[:3]]}
        samu = done(client, record, "dmp-voir-comme", code("lecteur", "regulation"), switched)
        assert values(samu, "refus-apres") == ["emergency-opposed"]
        half = {"name": "urgence", "part": [flag("centre-15", False)]}
        wrong = [
            ([code("lecteur", "voisin")], (400, "parameter-invalid")),
            ([code("lecteur", "professional")], (400, "parameter-missing")),
            ([code("lecteur", "representative"), nurse[1]], (400, "parameter-invalid")),
            ([code("lecteur", "regulation"), half], (400, "parameter-missing")),
        ]
        for asked, expected in wrong:
            assert refused(call(client, record, "dmp-voir-comme", *asked)) == expected
    for caller in (DOCTOR, OTHER_DOCTOR):
        with served.client(caller) as client:
            assert call(client, record, "dmp-voir-comme", *nurse).status_code == 403


@pytest.mark.parametrize(
    "operation",
    ["dmp-masquage", "dmp-blocage", "dmp-administrateur", "dmp-voir-comme", "dmp-choix"],
)
def test_operations_take_parameters_and_nothing_else(
    served: Served, ins: Ins, record: str, operation: str
) -> None:
    with served.client(holder(ins)) as client:
        other = client.post(f"Patient/{record}/${operation}", json={"resourceType": "Patient"})
        assert refused(other)[0] == 422
        form = client.post(f"Patient/{record}/${operation}", data={"action": "MASQUER"})
        assert refused(form)[0] == 415
        assert refused(client.delete(f"Patient/{record}/${operation}"))[0] == 405
