"""Alerts that a professional put aside for one patient, with his reason: for himself alone, and for a time.

An alert comes back when what it says changes, and when the time is over. Source: design of alerts (fatigue of
alerts: a coded reason, never a switch for all patients).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Final
from uuid import NAMESPACE_OID, UUID, uuid5

from dmp.domain.clinical.synthesis import Alert, SetAside, Synthesis

LONGEST: Final = timedelta(days=365)
"""After which every alert is shown again."""


class HidingReason(StrEnum):
    """Why an alert is put aside."""

    KNOWN = "known"
    NOT_RELEVANT = "not-relevant"
    DISCUSSED = "discussed"
    ERROR = "error"


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertHidden:
    """One alert put aside by one professional. `facts` is a digest of what it said then."""

    slip_id: UUID
    by: str
    key: str
    facts: str
    reason: HidingReason
    at: datetime
    until: datetime

    def hides(self, alert: Alert, now: datetime) -> bool:
        """Whether it still puts this alert aside: the same alert, which says the same, in time."""
        return self.key == alert.key and self.facts == facts_of(alert) and now < self.until


def hidden_id(by: str, key: str) -> UUID:
    """One for each professional and alert of a record."""
    return uuid5(NAMESPACE_OID, f"dmp-alert-hidden/{by}/{key}")


def facts_of(alert: Alert) -> str:
    """What an alert says, as a digest: its rule, its level, its sentence, and since when it holds."""
    said = "\n".join((alert.key, alert.rule_id, alert.level, alert.sentence, alert.on.isoformat()))
    return sha256(said.encode()).hexdigest()


def without_hidden(synthesis: Synthesis, hidden: Iterable[AlertHidden], now: datetime) -> Synthesis:
    """The synthesis with these alerts put aside; all other facts are as they were."""
    by_key = {one.key: one for one in hidden}
    aside: list[SetAside] = []
    shown: list[Alert] = []
    for alert in synthesis.alerts:
        one = by_key.get(alert.key)
        if one is not None and one.hides(alert, now):
            aside.append(
                SetAside(alert=alert, reason=one.reason.value, since=one.at, until=one.until)
            )
        else:
            shown.append(alert)
    if not aside:
        return synthesis
    return replace(synthesis, alerts=tuple(shown), set_aside=tuple(aside))
