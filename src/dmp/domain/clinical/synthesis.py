"""One page of what matters: the view-model of the synthesis, made of the facts that exist for one reader.

Source: design of the zones Z0 to Z7; volet de synthèse médicale (VSM) for its contents.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from dmp.domain.clinical.facts import (
    Agent,
    Allergy,
    Device,
    Imaging,
    Performed,
    Problem,
    Result,
    Source,
    Stay,
    Vaccination,
)


class AlertClass(StrEnum):
    """The word an alert begins with, in the order of severity."""

    CONTRAINDICATION = "Contre-indication"
    ALLERGY = "Allergie"
    CRITICAL = "Critique"
    INTERACTION = "Interaction"
    DUPLICATE = "Doublon"
    DUE = "À faire"


class Proof(NamedTuple):
    """One thing an alert rests on: a label for people, its day, and the sources that prove it."""

    label: str
    on: date | None = None
    sources: tuple[Source, ...] = ()


class Alert(NamedTuple):
    """One alert. `key` is stable over readings (rule and subjects), `rank` smaller is graver.

    `sentence` is one line; `level` as printed by ANSM (`CI`, `ASDEC-PE`...), `mechanism` and `conduct` as
    printed; `edition` cites the reference, `rule_id` the rule. `on` is the day it came to be.
    `side`: shown in the side list only (PE, APEC, information).
    """

    key: str
    alert_class: AlertClass
    sentence: str
    on: date
    rank: int
    rule_id: str
    edition: str
    level: str = ""
    mechanism: str = ""
    conduct: str = ""
    side: bool = False
    proofs: tuple[Proof, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAside:
    """An alert that its reader put aside for himself: why (`known`, `not-relevant`, `discussed`, `error`),
    when, and until when.
    """

    alert: Alert
    reason: str
    since: datetime
    until: datetime


class Supply(NamedTuple):
    """One delivery and the days it covers; `days` were assumed when the posology is not known."""

    on: date
    days: int
    boxes: float = 1
    assumed: bool = True
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Days of a treatment without supply, first and last."""

    start: date
    end: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Treatment:
    """One medicine over time: by its substances (`label` in DCI), its prescriptions and deliveries.

    `key` is the ATC code or the substances; `medicine_keys` those of its products. `critical` marks
    anticoagulants, antiplatelets, insulins, antiepileptics, corticoids, immunosuppressants. `is_current`
    today; `duplicates` the keys of treatments of the same substance or class that overlap with it.
    """

    key: str
    label: str
    name: str
    atc: str = ""
    medicine_keys: tuple[str, ...] = ()
    dosage: str = ""
    prescriber: Agent | None = None
    supplies: tuple[Supply, ...] = ()
    gaps: tuple[Gap, ...] = ()
    start: date | None = None
    end: date | None = None
    is_current: bool = False
    critical: str = ""
    duplicates: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()


class Trend(StrEnum):
    """Where the last value stands."""

    HIGH = "high"
    LOW = "low"
    NORMAL = "normal"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One analyte over time, oldest first; all of `points` are in the unit of the last one.

    `paid_since`: the last test of it that the insurance paid for after the last value.
    """

    code: str
    label: str
    points: tuple[Result, ...]
    trend: Trend = Trend.UNKNOWN
    paid_since: Performed | None = None

    @property
    def last(self) -> Result:
        """The newest value."""
        return self.points[-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """One document added since the reader's last access."""

    document: UUID
    title: str
    on: datetime
    author: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """What follow-up is due or missing; `late` since when, `last` when it was done last."""

    rule_id: str
    label: str
    source: str
    late_since: date | None = None
    last: date | None = None
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Synthesis:
    """Everything the page shows, whole and ordered; the page cuts to what has room.

    `allergies_stated`: silence is not "none". `last_access` is when this reader came last, before today.
    `titles` are the newest documents for zones that have no structured fact (by LOINC or type code).
    """

    at: datetime
    allergies: tuple[Allergy, ...] = ()
    no_known_allergy: tuple[Source, ...] = ()
    alerts: tuple[Alert, ...] = ()
    set_aside: tuple[SetAside, ...] = ()
    evaluated_rules: int = 0
    problems: tuple[Problem, ...] = ()
    past: tuple[Problem, ...] = ()
    treatments: tuple[Treatment, ...] = ()
    series: tuple[Series, ...] = ()
    stays: tuple[Stay, ...] = ()
    imaging: tuple[Imaging, ...] = ()
    vaccinations: tuple[Vaccination, ...] = ()
    performed: tuple[Performed, ...] = ()
    devices: tuple[Device, ...] = ()
    due: tuple[Due, ...] = ()
    news: tuple[News, ...] = ()
    last_access: datetime | None = None
    latest_report_titles: tuple[News, ...] = ()
    latest_laboratory_titles: tuple[News, ...] = ()
    latest_prescription_titles: tuple[News, ...] = ()
    claims_until: date | None = None
    editions: tuple[str, ...] = ()
    blood_group: str = ""
    persons_to_warn: tuple[tuple[str, str, str], ...] = ()
    has_directives: bool | None = None
