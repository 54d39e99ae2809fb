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
from datetime import datetime
from typing import Final

from dmp.domain.clinical.facts import Allergy, Problem
from dmp.domain.codes import Code
from dmp.domain.documents.entry import Reference
from dmp.formats.cda.clinical_document import (
    Battery,
    CdaDocument,
    Immunisation,
    Medication,
    NoneKnown,
    Section,
    Unstructured,
)
from dmp.formats.cda.header import ACCESSION
from dmp.formats.cda.hl7time import PARIS
from dmp.formats.cda.narrative.blocks import paragraph
from dmp.formats.cda.writing.frame import (
    Frame,
    acts_of,
    assembled,
    copy_section,
    list_section,
    numbering,
    order_of,
    structured,
    text_section,
)
from dmp.formats.cda.writing.results import (
    Result,
    ResultGroup,
    result_entry,
    results_table,
    signs_section,
)
from dmp.formats.cda.writing.sections import (
    AT_DISCHARGE,
    DIAGNOSES,
    PAST,
    PRESCRIBED,
    PROBLEMS,
    STOPPED,
    TREATMENTS,
    allergies_section,
    medicines_section,
    problems_section,
    titled,
    vaccinations_section,
)

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
# Systems in which an imaging exam is named again, or its modality and its region.
_OF_ONE_EXAM: Final = frozenset(
    ("1.2.250.1.215.300.1", "1.2.840.10008.2.16.4", "2.16.840.1.113883.6.96")
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


def care_note(
    frame: Frame,
    *,
    type_code: str,
    title: str,
    parts: tuple[tuple[str, str, tuple[str, ...], bool], ...],
) -> CdaDocument:
    """A note of care of another type: sections of words. Sections without any are left out.

    Args:
        frame: who, where, when.
        type_code: of the types of the DMP.
        title: of the document.
        parts: LOINC code, title, lines, and whether the lines are a list.

    Raises:
        KeyError: the type is not one of the DMP.
    """
    sections = (
        list_section(code, name, lines) if is_list else text_section(code, name, "\n\n".join(lines))
        for code, name, lines, is_list in parts
    )
    return structured(frame, type_code, title, tuple(sections), NOTE_TEMPLATES)


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
        acts: what was done: LOINC or CCAM code, then the same in another system, its modality (DICOM) and its
            region (SNOMED CT); all become event codes.
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
    same = tuple(code for code in acts[1:] if code.system in _OF_ONE_EXAM)
    main, *others = acts_of(frame, *acts[:1], *(code for code in acts[1:] if code not in same))
    kind = Reference(value=accession, kind=ACCESSION, system=numbering(frame))
    return replace(
        document,
        acts=(replace(main, study_id=study_id, others=same), *others),
        references=(kind,) if accession else (),
    )


def discharge_letter(
    frame: Frame,
    *,
    admitted_at: datetime,
    discharged_at: datetime,
    reason: str,
    synthesis: str,
    diagnoses: tuple[Problem, ...] = (),
    treatments: tuple[Medication, ...] = (),
    stopped: tuple[str, ...] = (),
    pending: str = "",
    follow_up: tuple[str, ...] = (),
    allergies: tuple[Allergy, ...] = (),
    no_known_allergy: bool = False,
) -> CdaDocument:
    """A letter at the end of a stay in hospital (11490-0).

    `no_known_allergy` says out loud that none was found; without it and without allergies nothing is said.
    """
    ended = tuple(
        Medication(name=name, stop=discharged_at.astimezone(PARIS).date(), is_order=False)
        for name in stopped
    )
    document = structured(
        replace(frame, act_start=admitted_at, act_stop=discharged_at),
        "11490-0",
        "Lettre de liaison à la sortie de l'établissement de soins",
        (
            text_section("42349-1", "Motif de l'hospitalisation", reason),
            text_section("42545-4", "Synthèse médicale du séjour", synthesis),
            problems_section(DIAGNOSES, diagnoses),
            medicines_section(STOPPED, ended),
            medicines_section(AT_DISCHARGE, treatments),
            text_section("30954-2", "Résultats d'examens attendus", pending),
            list_section("18776-5", "Suites à donner", follow_up),
            titled(
                allergies_section(allergies, NoneKnown.ALLERGIES if no_known_allergy else None),
                "Allergies identifiées pendant le séjour",
            ),
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
            medicines_section(PRESCRIBED, medications),
            text_section("55112-7", "Commentaire", comment),
        ),
        PRESCRIPTION_TEMPLATES,
    )
    return replace(document, acts=acts_of(frame, document.type_code))


def vaccination_note(frame: Frame, *, immunisations: tuple[Immunisation, ...]) -> CdaDocument:
    """A note of vaccinations done (87273-9), by the author of the note unless an entry names another."""
    done = tuple(
        one if one.performer else replace(one, performer=frame.author) for one in immunisations
    )
    document = structured(
        frame,
        "87273-9",
        "Note de vaccination",
        (vaccinations_section(done),),
        VACCINATION_TEMPLATES,
    )
    return replace(document, acts=acts_of(frame, document.type_code))


def medical_synthesis(
    frame: Frame,
    *,
    problems: tuple[Problem | str, ...],
    history: tuple[Problem | str, ...] = (),
    procedures: tuple[str, ...] = (),
    allergies: tuple[Allergy | str, ...] = (),
    treatments: tuple[Medication, ...] = (),
    attention: tuple[str, ...] = (),
    vital_signs: tuple[Result, ...] = (),
    lifestyle: tuple[str, ...] = (),
    plan: tuple[str, ...] = (),
) -> CdaDocument:
    """A synthesis in the form of a patient summary (60591-5, IPS-FR).

    Problems, allergies and treatments are always there: an empty list is said to be none known. What is given
    in words alone is written without a code.
    """
    current = tuple(Problem(label=one) if isinstance(one, str) else one for one in problems)
    past = tuple(
        Problem(label=one, active=False) if isinstance(one, str) else one for one in history
    )
    known = tuple(Allergy(label=one) if isinstance(one, str) else one for one in allergies)
    return structured(
        frame,
        "60591-5",
        "Synthèse médicale",
        (
            problems_section(PROBLEMS, current, NoneKnown.PROBLEMS),
            problems_section(PAST, past),
            list_section("47519-4", "Historique des actes", procedures),
            allergies_section(known, NoneKnown.ALLERGIES),
            medicines_section(TREATMENTS, treatments, NoneKnown.MEDICATIONS),
            list_section("44944-7", "Points de vigilance", attention),
            signs_section(vital_signs, frame.written_at),
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
