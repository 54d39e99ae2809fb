"""Open a record: by its holder online, at a desk, in a pharmacy, by a professional; or by the law.

DMP TD1.1. Who: everybody who may ask it, with the person's recorded consent; the house itself when
six weeks have passed since the information without opposition.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from dmp.acts.act import Act, OfPatient, OfRecord, always
from dmp.acts.counter.counting import count_opening, keep_operation
from dmp.acts.identity.marking import keep_mark
from dmp.acts.life.step import step_of
from dmp.acts.work import Work
from dmp.domain.access.actions import Action
from dmp.domain.counter.operation import Deed
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import Ins, RecordId
from dmp.domain.identity.matching import differences
from dmp.domain.identity.patient import Traits
from dmp.domain.record.health_record import HealthRecord, State, open_existing, opened


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRecord:
    """Whose record, and the consent as it was given, in words; what the person refuses for emergencies.

    What was refused before stays refused: an opening lifts nothing.
    """

    ins: Ins
    traits: Traits
    consent: str
    no_break_glass: bool = False
    no_regulation: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenAnnounced:
    """A record whose six weeks have passed."""

    record_id: RecordId


async def _open_record(request: OpenRecord, work: Work) -> HealthRecord:
    record = _opened(request, work)
    await keep_mark(work, record)
    await count_opening(work, record.record_id, work.known_record)
    await keep_operation(work, Deed.OPENED)
    return record


def _opened(request: OpenRecord, work: Work) -> HealthRecord:
    step = step_of(work, State.OPEN, request.consent)
    known = work.known_record
    if known is None or known.state is State.DESTROYED:
        fresh = opened(RecordId(work.new_uuid()), request.ins, request.traits, step)
        record = _as_wished(fresh, request)
        work.records.create(record)
        work.traced_record = record.record_id
        return record
    wrong = differences(known.traits, request.traits)
    if wrong:
        raise Refused(Reason.IDENTITY_MISMATCH, traits=", ".join(wrong))
    if known.state is not State.OPEN and known.closure is not None:
        raise Refused(
            Reason.TRANSITION_NOT_POSSIBLE, state=known.state.value, wanted=State.OPEN.value
        )
    record = _as_wished(open_existing(known, step), request)
    work.records.change(record)
    return record


def _as_wished(record: HealthRecord, request: OpenRecord) -> HealthRecord:
    """With what the person refuses for emergencies."""
    chosen = record.preferences.emergency
    switches = replace(
        chosen,
        break_glass=chosen.break_glass and not request.no_break_glass,
        regulation=chosen.regulation and not request.no_regulation,
    )
    return replace(record, preferences=replace(record.preferences, emergency=switches))


async def _open_announced(_: OpenAnnounced, work: Work) -> HealthRecord:
    record = open_existing(work.record, step_of(work, State.OPEN))
    work.records.change(record)
    return record


open_record = Act(
    name="open-record",
    actions=always(Action.OPEN_RECORD),
    target=lambda request: OfPatient(request.ins),
    run=_open_record,
    transactions=("TD1.1",),
)

open_announced = Act(
    name="open-announced-record",
    actions=always(Action.OPEN_RECORD),
    target=lambda request: OfRecord(request.record_id),
    run=_open_announced,
)
