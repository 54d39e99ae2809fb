"""The seven sections with lines: title, codes, templates and columns, as the format fixes them.

Source: CI-SIS, CNAM-HR 2021.01 (sections FR-Traitements, FR-Vaccinations, FR-Dispositifs-medicaux,
FR-Historique-prises-en-charge-medicales, FR-Actes-et-interventions).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final

from dmp.domain.claims.readable import Heading, HistoryEntry
from dmp.domain.claims.reimbursement import Reimbursement
from dmp.domain.clinical.knowledge.medicines import Medicine
from dmp.domain.codes import LOINC, Code

Templates = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One line in its section: in words, with its anchor there, and whether it falls within a stay."""

    line: Reimbursement
    entry: HistoryEntry
    medicine: Medicine | None
    anchor: str
    in_stay: bool = False


Column = tuple[str, Callable[[Told], str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionModel:
    """One section. `anchor` begins the identifiers of its rows, `nothing` is that of its empty text.

    In the first column, of the day, an H may stand before the day (`marks_stays`).
    """

    heading: Heading
    title: str
    code: Code
    translation: Code | None = None
    templates: Templates
    anchor: str
    nothing: str
    columns: tuple[Column, ...]
    marks_stays: bool = True


def day(value: date) -> str:
    """`26/05/2019`."""
    return f"{value:%d/%m/%Y}"


def quantity(value: float) -> str:
    """A quantity as it is printed: without a fraction that is none."""
    return f"{value:g}"


def _period(told: Told) -> str:
    until = told.entry.until
    return f"du {day(told.line.start)} au {day(until)}" if until else f"le {day(told.line.start)}"


def _delivered_by(told: Told) -> str:
    return told.entry.place or told.entry.performer


def _label(told: Told) -> str:
    """The label, and the code where no reference knows it."""
    entry = told.entry
    return entry.label if entry.is_known else f"{entry.label} ({entry.code})"


_DAY_OF_DELIVERY: Column = ("Date de délivrance", lambda told: day(told.line.start))
_DAY_OF_ACT: Column = ("Date de l'acte", lambda told: day(told.line.start))
_PRESCRIBER: tuple[Column, ...] = (
    ("Prescrit par", lambda told: told.entry.prescriber),
    ("Spécialité du prescripteur", lambda told: told.entry.prescriber_speciality),
    ("Établissement du prescripteur", lambda told: told.entry.prescriber_place),
    ("Délivré par", _delivered_by),
)
_QUANTITY: Column = ("Quantité délivrée", lambda told: quantity(told.line.quantity))
_ACT: tuple[Column, ...] = (
    _DAY_OF_ACT,
    ("Code de l'acte", lambda told: told.entry.code),
    ("Libellé de l'acte", lambda told: told.entry.label),
    ("Réalisé par", lambda told: told.entry.performer),
)
_PLACE: Column = ("Établissement", lambda told: told.entry.place)
LABELS: Final = frozenset(
    (
        "Libellé du médicament",
        "Libellé du vaccin",
        "Libellé du dispositif médical",
        "Nature du séjour",
        "Libellé de l'acte",
    )
)
"""Columns whose cells carry the anchor of the row."""

_ACTS: Final = Code("29554-3", LOINC, "Actes")
_ACT_TEMPLATES: Final = (
    ("1.3.6.1.4.1.19376.1.5.3.1.1.13.2.11", ""),
    ("1.2.250.1.213.1.1.2.118", ""),
)

SECTIONS: Final = (
    SectionModel(
        heading=Heading.MEDICINE,
        title="Médicaments",
        code=Code("10160-0", LOINC, "Médication administrée"),
        templates=(
            ("2.16.840.1.113883.10.20.1.8", ""),
            ("1.3.6.1.4.1.19376.1.5.3.1.3.19", ""),
            ("1.2.250.1.213.1.1.2.143", ""),
        ),
        anchor="MED",
        nothing="NO-TREATMENT",
        columns=(
            _DAY_OF_DELIVERY,
            ("Libellé du médicament", _label),
            ("Groupe thérapeutique", lambda told: told.entry.group),
            (
                "Composants actifs du médicament",
                lambda told: "\n".join(told.medicine.substances) if told.medicine else "",
            ),
            *_PRESCRIBER,
            _QUANTITY,
        ),
    ),
    SectionModel(
        heading=Heading.VACCINE,
        title="Vaccinations",
        code=Code("11369-6", LOINC, "Historique des vaccinations"),
        templates=(
            ("2.16.840.1.113883.10.20.1.6", ""),
            ("1.3.6.1.4.1.19376.1.5.3.1.3.23", ""),
            ("1.2.250.1.213.1.1.2.147", ""),
        ),
        anchor="VAC",
        nothing="NO-VACCIN",
        columns=(
            _DAY_OF_DELIVERY,
            ("Libellé du vaccin", _label),
            ("Valence vaccinale", lambda told: told.entry.group),
            *_PRESCRIBER,
        ),
    ),
    SectionModel(
        heading=Heading.DEVICE,
        title="Dispositifs médicaux",
        code=Code("46264-8", LOINC, "Historique des dispositifs médicaux utilisés"),
        templates=(
            ("2.16.840.1.113883.10.20.1.7", ""),
            ("1.3.6.1.4.1.19376.1.5.3.1.1.5.3.5", ""),
            ("1.2.250.1.213.1.1.2.1", ""),
        ),
        anchor="DM",
        nothing="NO-DM",
        columns=(
            _DAY_OF_DELIVERY,
            ("Libellé du dispositif médical", _label),
            *_PRESCRIBER,
            _QUANTITY,
        ),
    ),
    SectionModel(
        heading=Heading.STAY,
        title="Hospitalisations",
        code=Code("46240-8", LOINC, "Historique des rencontres"),
        templates=(
            ("2.16.840.1.113883.10.20.1.3", ""),
            ("1.3.6.1.4.1.19376.1.5.3.1.1.5.3.3", ""),
            ("1.2.250.1.213.1.1.2.76", ""),
        ),
        anchor="HOSP",
        nothing="NO-ENCOUNTER",
        columns=(
            ("Période du séjour", _period),
            ("Nature du séjour", _label),
            ("Lieu du séjour", lambda told: told.entry.place or told.entry.performer),
        ),
        marks_stays=False,
    ),
    SectionModel(
        heading=Heading.CARE,
        title="Soins médicaux et dentaires",
        code=_ACTS,
        translation=Code("67803-7", LOINC, "Liste des actes"),
        templates=_ACT_TEMPLATES,
        anchor="ACTE",
        nothing="NO-ACT-MED",
        columns=(
            *_ACT,
            ("Spécialité", lambda told: told.entry.performer_speciality),
            _PLACE,
        ),
    ),
    SectionModel(
        heading=Heading.IMAGING,
        title="Radiologie",
        code=_ACTS,
        translation=Code("18726-0", LOINC, "Radiologie"),
        templates=_ACT_TEMPLATES,
        anchor="RAD",
        nothing="NO-ACT-RAD",
        columns=(*_ACT, _PLACE),
    ),
    SectionModel(
        heading=Heading.BIOLOGY,
        title="Biologie",
        code=_ACTS,
        translation=Code("26436-6", LOINC, "Biologie"),
        templates=_ACT_TEMPLATES,
        anchor="BIO",
        nothing="NO-ACT-BIO",
        columns=(*_ACT, _PLACE),
    ),
)
"""In the order of the format; before them stands the section of usage and responsibilities."""
