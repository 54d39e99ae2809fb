"""Claims to callers: who is believed to be whom, and what is refused without repeating it."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest

from dmp.domain.codes import TRE_G15_PROFESSION, TRE_R01_KNOW_HOW, Code
from dmp.domain.errors import Reason, Refused
from dmp.domain.identity.caller import (
    NOBODY,
    Caller,
    DeskAgent,
    Door,
    Holder,
    Operator,
    Professional,
    Purpose,
    Representative,
    Strength,
    StructureRef,
    StructureSystem,
)
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
}


def caller(who: Any, **changes: Any) -> Caller:
    strength = Strength.STRUCTURE if isinstance(who, StructureSystem) else Strength.INDIVIDUAL
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
    assert caller_of(claims_of(asks), test_mode=True) == asks


def test_without_acr_the_person_is_not_proven() -> None:
    claims = claims_of(caller(DOCTOR))
    del claims["acr"]
    assert caller_of(claims, test_mode=True).strength is Strength.STRUCTURE


def test_a_structure_is_never_a_person() -> None:
    claims = claims_of(caller(EVERYBODY["system"])) | {"acr": "eidas3"}
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
    claims = deepcopy(claims_of(caller(DOCTOR, purpose=Purpose.REGULATION)))
    for value in ("true", 1, [True]):
        claims["extensions"]["dmp"]["may_regulate"] = value
        who = caller_of(claims, test_mode=True).who
        assert isinstance(who, Professional)
        assert not who.may_regulate
