"""Changing a medical profile: who may, two at once, what professionals are shown of it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from dmp.acts.perform import perform
from dmp.acts.person.change_profile import ChangeProfile, change_profile
from dmp.acts.person.profile import ReadProfile, SaveProfile, read_profile, save_profile
from dmp.acts.person.read_declared import ReadDeclared, read_declared
from dmp.acts.synthesis.read_synthesis import ReadSynthesis, read_synthesis
from dmp.domain.clinical.synthesis import Synthesis
from dmp.domain.errors import Reason
from dmp.domain.identifiers import RecordId
from dmp.domain.identity.caller import Caller, Representative
from dmp.domain.journal.event import Outcome
from dmp.domain.record.declared.changes import (
    Change,
    PutLine,
    SetBlood,
    SetOtherWishes,
    Share,
    mark_of,
)
from dmp.domain.record.declared.lines import Allergy, Condition, Treatment
from dmp.domain.record.declared.said import Said, Speaker
from dmp.domain.record.declared.sections import Section
from dmp.domain.record.profile import BloodGroup, Profile
from tests.acts.cases import refusal
from tests.acts.standing import Standing, standing, traces_of, with_consent
from tests.builders import NOW, a_caller, a_doctor, a_holder, a_profile, a_system, an_ins
from tests.storage.opened import kept_record, run

HOLDER = a_caller(a_holder())
STRANGER = a_caller(a_holder(ins=an_ins(41), name="INCONNUE Ada"))
NO_PARENT = a_caller(Representative(ins=an_ins(42), name="INCONNU Luc"))
LATEX = PutLine(section=Section.ALLERGIES, line=Allergy(substance="Latex"))
ASTHMA = PutLine(section=Section.CONDITIONS, line=Condition(label="Asthme"))


async def changes(
    house: Standing, record_id: RecordId, change: Change, caller: Caller = HOLDER
) -> Profile:
    return await perform(
        house, change_profile, ChangeProfile(record_id=record_id, change=change), caller
    )


async def kept(house: Standing, record_id: RecordId) -> Profile:
    return await perform(house, read_profile, ReadProfile(record_id=record_id), HOLDER)


@pytest.mark.parametrize(
    "caller",
    [STRANGER, NO_PARENT, a_caller(a_doctor()), a_caller(a_system())],
    ids=["another holder", "not a parent", "doctor", "software"],
)
def test_who_may_not_changes_nothing_and_is_traced(
    database: str, data_dir: Path, caller: Caller
) -> None:
    async def story() -> None:
        async with standing(database, data_dir) as house:
            record = await kept_record(house.store)
            for change in (LATEX, Share(section=Section.BLOOD, shared=False)):
                await refusal(changes(house, record.record_id, change, caller))
            (trace, *_) = await traces_of(house, record)
            assert (trace.act, trace.outcome) == ("change-profile", Outcome.REFUSED)
            assert await kept(house, record.record_id) == Profile()

    run(story())


def test_the_trace_tells_of_a_change_and_not_of_which(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with standing(database, data_dir) as house:
            record = await kept_record(house.store)
            after = await changes(house, record.record_id, LATEX)
            assert after.allergies[0].said == Said(on=NOW.date())
            (trace, *_) = await traces_of(house, record)
            assert trace.outcome is Outcome.DONE
            assert "Latex" not in repr(trace) and "allergies" not in repr(trace)

    run(story())


def test_two_who_change_two_things_at_once_lose_nothing(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with standing(database, data_dir) as house:
            record = await kept_record(house.store)
            lines = [
                PutLine(section=Section.TREATMENTS, line=Treatment(label=f"Remède {number}"))
                for number in range(3)
            ]
            await asyncio.gather(*(changes(house, record.record_id, one) for one in lines))
            profile = await kept(house, record.record_id)
            assert {one.label for one in profile.treatments} == {
                "Remède 0", "Remède 1", "Remède 2",
            }  # fmt: skip
            # The same once there is a profile to replace.
            more: tuple[Change, ...] = (LATEX, ASTHMA)
            await asyncio.gather(*(changes(house, record.record_id, one) for one in more))
            profile = await kept(house, record.record_id)
            assert profile.allergies and profile.conditions and len(profile.treatments) == 3

    run(story())


def test_a_stale_change_is_refused_and_an_absurd_one_too(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with standing(database, data_dir) as house:
            record = await kept_record(house.store)
            of = record.record_id
            await changes(house, of, SetBlood(group=BloodGroup.A_POSITIVE, seen=mark_of(None)))
            stale = changes(house, of, SetBlood(group=None, seen=mark_of(None)))
            assert await refusal(stale) is Reason.CONCURRENT_CHANGE
            empty = PutLine(section=Section.ALLERGIES, line=Allergy(substance=""))
            assert await refusal(changes(house, of, empty)) is Reason.PARAMETER_INVALID
            profile = await kept(house, of)
            assert profile.blood_group is BloodGroup.A_POSITIVE and not profile.allergies

    run(story())


def test_a_whole_profile_is_saved_over_what_was_seen_only(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with standing(database, data_dir) as house:
            record = await kept_record(house.store)
            of = record.record_id
            seen = mark_of(await kept(house, of))
            await changes(house, of, LATEX)
            saving = SaveProfile(record_id=of, profile=Profile(email="a@exemple.fr"), seen=seen)
            stale = perform(house, save_profile, saving, HOLDER)
            assert await refusal(stale) is Reason.CONCURRENT_CHANGE
            profile = await kept(house, of)
            mended = replace(profile, email="a@exemple.fr")
            again = SaveProfile(record_id=of, profile=mended, seen=mark_of(profile))
            await perform(house, save_profile, again, HOLDER)
            assert (await kept(house, of)).allergies == profile.allergies

    run(story())


def test_what_was_kept_before_decodes_and_gets_identifiers(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with standing(database, data_dir) as house:
            record = await kept_record(house.store)
            saving = SaveProfile(record_id=record.record_id, profile=a_profile())
            await perform(house, save_profile, saving, HOLDER)
            first, second = (
                await kept(house, record.record_id),
                await kept(house, record.record_id),
            )
            assert first == second and first.allergies[0].line_id.int
            assert first.allergies[0].said.speaker is Speaker.HOLDER

    run(story())


def test_a_doctor_reads_what_is_shared_and_nothing_tells_of_the_rest(
    database: str, data_dir: Path
) -> None:
    async def story() -> None:
        async with standing(database, data_dir) as house:
            doctor = a_caller(a_doctor())
            secret, plain = (
                await kept_record(house.store),
                await kept_record(house.store, ins=an_ins(51)),
            )
            other = a_caller(a_holder(ins=an_ins(51)))
            for record, holder in ((secret, HOLDER), (plain, other)):
                await with_consent(house, record, doctor)
                await changes(house, record.record_id, LATEX, holder)
            before = await _synthesis(house, secret.record_id, doctor)
            await changes(house, secret.record_id, ASTHMA)
            wish = SetOtherWishes(words="Musique", seen=mark_of(""))
            await changes(house, secret.record_id, wish)
            seen = await perform(house, read_declared, ReadDeclared(of=secret.record_id), doctor)
            assert seen.conditions and seen.wishes.other
            assert (await _synthesis(house, secret.record_id, doctor)).problems
            for section in Section:
                if section is not Section.ALLERGIES:
                    await changes(house, secret.record_id, Share(section=section, shared=False))
            shown = [
                await perform(house, read_declared, ReadDeclared(of=one.record_id), doctor)
                for one in (secret, plain)
            ]
            assert _without_ids(shown[0]) == _without_ids(shown[1])
            assert await _synthesis(house, secret.record_id, doctor) == before
            # A change of what is not shared is not even a new reading: the page is remembered as it was.
            remembered = await _synthesis(house, secret.record_id, doctor)
            more = PutLine(section=Section.CONDITIONS, line=Condition(label="Goutte"))
            await changes(house, secret.record_id, more)
            assert await _synthesis(house, secret.record_id, doctor) is remembered
            assert (await _synthesis(house, secret.record_id, HOLDER)).problems

    run(story())


async def _synthesis(house: Standing, record_id: RecordId, caller: Caller) -> Synthesis:
    return await perform(house, read_synthesis, ReadSynthesis(of=record_id), caller)


def _without_ids(profile: Profile) -> Profile:
    allergies = tuple(replace(one, line_id=LATEX.line.line_id) for one in profile.allergies)
    return replace(profile, allergies=allergies)
