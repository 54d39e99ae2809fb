"""What is asked of the access room, and what one rule answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from dmp.domain.access.actions import Action
from dmp.domain.access.filter import DocumentFacts, Scope
from dmp.domain.access.policy import Policy
from dmp.domain.errors import Reason
from dmp.domain.identifiers import Ins
from dmp.domain.identity.caller import Caller
from dmp.domain.record.health_record import HealthRecord


class Duty(StrEnum):
    """What an answer obliges to."""

    NOTIFY_EMERGENCY = "notify-emergency"  # holder and attending doctor told, operator reviews
    TELL_OPERATOR = "tell-operator"  # a ceiling is passed
    WARN_NOT_ANNOUNCED = "warn-not-announced"  # the patient does not know this document yet
    WARN_HIDDEN_FROM_REPRESENTATIVES = "warn-hidden-from-representatives"


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """How many different records the caller and his structure opened, this one not counted.

    `is_new` tells that this record is not among those of the last day already.
    """

    professional_hour: int = 0
    professional_day: int = 0
    structure_hour: int = 0
    structure_day: int = 0
    is_new: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """May this caller do this action on this record, and on this document of it, at this instant?

    `about` is the person named by the request, known or not. `opened` is known where ceilings are set.
    `settles_for_own` marks a search by identifier (TD3.1b): without authorisation the depositor still
    finds his own deposits.
    """

    action: Action
    caller: Caller
    at: datetime
    about: Ins | None = None
    record: HealthRecord | None = None
    document: DocumentFacts | None = None
    opened: Opened | None = None
    settles_for_own: bool = False


class Verdict(NamedTuple):
    """What a rule decided: a reason when it refuses; a scope, and duties, when it permits."""

    reason: Reason | None = None
    scope: Scope | None = None
    duties: tuple[Duty, ...] = ()


Rule = Callable[[Question, Policy], Verdict | None]
"""Passes (None) or decides. Its name and its first sentence are what people are told."""
