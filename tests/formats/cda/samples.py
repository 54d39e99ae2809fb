"""Invented people and one document of each kind: valid by default, one argument changes one thing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from dmp.domain.codes import (
    LOINC,
    TRE_A01_PRACTICE,
    TRE_A02_SPECIALTY,
    TRE_R02_SECTOR,
    Code,
)
from dmp.domain.documents.entry import Author, AuthorKind
from dmp.domain.identifiers import PS_ROOT, STRUCTURE_ROOT, Ins, UniqueId, nir_key
from dmp.domain.identity.patient import Sex, Traits
from dmp.formats.cda import documents
from dmp.formats.cda.clinical_document import (
    CdaDocument,
    Immunisation,
    Medication,
    Participant,
    Patient,
)
from dmp.formats.cda.writing.frame import Frame
from dmp.formats.cda.writing.results import Result, ResultGroup
from dmp.formats.pdf import write_pdf

NIR = "2850578006084"
PATIENT = Patient(
    ins=Ins.parse(f"{NIR}{nir_key(NIR):02d}", "1.2.250.1.213.1.4.10", test_mode=True),
    traits=Traits(
        birth_name="LEBRUN-SAINTOIN",
        given_names="Maëlle Zoé",
        sex=Sex.FEMALE,
        birth_date=date(1985, 5, 12),
        birth_place="78006",
        used_name="DERVIEUX",
        used_given_name="Maëlle",
    ),
    local_ids=(("1.2.250.1.999.1.1", "IPP-0042"),),
    birth_city="Ablis",
)
DOCTOR = Author(
    kind=AuthorKind.PROFESSIONAL,
    id="810100000009",
    id_root=PS_ROOT,
    family="Ostermann",
    given="Éloi",
    specialty=Code(
        "G15_10/SM26", TRE_A02_SPECIALTY, "Médecin - Qualifié en Médecine Générale (SM)"
    ),
    structure_id="1780000017",
    structure_root=STRUCTURE_ROOT,
    structure_name="Cabinet médical des Tilleuls",
)
PHARMACIST = replace(DOCTOR, id="810100000017", family="Quentin", given="Inès", specialty=None)
WRITTEN = datetime(2025, 3, 4, 9, 30, tzinfo=UTC)
FRAME = Frame(
    unique_id=UniqueId.parse("1.2.250.1.999.2.1"),
    patient=PATIENT,
    author=DOCTOR,
    written_at=WRITTEN,
    facility=Code("SA07", TRE_R02_SECTOR, "Cabinet individuel"),
    setting=Code("AMBULATOIRE", TRE_A01_PRACTICE, "Ambulatoire"),
    set_id="1.2.250.1.999.2",
    participants=(Participant(who=PHARMACIST, kind="INF"),),
)
GLUCOSE = Result(
    code=Code("14749-6", LOINC, "Glucose"), value="7,2", unit="mmol/L", low="3,9", high="5,8",
    interpretation="H", previous="6,1",
)  # fmt: skip
AMOXICILLIN = Medication(
    name="Amoxicilline 1 g, comprimé",
    dosage="1 comprimé matin et soir",
    start=date(2025, 3, 4),
    stop=date(2025, 3, 10),
)


def one_of_each(frame: Frame = FRAME) -> dict[str, CdaDocument]:
    """A document of each kind by the code of its type, and `PDF`."""
    pdf = write_pdf("Compte rendu", ["Rien à signaler."])
    made = (
        documents.consultation_note(
            frame,
            reason="Toux & fièvre < 39 °C",
            history="Depuis trois jours.\n\nPas de voyage.",
            examination="Auscultation libre.",
            conclusion="Rhinopharyngite.",
            plan=("Repos", "Revoir si fièvre > 5 jours"),
        ),
        documents.laboratory_report(
            frame,
            groups=(
                ResultGroup(
                    code=Code("18719-5", LOINC, "Biochimie"),
                    results=(
                        GLUCOSE,
                        replace(GLUCOSE, code=Code("2345-7", LOINC, "Aspect"), value="lactescent"),
                    ),
                    comment="Prélèvement à jeun.",
                ),
                ResultGroup(
                    code=Code("18723-7", LOINC, "Hématologie"),
                    results=(
                        Result(code=Code("718-7", LOINC, "Hémoglobine"), value="13,4", unit="g/dL"),
                    ),
                ),
            ),
            order="2025-0077",
            conclusion="Glycémie élevée.",
            pdf=pdf,
        ),
        documents.imaging_report(
            frame,
            acts=(
                Code("24627-2", LOINC, "Scanner du thorax"),
                Code("ZBQK001", "1.2.250.1.215.300.1", "Radiographie du thorax"),
            ),
            indication="Toux.",
            technique="Face et profil.",
            findings="Pas de foyer.",
            conclusion="Examen normal.",
            accession="ACC-77",
            study_id="1.2.250.1.999.3.4",
            pdf=pdf,
        ),
        documents.discharge_letter(
            frame,
            admitted_at=datetime(2025, 3, 1, 8, tzinfo=UTC),
            discharged_at=datetime(2025, 3, 4, 9, tzinfo=UTC),
            reason="Pneumopathie.",
            synthesis="Évolution favorable.",
            treatments=(AMOXICILLIN,),
            stopped=("Ibuprofène",),
            pending="Hémocultures.",
            follow_up=("Radiographie dans 6 semaines",),
            no_known_allergy=True,
        ),
        documents.prescription(frame, medications=(AMOXICILLIN,), comment="Non substituable."),
        documents.vaccination_note(
            frame,
            immunisations=(
                Immunisation(vaccine="Vaccin dTP", given_on=date(2025, 3, 4), lot="L77", rank=2),
            ),
        ),
        documents.medical_synthesis(
            frame,
            problems=("Diabète de type 2",),
            treatments=(AMOXICILLIN,),
            vital_signs=(Result(code=Code("29463-7", LOINC, "Poids"), value="71", unit="kg"),),
            plan=("HbA1c tous les 3 mois",),
        ),
    )
    level1 = documents.pdf_document(
        frame, type_code="34874-8", title="Compte rendu opératoire", pdf=pdf
    )
    return {document.type_code.code: document for document in made} | {"PDF": level1}
