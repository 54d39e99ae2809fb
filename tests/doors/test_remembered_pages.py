"""A page that was drawn before is the page that would be drawn now, whoever asks and whatever changed since.

One house remembers, another changes what it likes beside it. After each change every reader's page is asked of
the house as it is, then again once it has forgotten everything: status, headers and octets are the same.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from itertools import count
from pathlib import Path
from random import Random

import pytest

from dmp.acts.documents.update_metadata import Change
from dmp.acts.sharing.block_professional import (
    BlockProfessional,
    UnblockProfessional,
    block_professional,
    unblock_professional,
)
from dmp.acts.sharing.grant_consent import GrantConsent, grant_consent
from dmp.acts.sharing.withdraw_consent import WithdrawConsent, withdraw_consent
from dmp.acts.synthesis.read_synthesis import ReadSynthesis, read_synthesis
from dmp.bootstrap.knowledge import shipped_knowledge
from dmp.domain.errors import Reason, Refused
from dmp.domain.identity.caller import Caller, Purpose
from dmp.domain.record.preferences import Audience, Covered
from dmp.entrypoints.web.synthesis import boards
from dmp.storage.postgres.cellar import Remembered
from tests.doors import family as cast
from tests.doors import hiding, steps
from tests.doors.family import Family, emergency, known, logged_in
from tests.doors.papers import KNOWLEDGE
from tests.doors.questions import reference
from tests.doors.steps import Tale, begun
from tests.doors.world import BEGINNING, Answer, Doors, opened

Changing = Callable[[Tale], Awaitable[None]]
RANK = 700
"""Of the family of this story: no other has it."""


async def masked(tale: Tale) -> None:
    await tale.changes(tale.people.holder, tale.entries[1], Change.MASK)


async def shown(tale: Tale) -> None:
    await tale.changes(tale.people.holder, tale.entries[1], Change.UNMASK)


async def kept_from_the_specialist(tale: Tale) -> None:
    target = str(tale.entries[2].document_id)
    await tale.keeps(Audience.PROFESSIONAL, cast.SPECIALIST.id_nat, Covered.DOCUMENT, target)


async def blocked(tale: Tale) -> None:
    who = cast.SPECIALIST
    request = BlockProfessional(record_id=tale.record_id, person_id=who.id_nat, name=who.name)
    await tale.do(block_professional, request, tale.people.holder)


async def unblocked(tale: Tale) -> None:
    who = cast.SPECIALIST.id_nat
    request = UnblockProfessional(record_id=tale.record_id, person_id=who)
    await tale.do(unblock_professional, request, tale.people.holder)


async def agreed(tale: Tale) -> None:
    await tale.do(grant_consent, GrantConsent(record_id=tale.record_id), known(cast.SPECIALIST))


async def withdrawn(tale: Tale) -> None:
    who = cast.SPECIALIST.id_nat
    request = WithdrawConsent(record_id=tale.record_id, grantee_id=who)
    await tale.do(withdraw_consent, request, tale.people.holder)


async def midnight(tale: Tale) -> None:
    tale.world.move_to(tale.world.at + timedelta(days=1))


async def five_weeks(tale: Tale) -> None:
    """What waited for its announcement is seen by the girl."""
    tale.world.move_to(tale.world.at + timedelta(days=35))


async def a_year(tale: Tale) -> None:
    """Consents have run out."""
    tale.world.move_to(tale.world.at + timedelta(days=366))


CHANGES: tuple[Changing, ...] = (
    masked, shown, kept_from_the_specialist, blocked, unblocked, agreed, withdrawn, agreed, midnight,
    five_weeks, steps.results, steps.a_report, steps.not_announced_yet, steps.hidden_from_the_parents,
    steps.deleted_by_its_author, steps.the_profile_is_filled, steps.fed, steps.fed_and_masked,
    hiding.another_puts_alerts_aside, hiding.a_space_of_her_own,
)  # fmt: skip


def _readers(people: Family) -> dict[str, Caller]:
    return {
        "/pro/patients/{patient}/synthese": known(cast.SPECIALIST),
        "/pro/patients/{patient}/synthese.txt": known(cast.NURSE),
        "/pro/patients/{patient}/alertes": known(cast.SPECIALIST),
        "/pro/patients/{patient}/traitements": known(cast.GP),
        "/pro/patients/{patient}/synthese?": known(cast.GP),
        "/espace/{record}/ma-sante": people.holder,
        "/espace/{record}/resultats": people.parent,
    }


async def _page(doors: Doors, tale: Tale, path: str, reader: Caller) -> Answer:
    identity = logged_in(reader, tale.people)
    assert identity is not None
    cookie = await doors.logged_in(identity)
    path = path.format(patient=reference(tale, reader), record=tale.record_id)
    return (await doors.ask("GET", path, headers=cookie))[0]


def _forgets(doors: Doors) -> None:
    doors.world.remembered = Remembered(100)
    boards.forget()


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1])
def test_whatever_changes_a_page_is_what_it_would_be_if_nothing_were_remembered(
    seed: int, two_databases: tuple[str, str], worlds: Path
) -> None:
    order = list(CHANGES)
    Random(seed).shuffle(order)  # noqa: S311  # an order of changes, no secret

    async def story() -> None:
        async with (
            opened(two_databases[0], worlds / "a", BEGINNING) as doors,
            opened(two_databases[0], worlds / "a", BEGINNING) as beside,
        ):
            doors.world.move_to(BEGINNING + timedelta(days=seed))
            tale = await begun(doors.world, Family.of(RANK + seed))
            seen = set()
            for number, change in enumerate([*order, a_year], 10):
                doors.world.move_to(doors.world.at + timedelta(minutes=7))
                beside.world.move_to(doors.world.at)
                beside.world.drawn = count(2000)  # identifiers are drawn by one house alone
                other = replace(tale, world=beside.world, step=number)
                # Some are not possible any more, or not yet: then nothing changes.
                with suppress(Refused):
                    await change(other)
                doors.world.move_to(beside.world.at)
                for path, reader in _readers(tale.people).items():
                    warm = await _page(doors, tale, path, reader)
                    again = await _page(doors, tale, path, reader)
                    _forgets(doors)
                    cold = await _page(doors, tale, path, reader)
                    assert warm == cold == again, (change.__name__, path)
                    seen.add((path, warm.status == 200))
            assert {path for path, is_read in seen if is_read} == set(_readers(tale.people))
            assert ("/pro/patients/{patient}/synthese", False) in seen

    asyncio.run(asyncio.wait_for(story(), 300))


def test_what_is_remembered_opens_nothing_once_the_right_has_ended(
    two_databases: tuple[str, str], worlds: Path
) -> None:
    """A synthesis is at hand; the emergency is over, the consent has run out, another edition is in force."""

    async def story() -> None:
        async with opened(two_databases[0], worlds / "a", BEGINNING) as doors:
            world = doors.world
            tale = await begun(world, Family.of(RANK))
            asked = ReadSynthesis(of=tale.record_id)
            saving = replace(emergency(cast.STRANGER, Purpose.BREAK_GLASS), purpose_since=world.at)
            specialist = known(cast.SPECIALIST)
            seen = await tale.do(read_synthesis, asked, specialist)
            assert await tale.do(read_synthesis, asked, specialist) is seen
            assert await tale.do(read_synthesis, asked, saving) is not seen

            world.move_to(world.at + timedelta(minutes=59))
            await tale.do(read_synthesis, asked, saving)
            world.move_to(world.at + timedelta(minutes=1))
            assert await _refused(tale, asked, saving) is Reason.EMERGENCY_ENDED

            world.knowledge = shipped_knowledge()
            newer = await tale.do(read_synthesis, asked, specialist)
            assert newer.editions != seen.editions
            world.knowledge = KNOWLEDGE
            await masked(tale)
            after = await tale.do(read_synthesis, asked, specialist)
            assert {one.label for one in seen.treatments} - {one.label for one in after.treatments}

            await tale.do(read_synthesis, asked, specialist)
            world.move_to(world.at + timedelta(days=366))
            assert await _refused(tale, asked, specialist) is Reason.ACCESS_NOT_AUTHORISED

    asyncio.run(asyncio.wait_for(story(), 300))


async def _refused(tale: Tale, asked: ReadSynthesis, reader: Caller) -> Reason:
    with pytest.raises(Refused) as refusal:
        await tale.do(read_synthesis, asked, reader)
    return refusal.value.reason
