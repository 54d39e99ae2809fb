"""Every other kind of caller with its token: what the door opens to it, and what it does not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from dmp.domain.codes import TRE_R85_ROLE, Code
from dmp.domain.identifiers import Ins
from dmp.domain.identity.caller import (
    Caller,
    Carer,
    Coordinator,
    Door,
    Insurer,
    Motive,
    Professional,
    Purpose,
    Secretary,
    Strength,
    StructureRef,
    SupportOfficer,
)
from dmp.domain.identity.capacity import Capacity
from tests.entrypoints.fhir.operations import (
    attending,
    call,
    child_of,
    code,
    done,
    flag,
    refused,
    seen,
    values,
)
from tests.entrypoints.fhir.requests import authorise, publish, simplified
from tests.entrypoints.fhir.served import (
    DOCTOR,
    HOSPITAL,
    OTHER_DOCTOR,
    Served,
    holder,
    next_ins,
    patient,
    token,
)

A07 = (
    "https://mos.esante.gouv.fr/NOS/TRE_A07-StatutVisibiliteDocument/FHIR/"
    "TRE-A07-StatutVisibiliteDocument"
)
SECRET = [{"coding": [{"system": A07, "code": "INVISIBLE_REPRESENTANTS_LEGAUX"}]}]
PSYCHIATRY = {"coding": [{"system": "http://loinc.org", "code": "68599-0"}]}
FEED = {
    "coding": [
        {
            "system": "https://mos.esante.gouv.fr/NOS/TRE_A05-TypeDocComplementaire/FHIR/"
            "TRE-A05-TypeDocComplementaire",
            "code": "REMB",
        }
    ]
}


def caller(who: Any, strength: Strength = Strength.INDIVIDUAL) -> Caller:
    return Caller(who=who, strength=strength, door=Door.FHIR)


SECRETARY = caller(Secretary(id_nat="3210000014/7", name="Lou Perrin", structure=HOSPITAL))
INSURER = caller(
    Insurer(structure=StructureRef(id_nat="1750000010", name="Caisse", sector="SA24")),
    Strength.STRUCTURE,
)
SUPPORT = caller(SupportOfficer(id="assistance-3", name="Équipe de jour"))
COORDINATOR = caller(
    Coordinator(
        id_nat="810000000025",
        name="Noé Vasseur",
        role=Code("330", TRE_R85_ROLE),
        structure=HOSPITAL,
    )
)


def working(sector: str = "SA07", capacity: Capacity | None = None) -> Caller:
    """The other doctor in another place of work."""
    who = OTHER_DOCTOR.who
    assert isinstance(who, Professional)
    place = replace(who.structure, sector=sector)
    return replace(OTHER_DOCTOR, who=replace(who, structure=place, stated_capacity=capacity))


@pytest.fixture
def ins(served: Served) -> Ins:
    return next_ins()


@pytest.fixture
def record(served: Served, ins: Ins) -> str:
    return served.open_record(ins)


def reads(served: Served, record: str, who: Caller) -> tuple[int, str]:
    """Why somebody does not read, or 200."""
    with served.client(who) as client:
        answer = client.get("DocumentReference", params={"patient": record})
        return (200, "") if answer.status_code == 200 else refused(answer)


@pytest.mark.parametrize("who", [SECRETARY, SUPPORT, INSURER], ids=["secretary", "support", "feed"])
def test_who_never_reads(served: Served, ins: Ins, record: str, who: Caller) -> None:
    with served.client(DOCTOR) as client:
        note = publish(client, ins)["id"]
    assert reads(served, record, who) == (403, "act-not-allowed")
    with served.client(who) as client:
        for resource in ("Binary", "DocumentReference"):
            there = client.get(f"{resource}/{note}")
            nowhere = client.get(f"{resource}/00000000-0000-4000-8000-000000000000")
            assert (there.status_code, there.content) == (nowhere.status_code, nowhere.content)
        assert client.get(f"Patient/{record}").status_code == 200
        assert client.get(f"Patient/{record}/$dmp-traces").status_code == 403
        assert call(client, record, "dmp-choix", flag("centre-15")).status_code == 403


def test_a_secretary_deposits_for_her_structure(served: Served, ins: Ins, record: str) -> None:
    with served.client(SECRETARY) as client:
        note = publish(client, ins)["id"]
    with served.client(holder(ins)) as client:
        assert seen(client, record) == {note}
    with served.client(OTHER_DOCTOR) as client:  # of the same structure
        assert client.get(f"Binary/{note}").status_code == 200


def test_the_insurer_feeds_reimbursements_only(served: Served, ins: Ins, record: str) -> None:
    with served.client(INSURER) as client:
        other = client.post("DocumentReference", json=simplified(ins))
        assert refused(other) == (403, "act-not-allowed")
        fed = publish(client, ins, type=FEED)
    with served.client(holder(ins)) as client:
        assert seen(client, record) == {fed["id"]}


def test_a_coordinator_sees_the_narrow_list_of_his_role(
    served: Served, ins: Ins, record: str
) -> None:
    with served.client(DOCTOR) as client:
        note = publish(client, ins)["id"]
        publish(client, ins, type=PSYCHIATRY)
    assert reads(served, record, COORDINATOR) == (403, "access-not-authorised")
    with served.client(COORDINATOR) as client:
        authorise(client, record)
        assert seen(client, record) == {note}


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        (working("SA24"), (403, "access-forbidden-by-law")),
        (working("SA23"), (403, "access-forbidden-by-law")),
        (working("SA13"), (403, "access-not-authorised")),
        (working(capacity=Capacity.FIRE_SERVICE), (403, "access-not-authorised")),
        (working(), (200, "")),
    ],
)
def test_the_place_of_work_counts(
    served: Served, record: str, who: Caller, expected: tuple[int, str]
) -> None:
    with served.client(OTHER_DOCTOR) as client:
        authorise(client, record)
    assert reads(served, record, who) == expected


def test_occupational_doctors_collect_an_informed_consent(served: Served, record: str) -> None:
    add = [code("action", "AJOUT"), code("recueil", "written")]
    with served.client(working("SA13")) as client:
        untold = call(client, record, "dmp-autorisation", *add)
        assert refused(untold) == (422, "restrictions-not-told")
        done(client, record, "dmp-autorisation", *add, flag("information"))
        assert seen(client, record) == set()
    assert reads(served, record, OTHER_DOCTOR) == (403, "access-not-authorised")


def test_a_carer_has_no_record_while_carers_are_not_admitted(
    served: Served, ins: Ins, record: str
) -> None:
    friend = caller(Carer(ins=next_ins(), name="Luc"))
    assert reads(served, record, friend) == (404, "record-not-found")
    with served.client(friend) as client:
        assert client.get(f"Patient/{record}").status_code == 404


# --- Emergency ---------------------------------------------------------------------------------


def in_emergency(purpose: Purpose = Purpose.BREAK_GLASS, **changes: Any) -> Caller:
    values_: dict[str, Any] = {"purpose": purpose, "motive": Motive.LIFE_AT_RISK}
    return replace(OTHER_DOCTOR, **(values_ | changes))


def test_the_glass_is_broken_for_sixty_minutes_from_the_token(
    served: Served, ins: Ins, record: str
) -> None:
    with served.client(DOCTOR) as client:
        note = publish(client, ins)["id"]
    attending(served, record, DOCTOR)
    assert reads(served, record, in_emergency(motive=None)) == (400, "emergency-reason-missing")
    with served.client(in_emergency()) as client:
        assert seen(client, record) == {note}
        assert call(client, record, "dmp-autorisation", code("action", "AJOUT"),
                    code("recueil", "oral")).status_code == 403  # fmt: skip
        issued = datetime.now(UTC) - timedelta(minutes=61)
        old = token(in_emergency(), now=issued, lifetime=timedelta(hours=2))
        late = client.get(
            "DocumentReference",
            params={"patient": record},
            headers={"authorization": f"Bearer {old}"},
        )
        assert refused(late) == (403, "emergency-ended")
    for reader, address in (
        (holder(ins), f"Patient/{record}/$dmp-notifications"),
        (DOCTOR, "$dmp-notifications"),
    ):
        with served.client(reader) as client:
            told = client.get(address).json()["entry"]
            kinds = [e["resource"]["category"][0]["coding"][0]["code"] for e in told]
            assert kinds.count("emergency-access") == 1
    with served.client(holder(ins)) as client:
        done(client, record, "dmp-choix", flag("bris-de-glace", False))
    assert reads(served, record, in_emergency()) == (403, "emergency-opposed")


def test_only_who_may_regulate_regulates(served: Served, record: str) -> None:
    regulating = in_emergency(Purpose.REGULATION, motive=None)
    assert reads(served, record, regulating) == (403, "act-not-allowed")
    assert isinstance(regulating.who, Professional)
    samu = replace(regulating, who=replace(regulating.who, may_regulate=True))
    assert reads(served, record, samu) == (200, "")


# --- A minor's secret session ------------------------------------------------------------------


def test_a_secret_session_leaves_no_word_to_the_parents(served: Served, ins: Ins) -> None:
    with served.client(DOCTOR) as client:
        child = patient(ins, birthDate="2012-05-05")
        record = client.post("Patient", json=child).json()["id"]
    parent = child_of(served, record, next_ins())
    apart = replace(OTHER_DOCTOR, secret=True)
    with served.client(parent) as client:
        choices = client.get(f"Patient/{record}/$dmp-choix").content
        notices = client.get(f"Patient/{record}/$dmp-notifications").content
    with served.client(apart) as client:
        authorise(client, record)
        open_deposit = client.post("DocumentReference", json=simplified(ins))
        assert refused(open_deposit) == (422, "secret-session-deposit")
        hidden = publish(client, ins, securityLabel=SECRET)["id"]
    with served.client(parent) as client:
        assert seen(client, record) == set()
        assert client.get(f"Patient/{record}/$dmp-choix").content == choices
        assert client.get(f"Patient/{record}/$dmp-notifications").content == notices
        traces = client.get(f"Patient/{record}/$dmp-traces").text
        assert "Lambert" not in traces
        somebody = [
            code("lecteur", "professional"),
            {
                "name": "identifiant",
                "valueIdentifier": {
                    "system": "urn:oid:1.2.250.1.71.4.2.1",
                    "value": "810000000017",
                },
            },
        ]
        through = done(client, record, "dmp-voir-comme", *somebody)
        assert values(through, "refus-aujourd-hui") == ["access-not-authorised"]
        assert values(through, "nom") == []
    with served.client(holder(ins)) as client:
        assert seen(client, record) == {hidden}
        assert "Lambert" in client.get(f"Patient/{record}/$dmp-traces").text


def test_a_secret_session_is_with_a_minor(served: Served, record: str) -> None:
    apart = replace(OTHER_DOCTOR, secret=True)
    assert reads(served, record, apart) == (403, "secret-session-not-possible")
