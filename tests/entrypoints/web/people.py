"""The people of the test site, all invented, and what their records hold."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any
from uuid import uuid4

from dmp.acts.documents.provide_documents import provide_documents
from dmp.acts.documents.retrieve_document import RetrieveDocument, retrieve_document
from dmp.acts.life.open_record import OpenRecord, open_record
from dmp.acts.relatives.declare_representative import (
    DeclareRepresentative,
    declare_representative,
)
from dmp.acts.sharing.block_professional import BlockProfessional, block_professional
from dmp.acts.sharing.declare_attending_doctor import (
    DeclareAttendingDoctor,
    declare_attending_doctor,
)
from dmp.acts.sharing.grant_consent import GrantConsent, grant_consent
from dmp.domain.codes import (
    LOINC,
    TRE_A01_PRACTICE,
    TRE_A02_SPECIALTY,
    TRE_G15_PROFESSION,
    TRE_R02_SECTOR,
    Code,
)
from dmp.domain.documents.entry import Author, AuthorKind, DocumentEntry
from dmp.domain.documents.submission import ClaimedDocument, Submission
from dmp.domain.documents.types import document_types
from dmp.domain.documents.visibility import Restriction
from dmp.domain.identifiers import PS_ROOT, STRUCTURE_ROOT, Ins, UniqueId
from dmp.domain.identity.caller import (
    Caller,
    Door,
    Holder,
    Operator,
    Professional,
    Purpose,
    Strength,
    StructureRef,
)
from dmp.domain.identity.patient import Sex
from dmp.domain.record.health_record import HealthRecord
from dmp.formats.cda.clinical_document import Patient
from dmp.formats.cda.documents import consultation_note, laboratory_report, pdf_document
from dmp.formats.cda.write import write
from dmp.formats.cda.writing.frame import Frame
from dmp.formats.cda.writing.results import Result, ResultGroup
from dmp.formats.pdf import write_pdf
from tests.builders import a_caller, a_doctor, an_ins, some_traits
from tests.entrypoints.web.issuer import holder_claims, professional_claims
from tests.entrypoints.web.site import Site

_rank = count(100)

CABINET = StructureRef(id_nat="1750000010", name="Cabinet des Lilas", sector="SA07")
DOCTOR = a_doctor(id_nat="810100000016", name="Anne VASSEUR", structure=CABINET)
OPTICIAN = Professional(
    id_nat="810100000032",
    name="Hugo BERTIN",
    profession=Code("28", TRE_G15_PROFESSION, "Opticien-lunetier"),
    structure=StructureRef(id_nat="1750000028", name="Optique du Canal", sector="SA42"),
)
OPERATOR = Caller(
    who=Operator(id="test", name="Exploitation"), strength=Strength.INDIVIDUAL, door=Door.CLI
)


def settle(site: Site) -> None:
    """Let the professionals be known at their provider."""
    site.professionals.people |= {
        "medecin": professional_claims(
            DOCTOR.id_nat,
            "Vasseur",
            "Anne",
            {
                "structure": CABINET.id_nat,
                "name": CABINET.name,
                "know_how": "SM54",
                "know_how_label": "Médecine générale",
            },
        ),
        "remplacante": professional_claims(
            "810100000040",
            "Lenoir",
            "Nadia",
            {"structure": "1750000036", "name": "Maison de santé du Pont"},
            {"structure": "1750000044", "name": "Clinique des Peupliers", "sector": "SA04"},
        ),
        "opticien": professional_claims(
            OPTICIAN.id_nat,
            "Bertin",
            "Hugo",
            {
                "structure": OPTICIAN.structure.id_nat,
                "name": OPTICIAN.structure.name,
                "profession": "28",
                "sector": "SA42",
            },
        ),
        "infirmiere": professional_claims(
            "810100000206",
            "Perrin",
            "Lucie",
            {
                "structure": "1750000085",
                "name": "Soins du Canal",
                "sector": "SA07",
                "profession": "60",
                "profession_label": "Infirmier",
            },
        ),
        "pharmacienne": professional_claims(
            "810100000057",
            "Ferrand",
            "Lise",
            {
                "structure": "1750000051",
                "name": "Pharmacie de la Halle",
                "profession": "21",
                "sector": "SA33",
            },
        ),
        "regulatrice": professional_claims(
            "810100000081",
            "Leroy",
            "Maud",
            {"structure": "1750000085", "name": "SAMU du Val", "sector": "SA05"},
            Acces_Regulation_Medicale="VRAI",
        ),
        "medecin-travail": professional_claims(
            "810100000099",
            "Roux",
            "Paul",
            {"structure": "1750000093", "name": "Santé au travail du Val", "sector": "SA13"},
        ),
        "medecin-assureur": professional_claims(
            "810100000107",
            "Gros",
            "Jean",
            {"structure": "1750000101", "name": "Assurances du Val", "sector": "SA23"},
        ),
        "medecin-pompier": professional_claims(
            "810100000115",
            "Petit",
            "Zoé",
            {"structure": "1750000119", "name": "Service d’incendie du Val", "sector": "SA07"},
            capacite="fire-service",
        ),
        "coordonnatrice": professional_claims(
            "810100000123",
            "Adam",
            "Lou",
            {
                "structure": "1750000127",
                "name": "Dispositif d’appui du Val",
                "profession": "",
                "role": "330^1.2.250.1.213.1.6.1.107",
                "sector": "SA21",
            },
        ),
        "secretaire": {
            "SubjectNameID": "3750000010/12",
            "family_name": "Blin",
            "given_name": "Eva",
            "role": "secretaire",
            "SubjectOrganizationID": CABINET.id_nat,
            "SubjectOrganization": CABINET.name,
            "Secteur_Activite": "SA07^1.2.250.1.71.4.2.4",
        },
        "agent": {
            "SubjectNameID": "3750000069/77",
            "family_name": "Morel",
            "given_name": "Sami",
            "role": "agent",
            "SubjectOrganizationID": "1750000069",
            "SubjectOrganization": "Caisse primaire du Val",
        },
    }


class Someone:
    """An invented holder with what the tests need of her."""

    def __init__(self, site: Site, **traits: Any) -> None:
        self.site = site
        self.ins: Ins = an_ins(next(_rank))
        self.traits = some_traits(**traits)
        self.key = f"titulaire-{self.ins.matricule[7:13]}"
        self.record: HealthRecord | None = None
        site.holders.people[self.key] = holder_claims(
            self.ins.matricule,
            self.ins.root.value,
            birth_name=self.traits.birth_name,
            given_name=self.traits.given_names,
            gender="male" if self.traits.sex is Sex.MALE else "female",
            birthdate=self.traits.birth_date.isoformat(),
        )

    @property
    def caller(self) -> Caller:
        """She herself, on the pages."""
        who = Holder(ins=self.ins, name=self.traits.display)
        return Caller(who=who, strength=Strength.INDIVIDUAL, door=Door.WEB, means="oidc:holder")

    @property
    def home(self) -> str:
        """Address of her record."""
        assert self.record is not None
        return f"/espace/{self.record.record_id}"

    def opens(self) -> Someone:
        """Her record is open."""
        request = OpenRecord(ins=self.ins, traits=self.traits, consent="en ligne")
        self.record = self.site.do(open_record, request, self.caller)
        return self

    def agrees(self, who: Professional = DOCTOR) -> Someone:
        """She agreed that this professional reads."""
        assert self.record is not None
        request = GrantConsent(record_id=self.record.record_id)
        self.record = self.site.do(grant_consent, request, a_caller(who))
        return self

    def blocks(self, who: Professional) -> Someone:
        """She blocked this professional."""
        assert self.record is not None
        request = BlockProfessional(
            record_id=self.record.record_id, person_id=who.id_nat, name=who.name
        )
        self.record = self.site.do(block_professional, request, self.caller)
        return self

    def declares(self, who: Professional) -> Someone:
        """This is her attending doctor."""
        assert self.record is not None
        request = DeclareAttendingDoctor(
            record_id=self.record.record_id, person_id=who.id_nat, name=who.name
        )
        self.record = self.site.do(declare_attending_doctor, request, OPERATOR)
        return self

    def is_child_of(self, parent: Someone) -> Someone:
        """This parent exercises her rights until she is of age."""
        assert self.record is not None
        request = DeclareRepresentative(
            record_id=self.record.record_id,
            representative=parent.ins,
            name=parent.traits.display,
        )
        self.record = self.site.do(declare_representative, request, OPERATOR)
        return self

    def receives(
        self,
        title: str = "Compte rendu de consultation",
        content: bytes = b"",
        type_code: str = "11488-4",
        *,
        restrictions: frozenset[Restriction] | None = None,
        by: Professional = DOCTOR,
        days_ago: int = 1,
    ) -> DocumentEntry:
        """A document enters her record."""
        made = datetime.now(UTC) - timedelta(days=days_ago)
        octets = content or self.pdf(title)
        is_pdf = octets.startswith(b"%PDF")
        claimed = ClaimedDocument(
            content=octets,
            content_type="application/pdf" if is_pdf else "text/xml",
            title=title,
            type_code=document_types()[type_code].code,
            created_at=made if is_pdf else None,
            service_start=made if is_pdf else None,
            restrictions=restrictions,
        )
        submission = Submission(ins=self.ins, documents=(claimed,))
        receipt = self.site.do(provide_documents, submission, a_caller(by))
        return receipt.documents[0].entry

    def read_in_emergency(self, entry: DocumentEntry, who: Professional = DOCTOR) -> None:
        """Somebody broke the glass."""
        caller = a_caller(who, purpose=Purpose.BREAK_GLASS, purpose_reason="Patiente inconsciente")
        request = RetrieveDocument(document=entry.document_id)
        self.site.do(retrieve_document, request, caller)

    def pdf(self, title: str, *lines: str) -> bytes:
        """A PDF about her, another one each time."""
        words = lines or ("Examen sans particularité.", f"Référence {uuid4().hex}.")
        return write_pdf(title, words)

    def note(self, **changes: Any) -> bytes:
        """A consultation note about her, as CDA."""
        return write(consultation_note(self.frame(**changes), reason="Fatigue", conclusion="RAS"))

    def laboratory(self) -> bytes:
        """A laboratory report about her, with a table and a carried PDF."""
        results = (
            Result(
                code=Code("718-7", LOINC, "Hémoglobine"),
                value="13.2",
                unit="g/dL",
                low="12.0",
                high="16.0",
            ),
            Result(
                code=Code("2276-4", LOINC, "Ferritine"),
                value="9",
                unit="ug/L",
                low="15",
                high="150",
                interpretation="L",
            ),
        )
        group = ResultGroup(code=Code("18723-7", LOINC, "Hématologie"), results=results)
        return write(
            laboratory_report(
                self.frame(), groups=(group,), conclusion="Ferritine basse.", pdf=self.pdf("Copie")
            )
        )

    def carried_pdf(self) -> bytes:
        """A PDF carried by a CDA of level 1."""
        document = pdf_document(
            self.frame(), type_code="34112-3", title="CR hospitalier", pdf=self.pdf("Séjour")
        )
        return write(document)

    def frame(self, **changes: Any) -> Frame:
        """What her documents have in common."""
        values: dict[str, Any] = {
            "unique_id": UniqueId(f"1.2.250.1.999.7.{uuid4().int}"),
            "patient": Patient(ins=self.ins, traits=self.traits),
            "author": Author(
                kind=AuthorKind.PROFESSIONAL,
                id=DOCTOR.id_nat,
                id_root=PS_ROOT,
                family="Vasseur",
                given="Anne",
                specialty=Code("G15_10/SM54", TRE_A02_SPECIALTY, "Médecine générale"),
                structure_id=CABINET.id_nat,
                structure_root=STRUCTURE_ROOT,
                structure_name=CABINET.name,
            ),
            "written_at": datetime.now(UTC) - timedelta(days=2),
            "facility": Code("SA07", TRE_R02_SECTOR, "Cabinet individuel"),
            "setting": Code("AMBULATOIRE", TRE_A01_PRACTICE, "Ambulatoire"),
        }
        return Frame(**{**values, **changes})


def lea(site: Site, parent: Someone) -> Someone:
    """A girl of sixteen, her parent's, with one document that her parents do not know."""
    born = date(datetime.now(UTC).year - 16, 1, 2)
    someone = Someone(site, given_names="Léa Rose", birth_date=born).opens()
    someone.is_child_of(parent)
    someone.receives("Vaccination")
    hidden = frozenset({Restriction.HIDDEN_FROM_REPRESENTATIVES})
    someone.receives("Contraception", restrictions=hidden)
    return someone


