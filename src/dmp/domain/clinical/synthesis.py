"""One page of what matters: the view-model of the synthesis, made of the facts that exist for one reader.

Source: design of the zones Z0 to Z7; volet de synthèse médicale (VSM) for its contents.
"""

from __future__ import annotations

from collections.abc import Callable
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


class Wording(NamedTuple):
    """What an alert says. `sentence` is one line; `edition` cites the reference; `level` as printed by ANSM
    (`CI`, `ASDEC-PE`...), `mechanism` and `conduct` as printed.
    """

    sentence: str
    edition: str
    level: str = ""
    mechanism: str = ""
    conduct: str = ""
    proofs: tuple[Proof, ...] = ()


class Words:
    """A wording that is written when it is first read: of the hundreds of alerts of a record a page shows few.

    Equal to another that says the same, written or not.
    """

    __slots__ = ("_said", "_write")

    def __init__(self, write: Callable[[], Wording]) -> None:
        self._write: Callable[[], Wording] | None = write
        self._said: Wording | None = None

    def read(self) -> Wording:
        """The wording, the same each time."""
        if self._said is None and self._write is not None:
            self._said = self._write()
            self._write = None  # and what it was written from is let go
        assert self._said is not None  # noqa: S101  # there is one of the two
        return self._said

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Words) and self.read() == other.read()

    def __hash__(self) -> int:
        return hash(self.read())

    def __repr__(self) -> str:
        return repr(self.read())


class Alert(NamedTuple):
    """One alert. `key` is stable over readings (rule and subjects), `rank` smaller is graver, `rule_id` the
    rule. `on` is the day it came to be. `side`: shown in the side list only (PE, APEC, information).
    """

    key: str
    alert_class: AlertClass
    on: date
    rank: int
    rule_id: str
    side: bool
    words: Words

    @property
    def sentence(self) -> str:
        """In one line."""
        return self.words.read().sentence

    @property
    def edition(self) -> str:
        """The reference, as it is cited."""
        return self.words.read().edition

    @property
    def level(self) -> str:
        """As printed by ANSM; empty for what is no interaction."""
        return self.words.read().level

    @property
    def mechanism(self) -> str:
        """As printed; empty where nothing is."""
        return self.words.read().mechanism

    @property
    def conduct(self) -> str:
        """What to do, as printed; empty where nothing is."""
        return self.words.read().conduct

    @property
    def proofs(self) -> tuple[Proof, ...]:
        """What it rests on."""
        return self.words.read().proofs


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


class Gap(NamedTuple):
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Pregnancy:
    """How far a pregnancy is that is stated and not over: completed weeks without periods (SA) `on` a day, with
    the sources of what dates it.
    """

    stated: Problem
    weeks: int
    on: date
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
    pregnancy: Pregnancy | None = None
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
    latest_optical_titles: tuple[News, ...] = ()
    """The last prescriptions of lenses, as far as can be told, and of orthoptic care."""
    latest_sight_titles: tuple[News, ...] = ()
    """The last other documents about the eyes."""
    claims_until: date | None = None
    editions: tuple[str, ...] = ()
    blood_group: str = ""
    persons_to_warn: tuple[tuple[str, str, str], ...] = ()
    has_directives: bool | None = None
