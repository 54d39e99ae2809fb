"""Test whether a record exists and how the caller stands towards it.

DMP TD0.2. Who: professionals, structures, desks, operators, the holder himself. Shows no health content.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from dmp.acts.act import Act, OfPatient, OfRecord, always
from dmp.acts.work import Work
from dmp.domain.access.actions import Action
from dmp.domain.identifiers import Ins, RecordId
from dmp.domain.identity.caller import Caller, Coordinator, Professional
from dmp.domain.record.confidences import told_to
from dmp.domain.record.health_record import HealthRecord
from dmp.domain.record.relations import Authorisation


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckAccess:
    """About whom: by INS, or by the identifier of the record."""

    ins: Ins | RecordId


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessStatus:
    """The record, and the caller's standing when he is a professional."""

    record: HealthRecord
    authorisation: Authorisation | None = None
    is_attending_doctor: bool = False


async def _check_access(_: CheckAccess, work: Work) -> AccessStatus:
    return standing(work.record, work.caller, work.now)


def standing(record: HealthRecord, caller: Caller, at: datetime) -> AccessStatus:
    """How a caller stands towards a record, and what of it he is told."""
    who = caller.who
    match who:
        case Professional():
            authorisation = record.authorisation_of(
                who.id_nat, who.structure.id_nat, at, who.capacity
            )
        case Coordinator():
            authorisation = record.authorisation_of(who.id_nat, "", at)
        case _:
            return AccessStatus(record=told_to(record, caller))
    return AccessStatus(
        record=record,
        authorisation=authorisation,
        is_attending_doctor=record.relations.is_attending_doctor(caller.id, at),
    )


check_access = Act(
    name="check-access",
    actions=always(Action.TEST_EXISTENCE),
    target=lambda request: (
        OfPatient(request.ins) if isinstance(request.ins, Ins) else OfRecord(request.ins)
    ),
    run=_check_access,
    reads=True,
    transactions=("TD0.2",),
)
