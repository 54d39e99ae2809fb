"""Take over who represents a person: a parent until majority, a guardian named by a judge.

CSP R1111-40. Who: the operator, on behalf of civil status, the insurer or the judge's decision.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from dmp.acts.act import Act, OfRecord, always
from dmp.acts.work import Work
from dmp.domain.access.actions import Action
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import Ins, RecordId
from dmp.domain.record.health_record import HealthRecord
from dmp.domain.record.relations import Representation


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclareRepresentative:
    """Who represents the holder from now on, and until when; `end` excluded, None is open."""

    record_id: RecordId
    representative: Ins
    name: str
    end: datetime | None = None


async def _declare(request: DeclareRepresentative, work: Work) -> HealthRecord:
    if request.end is not None and request.end <= work.now:
        raise Refused(Reason.PARAMETER_INVALID, parameter="end", detail="already past")
    relation = Representation(
        matricule=request.representative.matricule,
        name=request.name,
        start=work.now,
        end=request.end,
    )
    relations = work.record.relations
    others = tuple(r for r in relations.representatives if r.matricule != relation.matricule)
    record = replace(work.record, relations=replace(relations, representatives=(*others, relation)))
    work.records.change(record)
    return record


declare_representative = Act(
    name="declare-representative",
    actions=always(Action.DECLARE_REPRESENTATIVE),
    target=lambda request: OfRecord(request.record_id),
    run=_declare,
)
