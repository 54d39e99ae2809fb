"""Test whether a record exists and how the caller stands towards it.

DMP TD0.2. Who: professionals, structures, desks, operators, the holder himself. Shows no health content.
"""

from __future__ import annotations

from dataclasses import dataclass

from dmp.acts.act import Act, OfPatient, OfRecord, always
from dmp.acts.work import Work
from dmp.domain.access.actions import Action
from dmp.domain.identifiers import Ins, RecordId
from dmp.domain.identity.caller import Professional
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
    who = work.caller.who
    if not isinstance(who, Professional):
        return AccessStatus(record=work.record)
    return AccessStatus(
        record=work.record,
        authorisation=work.record.authorisation_of(who.id_nat, who.structure.id_nat, work.now),
        is_attending_doctor=work.record.relations.is_attending_doctor(who.id_nat),
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
