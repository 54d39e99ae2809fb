"""Ce qui touche à la sécurité d'un dossier est dit à son titulaire, à l'ancienne adresse aussi."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from dmp.acts.notices.send_notice import NotSent
from dmp.acts.perform import perform
from dmp.acts.person.profile import SaveProfile, save_profile
from dmp.acts.person.read_notices import ReadNotices, read_notices
from dmp.acts.sharing.set_preferences import SetPreferences, set_preferences
from dmp.bootstrap.post import send_due
from dmp.domain.record.health_record import HealthRecord
from dmp.domain.record.notice import NoticeKind
from dmp.domain.record.outgoing import RETRIES, Message
from dmp.domain.record.preferences import EmergencySwitches
from dmp.domain.record.profile import BloodGroup, Profile
from dmp.remote.post.words import mail_text
from dmp.remote.simulated.directory import caller_of
from tests.scenarios.telling import PATIENT, Story, telling
from tests.storage.opened import run

BEFORE = Profile(email="camille@exemple.fr", phone="06 12 34 56 78", notices_by_sms=True)


class Recorder:
    """A post that keeps what it was handed; it fails `failing` times first."""

    def __init__(self, failing: int = 0) -> None:
        self.sent: list[Message] = []
        self.failing = failing

    async def __call__(self, message: Message) -> None:
        if self.failing:
            self.failing -= 1
            raise NotSent(for_good=False)
        self.sent.append(message)


async def _saves(tale: Story, record: HealthRecord, profile: Profile) -> None:
    request = SaveProfile(record_id=record.record_id, profile=profile)
    await perform(tale.house, save_profile, request, caller_of(PATIENT))


async def _kinds(tale: Story, record: HealthRecord) -> list[NoticeKind]:
    request = ReadNotices(record_id=record.record_id)
    found = await perform(tale.house, read_notices, request, caller_of(PATIENT))
    return [notice.kind for notice in found]


@pytest.mark.parametrize(
    ("after", "told"),
    [
        (
            replace(BEFORE, email="autre@exemple.fr"),
            {"camille@exemple.fr", "autre@exemple.fr", "06 12 34 56 78"},
        ),
        (replace(BEFORE, email=""), {"camille@exemple.fr", "06 12 34 56 78"}),
        (
            replace(BEFORE, notices_by_mail=False, notices_by_sms=False),
            {"camille@exemple.fr", "06 12 34 56 78"},
        ),
    ],
    ids=["another address", "no address", "no notices"],
)
def test_l_ancienne_adresse_apprend_le_changement(
    database: str, data_dir: Path, after: Profile, told: set[str]
) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            record = await tale.opened()
            await _saves(tale, record, BEFORE)
            tale.later(minutes=1)
            await _saves(tale, record, after)
            assert await _kinds(tale, record) == [NoticeKind.CONTACT_CHANGED]
            post = Recorder()
            await send_due(tale.house, tale.house.store.outbox, post)
            assert {message.address for message in post.sent} == told
            assert len(post.sent) == len(told)

    run(story())


def test_ce_qui_n_a_pas_pu_partir_part_plus_tard_sous_le_meme_nom(
    database: str, data_dir: Path
) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            record = await tale.opened()
            first = replace(BEFORE, notices_by_sms=False)
            await _saves(tale, record, first)
            tale.later(minutes=1)
            await _saves(tale, record, replace(first, email="autre@exemple.fr"))
            post = Recorder(failing=1)
            await send_due(tale.house, tale.house.store.outbox, post)
            assert post.sent == []
            tale.later(seconds=RETRIES[0].total_seconds() + 1)
            await send_due(tale.house, tale.house.store.outbox, post)
            assert [m.address for m in post.sent] == ["camille@exemple.fr", "autre@exemple.fr"]
            assert len({message.message_id for message in post.sent}) == 2

    run(story())


def test_une_premiere_adresse_et_un_profil_inchange_ne_disent_rien(
    database: str, data_dir: Path
) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            record = await tale.opened()
            await _saves(tale, record, BEFORE)
            await _saves(tale, record, replace(BEFORE, blood_group=BloodGroup.A_POSITIVE))
            assert await _kinds(tale, record) == []

    run(story())


def test_un_choix_general_qui_change_est_dit_une_fois(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            record = await tale.opened()
            for masked in (True, True):
                request = SetPreferences(
                    record_id=record.record_id,
                    mask_new_documents=masked,
                    emergency=EmergencySwitches(),
                )
                await perform(tale.house, set_preferences, request, caller_of(PATIENT))
                tale.later(minutes=1)
            assert await _kinds(tale, record) == [NoticeKind.CONFIDENTIALITY_CHANGED]

    run(story())


@pytest.mark.parametrize(
    "kind",
    [
        NoticeKind.PASSKEY_ADDED,
        NoticeKind.PASSKEY_REMOVED,
        NoticeKind.CONTACT_CHANGED,
        NoticeKind.CARER_INVITED,
        NoticeKind.REPRESENTATIVE_DECLARED,
        NoticeKind.CONFIDENTIALITY_CHANGED,
        NoticeKind.LOGIN_BY_CODE,
    ],
)
def test_le_message_ne_dit_que_ce_qui_est_arrive(kind: NoticeKind) -> None:
    text = mail_text(kind, "https://dmp.example")
    assert "https://dmp.example/connexion" in text
    assert "message." not in text
    for word in ("document", "traitement", "allergie", "INS", "Camille"):
        assert word not in text
