"""The life of one record: states and transitions. Time is an argument.

    INFORMED --(42 days without opposition)--> OPEN --(closure)--> CLOSED --(10 years)--> DESTROYED
        |                                       |  ^                 |  ^        |
     opposition                                 |  +--reactivation---+  |        | erasure asked
        v                                       |                       |        v
     REFUSED --(the person asks later)--> OPEN  +--erasure asked--> ERASURE_PENDING --> DESTROYED
    SUSPENDED --(42 days without opposition)--> CLOSED

Source: CSP R1111-28 (information, six weeks), R1111-36 (closure, ten years, erasure in three
months, reactivation), R1111-40 (opening).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import Ins, RecordId
from dmp.domain.identity.patient import Traits
from dmp.domain.record.preferences import Preferences
from dmp.domain.record.relations import Authorisation, Relations

OPPOSITION_PERIOD = timedelta(days=42)
ERASURE_DEADLINE_MONTHS = 3
ARCHIVE_YEARS = 10


class State(StrEnum):
    """Where a record is in its life."""

    INFORMED = "informed"
    OPEN = "open"
    REFUSED = "refused"
    SUSPENDED = "suspended"
    CLOSED = "closed"
    ERASURE_PENDING = "erasure-pending"
    DESTROYED = "destroyed"


class Channel(StrEnum):
    """Through which channel a step of the life was asked."""

    ONLINE = "online"  # the holder, logged in
    DESK = "desk"  # an insurer's desk
    PHARMACY = "pharmacy"
    PROFESSIONAL = "professional"
    AUTOMATIC = "automatic"  # after information and six weeks
    OPERATOR = "operator"


class ClosingMotive(StrEnum):
    """Why a record was closed."""

    HOLDER_REQUEST = "holder-request"
    REPRESENTATIVE_REQUEST = "representative-request"
    DEATH = "death"
    FRAUD = "fraud"
    MALFUNCTION = "malfunction"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of the life: who did it, when, by which channel.

    `consent` is the consent as recorded, in words ("oral, à l'officine"), empty when the step needs none.
    """

    state: State
    at: datetime
    by: str
    by_name: str
    channel: Channel
    consent: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Closure:
    """When and why a record was closed, and until when it is kept."""

    at: datetime
    motive: ClosingMotive
    reason: str
    archive_until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthRecord:
    """One record with the holder's choices and everybody's relations. Not its documents.

    `version` grows with each change and guards against two changes at once.
    """

    record_id: RecordId
    ins: Ins
    traits: Traits
    state: State
    steps: tuple[Step, ...]
    preferences: Preferences = field(default_factory=Preferences)
    relations: Relations = field(default_factory=Relations)
    closure: Closure | None = None
    erase_by: datetime | None = None
    version: int = 1

    @property
    def due_at(self) -> datetime | None:
        """When the law moves this record by itself, or None."""
        match self.state:
            case State.INFORMED | State.SUSPENDED:
                return self.steps[-1].at + OPPOSITION_PERIOD
            case State.CLOSED:
                return self.closure.archive_until if self.closure else None
            case State.ERASURE_PENDING:
                return self.erase_by
            case _:
                return None

    def authorisation_of(self, person_id: str, structure_id: str, at: datetime) -> Authorisation:
        """Status of a professional's authorisation, as TD0.2 answers it."""
        if self.preferences.blocked(person_id):
            return Authorisation.FORBIDDEN
        if self.relations.sees_everything(person_id):
            return Authorisation.VALID
        if self.relations.consent_for(person_id, structure_id, at):
            return Authorisation.VALID
        if self.relations.had_consent(person_id, structure_id):
            return Authorisation.EXPIRED
        return Authorisation.NONE


def years_after(start: datetime, years: int) -> datetime:
    """The same day `years` later; 29 February becomes 28 February."""
    try:
        return start.replace(year=start.year + years)
    except ValueError:
        return start.replace(year=start.year + years, day=28)


def months_after(start: datetime, months: int) -> datetime:
    """The same day `months` later, or the last day of a shorter month (31 January → 28 February)."""
    total = start.month - 1 + months
    year, month = start.year + total // 12, total % 12 + 1
    for day in range(start.day, 27, -1):
        try:
            return start.replace(year=year, month=month, day=day)
        except ValueError:
            continue
    return start.replace(year=year, month=month)


def informed(record_id: RecordId, ins: Ins, traits: Traits, step: Step) -> HealthRecord:
    """A person told that a record will open in six weeks unless she objects."""
    return HealthRecord(
        record_id=record_id,
        ins=ins,
        traits=traits,
        state=State.INFORMED,
        steps=(replace(step, state=State.INFORMED),),
    )


