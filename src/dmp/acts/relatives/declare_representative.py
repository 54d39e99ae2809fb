"""Take over who represents a person: a parent until majority, a guardian named by a judge.

CSP R1111-40; code civil 371-1, 459. Who: the insurer, its agents at a desk after having seen the papers, or
the operator on behalf of civil status or the judge's decision. Assistance without representation gives no
access: the person acts alone.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from dmp.acts.act import Act, OfRecord, always
from dmp.acts.counter.counting import keep_operation
from dmp.acts.notices.security import tell_holder
from dmp.acts.work import Work
from dmp.domain.access.actions import Action
from dmp.domain.counter.operation import Deed
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import Ins, RecordId
from dmp.domain.identity.caller import DeskAgent, Strength
from dmp.domain.record.calendar import majority_of
from dmp.domain.record.health_record import HealthRecord
from dmp.domain.record.notice import NoticeKind
from dmp.domain.record.relations import Representation, RepresentationKind


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclareRepresentative:
    """Who represents the holder from now on, by which right, and until when; `end` excluded, None is open.

    `proof` names the judge's decision; a guardian needs one. At a desk a parent is proven by papers as well.
    """

    record_id: RecordId
    representative: Ins
    name: str
    end: datetime | None = None
    kind: RepresentationKind = RepresentationKind.PARENT
    proof: str = ""


async def _declare(request: DeclareRepresentative, work: Work) -> HealthRecord:
    _check(request, work)
    relation = Representation(
        matricule=request.representative.matricule,
        name=request.name,
        start=work.now,
        end=_end(request, work),
        kind=request.kind,
        proof=request.proof.strip(),
    )
    relations = work.record.relations
    others = tuple(r for r in relations.representatives if r.matricule != relation.matricule)
    record = replace(work.record, relations=replace(relations, representatives=(*others, relation)))
    work.records.change(record)
    tell_holder(work, NoticeKind.REPRESENTATIVE_DECLARED, relation.matricule, work.now)
    await keep_operation(work, Deed.REPRESENTATIVE_DECLARED)
    return record


def _check(request: DeclareRepresentative, work: Work) -> None:
    if request.end is not None and request.end <= work.now:
        raise Refused(Reason.RELATION_ENDS_BEFORE_START)
    if request.representative == work.record.ins:
        raise Refused(Reason.RELATION_NOT_POSSIBLE, detail="nobody represents himself")
    if isinstance(work.caller.who, DeskAgent):
        _check_at_a_desk(request, work)
    if request.kind is RepresentationKind.GUARDIAN and not request.proof.strip():
        raise Refused(Reason.RELATION_NOT_POSSIBLE, detail="a guardian needs the judge's decision")
    if request.kind is RepresentationKind.PARENT and not work.record.is_minor(
        work.now, work.policy.majority_age
    ):
        raise Refused(Reason.RELATION_NOT_POSSIBLE, detail="the holder is of age")


def _check_at_a_desk(request: DeclareRepresentative, work: Work) -> None:
    """An agent acts in person, on papers that he saw."""
    if work.caller.strength < Strength.INDIVIDUAL:
        raise Refused(Reason.INDIVIDUAL_AUTHENTICATION_REQUIRED)
    if not request.proof.strip():
        raise Refused(Reason.RELATION_NOT_POSSIBLE, detail="an agent names the papers he saw")


def _end(request: DeclareRepresentative, work: Work) -> datetime | None:
    """A parent's right ends at majority by the rule; left open here, the calendar ends it and tells."""
    if request.kind is not RepresentationKind.PARENT or request.end is None:
        return request.end
    majority = majority_of(work.record.traits.birth_date, work.policy.majority_age)
    return request.end if request.end < majority else None


declare_representative = Act(
    name="declare-representative",
    actions=always(Action.DECLARE_REPRESENTATIVE),
    target=lambda request: OfRecord(request.record_id),
    run=_declare,
)