def camille(site: Site) -> Someone:
    """A woman whose record holds a little of everything."""
    someone = Someone(site).opens()
    someone.declares(DOCTOR)
    nurse = Professional(
        id_nat="810100000065",
        name="Ines CARON",
        profession=Code("60", TRE_G15_PROFESSION, "Infirmier"),
        structure=StructureRef(id_nat="1750000077", name="Soins du Parc", sector="SA07"),
    )
    someone.agrees(nurse)
    someone.blocks(OPTICIAN)
    someone.receives("Compte rendu de consultation", someone.note())
    someone.receives("Bilan sanguin", someone.laboratory(), "11502-2")
    someone.receives("CR hospitalier", someone.carried_pdf(), "34112-3")
    masked = frozenset({Restriction.MASKED})
    hidden = frozenset({Restriction.HIDDEN_FROM_PATIENT})
    someone.receives("Suivi psychiatrique", restrictions=masked, days_ago=40)
    someone.receives("Anatomopathologie", restrictions=hidden, days_ago=3)
    for number in range(28):
        someone.receives(f"Ordonnance n° {number + 1}", type_code="57833-6", days_ago=50 + number)
    certificate = someone.receives("Certificat médical", type_code="89601-9")
    someone.read_in_emergency(certificate, a_doctor(id_nat="810100000073", name="Samir BELLO"))
    return someone
