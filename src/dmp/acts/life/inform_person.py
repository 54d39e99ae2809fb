"""Record that a person was told: a record opens in six weeks unless she objects.

Source: CSP R1111-28. Who: the insurer's desk, the operator.
"""

from __future__ import annotations

from dataclasses import dataclass

from dmp.acts.act import Act, OfPatient, always
from dmp.acts.counter.counting import keep_operation
from dmp.acts.identity.marking import keep_mark
from dmp.acts.life.step import step_of
from dmp.acts.work import Work
from dmp.domain.access.actions import Action
from dmp.domain.counter.operation import Deed
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import Ins, RecordId
from dmp.domain.identity.patient import Traits
from dmp.domain.record.health_record import HealthRecord, State, informed


@dataclass(frozen=True, slots=True, kw_only=True)
class InformPerson:
    """Who was informed."""

    ins: Ins
    traits: Traits


async def _inform_person(request: InformPerson, work: Work) -> HealthRecord:
    known = work.known_record
    if known is not None:
        raise Refused(
            Reason.TRANSITION_NOT_POSSIBLE, state=known.state.value, wanted=State.INFORMED.value
        )
    await keep_operation(work, Deed.INFORMED)
    step = step_of(work, State.INFORMED)
    record = informed(RecordId(work.new_uuid()), request.ins, request.traits, step)
    work.records.create(record)
    await keep_mark(work, record)
    work.traced_record = record.record_id
    return record


inform_person = Act(
    name="inform-person",
    actions=always(Action.INFORM_PERSON),
    target=lambda request: OfPatient(request.ins),
    run=_inform_person,
)
