"""At the holder's majority: what others exercised for him ends, and he is told.

Code civil 388, 414; CSP R1111-40. Who: the calendar. The rights end by the rules at 00:00 local time; this
writes it down. Consents given for the minor are asked again by the rules; a guardian stays until the judge's
decision ends.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from dmp.acts.act import Act, OfRecord, always
from dmp.acts.notices.telling import tell
from dmp.acts.work import Work
from dmp.domain.access.actions import Action
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import RecordId
from dmp.domain.record.calendar import majority_of
from dmp.domain.record.health_record import HealthRecord
from dmp.domain.record.notice import NoticeKind
from dmp.domain.record.relations import Relations, RepresentationKind


@dataclass(frozen=True, slots=True, kw_only=True)
class ReachMajority:
    """Whose record."""

    record_id: RecordId


async def _reach_majority(_: ReachMajority, work: Work) -> HealthRecord:
    majority = majority_of(work.record.traits.birth_date, work.policy.majority_age)
    if work.now < majority:
        raise Refused(Reason.RELATION_NOT_POSSIBLE, detail="the holder is a minor")
    record = replace(work.record, relations=_own_master(work.record.relations, majority))
    work.records.change(record)
    tell(work, NoticeKind.MAJORITY, record.record_id)
    return record


def _own_master(relations: Relations, majority: datetime) -> Relations:
    """The relations without what was arranged for the minor: parents, carers, administrators."""
    return replace(
        relations,
        representatives=tuple(
            replace(r, end=r.end_at(majority)) if r.kind is RepresentationKind.PARENT else r
            for r in relations.representatives
            # A parent's right that would begin after majority is none.
            if r.kind is not RepresentationKind.PARENT or r.start < majority
        ),
        carers=tuple(
            replace(c, end=c.end_at(majority), answer_by=min(c.answer_by, majority))
            if c.start < majority
            else c
            for c in relations.carers
        ),
        administrators=tuple(
            replace(a, end=a.end_at(majority)) if a.start < majority else a
            for a in relations.administrators
        ),
    )


reach_majority = Act(
    name="reach-majority",
    actions=always(Action.REACH_MAJORITY),
    target=lambda request: OfRecord(request.record_id),
    run=_reach_majority,
)
