"""Valid values of the domain; one argument changes one thing. Everybody here is invented."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from dmp.domain.codes import LOINC, TRE_A01_PRACTICE, TRE_G15_PROFESSION, TRE_R02_SECTOR, Code
from dmp.domain.documents.entry import Author, AuthorKind, DocumentEntry
from dmp.domain.documents.submission import ClaimedDocument, ContentHeader, Submission
from dmp.domain.documents.submission_rules import NewIds, build
from dmp.domain.identifiers import (
    PS_ROOT,
    STRUCTURE_ROOT,
    DocumentId,
    EntryUuid,
    Ins,
    InsRoot,
    RecordId,
    SubmissionId,
    UniqueId,
)
from dmp.domain.identity.caller import (
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
    SystemJob,
    Who,
)
from dmp.domain.identity.capacity import Capacity
from dmp.domain.identity.patient import Sex, Traits
from dmp.domain.record.health_record import Channel, HealthRecord, State, Step, opened
from dmp.domain.record.relations import (
    Administration,
    AttendingDoctor,
    Basis,
    Consent,
    Relations,
    Representation,
    RepresentationKind,
)

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
INS = Ins("184069935004278", InsRoot.NIR_TEST)
PARENT_INS = Ins("155127510812313", InsRoot.NIR_TEST)
STRANGER_INS = Ins("212069935001789", InsRoot.NIR_TEST)

GP, COLLEAGUE, SPECIALIST, OPTICIAN, NURSE = (
    "810000001015",
    "810000002021",
    "810000003037",
    "810000004043",
    "810000005057",
)
PRACTICE = StructureRef(id_nat="1750100125", name="Cabinet des Tilleuls", sector="SA07")
HOSPITAL = StructureRef(id_nat="1750300550", name="Hôpital Saint-Elme", sector="SA01")

TRAITS = Traits(
    birth_name="VASSEUR", given_names="ALBAN", sex=Sex.MALE, birth_date=date(1984, 6, 2)
)


def uuid(number: int) -> UUID:
    return UUID(int=number)


def step(at: datetime = NOW, channel: Channel = Channel.ONLINE, consent: str = "oral") -> Step:
    return Step(
        state=State.OPEN, at=at, by="x", by_name="Alban Vasseur", channel=channel, consent=consent
    )


def record(**changes: object) -> HealthRecord:
    made = opened(RecordId(uuid(1)), INS, TRAITS, step(NOW - timedelta(days=400)))
    return replace(made, **changes)  # type: ignore[arg-type]  # one field, named by the test


def consent(
    grantee: str = GP, *, to_team: bool = False, start: datetime = NOW, days: int = 365
) -> Consent:
    return Consent(
        grantee_id=grantee,
        grantee_name="Dr",
        to_team=to_team,
        basis=Basis.ORAL,
        collected_by=grantee,
        start=start - timedelta(days=1),
        end=start + timedelta(days=days),
    )


def relations(
    *consents: Consent, attending: str = "", parent: bool = False, administrator: str = ""
) -> Relations:
    doctor = AttendingDoctor(person_id=attending, name="Dr", start=NOW) if attending else None
    parents = (
        (
            Representation(
                matricule=PARENT_INS.matricule,
                name="P",
                kind=RepresentationKind.GUARDIAN,
                start=NOW - timedelta(days=9),
            ),
        )
        if parent
        else ()
    )
    return Relations(
        consents=consents,
        attending_doctor=doctor,
        representatives=parents,
        administrators=(
            (Administration(person_id=administrator, name="A", start=NOW - timedelta(days=1)),)
            if administrator
            else ()
        ),
    )


def caller(
    who: Who,
    strength: Strength = Strength.INDIVIDUAL,
    purpose: Purpose = Purpose.NORMAL,
    reason: str = "",
) -> Caller:
    return Caller(
        who=who, strength=strength, door=Door.FHIR, purpose=purpose, purpose_reason=reason
    )


def professional(
    id_nat: str = GP,
    profession: str = "10",
    structure: StructureRef = PRACTICE,
    *,
    regulates: bool = False,
    capacity: Capacity | None = None,
) -> Professional:
    return Professional(
        id_nat=id_nat,
        name="Dr Sample",
        profession=Code(profession, TRE_G15_PROFESSION),
        structure=structure,
        may_regulate=regulates,
        stated_capacity=capacity,
    )


HOLDER = caller(Holder(ins=INS, name="Alban Vasseur"))
PARENT = caller(Representative(ins=PARENT_INS, name="P"))
STRANGER = caller(Holder(ins=STRANGER_INS, name="S"))
DOCTOR = caller(professional())
SYSTEM = caller(StructureSystem(structure=HOSPITAL), Strength.STRUCTURE)
DESK = caller(DeskAgent(id_nat="5180035024/1", name="D", structure=HOSPITAL))
OPERATOR = caller(Operator(id="o", name="O"))
JOB = caller(SystemJob(name="sweep"))

AUTHOR = Author(
    kind=AuthorKind.PROFESSIONAL,
    id=GP,
    id_root=PS_ROOT,
    family="Sample",
    given="Ada",
    specialty=Code("G15_10/SM54", "1.2.250.1.213.1.1.4.5"),
    structure_id=PRACTICE.id_nat,
    structure_root=STRUCTURE_ROOT,
    structure_name=PRACTICE.name,
)
CONTENT = b"<ClinicalDocument>sample</ClinicalDocument>"


def claimed(**changes: object) -> ClaimedDocument:
    made = ClaimedDocument(
        content=CONTENT,
        content_type="text/xml",
        ins=INS,
        unique_id=UniqueId("1.2.250.1.213.1.1.9.77"),
        title="Compte rendu de consultation",
        language="fr-FR",
        created_at=NOW - timedelta(hours=2),
        service_start=NOW - timedelta(hours=3),
        type_code=Code("11488-4", LOINC),
        format_code=Code("urn:asipSante:modelesHorsProfils:2011", "1.2.250.1.213.1.1.4.2.282"),
        facility_type=Code("SA07", TRE_R02_SECTOR),
        practice_setting=Code("AMBULATOIRE", TRE_A01_PRACTICE),
        authors=(AUTHOR,),
        legal_authenticator=AUTHOR,
    )
    return replace(made, **changes)  # type: ignore[arg-type]  # one field, named by the test


def header(**changes: object) -> ContentHeader:
    made = ContentHeader(
        unique_id=UniqueId("1.2.250.1.213.1.1.9.77"),
        title="Compte rendu de consultation",
        type_code=Code("11488-4", LOINC),
        confidentiality="N",
        language="fr-FR",
        created_at=NOW - timedelta(hours=2),
        service_start=NOW - timedelta(hours=3),
        patient_ids=((INS.root.value, INS.matricule), ("1.2.3", "IPP7")),
        patient_names=("VASSEUR ALBAN",),
        authors=(AUTHOR,),
        legal_authenticator=AUTHOR,
        facility_type=Code("SA07", TRE_R02_SECTOR),
        practice_setting=Code("AMBULATOIRE", TRE_A01_PRACTICE),
        format_code=Code("urn:asipSante:modelesHorsProfils:2011", "1.2.250.1.213.1.1.4.2.282"),
        mime_type="text/xml",
        is_cda=True,
    )
    return replace(made, **changes)  # type: ignore[arg-type]  # one field, named by the test


def ids(number: int = 100) -> NewIds:
    return NewIds(
        document_id=DocumentId(uuid(number)),
        entry_uuid=EntryUuid(uuid(number + 1)),
        submission_id=SubmissionId(uuid(number + 2)),
        unique_id=UniqueId("2.25.7"),
    )


def built(
    claim: ClaimedDocument | None = None,
    head: ContentHeader | None = None,
    *,
    of: HealthRecord | None = None,
    by: Caller = DOCTOR,
    simplified: bool = False,
    test_mode: bool = True,
    now: datetime = NOW,
    new: NewIds | None = None,
) -> tuple[DocumentEntry, tuple[str, ...]]:
    claim = claim or claimed()
    return build(
        claim,
        head or header(),
        record=of or record(),
        submission=Submission(ins=INS, documents=(claim,), simplified=simplified),
        ids=new or ids(),
        now=now,
        test_mode=test_mode,
        depositor=by,
    )


def entry(**changes: object) -> DocumentEntry:
    made, _ = built()
    return replace(made, **changes)  # type: ignore[arg-type]  # one field, named by the test
