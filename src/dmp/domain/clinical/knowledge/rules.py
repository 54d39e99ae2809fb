"""Rules of redundancy and of follow-up, as data with their source."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Weight(StrEnum):
    """How loudly a redundancy is said; none ever blocks."""

    WARN = "warn"
    INFO = "info"


class Comparison(StrEnum):
    """What a redundancy rule compares."""

    LABORATORY = "lab"
    IMAGING = "imaging"
    MEDICINE = "drug"


@dataclass(frozen=True, slots=True, kw_only=True)
class RedundancyRule:
    """One row of the table. `min_days` None: at whatever interval; 0: same day. `codes` in the words of the
    row (`1577`, `580+996`, `ATC level 5`...). `silent_in` are the situations in which it says nothing
    (`ald8`, `ald30`, `pregnancy`, `stay`, `therapy-change`...). `state`: cited, to verify, team default.
    """

    rule_id: str
    comparison: Comparison
    codes: tuple[str, ...]
    label: str
    min_days: float | None
    weight: Weight
    silent_in: tuple[str, ...] = ()
    source: str = ""
    state: str = "cited"


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpRule:
    """What is due, to whom, how often. Ages in months, `every_months` None: once.

    `sex` F, M or empty; `condition` empty for everybody, else `diabetes`, `pregnancy`, `ald30`...;
    `season_from` the month (1 to 12) from which a yearly act is due. `done_by` are codes `system:code`
    or ATC prefixes that show it was done (`loinc:4548-4`, `nabm:1577`, `atc:J07BB`, `ccam:QEQK004`).
    """

    rule_id: str
    label: str
    done_by: tuple[str, ...]
    from_months: int = 0
    to_months: int = 1_800
    sex: str = ""
    condition: str = ""
    every_months: int | None = None
    rank: int = 0
    season_from: int = 0
    source: str = ""