def opened(record_id: RecordId, ins: Ins, traits: Traits, step: Step) -> HealthRecord:
    """A record opened at once, with the recorded consent. Raises Refused: CONSENT_MISSING."""
    _need_consent(step)
    return HealthRecord(
        record_id=record_id,
        ins=ins,
        traits=traits,
        state=State.OPEN,
        steps=(replace(step, state=State.OPEN),),
    )


def _need_consent(step: Step) -> None:
    if step.channel is not Channel.AUTOMATIC and not step.consent.strip():
        raise Refused(Reason.CONSENT_MISSING)


def _moved(record: HealthRecord, to: State, step: Step, *allowed: State) -> HealthRecord:
    if record.state not in allowed:
        raise Refused(Reason.TRANSITION_NOT_POSSIBLE, state=record.state.value, wanted=to.value)
    return replace(record, state=to, steps=(*record.steps, replace(step, state=to)))


def open_existing(record: HealthRecord, step: Step) -> HealthRecord:
    """Open a record that was announced or refused.

    Automatic opening waits for the end of the six weeks.
    Raises Refused: RECORD_ALREADY_OPEN, CONSENT_MISSING, TRANSITION_NOT_POSSIBLE.
    """
    if record.state is State.OPEN:
        raise Refused(Reason.RECORD_ALREADY_OPEN)
    _need_consent(step)
    if step.channel is Channel.AUTOMATIC:
        due = record.due_at
        if record.state is not State.INFORMED or due is None or step.at < due:
            raise Refused(
                Reason.TRANSITION_NOT_POSSIBLE, state=record.state.value, wanted=State.OPEN.value
            )
    return _moved(record, State.OPEN, step, State.INFORMED, State.REFUSED)


def refuse(record: HealthRecord, step: Step) -> HealthRecord:
    """The person objects during the six weeks. Raises Refused: TRANSITION_NOT_POSSIBLE."""
    return _moved(record, State.REFUSED, step, State.INFORMED)


def refused(record_id: RecordId, ins: Ins, traits: Traits, step: Step) -> HealthRecord:
    """A person who objects before any record was announced."""
    return HealthRecord(
        record_id=record_id,
        ins=ins,
        traits=traits,
        state=State.REFUSED,
        steps=(replace(step, state=State.REFUSED),),
    )


def suspend(record: HealthRecord, step: Step) -> HealthRecord:
    """The operator suspends for fraud or malfunction. Raises Refused: TRANSITION_NOT_POSSIBLE."""
    return _moved(record, State.SUSPENDED, step, State.OPEN)


def close(record: HealthRecord, step: Step, motive: ClosingMotive, reason: str) -> HealthRecord:
    """Close a record: archived ten years, shown to nobody. Raises Refused: TRANSITION_NOT_POSSIBLE."""
    moved = _moved(record, State.CLOSED, step, State.OPEN, State.SUSPENDED)
    closure = Closure(
        at=step.at,
        motive=motive,
        reason=reason,
        archive_until=years_after(step.at, ARCHIVE_YEARS),
    )
    return replace(moved, closure=closure)


def reopen(record: HealthRecord, step: Step) -> HealthRecord:
    """Reactivate: everything archived is there again, choices and relations included.

    A pending erasure is cancelled by it. Raises Refused: CONSENT_MISSING, TRANSITION_NOT_POSSIBLE.
    """
    _need_consent(step)
    moved = _moved(record, State.OPEN, step, State.CLOSED, State.SUSPENDED, State.ERASURE_PENDING)
    return replace(moved, closure=None, erase_by=None)


def ask_erasure(record: HealthRecord, step: Step) -> HealthRecord:
    """The holder asks for the destruction: done within three months, cancellable until then.

    Raises Refused: TRANSITION_NOT_POSSIBLE.
    """
    moved = _moved(record, State.ERASURE_PENDING, step, State.OPEN, State.CLOSED)
    closure = moved.closure or Closure(
        at=step.at,
        motive=ClosingMotive.HOLDER_REQUEST,
        reason="",
        archive_until=years_after(step.at, ARCHIVE_YEARS),
    )
    return replace(moved, closure=closure, erase_by=months_after(step.at, ERASURE_DEADLINE_MONTHS))


def cancel_erasure(record: HealthRecord, step: Step) -> HealthRecord:
    """The holder changes his mind: closed again, not destroyed. Raises Refused: TRANSITION_NOT_POSSIBLE."""
    moved = _moved(record, State.CLOSED, step, State.ERASURE_PENDING)
    return replace(moved, erase_by=None)


def destroyed(record: HealthRecord, step: Step) -> HealthRecord:
    """The end: allowed when the archive or the erasure is due. Raises Refused: TRANSITION_NOT_POSSIBLE."""
    due = record.due_at
    if due is None or step.at < due:
        raise Refused(
            Reason.TRANSITION_NOT_POSSIBLE, state=record.state.value, wanted=State.DESTROYED.value
        )
    return _moved(record, State.DESTROYED, step, State.CLOSED, State.ERASURE_PENDING)
