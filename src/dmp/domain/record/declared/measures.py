"""Measures that a holder takes himself: what can be measured, in which unit, between which bounds.

Bounds say what is impossible, not what is unhealthy. Source: LOINC; mesures of Mon espace santé; OMS (BMI).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum
from typing import Final
from uuid import UUID

from dmp.domain.record.declared.said import NO_LINE, UNSAID, Said


class Measured(StrEnum):
    """One thing that is measured; its value is the word of its address."""

    WEIGHT = "poids"
    HEIGHT = "taille"
    BMI = "imc"
    WAIST = "tour-de-taille"
    BLOOD_PRESSURE = "tension"
    HEART_RATE = "pouls"
    TEMPERATURE = "temperature"
    GLUCOSE = "glycemie"
    HBA1C = "hba1c"
    PAIN = "douleur"
    HEAD = "perimetre-cranien"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """How one thing is measured. `code` is of LOINC, `lowest` and `highest` what is possible, included.

    `decimals` are kept. `second` is the scale of the lower value (blood pressure). `children_only`, and
    `computed`: made from others, never entered.
    """

    label: str
    code: str
    unit: str
    lowest: float
    highest: float
    decimals: int = 0
    second: Scale | None = None
    children_only: bool = False
    computed: bool = False


SCALES: Final[dict[Measured, Scale]] = {
    Measured.WEIGHT: Scale(
        label="Poids", code="29463-7", unit="kg", lowest=0.3, highest=650, decimals=1
    ),
    Measured.HEIGHT: Scale(
        label="Taille", code="8302-2", unit="cm", lowest=20, highest=272, decimals=1
    ),
    Measured.BMI: Scale(
        label="Indice de masse corporelle",
        code="39156-5",
        unit="kg/m²",
        lowest=5,
        highest=200,
        decimals=1,
        computed=True,
    ),
    Measured.WAIST: Scale(
        label="Tour de taille", code="8280-0", unit="cm", lowest=20, highest=300, decimals=1
    ),
    Measured.BLOOD_PRESSURE: Scale(
        label="Tension artérielle, maximale",
        code="8480-6",
        unit="mmHg",
        lowest=40,
        highest=300,
        second=Scale(
            label="Tension artérielle, minimale",
            code="8462-4",
            unit="mmHg",
            lowest=20,
            highest=200,
        ),
    ),
    Measured.HEART_RATE: Scale(
        label="Fréquence cardiaque", code="8867-4", unit="/min", lowest=20, highest=300
    ),
    Measured.TEMPERATURE: Scale(
        label="Température", code="8310-5", unit="°C", lowest=25, highest=45, decimals=1
    ),
    Measured.GLUCOSE: Scale(
        label="Glycémie", code="2339-0", unit="g/L", lowest=0.1, highest=20, decimals=2
    ),
    Measured.HBA1C: Scale(
        label="Hémoglobine glyquée (HbA1c)",
        code="4548-4",
        unit="%",
        lowest=2,
        highest=25,
        decimals=1,
    ),
    Measured.PAIN: Scale(label="Douleur", code="72514-3", unit="/10", lowest=0, highest=10),
    Measured.HEAD: Scale(
        label="Périmètre crânien",
        code="9843-4",
        unit="cm",
        lowest=15,
        highest=75,
        decimals=1,
        children_only=True,
    ),
}
"""What can be measured, in the order in which it is shown."""

CHILD_YEARS: Final = 18
_BMI_OF_DAYS: Final = 366
"""A height of an adult makes a body mass index with a later weight, however old it is; that of a child does
for this long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One measure of one day, at a local hour where it was said, in the unit of its scale.

    `second` is the lower value of a blood pressure.
    """

    line_id: UUID = NO_LINE
    what: Measured
    value: float
    second: float | None = None
    on: date
    at: time | None = None
    said: Said = UNSAID


def in_order(measures: Sequence[Measure]) -> tuple[Measure, ...]:
    """Oldest first; those of one day by their hour."""
    return tuple(sorted(measures, key=lambda one: (one.on, one.at or time.min, one.line_id)))


def body_mass_index(weight: float, height: float) -> float:
    """From kilograms and centimetres, to one decimal."""
    return round(weight / (height / 100) ** 2, 1)


def indexes(measures: Sequence[Measure], birth: date) -> tuple[Measure, ...]:
    """The body mass index of each weight with the last height before it, or of the same day."""
    heights = [one for one in in_order(measures) if one.what is Measured.HEIGHT]
    scale = SCALES[Measured.BMI]
    found = []
    for weight in in_order(measures):
        if weight.what is not Measured.WEIGHT:
            continue
        before = [height for height in heights if height.on <= weight.on]
        if not before or _has_grown_since(before[-1].on, weight.on, birth):
            continue
        value = body_mass_index(weight.value, before[-1].value)
        if scale.lowest <= value <= scale.highest:
            found.append(
                Measure(
                    line_id=weight.line_id,
                    what=Measured.BMI,
                    value=value,
                    on=weight.on,
                    at=weight.at,
                    said=weight.said,
                )
            )
    return tuple(found)


def _has_grown_since(measured: date, now: date, birth: date) -> bool:
    """Whether a height is too old: a child's, measured long before."""
    age = measured.year - birth.year - ((measured.month, measured.day) < (birth.month, birth.day))
    return age < CHILD_YEARS and (now - measured).days > _BMI_OF_DAYS
