"""Give a professional the attending doctor's rights over the record, or take them back.

CSP R1111-54. Who: the holder, his representative; only of somebody who has an access already. Each sees
the types of his own profession: to be an administrator opens masks, blocks and traces, not the matrix.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from dmp.acts.act import Act, OfRecord, always
from dmp.acts.work import Work
from dmp.domain.access.actions import Action
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import RecordId
from dmp.domain.record.calendar import majority_of
from dmp.domain.record.confidences import told_to
from dmp.domain.record.health_record import HealthRecord
from dmp.domain.record.relations import Administration, Authorisation


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointAdministrator:
    """Whom: PS_IdNat and the name the holder knows him by. `days` None is until further notice."""

    record_id: RecordId
    person_id: str
    name: str
    days: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DismissAdministrator:
    """Whom."""

    record_id: RecordId
    person_id: str


async def _appoint(request: AppointAdministrator, work: Work) -> HealthRecord:
    if not request.person_id.strip():
        raise Refused(Reason.PARAMETER_MISSING, parameter="professional")
    # A team's agreement is no one's in particular: it does not make its members administrators.
    # Of an agreement in a minor's secret session who acts for him is told nothing, by a refusal neither.
    known = told_to(work.record, work.caller)
    standing = known.authorisation_of(request.person_id, "", work.now)
    if standing is not Authorisation.VALID:
        raise Refused(
            Reason.RELATION_NOT_POSSIBLE, detail="this professional has no access in force"
        )
    appointed = Administration(
        person_id=request.person_id,
        name=request.name,
        start=work.now,
        end=_end(request, work),
    )
    return _changed(work, (*_without(request.person_id, work), appointed))


def _end(request: AppointAdministrator, work: Work) -> datetime | None:
    """Until when; what is given for a minor ends at majority."""
    longest = work.rules.consent_days
    if request.days is not None and not 1 <= request.days <= longest:
        raise Refused(
            Reason.PARAMETER_INVALID, parameter="days", detail=f"from 1 to {longest} days"
        )
    end = None if request.days is None else work.now + timedelta(days=request.days)
    majority = majority_of(work.record.traits.birth_date, work.policy.majority_age)
    if work.now >= majority:
        return end
    return majority if end is None else min(end, majority)


async def _dismiss(request: DismissAdministrator, work: Work) -> HealthRecord:
    if not work.record.relations.is_administrator(request.person_id, work.now):
        raise Refused(Reason.RELATION_NOT_POSSIBLE, detail="this professional is no administrator")
    return _changed(work, _without(request.person_id, work))


def _without(person_id: str, work: Work) -> tuple[Administration, ...]:
    """The administrators of the record, with what this professional was ended now."""
    return tuple(
        replace(a, end=a.end_at(work.now))
        if a.person_id == person_id and a.in_force(work.now)
        else a
        for a in work.record.relations.administrators
    )


def _changed(work: Work, administrators: tuple[Administration, ...]) -> HealthRecord:
    relations = replace(work.record.relations, administrators=administrators)
    record = replace(work.record, relations=relations)
    work.records.change(record)
    return told_to(record, work.caller)


appoint_administrator = Act(
    name="appoint-administrator",
    actions=always(Action.APPOINT_ADMINISTRATOR),
    target=lambda request: OfRecord(request.record_id),
    run=_appoint,
    detail=lambda request: request.name,
)

dismiss_administrator = Act(
    name="dismiss-administrator",
    actions=always(Action.DISMISS_ADMINISTRATOR),
    target=lambda request: OfRecord(request.record_id),
    run=_dismiss,
)
