"""Volet de synthèse médicale (VSM): what the attending doctor validates of a synthesis, as a document.

It is made of facts of the domain, and read back as the same facts. Sources are not written: the doctor who
signs answers for what stands here.

Source: CI-SIS VSM 1.4 (2013, published example and schematron of 2022); IHE PCC and CI-SIS section models.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from dmp.domain.clinical.facts import (
    Allergy,
    Device,
    Performed,
    Prescribed,
    Problem,
    Result,
    Vaccination,
)
from dmp.domain.codes import LOINC, Code
from dmp.formats.cda.clinical_document import (
    CdaDocument,
    Immunisation,
    Medication,
    NoneKnown,
    Observation,
    Participant,
    Quantity,
    Section,
)
from dmp.formats.cda.hl7time import PARIS
from dmp.formats.cda.narrative.blocks import Block, Style, listing, paragraph, table
from dmp.formats.cda.writing.frame import Frame, acts_of, list_section, structured
from dmp.formats.cda.writing.sections import (
    PAST,
    PROBLEMS,
    TREATMENTS,
    allergies_section,
    devices_section,
    medicines_section,
    problems_section,
    procedures_section,
    vaccinations_section,
)

TEMPLATES: Final = (("1.2.250.1.213.1.1.1.13", "201310"),)
TYPE: Final = "SYNTH"
_ACT: Final = Code("34117-2", LOINC, "Historique et clinique")
_ATTENDING_DOCTOR: Final = Code("PCP", "2.16.840.1.113883.5.88", "Médecin Traitant")
_NOT_STATED: Final = paragraph("Non renseigné.")
_MARKS: Final = {"H": " (élevé)", "L": " (bas)", "HH": " (très élevé)", "LL": " (très bas)"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Vsm:
    """What a VSM holds. Texts are one line each; `no_known_...` and `no_treatment` say "none" out loud and
    count only where the list is empty.

    `procedures` are past ones, `treatments` those of long duration, `attention` the points to watch.
    """

    problems: tuple[Problem, ...] = ()
    history: tuple[Problem, ...] = ()
    procedures: tuple[Performed, ...] = ()
    allergies: tuple[Allergy, ...] = ()
    no_known_allergy: bool = False
    no_known_problem: bool = False
    treatments: tuple[Prescribed, ...] = ()
    no_treatment: bool = False
    results: tuple[Result, ...] = ()
    vital_signs: tuple[Result, ...] = ()
    vaccinations: tuple[Vaccination, ...] = ()
    devices: tuple[Device, ...] = ()
    lifestyle: tuple[str, ...] = ()
    risks: tuple[str, ...] = ()
    family_history: tuple[str, ...] = ()
    attention: tuple[str, ...] = ()
    plan: tuple[str, ...] = ()


def vsm(frame: Frame, content: Vsm) -> CdaDocument:
    """The VSM of a person, signed by the author of the frame, who stands as attending doctor in it."""
    if not any(one.function == _ATTENDING_DOCTOR for one in frame.participants):
        doctor = Participant(who=frame.author, kind="INF", function=_ATTENDING_DOCTOR)
        frame = replace(frame, participants=(doctor, *frame.participants))
    document = structured(
        frame,
        TYPE,
        "Synthèse médicale",
        (
            _conditions(content),
            _to_watch(content),
            _group(
                "18776-5",
                "Traitement au long cours",
                "1.2.250.1.213.1.1.2.32",
                medicines_section(
                    TREATMENTS,
                    tuple(map(_medication, content.treatments)),
                    NoneKnown.MEDICATIONS if content.no_treatment else None,
                ),
            ),
            _measured("30954-2", "Résultats d'examens", content.results),
            devices_section(content.devices),
            vaccinations_section(tuple(map(_immunisation, content.vaccinations))),
            _measured("8716-3", "Constantes", content.vital_signs),
            list_section("18776-5", "Plan de soins", content.plan),
        ),
        TEMPLATES,
    )
    return replace(document, acts=acts_of(frame, _ACT))


def _conditions(content: Vsm) -> Section:
    """Problems, antecedents, allergies and risk factors: the first part of the VSM."""
    clinical = _group(
        "34117-2",
        "Pathologies en cours, antécédents et allergies",
        "1.2.250.1.213.1.1.2.30",
        problems_section(
            PROBLEMS, content.problems, NoneKnown.PROBLEMS if content.no_known_problem else None
        ),
        problems_section(PAST, content.history),
        procedures_section(content.procedures),
        allergies_section(
            content.allergies, NoneKnown.ALLERGIES if content.no_known_allergy else None
        ),
    )
    return Section(
        title="Pathologies en cours, antécédents, allergies et facteurs de risque",
        code=Code("46612-8", LOINC, "Conclusions de synthèse"),
        templates=(("1.2.250.1.213.1.1.2.29", ""),),
        sections=(clinical, _risks(content)),
    )


def _risks(content: Vsm) -> Section:
    """Risk factors, which the VSM lets stand as text where nothing of them is coded."""
    blocks: list[Block] = []
    for caption, lines in (
        ("Mode de vie", content.lifestyle),
        ("Facteurs de risques professionnels et autres", content.risks),
        ("Antécédents familiaux", content.family_history),
    ):
        if lines:
            blocks += (paragraph(caption, Style.BOLD), listing(*lines))
    return Section(
        title="Facteurs de risque",
        code=Code("57207-3", LOINC, "Facteurs de risque"),
        templates=(("1.2.250.1.213.1.1.2.31", ""),),
        blocks=tuple(blocks) or (_NOT_STATED,),
    )


def _group(code: str, title: str, template: str, *sections: Section | None) -> Section:
    """A section of sections; without any it says that nothing is stated, which is not "none"."""
    kept = tuple(one for one in sections if one is not None)
    return Section(
        title=title,
        code=Code(code, LOINC, title),
        templates=((template, ""),),
        blocks=() if kept else (_NOT_STATED,),
        sections=kept,
    )


def _to_watch(content: Vsm) -> Section:
    """The section of results, which the VSM asks for and keeps free of codes: the points to watch."""
    return Section(
        title="Points de vigilance",
        code=Code("30954-2", LOINC, "Résultats d'examens"),
        templates=(("1.3.6.1.4.1.19376.1.5.3.1.3.27", ""), ("1.2.250.1.213.1.1.2.150", "")),
        blocks=(listing(*content.attention),) if content.attention else (_NOT_STATED,),
    )


def _measured(code: str, title: str, results: tuple[Result, ...]) -> Section | None:
    """Results or vital signs; None without any."""
    if not results:
        return None
    return Section(
        title=title,
        code=Code(code, LOINC, title),
        blocks=(_results_table(results),),
        entries=tuple(map(_observation, results)),
    )


def _medication(one: Prescribed) -> Medication:
    return Medication(
        name=one.label,
        code=one.codes[0] if one.codes else None,
        others=one.codes[1:],
        dosage=one.dosage,
        start=one.start,
        stop=one.stop,
        is_order=False,
        prescriber=one.prescriber,
    )


def _immunisation(one: Vaccination) -> Immunisation:
    return Immunisation(
        vaccine=one.label,
        given_on=None if one.undated else one.on,
        code=one.codes[0] if one.codes else None,
        others=one.codes[1:],
        lot=one.lot,
        rank=one.rank,
        targets=one.targets,
        performer=one.performer,
    )


def _observation(one: Result) -> Observation:
    code = one.code or Code("", "")
    return Observation(
        code=Code(code.code, code.system, one.label),
        value=_quantity(one.value, one.unit) or one.text,
        at=one.at,
        low=_quantity(one.low, one.unit),
        high=_quantity(one.high, one.unit),
        interpretation=one.interpretation,
    )


def _quantity(number: float | None, unit: str) -> Quantity | None:
    return None if number is None else Quantity(_digits(number), unit or "1")


def _digits(number: float) -> str:
    """A number without exponent: `0.00001`, `71`."""
    digits = format(Decimal(repr(number)), "f")
    return digits.removesuffix(".0")


def _results_table(results: tuple[Result, ...]) -> Block:
    rows = [
        (f"{one.at.astimezone(PARIS):%d/%m/%Y}", one.label, _said(one), _range(one))
        for one in results
    ]
    return table(("Date", "Examen", "Résultat", "Valeurs de référence"), *rows)


def _said(one: Result) -> str:
    """The value with its unit, and in words when it is out of its range: never by colour alone."""
    value = one.text if one.value is None else f"{_french(one.value)} {one.unit}".strip()
    return f"{value}{_MARKS.get(one.interpretation, '')}"


def _range(one: Result) -> str:
    low, high = (None if bound is None else _french(bound) for bound in (one.low, one.high))
    if low is not None and high is not None:
        return f"{low} – {high}"
    return f"> {low}" if low is not None else f"< {high}" if high is not None else ""


def _french(number: float) -> str:
    return _digits(number).replace(".", ",")
