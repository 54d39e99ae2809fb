"""Do what the law set a date for: open, close, destroy, majority, announcements. Each is an act of its own,
traced.
"""

from __future__ import annotations

from uuid import UUID

from dmp.acts.documents.follow_announcement import FollowAnnouncement, follow_announcement
from dmp.acts.life.close_record import CloseRecord, close_record
from dmp.acts.life.erase_record import EraseRecord, destroy_record
from dmp.acts.life.open_record import OpenAnnounced, open_announced
from dmp.acts.life.reach_majority import ReachMajority, reach_majority
from dmp.acts.perform import perform
from dmp.acts.work import House
from dmp.domain.errors import Refused
from dmp.domain.identifiers import RecordId
from dmp.domain.identity.caller import Caller, Door, Strength, SystemJob
from dmp.domain.record.health_record import ClosingMotive, HealthRecord, State

CALENDAR = Caller(
    who=SystemJob(name="calendar"),
    strength=Strength.INDIVIDUAL,
    door=Door.JOB,
    means="house",
)
"""The house itself, acting because a date has come."""

BATCH = 200


async def move_due_records(house: House) -> int:
    """Move every record whose date has come; returns how many moved.

    A record that another change took meanwhile is left for the next time.
    """
    moved = 0
    for record in await _due(house):
        try:
            await _move(house, record)
        except Refused:  # traced by the corridor; the record changed meanwhile
            continue
        moved += 1
    return moved


async def _due(house: House) -> list[HealthRecord]:
    unit = house.unit()
    try:
        return list(await unit.records.due(house.now(), BATCH))
    finally:
        await unit.close()


async def _move(house: House, record: HealthRecord) -> None:
    match record.state:
        case State.INFORMED:
            await perform(
                house, open_announced, OpenAnnounced(record_id=record.record_id), CALENDAR
            )
        case State.OPEN:
            await perform(
                house, reach_majority, ReachMajority(record_id=record.record_id), CALENDAR
            )
        case State.SUSPENDED:
            request = CloseRecord(record_id=record.record_id, motive=ClosingMotive.MALFUNCTION)
            await perform(house, close_record, request, CALENDAR)
        case State.CLOSED | State.ERASURE_PENDING:
            await perform(house, destroy_record, EraseRecord(record_id=record.record_id), CALENDAR)
        case _:
            return


async def follow_due_announcements(house: House) -> int:
    """Follow every document hidden from its patient for which a date has come; returns how many.

    What another change took meanwhile, or stands in a record that is not open, is left as it is.
    """
    followed = 0
    for record_id, document in await _awaiting(house):
        request = FollowAnnouncement(document=document, within=record_id)
        try:
            await perform(house, follow_announcement, request, CALENDAR)
        except Refused:  # traced by the corridor
            continue
        followed += 1
    return followed


async def _awaiting(house: House) -> list[tuple[RecordId, UUID]]:
    unit = house.unit()
    try:
        return list(await unit.documents.awaiting(house.now(), BATCH))
    finally:
        await unit.close()
