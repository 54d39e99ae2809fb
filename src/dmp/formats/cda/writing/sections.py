"""Sections of facts: the table that people read and the entries that say the same.

Source: CI-SIS section models (problèmes actifs, antécédents, allergies, traitements, actes, dispositifs,
vaccinations), with the section templates of CCD and IHE PCC that they specialise.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from dmp.domain.clinical.facts import Allergy, Device, Performed, Problem
from dmp.domain.codes import LOINC, Code
from dmp.formats.cda.clinical_document import (
    Entry,
    Immunisation,
    Medication,
    NoneKnown,
    Section,
)
from dmp.formats.cda.narrative.blocks import Block, paragraph, table

NONE_KNOWN: Final = "Aucun élément connu"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of section: its LOINC code, its title and its templates."""

    code: str
    title: str
    templates: tuple[str, ...] = ()


PROBLEMS = Kind(
    "11450-4",
    "Problèmes actifs",
    ("2.16.840.1.113883.10.20.1.11", "1.3.6.1.4.1.19376.1.5.3.1.3.6", "1.2.250.1.213.1.1.2.132"),
)
PAST = Kind("11348-0", "Antécédents", ("1.3.6.1.4.1.19376.1.5.3.1.3.8", "1.2.250.1.213.1.1.2.134"))
DIAGNOSES = Kind("11535-2", "Diagnostics de sortie")
PROCEDURES = Kind(
    "47519-4",
    "Historique des actes",
    (
        "2.16.840.1.113883.10.20.1.12",
        "1.3.6.1.4.1.19376.1.5.3.1.3.11",
        "1.3.6.1.4.1.19376.1.5.3.1.3.12",
        "1.2.250.1.213.1.1.2.136",
    ),
)
ACTS = Kind("29554-3", "Actes réalisés")
ALLERGIES = Kind(
    "48765-2",
    "Allergies et intolérances",
    ("2.16.840.1.113883.10.20.1.2", "1.3.6.1.4.1.19376.1.5.3.1.3.13", "1.2.250.1.213.1.1.2.137"),
)
TREATMENTS = Kind(
    "10160-0",
    "Traitements",
    ("2.16.840.1.113883.10.20.1.8", "1.3.6.1.4.1.19376.1.5.3.1.3.19", "1.2.250.1.213.1.1.2.143"),
)
PRESCRIBED = Kind("57828-6", "Prescription de médicaments")
AT_DISCHARGE = Kind("10183-2", "Traitements à la sortie")
STOPPED = Kind("18610-6", "Traitements arrêtés durant le séjour")
DEVICES = Kind(
    "46264-8",
    "Dispositifs médicaux",
    ("2.16.840.1.113883.10.20.1.7", "1.3.6.1.4.1.19376.1.5.3.1.1.5.3.5", "1.2.250.1.213.1.1.2.1"),
)
VACCINATIONS = Kind(
    "11369-6",
    "Vaccinations",
    ("2.16.840.1.113883.10.20.1.6", "1.3.6.1.4.1.19376.1.5.3.1.3.23", "1.2.250.1.213.1.1.2.147"),
)


def problems_section(
    kind: Kind, problems: tuple[Problem, ...], none: NoneKnown | None = None
) -> Section | None:
    """Problems, past or present; with `none` an empty list is said to be none known."""
    rows = [
        (_since(one.since, one.until), one.label, one.code.code if one.code else "")
        for one in problems
    ]
    return _section(kind, ("Date", "Problème", "Code"), rows, problems, none)


def allergies_section(
    allergies: tuple[Allergy, ...], none: NoneKnown | None = None, kind: Kind = ALLERGIES
) -> Section | None:
    """Allergies; with `none` an empty list is said to be none known."""
    rows = [
        (
            one.label,
            one.reaction,
            one.severity,
            "Active" if one.active else "Inactive",
            day(one.since),
        )
        for one in allergies
    ]
    head = ("Agent", "Réaction", "Sévérité", "Statut", "Depuis")
    return _section(kind, head, rows, allergies, none)


def medicines_section(
    kind: Kind, medications: tuple[Medication, ...], none: NoneKnown | None = None
) -> Section | None:
    """Medicines, prescribed or taken; with `none` an empty list is said to be none known."""
    rows = [
        (
            one.name,
            one.dosage,
            _since(one.start, one.stop),
            str(one.repeats) if one.repeats else "",
        )
        for one in medications
    ]
    head = ("Médicament", "Posologie", "Période", "Renouvellements")
    return _section(kind, head, rows, medications, none)


def procedures_section(acts: tuple[Performed, ...], kind: Kind = PROCEDURES) -> Section | None:
    """Acts done, in the past or on this occasion."""
    rows = [(day(one.on), one.label, one.performer.display) for one in acts]
    return _section(kind, ("Date", "Acte", "Exécutant"), rows, acts)


def devices_section(devices: tuple[Device, ...]) -> Section | None:
    """Devices that the person has."""
    rows = [
        (day(one.on), one.label, "" if one.quantity == 1 else f"{one.quantity:g}")
        for one in devices
    ]
    return _section(DEVICES, ("Date", "Dispositif", "Quantité"), rows, devices)


def vaccinations_section(immunisations: tuple[Immunisation, ...]) -> Section | None:
    """Vaccinations done."""
    rows = [
        (
            day(one.given_on) or "date non précisée",
            one.vaccine,
            ", ".join(one.targets),
            one.lot,
            one.rank_words or ("" if one.rank is None else str(one.rank)),
            one.site,
            one.performer.display if one.performer else "",
        )
        for one in immunisations
    ]
    head = ("Date", "Vaccin", "Maladies prévenues", "Lot", "Rang", "Région", "Vaccinateur")
    return _section(VACCINATIONS, head, rows, immunisations)


def titled(section: Section | None, title: str) -> Section | None:
    """The section under another title."""
    return None if section is None else replace(section, title=title)


def _section(
    kind: Kind,
    head: tuple[str, ...],
    rows: Sequence[tuple[str, ...]],
    entries: tuple[Entry, ...],
    none: NoneKnown | None = None,
) -> Section | None:
    if not rows and none is None:
        return None
    # A column in which nothing stands is left out.
    kept = [at for at in range(len(head)) if any(row[at] for row in rows)]
    shown: Block = paragraph(NONE_KNOWN)
    if rows:
        shown = table(
            tuple(head[at] for at in kept), *(tuple(row[at] for at in kept) for row in rows)
        )
    return Section(
        title=kind.title,
        code=Code(kind.code, LOINC, kind.title),
        templates=tuple((root, "") for root in kind.templates),
        blocks=(shown,),
        entries=entries if rows else (none,) if none is not None else (),
    )


def day(on: date | None) -> str:
    """A day for people."""
    return "" if on is None else f"{on:%d/%m/%Y}"


def _since(since: date | None, until: date | None) -> str:
    if since and until:
        return f"du {day(since)} au {day(until)}"
    return f"depuis le {day(since)}" if since else f"jusqu'au {day(until)}" if until else ""
