"""Facts for tests: sources, problems, treatments, results and alerts, valid by default."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from dmp.domain.clinical.facts import (
    Agent,
    Problem,
    Provenance,
    Result,
    Source,
)
from dmp.domain.clinical.synthesis import (
    Alert,
    AlertClass,
    Proof,
    Series,
    Supply,
    Treatment,
    Trend,
    Wording,
    Words,
)
from dmp.domain.codes import LOINC, Code

TODAY = date(2026, 11, 20)
AT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
CIM10 = "2.16.840.1.113883.6.3"
MARTIN = Agent(name="Dr Claire MARTIN", id="810100000701", speciality="Médecine générale")
ROUSSEL = Agent(name="Dr Paul ROUSSEL", id="810100000702", speciality="Cardiologie")
EDITION = "ANSM, Thésaurus des interactions médicamenteuses, 15 septembre 2023"


def a_source(number: int = 1, **changes: Any) -> Source:
    """A structured source in document `number`."""
    values: dict[str, Any] = {
        "provenance": Provenance.STRUCTURED,
        "on": TODAY - timedelta(days=30),
        "document": UUID(int=number),
        "anchor": "11450-4",
        "title": "Volet de synthèse médicale",
        "author": "Dr Claire MARTIN",
        "author_id": MARTIN.id,
        "speciality": "Médecine générale",
    }
    return Source(**{**values, **changes})


def a_claim(**changes: Any) -> Source:
    """A line of the health insurance as source."""
    values: dict[str, Any] = {
        "provenance": Provenance.CLAIMS,
        "document": UUID(int=90),
        "anchor": "10160-0",
        "title": "Données de remboursement",
        "author": "Assurance Maladie",
        "author_id": "",
        "speciality": "",
    }
    return a_source(**{**values, **changes})


def declared() -> Source:
    """Something that the holder entered herself."""
    return Source(provenance=Provenance.DECLARED, on=date(2026, 5, 3), title="Profil")


def a_problem(label: str = "Fibrillation atriale", **changes: Any) -> Problem:
    """A problem with its code."""
    values: dict[str, Any] = {
        "label": label,
        "code": Code("I48", CIM10),
        "since": date(2024, 2, 1),
        "sources": (a_source(1),),
    }
    return Problem(**{**values, **changes})


def some_supplies(
    first: date, number: int, *, days: int = 30, every: int = 30
) -> tuple[Supply, ...]:
    """Deliveries at even intervals."""
    return tuple(
        Supply(on=first + timedelta(days=every * rank), days=days, sources=(a_claim(),))
        for rank in range(number)
    )


def a_treatment(label: str = "Metformine", atc: str = "A10BA02", **changes: Any) -> Treatment:
    """A treatment delivered for six months."""
    values: dict[str, Any] = {
        "key": atc,
        "label": label,
        "name": f"{label} 1000 mg, comprimé",
        "atc": atc,
        "dosage": "1 matin et soir",
        "prescriber": MARTIN,
        "supplies": some_supplies(TODAY - timedelta(days=175), 6),
        "start": TODAY - timedelta(days=175),
        "is_current": True,
        "sources": (a_claim(),),
    }
    return Treatment(**{**values, **changes})


def a_series(
    label: str = "HbA1c",
    code: str = "4548-4",
    values: tuple[float, ...] = (7.1, 7.3, 7.6, 7.9),
    unit: str = "%",
    low: float | None = None,
    high: float | None = 7.0,
    trend: Trend = Trend.HIGH,
) -> Series:
    """An analyte measured every five months, the last time a month ago."""
    last = AT - timedelta(days=30)
    points = tuple(
        Result(
            label=label,
            at=last - timedelta(days=150 * (len(values) - 1 - rank)),
            code=Code(code, LOINC),
            value=value,
            unit=unit,
            low=low,
            high=high,
            sources=(a_source(20 + rank, title="Bilan sanguin", anchor="18725-2"),),
        )
        for rank, value in enumerate(values)
    )
    return Series(code=code, label=label, points=points, trend=trend)


def an_alert(**changes: Any) -> Alert:
    """A contraindication with two proofs."""
    values: dict[str, Any] = {
        "key": "ansm:spironolactone+ramipril",
        "alert_class": AlertClass.CONTRAINDICATION,
        "sentence": "Spironolactone + ramipril, K⁺ 5,4, DFG 48 : risque d’hyperkaliémie",
        "on": TODAY - timedelta(days=12),
        "rank": 1,
        "rule_id": "ansm/spironolactone/iec",
        "edition": EDITION,
        "level": "ASDEC-PE",
        "mechanism": "Risque d’hyperkaliémie, potentiellement létale.",
        "conduct": "Vérifier la kaliémie et la créatininémie chaque semaine le premier mois.",
        "proofs": (
            Proof(label="Ramipril délivré", on=TODAY - timedelta(days=20), sources=(a_claim(),)),
            Proof(label="Kaliémie 5,4", on=TODAY - timedelta(days=30), sources=(a_source(23),)),
        ),
    }
    values |= changes
    written = {name: values.pop(name) for name in Wording._fields if name in values}
    return Alert(**{"side": False, **values}, words=Words(lambda: Wording(**written)))
