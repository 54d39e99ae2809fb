"""Everybody who may come to one record, by what he is to it; and what they are asked about."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from dmp.domain.access.actions import Action
from dmp.domain.access.decide import Decision, decide
from dmp.domain.access.filter import DocumentFacts
from dmp.domain.access.policy import Policy
from dmp.domain.access.rules import Question
from dmp.domain.codes import TRE_R85_ROLE, Code
from dmp.domain.identifiers import Ins, InsRoot
from dmp.domain.identity.caller import (
    NOBODY,
    Caller,
    Carer,
    CodeBearer,
    Coordinator,
    Insurer,
    Purpose,
    Secretary,
    Strength,
    StructureRef,
    SupportOfficer,
)
from dmp.domain.identity.capacity import Capacity
from dmp.domain.record.health_record import HealthRecord
from dmp.domain.record.preferences import Block, Preferences
from dmp.domain.record.relations import (
    CarerLevel,
    Caring,
    Consent,
    Invitation,
    Share,
    Shared,
)
from tests.domain.samples import (
    COLLEAGUE,
    DESK,
    DOCTOR,
    GP,
    HOLDER,
    HOSPITAL,
    JOB,
    NOW,
    NURSE,
    OPERATOR,
    OPTICIAN,
    PARENT,
    PRACTICE,
    SPECIALIST,
    STRANGER,
    SYSTEM,
    TRAITS,
    caller,
    consent,
    professional,
    record,
    relations,
    uuid,
)

POLICY = Policy(carers=True)
(ADMIN_ID, BLOCKED_ID, UNKNOWN_ID, REPLACEMENT_ID) = (
    "810000008887", "810000007772", "810000006667", "810000009992",
)  # fmt: skip
(OCCUPATIONAL_ID, COORDINATING_ID, FIRE_ID, PMI_ID, COORDINATOR_ID) = (
    "810000011119", "810000012117", "810000013115", "810000014113", "899700000015",
)  # fmt: skip
COMPANY = StructureRef(id_nat="1750500555", name="Service de santé au travail", sector="SA13")
CARE_HOME = StructureRef(id_nat="1750600666", name="Résidence des Tilleuls", sector="SA17")
FIRE_STATION = StructureRef(id_nat="1750700777", name="SDIS", sector="SA27")
PMI_CENTRE = StructureRef(id_nat="1750800888", name="PMI", sector="SA15")
INSURANCE = StructureRef(id_nat="1750900999", name="Caisse", sector="SA24")
CASE_MANAGER = Code("330", TRE_R85_ROLE, "Coordonnateur de parcours")

CARER_INS = {
    level: Ins(f"1840699350042{number:02}", InsRoot.NIR_TEST)
    for number, level in enumerate(CarerLevel, 11)
}
CARERS = {level: caller(Carer(ins=ins, name="C")) for level, ins in CARER_INS.items()}

AUTHOR = caller(professional(SPECIALIST, "10", HOSPITAL))
SAME_STRUCTURE = caller(professional(COLLEAGUE, "10", HOSPITAL))
ATTENDING = DOCTOR
REPLACEMENT = caller(professional(REPLACEMENT_ID, "10", PRACTICE))
ADMINISTRATOR = caller(professional(ADMIN_ID, "21"))
BLOCKED = caller(professional(BLOCKED_ID, "10"))
UNKNOWN_DOCTOR = caller(professional(UNKNOWN_ID, "10"))
OCCUPATIONAL = caller(professional(OCCUPATIONAL_ID, "10", COMPANY))
COORDINATING = caller(
    professional(COORDINATING_ID, "10", CARE_HOME, capacity=Capacity.CARE_HOME_COORDINATION)
)
FIRE_DOCTOR = caller(professional(FIRE_ID, "10", FIRE_STATION, capacity=Capacity.FIRE_SERVICE))
PMI_DOCTOR = caller(professional(PMI_ID, "10", PMI_CENTRE))
COORDINATOR = caller(
    Coordinator(id_nat=COORDINATOR_ID, name="K", role=CASE_MANAGER, structure=HOSPITAL)
)

READER_DIGEST = "1" * 64


def bearing(number: int, digest: str = READER_DIGEST) -> Caller:
    return caller(CodeBearer(share_id=uuid(number), reader_digest=digest), Strength.STRUCTURE)


BEARER, BEARER_OF_DOCUMENTS, BEARER_OF_SUMMARY = bearing(60), bearing(61), bearing(62)
BEARER_WITHOUT = bearing(60, "2" * 64)

EVERYBODY: dict[str, Caller] = {
    "holder": HOLDER,
    "stranger": STRANGER,
    "representative": PARENT,
    "carer who sees": CARERS[CarerLevel.SEE],
    "carer who helps": CARERS[CarerLevel.HELP],
    "carer who manages": CARERS[CarerLevel.MANAGE],
    "attending doctor": ATTENDING,
    "his replacement": REPLACEMENT,
    "author": AUTHOR,
    "author's colleague": SAME_STRUCTURE,
    "optician": caller(professional(OPTICIAN, "28")),
    "nurse": caller(professional(NURSE, "60")),
    "administrator": ADMINISTRATOR,
    "blocked": BLOCKED,
    "no consent": UNKNOWN_DOCTOR,
    "occupational doctor": OCCUPATIONAL,
    "occupational nurse": caller(professional(OCCUPATIONAL_ID, "60", COMPANY)),
    "care home coordinator": COORDINATING,
    "fire-service doctor": FIRE_DOCTOR,
    "PMI doctor": PMI_DOCTOR,
    "insurer's doctor": caller(professional(REPLACEMENT_ID, "10", INSURANCE)),
    "case manager": COORDINATOR,
    "case manager without consent": caller(
        Coordinator(id_nat="899700000023", name="K", role=CASE_MANAGER, structure=HOSPITAL)
    ),
    "secretary": caller(Secretary(id_nat="899700000031", name="S", structure=HOSPITAL)),
    "hospital system": SYSTEM,
    "insurer": caller(Insurer(structure=INSURANCE), Strength.STRUCTURE),
    "desk": DESK,
    "support": caller(SupportOfficer(id="s", name="S")),
    "operator": OPERATOR,
    "job": JOB,
    "bearer": BEARER,
    "bearer of documents": BEARER_OF_DOCUMENTS,
    "bearer of the summary": BEARER_OF_SUMMARY,
    "bearer without the code": BEARER_WITHOUT,
    "nobody": NOBODY,
    "not in person": caller(professional(GP), Strength.STRUCTURE),
}


def in_capacity(person_id: str, capacity: Capacity) -> Consent:
    return replace(consent(person_id), capacity=capacity, told_of_restrictions=True)


def caring(level: CarerLevel) -> Caring:
    return Caring(
        caring_id=uuid(50 + list(CarerLevel).index(level)),
        level=level,
        birth_name="C",
        first_given_name="C",
        birth_date=date(1970, 1, 1),
        code_digest="0" * 64,
        answer_by=NOW,
        invitation=Invitation.ACCEPTED,
        matricule=CARER_INS[level].matricule,
        start=NOW - timedelta(days=2),
        end=NOW + timedelta(days=30),
    )


def sharing(number: int, shared: Shared, **more: object) -> Share:
    values: dict[str, object] = {
        "share_id": uuid(number),
        "given_to": "K",
        "shared": shared,
        "code_digest": f"{number:064}",
        "by": HOLDER.id,
        "by_holder": True,
        "reader_digest": READER_DIGEST,
        "opened_at": NOW,
        "start": NOW - timedelta(hours=1),
        "end": NOW + timedelta(hours=1),
    }
    return Share(**(values | more))  # type: ignore[arg-type]  # fields by their names


_CONSENTED = (SPECIALIST, COLLEAGUE, OPTICIAN, NURSE, REPLACEMENT_ID, BLOCKED_ID, ADMIN_ID)
RECORD = record(
    relations=replace(
        relations(
            *(consent(who) for who in (*_CONSENTED, COORDINATOR_ID)),
            # A team's consent: it reaches neither the case manager nor another capacity.
            consent(HOSPITAL.id_nat, to_team=True),
            consent(COMPANY.id_nat, to_team=True),
            in_capacity(OCCUPATIONAL_ID, Capacity.OCCUPATIONAL),
            in_capacity(COORDINATING_ID, Capacity.CARE_HOME_COORDINATION),
            in_capacity(FIRE_ID, Capacity.FIRE_SERVICE),
            in_capacity(PMI_ID, Capacity.PMI),
            attending=GP,
            parent=True,
            administrator=ADMIN_ID,
        ),
        carers=tuple(caring(level) for level in CarerLevel),
        shares=(
            sharing(60, Shared.EVERYTHING),
            sharing(61, Shared.DOCUMENTS, documents=(uuid(500),)),
            sharing(62, Shared.SUMMARY),
        ),
    ),
    preferences=Preferences(blocks=(Block(person_id=BLOCKED_ID, name="B", start=NOW, by="h"),)),
)
CHILD = replace(RECORD, traits=replace(TRAITS, birth_date=date(2012, 3, 2)))
REPORT = DocumentFacts(
    type_code="11488-4",
    owner_ids=frozenset({SPECIALIST, HOSPITAL.id_nat}),
    document_id=uuid(500),
)
PSYCHIATRY = replace(REPORT, type_code="68599-0")
RESULTS = replace(REPORT, type_code="11502-2")

EMERGENCY = caller(professional(UNKNOWN_ID), purpose=Purpose.BREAK_GLASS, reason="inconscient")
REGULATOR = caller(professional(UNKNOWN_ID, regulates=True), purpose=Purpose.REGULATION)


def asked(
    who: Caller,
    action: Action = Action.READ_DOCUMENT,
    document: DocumentFacts | None = REPORT,
    of: HealthRecord | None = RECORD,
    policy: Policy = POLICY,
    **more: object,
) -> Decision:
    question = Question(action=action, caller=who, at=NOW, record=of, document=document)
    return decide(replace(question, **more), policy)  # type: ignore[arg-type]  # one field, named


def permitted(
    action: Action, document: DocumentFacts | None = REPORT, of: HealthRecord = RECORD
) -> set[str]:
    return {name for name, who in EVERYBODY.items() if asked(who, action, document, of).permitted}
