"""What follows a mask: versions, episodes, announcements; and what no answer tells of a hidden document."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

from dmp.acts.documents.find_episode import FindEpisode, find_episode
from dmp.acts.documents.see_as import SeeAs, see_as
from dmp.acts.documents.update_metadata import Change
from dmp.acts.perform import perform
from dmp.acts.person.read_traces import ReadTraces, read_own_traces, read_traces
from dmp.acts.sharing.read_choices import ReadChoices, read_choices
from dmp.acts.sharing.set_preferences import SetPreferences, set_preferences
from dmp.domain.access.readers import Group
from dmp.domain.access.see_as import Considered, ReaderRef
from dmp.domain.codes import Code
from dmp.domain.documents.episode import Link
from dmp.domain.documents.visibility import Restriction
from dmp.domain.errors import Reason
from dmp.domain.identifiers import DocumentId, UniqueId
from dmp.domain.identity.caller import Insurer
from dmp.domain.record.preferences import Covered, EmergencySwitches
from tests.acts.cases import (
    AUTHOR,
    CHILD,
    DOCTOR,
    HOLDER,
    PARENT,
    PORT,
    RESULTS,
    Case,
    refusal,
    told,
)
from tests.builders import NOW, a_caller


def test_a_minor_hides_from_his_parents_and_who_is_of_age_does_not(
    database: str, data_dir: Path
) -> None:
    async def story(case: Case) -> None:
        first = await case.provide()
        second = await case.provide(replaces=first.document_id)
        await case.keep(Covered.DOCUMENT, str(second.document_id))
        before = await perform(case.house, read_choices, ReadChoices(of=case.id), PARENT)
        assert len(before.preferences.masks) == 2
        await case.change(second, Change.HIDE_FROM_REPRESENTATIVES, HOLDER)
        assert await case.seen(PARENT) == set()
        assert await case.seen(HOLDER) == {first.document_id, second.document_id}
        after = await perform(case.house, read_choices, ReadChoices(of=case.id), PARENT)
        assert after.preferences.masks == ()
        own = await perform(case.house, read_choices, ReadChoices(of=case.id), HOLDER)
        assert len(own.preferences.masks) == 2
        await case.change(second, Change.SHOW_TO_REPRESENTATIVES, HOLDER)
        assert await case.seen(PARENT) == {first.document_id, second.document_id}
        case.house.at = NOW + timedelta(days=365 * 7)
        hiding = case.change(second, Change.HIDE_FROM_REPRESENTATIVES, HOLDER)
        assert await refusal(hiding) is Reason.ACT_NOT_ALLOWED

    told(database, data_dir, story, **CHILD)


def test_earlier_versions_follow_and_new_ones_inherit(database: str, data_dir: Path) -> None:
    async def story(case: Case) -> None:
        first = await case.provide()
        second = await case.provide(replaces=first.document_id)
        assert await case.seen(DOCTOR) == {first.document_id, second.document_id}
        await case.change(second, Change.MASK, HOLDER)
        assert await case.seen(DOCTOR) == set()
        third = await case.provide(replaces=second.document_id)
        assert third.visibility.masked
        await case.change(third, Change.UNMASK, HOLDER)
        everything = {first.document_id, second.document_id, third.document_id}
        assert await case.seen(DOCTOR) == everything
        masked = await case.mask(documents=(third.document_id,))
        assert {e.document_id for e in masked.changed} == everything
        await case.mask(documents=(third.document_id,), masked=False)
        asked = frozenset({Restriction.MASKED})
        await case.provide(replaces=third.document_id, restrictions=asked)
        assert await case.seen(DOCTOR) == set()

    told(database, data_dir, story)


def test_what_is_announced_is_masked_as_the_holder_chose(database: str, data_dir: Path) -> None:
    async def story(case: Case) -> None:
        hidden = frozenset({Restriction.HIDDEN_FROM_PATIENT})
        waiting = await case.provide(RESULTS, restrictions=hidden)
        await case.mask(category="BIOLOGIE", future=True)
        assert await case.seen(DOCTOR) == {waiting.document_id}
        await case.change(waiting, Change.SHOW_TO_PATIENT, AUTHOR)
        assert await case.seen(HOLDER) == {waiting.document_id}
        assert await case.seen(DOCTOR) == set()

    told(database, data_dir, story)


def test_a_document_whose_month_is_over_may_be_masked(database: str, data_dir: Path) -> None:
    async def story(case: Case) -> None:
        hidden = frozenset({Restriction.HIDDEN_FROM_PATIENT})
        waiting = await case.provide(restrictions=hidden)
        doing = case.mask(documents=(waiting.document_id,))
        assert await refusal(doing) is Reason.DOCUMENT_NOT_FOUND
        case.house.at = NOW + timedelta(days=32)
        done = await case.mask(documents=(waiting.document_id,))
        assert [e.visibility.masked for e in done.changed] == [True]
        assert await case.seen(DOCTOR) == set()

    told(database, data_dir, story)


def test_a_new_version_is_not_hidden_from_the_patient_alone(database: str, data_dir: Path) -> None:
    async def story(case: Case) -> None:
        hidden = frozenset({Restriction.HIDDEN_FROM_PATIENT})
        seen = await case.provide()
        doing = case.provide(replaces=seen.document_id, restrictions=hidden)
        assert await refusal(doing) is Reason.VISIBILITY_CONFLICT
        waiting = await case.provide(restrictions=hidden)
        case.house.at = NOW + timedelta(days=20)
        corrected = await case.provide(replaces=waiting.document_id, restrictions=hidden)
        assert await case.seen(HOLDER) == {seen.document_id}
        case.house.at = NOW + timedelta(days=32)
        everything = {seen.document_id, waiting.document_id, corrected.document_id}
        assert await case.seen(HOLDER) == everything

    told(database, data_dir, story)


def test_a_deposit_tells_nothing_of_a_document_its_sender_may_not_see(
    database: str, data_dir: Path
) -> None:
    """Hidden and replaced already, hidden, or never there: the same answers."""

    async def story(case: Case) -> None:
        old = await case.provide()
        new = await case.provide(replaces=old.document_id)
        await case.mask(documents=(new.document_id,))
        for target in (old.document_id, new.document_id, DocumentId(uuid4())):
            doing = case.provide(caller=DOCTOR, replaces=target)
            assert await refusal(doing) is Reason.REPLACED_NOT_FOUND
        for taken in (old.unique_id, new.unique_id):
            doing = case.provide(caller=DOCTOR, unique_id=taken)
            assert await refusal(doing) is Reason.UNIQUE_ID_TAKEN
        fresh = await case.provide(caller=DOCTOR, unique_id=UniqueId("1.2.250.1.999.9.1"))
        assert fresh.replaces is None

    told(database, data_dir, story)


def test_own_traces_tell_nothing_of_a_document_that_was_probed(
    database: str, data_dir: Path
) -> None:
    async def story(case: Case) -> None:
        hidden = await case.provide()
        await case.mask(documents=(hidden.document_id,))
        own = ReadTraces(record_id=case.id)
        case.house.at += timedelta(seconds=1)
        before = await perform(case.house, read_own_traces, own, DOCTOR)
        for target in (hidden.document_id, DocumentId(uuid4())):
            doing = case.change(replace(hidden, document_id=target), Change.MASK, DOCTOR)
            assert await refusal(doing) is Reason.DOCUMENT_NOT_FOUND
        case.house.at += timedelta(seconds=1)
        after = await perform(case.house, read_own_traces, own, DOCTOR)
        new = [t.act for t in after.traces if t not in before.traces]
        assert new == ["read-own-traces"]  # the reading of before, and nothing of what was probed
        told_holder = await perform(case.house, read_traces, own, HOLDER)
        assert any(t.act == "update-metadata" and t.reason for t in told_holder.traces)

    told(database, data_dir, story)


def test_the_insurer_feeds_reimbursements_and_nothing_else(database: str, data_dir: Path) -> None:
    async def story(case: Case) -> None:
        insurer = a_caller(Insurer(structure=replace(PORT, name="Caisse", sector="SA24")))
        claims = Code("REMB", "1.2.250.1.213.1.1.4.12")
        await case.provide(caller=insurer, type_code=claims)
        assert await refusal(case.provide(caller=insurer)) is Reason.ACT_NOT_ALLOWED

    told(database, data_dir, story)


def test_the_episode_is_offered_and_disappears_with_the_document(
    database: str, data_dir: Path
) -> None:
    async def story(case: Case) -> None:
        note = await case.provide(service_start=NOW - timedelta(hours=2))
        results = await case.provide(RESULTS, service_start=NOW - timedelta(hours=1))
        other = await case.provide(service_start=NOW - timedelta(days=30))
        asked = FindEpisode(document=note.document_id, within=case.id)
        episode = await perform(case.house, find_episode, asked, HOLDER)
        offered = {one.entry.document_id: one.link for one in episode.related}
        assert offered == {results.document_id: Link.SAME_ACT}
        await case.mask(documents=(note.document_id, *offered))
        assert await case.seen(DOCTOR) == {other.document_id}
        asking = perform(case.house, find_episode, asked, DOCTOR)
        assert await refusal(asking) is Reason.ACT_NOT_ALLOWED

    told(database, data_dir, story)


def test_see_as_shows_no_more_than_the_asking_person_sees(database: str, data_dir: Path) -> None:
    async def story(case: Case) -> None:
        secret = frozenset({Restriction.HIDDEN_FROM_REPRESENTATIVES})
        hidden = await case.provide(restrictions=secret)
        plain = await case.provide()
        doctor = ReaderRef(group=Group.PROFESSIONAL, id="810000000017", line="10")
        for caller, expected in (
            (PARENT, {plain.document_id}),
            (HOLDER, {plain.document_id, hidden.document_id}),
        ):
            asked = SeeAs(record_id=case.id, reader=doctor)
            seen = await perform(case.house, see_as, asked, caller)
            assert {e.document_id for e in seen.today} == expected
            assert seen.today == seen.after
        considered = Considered(masked=frozenset({plain.document_id}))
        asked = SeeAs(record_id=case.id, reader=doctor, considered=considered)
        seen = await perform(case.house, see_as, asked, PARENT)
        assert seen.after == ()
        asking = perform(case.house, see_as, asked, DOCTOR)
        assert await refusal(asking) is Reason.ACT_NOT_ALLOWED
        emergency = EmergencySwitches(regulation=False)
        switches = SetPreferences(record_id=case.id, mask_new_documents=False, emergency=emergency)
        await perform(case.house, set_preferences, switches, HOLDER)
        samu = SeeAs(record_id=case.id, reader=ReaderRef(group=Group.REGULATION))
        seen = await perform(case.house, see_as, samu, HOLDER)
        assert seen.reason_today is Reason.EMERGENCY_OPPOSED

    told(database, data_dir, story, **CHILD)
