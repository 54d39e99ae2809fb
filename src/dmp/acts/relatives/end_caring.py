"""End a carer's relation, or withdraw an invitation. The other side is told.

Who: the holder or his representative, of any carer; a carer, of his own relation.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from dmp.acts.act import Act, OfRecord, always
from dmp.acts.notices.telling import tell
from dmp.acts.relatives.invitation import carers_are_admitted
from dmp.acts.work import Work
from dmp.domain.access.actions import Action
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import RecordId
from dmp.domain.identity.caller import Carer
from dmp.domain.record.confidences import told_to
from dmp.domain.record.health_record import HealthRecord
from dmp.domain.record.notice import NoticeKind
from dmp.domain.record.relations import Caring, Invitation


@dataclass(frozen=True, slots=True, kw_only=True)
class EndCaring:
    """Which relation."""

    record_id: RecordId
    caring_id: UUID


_LASTING = (Invitation.PENDING, Invitation.ACCEPTED)


async def _end(request: EndCaring, work: Work) -> HealthRecord:
    carers_are_admitted(work)
    relations = work.record.relations
    found = next((c for c in relations.carers if c.caring_id == request.caring_id), None)
    if found is None or not _is_his_to_end(found, work):
        raise Refused(Reason.RELATION_NOT_POSSIBLE, detail="no such relation in force")
    over = replace(found, end=found.end_at(work.now), answer_by=min(found.answer_by, work.now))
    carers = tuple(over if c.caring_id == over.caring_id else c for c in relations.carers)
    record = replace(work.record, relations=replace(relations, carers=carers))
    work.records.change(record)
    if found.invitation is Invitation.ACCEPTED:
        _tell(found, work)
    return told_to(record, work.caller)


def _is_his_to_end(caring: Caring, work: Work) -> bool:
    if not caring.in_force(work.now) or caring.invitation_at(work.now) not in _LASTING:
        return False
    who = work.caller.who
    return not isinstance(who, Carer) or caring.is_carer(who.ins.matricule, work.now)


def _tell(caring: Caring, work: Work) -> None:
    """The carer when the holder ends it; the holder when the carer does."""
    by_carer = isinstance(work.caller.who, Carer)
    addressee = "" if by_carer else f"ins:{caring.matricule}"
    by = caring.name if by_carer else work.record.traits.display
    kind, record_id = NoticeKind.CARER_ENDED, work.record.record_id
    tell(work, kind, record_id, caring.caring_id, addressee=addressee, by=by)


end_caring = Act(
    name="end-caring",
    actions=always(Action.END_CARING),
    target=lambda request: OfRecord(request.record_id),
    run=_end,
)
