"""Claims to callers: who is believed to be whom, and what is refused without repeating it."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from dmp.domain.codes import (
    TRE_G15_PROFESSION,
    TRE_R01_KNOW_HOW,
    TRE_R85_ROLE,
    TRE_R94_SOCIAL,
    Code,
)
from dmp.domain.errors import Reason, Refused
from dmp.domain.identity.caller import (
    NOBODY,
    Caller,
    Carer,
    Coordinator,
    DeskAgent,
    Door,
    Holder,
    Insurer,
    Motive,
    Operator,
    Professional,
    Purpose,
    Representative,
    Secretary,
    Strength,
    StructureRef,
    StructureSystem,
    SupportOfficer,
)
from dmp.domain.identity.capacity import Capacity
from dmp.formats.iua import caller_of, claims_of
from tests.builders import an_ins

STRUCTURE = StructureRef(id_nat="1750000010", name="Cabinet des Tilleuls", sector="SA07")
INS = an_ins(7)
DOCTOR = Professional(
    id_nat="810002673894",
    name="Alix Charpentier",
    profession=Code("10", TRE_G15_PROFESSION),
    structure=STRUCTURE,
    know_how=Code("SM54", TRE_R01_KNOW_HOW, "Médecine générale"),
)
EVERYBODY = {
    "doctor": DOCTOR,
    "regulator": replace(DOCTOR, may_regulate=True),
    "nurse": replace(DOCTOR, profession=Code("60", TRE_G15_PROFESSION), know_how=None),
    "holder": Holder(ins=INS, name="DELORME Camille"),
    "representative": Representative(ins=INS, name="DELORME Camille"),
    "system": StructureSystem(structure=STRUCTURE, responsible="Alix Charpentier"),
    "desk": DeskAgent(id_nat="agent-7", name="Lou Perrin", structure=STRUCTURE),
    "operator": Operator(id="exploitation", name="Équipe de nuit"),
    "carer": Carer(ins=INS, name="DELORME Luc"),
    "coordinator": Coordinator(
        id_nat="810002673894",
        name="Noé Lambert",
        role=Code("330", TRE_R85_ROLE),
        structure=STRUCTURE,
    ),
    "social worker": Coordinator(
        id_nat="810002673894",
        name="Noé Lambert",
        role=Code("41", TRE_R94_SOCIAL),
        structure=STRUCTURE,
    ),
    "secretary": Secretary(id_nat="3750000010/12", name="Lou Perrin", structure=STRUCTURE),
    "insurer": Insurer(structure=STRUCTURE),
    "support": SupportOfficer(id="assistance-3", name="Équipe de jour"),
}
SINCE = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def caller(who: Any, **changes: Any) -> Caller:
    strength = (
        Strength.STRUCTURE if isinstance(who, StructureSystem | Insurer) else Strength.INDIVIDUAL
    )
    values: dict[str, Any] = {
        "who": who,
        "strength": strength,
        "door": Door.FHIR,
        "means": "jwt:iua",
        "software": "Logiciel 1.0",
    }
    return Caller(**(values | changes))


@pytest.mark.parametrize("who", EVERYBODY.values(), ids=EVERYBODY.keys())
def test_everybody_is_read_back(who: Any) -> None:
    asks = caller(who)
    assert caller_of(claims_of(asks), test_mode=True) == asks


@pytest.mark.parametrize("purpose", Purpose)
def test_the_purpose_travels_with_its_reason(purpose: Purpose) -> None:
    asks = caller(DOCTOR, purpose=purpose, purpose_reason="Perte de connaissance")
    if purpose is not Purpose.NORMAL:
        asks = replace(asks, purpose_since=SINCE, motive=Motive.OTHER)
    assert caller_of(claims_of(asks), test_mode=True) == asks


@pytest.mark.parametrize("purpose", [Purpose.BREAK_GLASS, Purpose.REGULATION])
@pytest.mark.parametrize("issued", [None, "yesterday", True, 10**30, float("nan")])
def test_an_emergency_begins_when_its_token_was_issued(purpose: Purpose, issued: Any) -> None:
    claims = claims_of(caller(DOCTOR, purpose=purpose, purpose_since=SINCE))
    put("iat", issued)(claims)
    refused_for("iat", claims)


@pytest.mark.parametrize("capacity", list(Capacity))
def test_the_capacity_travels(capacity: Capacity) -> None:
    asks = caller(replace(DOCTOR, stated_capacity=capacity))
    assert caller_of(claims_of(asks), test_mode=True) == asks


def test_a_secret_session_is_said_with_true() -> None:
    asks = caller(DOCTOR, secret=True)
    assert caller_of(claims_of(asks), test_mode=True) == asks


def refused_for(claim: str, claims: dict[str, Any]) -> None:
    with pytest.raises(Refused) as refused:
        caller_of(claims, test_mode=True)
    assert refused.value.reason is Reason.TOKEN_INVALID
    assert claim in refused.value.values["detail"]


def test_without_acr_the_person_is_not_proven() -> None:
    claims = claims_of(caller(DOCTOR))
    del claims["acr"]
    assert caller_of(claims, test_mode=True).strength is Strength.STRUCTURE


def test_nobody_has_no_token() -> None:
    with pytest.raises(ValueError, match="no token"):
        claims_of(NOBODY)


def put(path: str, value: Any) -> Any:
    def change(claims: dict[str, Any]) -> None:
        *parents, last = path.split(".")
        for name in parents:
            claims = claims[name]
        if value is None:
            claims.pop(last, None)
        else:
            claims[last] = value

    return change


IUA = "extensions.ihe_iua."
PROFESSION = {"system": f"urn:oid:{TRE_G15_PROFESSION}", "code": "10"}
KNOW_HOW = {"system": f"urn:oid:{TRE_R01_KNOW_HOW}", "code": "SM54"}
PATIENT = {"system": "urn:oid:1.2.250.1.213.1.1.4.6", "code": "EXP_PATIENT"}
BAD = {
    "no extensions": put("extensions", None),
    "extensions are a text": put("extensions", "x"),
    "iua is a list": put("extensions.ihe_iua", []),
    "no role": put(IUA + "subject_role", None),
    "role is a text": put(IUA + "subject_role", "10"),
    "role of an unknown system": put(IUA + "subject_role", [{"system": "urn:x", "code": "10"}]),
    "unknown profession": put(IUA + "subject_role", [PROFESSION | {"code": "99"}, KNOW_HOW]),
    "doctor without know-how": put(IUA + "subject_role", [PROFESSION]),
    "doctor and patient at once": put(IUA + "subject_role", [PROFESSION, KNOW_HOW, PATIENT]),
    "two professions": put(IUA + "subject_role", [PROFESSION, PROFESSION | {"code": "60"}]),
    "a hundred roles": put(IUA + "subject_role", [PROFESSION] * 100),
    "no identifier": put(IUA + "national_provider_identifier", None),
    "wrong key": put(IUA + "national_provider_identifier", "810002673895"),
    "identifier is a number": put(IUA + "national_provider_identifier", 810002673894),
    "no name": put(IUA + "subject_name", None),
    "name over two lines": put(IUA + "subject_name", "Alix\nCharpentier"),
    "endless name": put(IUA + "subject_name", "x" * 10_000),
    "no structure": put(IUA + "subject_organization_id", None),
    "structure with a wrong key": put(IUA + "subject_organization_id", "1750000011"),
    "unknown purpose": put(IUA + "purpose_of_use", [{"system": "urn:x", "code": "normal"}]),
    "two purposes": put(
        IUA + "purpose_of_use",
        [
            {"system": "urn:oid:1.2.250.1.213.1.1.4.248", "code": "normal"},
            {"system": "urn:oid:1.2.250.1.213.1.1.4.248", "code": "centre_15"},
        ],
    ),
}


@pytest.mark.parametrize("change", BAD.values(), ids=BAD.keys())
def test_a_doctor_with_one_wrong_claim_is_refused(change: Any) -> None:
    claims = deepcopy(claims_of(caller(DOCTOR)))
    change(claims)
    with pytest.raises(Refused) as refused:
        caller_of(claims, test_mode=True)
    assert refused.value.reason is Reason.TOKEN_INVALID


ROLE = {"system": f"urn:oid:{TRE_R85_ROLE}", "code": "330"}
WRONG = {
    ("doctor", "capacity"): put("extensions.dmp.capacity", "boss"),
    ("doctor", "capacity "): put("extensions.dmp.capacity", ["care"]),
    ("doctor", "secret"): put("extensions.dmp.secret", "true"),
    ("doctor", "motive"): put("extensions.dmp.motive", "pronostic-vital"),
    ("doctor", "curiosity"): put("extensions.dmp.curiosity", True),
    ("doctor", "subject_role"): put(IUA + "subject_role", [PROFESSION, KNOW_HOW, ROLE]),
    ("holder", "secret"): put("extensions.dmp.secret", True),
    ("carer", "person_id"): put(IUA + "person_id", "x"),
    ("carer", "capacity"): put("extensions.dmp.capacity", "care"),
    ("system", "secret"): put("extensions.dmp.secret", True),
    ("coordinator", "subject_role"): put(IUA + "subject_role", [ROLE | {"code": "999"}]),
    ("coordinator", "national_provider_identifier"): put(
        IUA + "national_provider_identifier", None
    ),
    ("coordinator", "subject_organization_id"): put(IUA + "subject_organization_id", None),
    ("secretary", "national_provider_identifier"): put(IUA + "national_provider_identifier", "Lou"),
    ("secretary", "subject_name"): put(IUA + "subject_name", None),
    ("insurer", "subject_organization_id"): put(IUA + "subject_organization_id", None),
    ("support", "sub"): put("sub", None),
}


@pytest.mark.parametrize(("who", "claim", "change"), [(*k, c) for k, c in WRONG.items()])
def test_a_wrong_claim_is_told_by_its_name(who: str, claim: str, change: Any) -> None:
    claims = deepcopy(claims_of(caller(EVERYBODY[who])))
    change(claims)
    refused_for(claim.strip(), claims)


@pytest.mark.parametrize("sector", ["SA13", "SA15", "SA23", "SA24", "SA31"])
def test_a_place_that_says_its_capacity_is_not_contradicted(sector: str) -> None:
    place = replace(STRUCTURE, sector=sector)
    claims = deepcopy(claims_of(caller(replace(DOCTOR, structure=place))))
    assert caller_of(claims, test_mode=True).who == replace(DOCTOR, structure=place)
    put("extensions.dmp.capacity", "care")(claims)
    refused_for("capacity", claims)


@pytest.mark.parametrize("who", ["system", "insurer"])
def test_no_acr_makes_a_person_of_a_structure(who: str) -> None:
    claims = claims_of(caller(EVERYBODY[who])) | {"acr": "eidas3"}
    assert caller_of(claims, test_mode=True).strength is Strength.STRUCTURE


@pytest.mark.parametrize(
    "person_id",
    [
        INS.matricule,
        f"urn:oid:1.2.3|{INS.matricule}",
        f"urn:oid:{INS.root.value}|{INS.matricule[:-1]}",
        f"urn:oid:{INS.root.value}|{INS.matricule[:-2]}00",
        None,
    ],
)
def test_a_holder_with_a_wrong_ins_is_refused_and_no_ins_is_told(person_id: str | None) -> None:
    claims = deepcopy(claims_of(caller(EVERYBODY["holder"])))
    put(IUA + "person_id", person_id)(claims)
    with pytest.raises(Refused) as refused:
        caller_of(claims, test_mode=True)
    assert INS.matricule[:13] not in refused.value.sentence + repr(refused.value.values)


def test_a_test_identity_is_nobody_in_production() -> None:
    with pytest.raises(Refused):
        caller_of(claims_of(caller(EVERYBODY["holder"])), test_mode=False)


def test_the_right_to_regulate_is_never_a_text() -> None:
    regulates = caller(DOCTOR, purpose=Purpose.REGULATION, purpose_since=SINCE)
    claims = deepcopy(claims_of(regulates))
    for value in ("true", 1, [True]):
        claims["extensions"]["dmp"]["may_regulate"] = value
        who = caller_of(claims, test_mode=True).who
        assert isinstance(who, Professional)
        assert not who.may_regulate
