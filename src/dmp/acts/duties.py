"""What a decision obliges to, written with the act itself: notices, the queue of emergencies, the count of
records opened.
"""

from __future__ import annotations

from collections.abc import Sequence

from dmp.acts.work import Work
from dmp.domain.access.actions import Action
from dmp.domain.access.rules import Duty, Opened
from dmp.domain.identifiers import NO_RECORD, RecordId
from dmp.domain.identity.caller import Coordinator, Professional, Purpose
from dmp.domain.record.emergency_access import EmergencyAccess, access_id
from dmp.domain.record.notice import OPERATOR, Notice, NoticeKind, notice_id

_OPENING = frozenset({Action.FIND_DOCUMENTS, Action.READ_DOCUMENT})


async def opened_lately(work: Work, actions: Sequence[Action]) -> Opened | None:
    """What the caller opened lately, where ceilings are set and this act opens a record."""
    caller, record = work.caller, work.known_record
    if not work.policy.ceilings.are_set or record is None or caller.purpose is not Purpose.NORMAL:
        return None
    if not isinstance(caller.who, Professional | Coordinator) or _OPENING.isdisjoint(actions):
        return None
    structure = caller.who.structure.id_nat
    work.opened = await work.unit.openings.counted(caller.id, structure, record.record_id, work.now)
    return work.opened


def fulfil(work: Work) -> None:
    """Collect what the decision obliges to; it becomes durable with the trace of the act."""
    decision = work.decision
    if decision.permitted and work.opened is not None and work.opened.is_new:
        _count(work)
    for duty in decision.duties:
        if duty is Duty.NOTIFY_EMERGENCY:
            _tell_of_emergency(work)
        elif duty is Duty.TELL_OPERATOR:
            _tell_of_ceiling(work)


def _count(work: Work) -> None:
    structure = work.caller.structure
    work.unit.openings.note(
        work.caller.id,
        structure.id_nat if structure else "",
        work.record.record_id,
        work.now,
    )


def _tell_of_emergency(work: Work) -> None:
    """The operator reviews the access; the holder and the attending doctor are told. CSP R1111-48."""
    caller, who, record = work.caller, work.caller.who, work.record
    if not isinstance(who, Professional):  # the rules give this duty to nobody else
        return
    since = caller.purpose_since or work.now
    access = access_id(record.record_id, caller.id, caller.purpose.value, since)
    work.unit.emergencies.opened(
        EmergencyAccess(
            access_id=access,
            record_id=record.record_id,
            person_id=who.id_nat,
            name=who.name,
            profession=who.profession.display or who.profession.code,
            structure_id=who.structure.id_nat,
            structure_name=who.structure.name,
            purpose=caller.purpose.value,
            motive=caller.motive.value if caller.motive else "",
            reason=caller.purpose_reason,
            opened_at=since,
            ends_at=since + work.policy.emergency,
        )
    )
    doctor = record.relations.attending_doctor
    told = [""]
    if doctor is not None and doctor.in_force(work.now) and doctor.person_id != caller.id:
        told.append(doctor.person_id)
    for addressee in told:
        _give(work, NoticeKind.EMERGENCY_ACCESS, addressee, record.record_id, access)


def _tell_of_ceiling(work: Work) -> None:
    # Once an hour and caller, whichever records: the operator is told, not flooded.
    hour = f"{work.now:%Y-%m-%dT%H}"
    _give(work, NoticeKind.CEILING_PASSED, OPERATOR, NO_RECORD, work.caller.id, hour)


def _give(
    work: Work, kind: NoticeKind, addressee: str, record_id: RecordId, *about: object
) -> None:
    structure, who = work.caller.structure, work.caller.who
    work.notices.add(
        Notice(
            notice_id=notice_id(kind, addressee, *about),
            record_id=record_id,
            at=work.now,
            kind=kind,
            addressee=addressee,
            by=getattr(who, "name", ""),
            place=structure.name if structure else "",
            purpose=work.caller.purpose.value,
            secret=work.caller.secret,
        )
    )
