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
from dmp.domain.identity.capacity import Capacity
from dmp.domain.identity.patient import Traits
from dmp.domain.record.calendar import MAJORITY_AGE, majority_of, months_after, years_after
from dmp.domain.record.preferences import Preferences
from dmp.domain.record.relations import (
    Authorisation,
    Consent,
    Relations,
    RepresentationKind,
)

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
            case State.OPEN:
                return self._majority_to_come
            case State.CLOSED:
                return self.closure.archive_until if self.closure else None
            case State.ERASURE_PENDING:
                return self.erase_by
            case _:
                return None

    @property
    def _majority_to_come(self) -> datetime | None:
        """The holder's majority, while a parent's right is written down beyond it."""
        majority = majority_of(self.traits.birth_date)
        beyond = any(
            r.kind is RepresentationKind.PARENT and (r.end is None or r.end > majority)
            for r in self.relations.representatives
        )
        return majority if beyond else None

    def is_minor(self, at: datetime, majority_age: int = MAJORITY_AGE) -> bool:
        """Whether the holder is a minor at that instant."""
        return at < majority_of(self.traits.birth_date, majority_age)

    def is_represented_by(
        self, matricule: str, at: datetime, majority_age: int = MAJORITY_AGE
    ) -> bool:
        """Whether this person exercises the holder's rights: a parent until majority, whatever is written."""
        return any(
            r.matricule == matricule
            and r.in_force(at)
            and (r.kind is not RepresentationKind.PARENT or self.is_minor(at, majority_age))
            for r in self.relations.representatives
        )

    def consent_in_force(
        self,
        person_id: str,
        structure_id: str,
        at: datetime,
        capacity: Capacity = Capacity.CARE,
    ) -> Consent | None:
        """The consent by which this professional may consult in this capacity, or None.

        What was agreed while the holder was a minor is asked again at majority.
        """
        for consent in self.relations.consents_to(person_id, structure_id):
            if (
                consent.concerns(person_id, structure_id, capacity)
                and consent.in_force(at)
                and (
                    consent.start >= (majority := majority_of(self.traits.birth_date))
                    or at < majority
                )
            ):
                return consent
        return None

    def authorisation_of(
        self,
        person_id: str,
        structure_id: str,
        at: datetime,
        capacity: Capacity = Capacity.CARE,
    ) -> Authorisation:
        """Status of a professional's authorisation, as TD0.2 answers it."""
        if self.preferences.blocked(person_id, at):
            return Authorisation.FORBIDDEN
        if capacity is Capacity.CARE and self.relations.is_attending_doctor(person_id, at):
            return Authorisation.VALID
        if self.consent_in_force(person_id, structure_id, at, capacity):
            return Authorisation.VALID
        if any(
            c.concerns(person_id, structure_id, capacity) and c.start <= at
            for c in self.relations.consents
        ):
            return Authorisation.EXPIRED
        return Authorisation.NONE


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


def _not_after_death(record: HealthRecord, step: Step) -> None:
    """After a death nobody acts online in the place of the deceased; a desk can mend an error."""
    closed_by_death = record.closure is not None and record.closure.motive is ClosingMotive.DEATH
    if closed_by_death and step.channel is Channel.ONLINE:
        raise Refused(Reason.RECORD_CLOSED)


def reopen(record: HealthRecord, step: Step) -> HealthRecord:
    """Reactivate: everything archived is there again, choices and relations included.

    A pending erasure is cancelled by it. Raises Refused: CONSENT_MISSING, TRANSITION_NOT_POSSIBLE;
    RECORD_CLOSED online after a death.
    """
    _not_after_death(record, step)
    _need_consent(step)
    moved = _moved(record, State.OPEN, step, State.CLOSED, State.SUSPENDED, State.ERASURE_PENDING)
    return replace(moved, closure=None, erase_by=None)


def ask_erasure(record: HealthRecord, step: Step) -> HealthRecord:
    """The holder asks for the destruction: done within three months, cancellable until then.

    Raises Refused: TRANSITION_NOT_POSSIBLE; RECORD_CLOSED online after a death.
    """
    _not_after_death(record, step)
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
