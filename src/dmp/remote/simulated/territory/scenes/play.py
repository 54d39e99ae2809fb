"""Playing the territory: every scene goes through the corridor, at the instant it happened.

Killed and started again it goes on where each record stands: the scenes of a record are in time
order, each leaves its trace in the same commit, and the newest of these traces tells how far it was
played. It may run while visitors already use the demo: a record they changed is left to them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, timedelta
from typing import Final
from uuid import UUID

from dmp.acts.documents.follow_announcement import follow_announcement
from dmp.acts.life.open_record import open_announced
from dmp.acts.other_time import OtherTime
from dmp.acts.perform import perform
from dmp.acts.work import House
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import NO_RECORD, Ins, RecordId
from dmp.domain.journal.event import Trace
from dmp.domain.record.health_record import HealthRecord
from dmp.remote.simulated.territory.cast import cast_people
from dmp.remote.simulated.territory.people import EPOCH, Person
from dmp.remote.simulated.territory.population import PEOPLE, SEED, population
from dmp.remote.simulated.territory.professionals import MEANS
from dmp.remote.simulated.territory.scenes.plot import Scene, Stage
from dmp.remote.simulated.territory.scenes.routine import routine
from dmp.remote.simulated.territory.scenes.scripts import ANCHOR, OPENED, scripted

CONCURRENCY: Final = 24
LOOKED_BACK: Final = 500
"""Traces of a record that are looked through for the last scene."""
_NO_DOCUMENT = UUID(int=0)
_BY_THE_CALENDAR: Final = (
    (open_announced, Reason.RECORD_ALREADY_OPEN),
    (follow_announcement, Reason.CHANGE_NOT_ALLOWED),
)
"""What is refused because the house did it already, when its date came."""


class SceneFailed(RuntimeError):
    """A scene did not end as written; the text names the person's key, the act and the reason."""


@dataclass(slots=True)
class Created:
    """What was done: people looked at, scenes played now, people whose scenes were there already."""

    people: int = 0
    scenes: int = 0
    already: int = 0


def plot(
    seed: int = SEED, people: int = PEOPLE, today: date | None = None
) -> Iterator[tuple[Person, list[Scene]]]:
    """The scenes of everybody, person by person, the cast first; each list oldest first.

    Args:
        seed: another seed draws other people and other care; the cast keeps its identities.
        people: inhabitants, the cast included.
        today: the day on which the territory is created; None is the earliest possible.
    """
    day = max(today or EPOCH, EPOCH)
    cast = cast_people()
    home: dict[str, Person] = {}
    for person in population(seed, people):
        if person.key in cast:
            yield person, scripted(person, cast, seed, day)
            continue
        if not person.parents:
            # A new household begins with its adults: the one before it is complete.
            home = {key: p for key, p in home.items() if _same_home(key, person.key)}
            home[person.key] = person
        yield person, routine(person, home, seed, day)


def _same_home(one: str, other: str) -> bool:
    return one.partition("-")[0] == other.partition("-")[0]


async def create(
    house: House,
    *,
    seed: int = SEED,
    people: int = PEOPLE,
    today: date | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
    concurrency: int = CONCURRENCY,
) -> Created:
    """Create the territory, or go on with its creation; calling it again when it is whole is cheap.

    Args:
        house: the house; its clock is replaced by the instant of each scene.
        seed: of the territory.
        people: inhabitants, the cast included; they are drawn as a stream.
        today: the day on which stories end, by default the house's; a creation that goes on keeps
            the day of the first one.
        progress: called with people done and people in all.
        concurrency: how many records are played at once.

    Raises:
        SceneFailed: a scene did not end as written.
    """
    cast = cast_people()
    total = max(people, len(cast))
    day = await day_of_first_creation(house) or today or house.now().astimezone(UTC).date()
    created = Created()
    waiting = plot(seed, people, day)

    async def player() -> None:
        # One iterator for all: each record is played by one player, in its order.
        for person, scenes in waiting:
            await _play(house, person, scenes, created)
            created.people += 1
            progress(created.people, total)
            await asyncio.sleep(0)

    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(concurrency):
                group.create_task(player())
    except* SceneFailed as failures:
        raise failures.exceptions[0] from None
    return created


async def day_of_first_creation(house: House) -> date | None:
    """The day on which the stories of this house's territory end; None before it is created."""
    record = await _record(house, cast_people()[ANCHOR].ins)
    return None if record is None else record.steps[0].at.date() + timedelta(days=OPENED)


async def _record(house: House, ins: Ins) -> HealthRecord | None:
    unit = house.unit()
    try:
        return await unit.records.by_ins(ins)
    finally:
        await unit.close()


async def _play(house: House, person: Person, scenes: list[Scene], created: Created) -> None:
    record = await _record(house, person.ins)
    record_id = record.record_id if record is not None else NO_RECORD
    left = await _left(house, record_id, scenes) if record is not None else scenes
    if scenes and not left:
        created.already += 1
    for scene in left:
        if record_id == NO_RECORD and scene is not scenes[0]:
            found = await _record(house, person.ins)
            record_id = found.record_id if found is not None else NO_RECORD
        try:
            await _act(house, scene, record_id)
        except SceneFailed:
            # A visitor of the demo may already have closed or changed this record: it is his now.
            if await _traced_by_others(house, record_id):
                return
            raise
        created.scenes += 1


async def _newest_traces(house: House, record_id: RecordId) -> tuple[Trace, ...]:
    unit = house.unit()
    try:
        return (await unit.traces.of_record(record_id, LOOKED_BACK)).traces
    finally:
        await unit.close()


async def _left(house: House, record_id: RecordId, scenes: list[Scene]) -> list[Scene]:
    """The scenes not played yet; none when the traces of others hide how far they were."""
    ours = [t.at for t in await _newest_traces(house, record_id) if t.means == MEANS]
    return [scene for scene in scenes if scene.at > max(ours)] if ours else []


async def _traced_by_others(house: House, record_id: RecordId) -> bool:
    return any(trace.means != MEANS for trace in await _newest_traces(house, record_id))


async def _act(house: House, scene: Scene, record_id: RecordId) -> None:
    document = _NO_DOCUMENT
    if scene.about is not None:
        unit = house.unit()
        try:
            entry = await unit.documents.by_unique_id(scene.about)
        finally:
            await unit.close()
        if entry is None:
            raise SceneFailed(f"{scene.person.key}: {scene.act.name}: its document is not there")
        document = entry.document_id
    then = OtherTime(house, lambda: scene.at)
    try:
        await perform(then, scene.act, scene.request(Stage(record_id, document)), scene.caller)
    except Refused as refused:
        if (scene.act, refused.reason) in _BY_THE_CALENDAR:
            return  # the house's own calendar came first
        if refused.reason is not scene.expected:
            raise SceneFailed(
                f"{scene.person.key}: {scene.act.name}: {refused.reason.value} "
                f"({refused.values.get('field', '')})"
            ) from refused
        return
    if scene.expected is not None:
        raise SceneFailed(f"{scene.person.key}: {scene.act.name} was to be refused")
