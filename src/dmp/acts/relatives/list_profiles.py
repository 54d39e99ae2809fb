"""Show a person whose records she may enter besides her own: as a parent, a guardian, a carer.

Who: a person logged in for herself. Administrative data of the persons only, and only of open records
with which a relation is in force: what was, or may be refused, leaves no hint.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

from dmp.acts.act import Act, OfNothing, always
from dmp.acts.work import Work
from dmp.domain.access.actions import Action
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import RecordId
from dmp.domain.identity.caller import Holder
from dmp.domain.identity.patient import Traits
from dmp.domain.record.health_record import HealthRecord, State
from dmp.domain.record.relations import CarerLevel, RepresentationKind


@dataclass(frozen=True, slots=True, kw_only=True)
class ListProfiles:
    """For whoever asks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileAccess:
    """One record that the person may enter: whose, in which relation; a carer at which level.

    `traits` are the holder's; `kind` tells a parent from a guardian; `caring_id` is the carer's relation,
    for him to end it.
    """

    record_id: RecordId
    name: str
    birth_date: date
    relation: Literal["representative", "carer"]
    traits: Traits
    level: CarerLevel | None = None
    kind: RepresentationKind | None = None
    caring_id: UUID | None = None


async def _list(_: ListProfiles, work: Work) -> tuple[ProfileAccess, ...]:
    who = work.caller.who
    if not isinstance(who, Holder):  # the rules let nobody else ask
        raise Refused(Reason.ACT_NOT_ALLOWED)
    records = await work.records.in_whose_relations(who.ins.matricule)
    found = (_access(record, who.ins.matricule, work) for record in records)
    return tuple(
        sorted((one for one in found if one is not None), key=lambda one: (one.name, one.record_id))
    )


def _access(record: HealthRecord, matricule: str, work: Work) -> ProfileAccess | None:
    if record.state is not State.OPEN:
        return None
    caring = record.relations.carer(matricule, work.now) if work.policy.carers else None
    represents = record.is_represented_by(matricule, work.now, work.policy.majority_age)
    if not represents and caring is None:
        return None
    cares = caring if not represents else None
    return ProfileAccess(
        record_id=record.record_id,
        name=record.traits.display,
        birth_date=record.traits.birth_date,
        relation="representative" if represents else "carer",
        level=cares.level if cares is not None else None,
        traits=record.traits,
        kind=_kind(record, matricule, work) if represents else None,
        caring_id=cares.caring_id if cares is not None else None,
    )


def _kind(record: HealthRecord, matricule: str, work: Work) -> RepresentationKind | None:
    """By which right this person represents the holder now."""
    return next(
        (
            relation.kind
            for relation in record.relations.representatives
            if relation.matricule == matricule and relation.in_force(work.now)
        ),
        None,
    )


list_profiles = Act(
    name="list-profiles",
    actions=always(Action.LIST_PROFILES),
    target=lambda _: OfNothing(),
    run=_list,
    reads=True,
)
