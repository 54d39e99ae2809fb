"""Documents of the field, each made from plain arguments: narrative and entries say the same.

The content templates name the model whose sections and entries are followed. The documents hold
against the CDA schema and the published rules of the minimum header and of the IHE profiles; the
CI-SIS volumes ask for more in places, so these are documents to demonstrate, test and type in, not
references of the models.

Source: CI-SIS content models (CR-BIO, CR-IMG, LDL-SES, eP-MED-DM, VAC, IPS-FR, document non
structuré); LOINC section codes.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Final

from dmp.domain.codes import LOINC, Code
from dmp.domain.documents.entry import Reference
from dmp.formats.cda.clinical_document import (
    Battery,
    CdaDocument,
    Immunisation,
    Medication,
    Section,
    Unstructured,
)
from dmp.formats.cda.header import ACCESSION
from dmp.formats.cda.narrative.blocks import paragraph, table
from dmp.formats.cda.writing.frame import (
    Frame,
    acts_of,
    assembled,
    copy_section,
    list_section,
    numbering,
    order_of,
    section_of,
    structured,
    text_section,
)
from dmp.formats.cda.writing.results import Result, ResultGroup, result_entry, results_table

NOTE_TEMPLATES: Final = (("1.3.6.1.4.1.19376.1.5.3.1.1.1", ""),)
"""IHE PCC medical document: the CI-SIS has no model of its own for a note."""
LABORATORY_TEMPLATES: Final = (
    ("1.3.6.1.4.1.19376.1.3.3", ""),
    ("1.2.250.1.213.1.1.1.55", "2024.01"),
)
IMAGING_TEMPLATES: Final = (("1.2.840.10008.9.20", ""), ("1.2.250.1.213.1.1.1.45", "2024.01"))
DISCHARGE_TEMPLATES: Final = (("1.2.250.1.213.1.1.1.29", "2022.01"),)
PRESCRIPTION_TEMPLATES: Final = (
    ("1.3.6.1.4.1.19376.1.9.1.1.1", ""),
    ("1.2.250.1.213.1.1.1.39", "2024.01"),
)
VACCINATION_TEMPLATES: Final = (
    ("1.3.6.1.4.1.19376.1.5.3.1.1.18.1.2", ""),
    ("1.2.250.1.213.1.1.1.46", "2023.01"),
)
SYNTHESIS_TEMPLATES: Final = (
    ("2.16.840.1.113883.10.22.1.1", ""),
    ("1.2.250.1.213.1.1.1.51", "2024.01"),
)


def consultation_note(
    frame: Frame,
    *,
    reason: str,
    conclusion: str,
    history: str = "",
    examination: str = "",
    plan: tuple[str, ...] = (),
) -> CdaDocument:
    """A note of a consultation or visit (11488-4). Sections without text are left out."""
    return structured(
        frame,
        "11488-4",
        "Compte rendu de consultation",
        (
            text_section("29299-5", "Motif de consultation", reason),
            text_section("10164-2", "Histoire de la maladie", history),
            text_section("29545-1", "Examen clinique", examination),
            text_section("51848-0", "Conclusion", conclusion),
            list_section("18776-5", "Conduite à tenir", plan),
        ),
        NOTE_TEMPLATES,
    )


def laboratory_report(
    frame: Frame,
    *,
    groups: tuple[ResultGroup, ...],
    order: str = "",
    conclusion: str = "",
    pdf: bytes = b"",
) -> CdaDocument:
    """A report of laboratory results (11502-2), a chapter for each discipline.

    Args:
        frame: its `act_start` is the arrival of the samples, `act_stop` the release of results.
        groups: results by discipline; their codes become the event codes.
        order: number of the prescription.
        conclusion: in words.
        pdf: the printed report, carried as a copy.
    """
    at = frame.act_start or frame.written_at
    sections = [
        Section(
            title=group.code.display.upper(),
            code=group.code,
            templates=(("1.3.6.1.4.1.19376.1.3.3.2.1", ""), ("1.2.250.1.213.1.1.2.70", "")),
            blocks=(results_table(group), *((paragraph(group.comment),) if group.comment else ())),
            entries=(
                Battery(
                    code=group.code,
                    observations=tuple(result_entry(result, at) for result in group.results),
                ),
            ),
        )
        for group in groups
    ]
    document = structured(
        frame,
        "11502-2",
        "Compte rendu d'examens biologiques",
        (*sections, text_section("51848-0", "Conclusion", conclusion), copy_section(pdf)),
        LABORATORY_TEMPLATES,
    )
    return replace(
        document,
        acts=acts_of(frame, *(group.code for group in groups)),
        references=order_of(frame, order),
    )


def imaging_report(
    frame: Frame,
    *,
    acts: tuple[Code, ...],
    indication: str,
    technique: str,
    findings: str,
    conclusion: str,
    accession: str = "",
    study_id: str = "",
    pdf: bytes = b"",
) -> CdaDocument:
    """A report of an imaging examination (18748-4).

    Args:
        frame: who, where, when.
        acts: what was done: LOINC or CCAM code, modality, region; all become event codes.
        indication: why, in words.
        technique: how, in words.
        findings: what is seen, in words.
        conclusion: in words.
        accession: accession number of the examination.
        study_id: DICOM Study Instance UID.
        pdf: the printed report, carried as a copy.
    """
    document = structured(
        frame,
        "18748-4",
        "Compte rendu d'imagerie médicale",
        (
            text_section("55752-0", "Informations cliniques", indication),
            text_section("55111-9", "Technique d'imagerie", technique),
            text_section("59776-5", "Résultats", findings),
            text_section("19005-8", "Conclusion", conclusion),
            copy_section(pdf),
        ),
        IMAGING_TEMPLATES,
    )
    main, *others = acts_of(frame, *acts)
    kind = Reference(value=accession, kind=ACCESSION, system=numbering(frame))
    return replace(
        document,
        acts=(replace(main, study_id=study_id), *others),
        references=(kind,) if accession else (),
    )


def discharge_letter(
    frame: Frame,
    *,
    admitted_at: datetime,
    discharged_at: datetime,
    reason: str,
    synthesis: str,
    treatments: tuple[Medication, ...] = (),
    stopped: tuple[str, ...] = (),
    pending: str = "",
    follow_up: tuple[str, ...] = (),
    allergies: tuple[str, ...] = (),
) -> CdaDocument:
    """A letter at the end of a stay in hospital (11490-0)."""
    document = structured(
        replace(frame, act_start=admitted_at, act_stop=discharged_at),
        "11490-0",
        "Lettre de liaison à la sortie de l'établissement de soins",
        (
            text_section("42349-1", "Motif de l'hospitalisation", reason),
            text_section("42545-4", "Synthèse médicale du séjour", synthesis),
            list_section("18610-6", "Traitements arrêtés durant le séjour", stopped),
            _treatments("10183-2", "Traitements à la sortie", treatments),
            text_section("30954-2", "Résultats d'examens attendus", pending),
            list_section("18776-5", "Suites à donner", follow_up),
            list_section("48765-2", "Allergies identifiées pendant le séjour", allergies),
        ),
        DISCHARGE_TEMPLATES,
    )
    stay = replace(document.encounter, start=admitted_at, stop=discharged_at)
    return replace(document, encounter=stay)


def prescription(
    frame: Frame, *, medications: tuple[Medication, ...], comment: str = ""
) -> CdaDocument:
    """A prescription of medicines (57833-6)."""
    document = structured(
        frame,
        "57833-6",
        "Prescription de produits de santé",
        (
            _treatments("57828-6", "Prescription de médicaments", medications),
            text_section("55112-7", "Commentaire", comment),
        ),
        PRESCRIPTION_TEMPLATES,
    )
    return replace(document, acts=acts_of(frame, document.type_code))


def vaccination_note(frame: Frame, *, immunisations: tuple[Immunisation, ...]) -> CdaDocument:
    """A note of vaccinations done (87273-9)."""
    rows = [
        (
            _day(one.given_on),
            one.vaccine,
            one.lot,
            "" if one.rank is None else str(one.rank),
            one.performer.display if one.performer else frame.author.display,
        )
        for one in immunisations
    ]
    shown = table(("Date", "Vaccin", "Lot", "Rang", "Vaccinateur"), *rows)
    section = Section(
        title="Vaccinations",
        code=Code("11369-6", LOINC, "Historique des vaccinations"),
        templates=(("2.16.840.1.113883.10.20.1.6", ""), ("1.3.6.1.4.1.19376.1.5.3.1.3.23", "")),
        blocks=(shown,),
        entries=tuple(
            one if one.performer else replace(one, performer=frame.author) for one in immunisations
        ),
    )
    document = structured(
        frame, "87273-9", "Note de vaccination", (section,), VACCINATION_TEMPLATES
    )
    return replace(document, acts=acts_of(frame, document.type_code))


def medical_synthesis(
    frame: Frame,
    *,
    problems: tuple[str, ...],
    history: tuple[str, ...] = (),
    procedures: tuple[str, ...] = (),
    allergies: tuple[str, ...] = (),
    treatments: tuple[Medication, ...] = (),
    attention: tuple[str, ...] = (),
    vital_signs: tuple[Result, ...] = (),
    lifestyle: tuple[str, ...] = (),
    plan: tuple[str, ...] = (),
) -> CdaDocument:
    """The synthesis of the attending doctor (60591-5, volet de synthèse médicale).

    Problems, allergies and treatments are always there: an empty list is said to be none known.
    """
    known = "Aucun élément connu"
    signs = Section(
        title="Constantes",
        code=Code("8716-3", LOINC, "Constantes"),
        blocks=(results_table(ResultGroup(code=Code("8716-3", LOINC), results=vital_signs)),),
        entries=tuple(result_entry(one, frame.written_at) for one in vital_signs),
    )
    return structured(
        frame,
        "60591-5",
        "Synthèse médicale",
        (
            list_section("11450-4", "Problèmes actifs", problems or (known,)),
            list_section("11348-0", "Antécédents", history),
            list_section("47519-4", "Historique des actes", procedures),
            list_section("48765-2", "Allergies et intolérances", allergies or (known,)),
            _treatments("10160-0", "Traitements", treatments)
            or list_section("10160-0", "Traitements", (known,)),
            list_section("44944-7", "Points de vigilance", attention),
            signs if vital_signs else None,
            list_section("29762-2", "Mode de vie", lifestyle),
            list_section("18776-5", "Plan de soins", plan),
        ),
        SYNTHESIS_TEMPLATES,
    )


def pdf_document(frame: Frame, *, type_code: str, title: str, pdf: bytes) -> CdaDocument:
    """A PDF of any type in a CDA of level 1.

    Raises:
        KeyError: the type is not one of the DMP.
    """
    return assembled(frame, type_code, title, Unstructured(content=pdf), ())


def _treatments(code: str, title: str, medications: tuple[Medication, ...]) -> Section | None:
    if not medications:
        return None
    rows = [
        (
            one.name,
            one.dosage,
            _period(one.start, one.stop),
            str(one.repeats) if one.repeats else "",
        )
        for one in medications
    ]
    shown = table(("Médicament", "Posologie", "Période", "Renouvellements"), *rows)
    return section_of(code, title, shown, entries=medications)


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def _period(start: date | None, stop: date | None) -> str:
    if start and stop:
        return f"du {_day(start)} au {_day(stop)}"
    return f"depuis le {_day(start)}" if start else f"jusqu'au {_day(stop)}" if stop else ""
