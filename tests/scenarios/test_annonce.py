"""L’annonce : un avis quatorze jours après le dépôt, et le document visible de lui-même après un mois."""

from __future__ import annotations

from pathlib import Path

import pytest

from dmp.acts.documents.follow_announcement import FollowAnnouncement, follow_announcement
from dmp.acts.documents.update_metadata import Change
from dmp.acts.life.close_record import CloseRecord, close_record
from dmp.acts.life.reopen_record import ReopenRecord, reopen_record
from dmp.acts.perform import perform
from dmp.domain.documents.visibility import Restriction
from dmp.domain.errors import Reason
from dmp.domain.record.notice import NoticeKind
from dmp.remote.simulated.directory import caller_of
from tests.scenarios.telling import PATIENT, refused, telling
from tests.storage.opened import run

HIDDEN = frozenset({Restriction.HIDDEN_FROM_PATIENT})
OVERDUE, REVEALED = NoticeKind.ANNOUNCEMENT_OVERDUE, NoticeKind.AUTOMATIC_REVEAL
MORNING = (10, 0, 0)


@pytest.mark.parametrize(
    ("deposited", "warned", "revealed"),
    [
        ((2026, 3, 2), (2026, 3, 16), (2026, 4, 2)),  # over the change to summer time
        ((2026, 3, 20), (2026, 4, 3), (2026, 4, 20)),
        ((2026, 10, 20), (2026, 11, 3), (2026, 11, 20)),  # and back
        ((2027, 1, 31), (2027, 2, 14), (2027, 2, 28)),
        ((2028, 1, 31), (2028, 2, 14), (2028, 2, 29)),
        ((2026, 3, 31), (2026, 4, 14), (2026, 4, 30)),
        ((2026, 12, 31), (2027, 1, 14), (2027, 1, 31)),
    ],
)
def test_l_avis_vient_a_quatorze_jours_et_le_document_a_un_mois_heure_de_paris(
    database: str,
    data_dir: Path,
    deposited: tuple[int, ...],
    warned: tuple[int, ...],
    revealed: tuple[int, ...],
) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            await tale.opened()
            tale.on(*deposited, *MORNING)
            entry = await tale.deposited("dr-faye", "Biopsie", restrictions=HIDDEN)
            tale.later(days=13)
            assert await tale.calendar() == (0, 0)
            tale.on(*warned, *MORNING)
            tale.later(seconds=-1)
            assert await tale.calendar() == (0, 0)
            assert await tale.told() == []
            tale.later(seconds=1)
            assert await tale.calendar() == (0, 1)
            assert await tale.calendar() == (0, 0)
            assert await tale.told() == [OVERDUE]
            assert await tale.titles(PATIENT) == set()
            tale.on(*revealed, *MORNING)
            tale.later(seconds=-1)
            assert await tale.titles(PATIENT) == set()
            assert await refused(tale.content(PATIENT, entry)) is Reason.DOCUMENT_NOT_FOUND
            assert await tale.calendar() == (0, 0)
            tale.later(seconds=1)
            # At the very instant, and before the calendar has come by.
            assert await tale.titles(PATIENT) == {"Biopsie"}
            assert await tale.content(PATIENT, entry)
            assert await tale.told() == [OVERDUE]
            assert await tale.calendar() == (0, 1)
            assert await tale.told() == [REVEALED, OVERDUE]
            assert await tale.titles(PATIENT) == {"Biopsie"}
            tale.later(days=60)
            assert await tale.calendar() == (0, 0)
            assert await tale.told() == [REVEALED, OVERDUE]

    run(story())


def test_un_service_arrete_pendant_un_mois_revele_sans_avis_de_retard(
    database: str, data_dir: Path
) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            await tale.opened()
            await tale.deposited("dr-faye", "Biopsie", restrictions=HIDDEN)
            tale.later(days=45)
            assert await tale.titles(PATIENT) == {"Biopsie"}
            assert await tale.calendar() == (0, 1)
            assert await tale.told() == [REVEALED]

    run(story())


@pytest.mark.parametrize("change", [Change.SHOW_TO_PATIENT, Change.DELETE])
def test_annonce_par_un_professionnel_ou_supprime_il_n_est_plus_suivi(
    database: str, data_dir: Path, change: Change
) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            await tale.opened()
            entry = await tale.deposited("dr-faye", "Biopsie", restrictions=HIDDEN)
            await tale.changed("dr-faye", entry, change)
            tale.later(days=14)
            assert await tale.calendar() == (0, 0)
            tale.later(days=30)
            assert await tale.calendar() == (0, 0)
            assert await tale.told() == []

    run(story())


def test_ce_qui_est_cache_aux_parents_ne_leur_est_pas_annonce(
    database: str, data_dir: Path
) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            child, mother = "lea-moreau", "sandrine-moreau"
            await tale.opened(child, by="dr-martin")
            await tale.represented(mother, of=child)
            as_mother = caller_of(mother, representing=True)
            both = HIDDEN | {Restriction.HIDDEN_FROM_REPRESENTATIVES}
            await tale.deposited("dr-faye", "Secret", of=child, restrictions=both)
            await tale.deposited("dr-faye", "Biopsie", of=child, restrictions=HIDDEN)
            tale.later(days=14)
            assert await tale.calendar() == (0, 2)
            assert await tale.told(as_mother, child) == [OVERDUE]
            assert await tale.told(child, child) == [OVERDUE, OVERDUE]
            tale.later(days=30)
            await tale.calendar()
            assert await tale.titles(as_mother, child) == {"Biopsie"}
            assert (await tale.told(as_mother, child)).count(REVEALED) == 1
            assert (await tale.told(child, child)).count(REVEALED) == 2

    run(story())


def test_dans_un_dossier_ferme_rien_n_est_annonce_avant_sa_reactivation(
    database: str, data_dir: Path
) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            record = await tale.opened()
            await tale.deposited("dr-faye", "Biopsie", restrictions=HIDDEN)
            closing = CloseRecord(record_id=record.record_id)
            await perform(tale.house, close_record, closing, caller_of(PATIENT))
            tale.later(days=20)
            assert await tale.calendar() == (0, 0)
            assert await tale.told() == []
            reopening = ReopenRecord(record_id=record.record_id, consent="en ligne")
            await perform(tale.house, reopen_record, reopening, caller_of(PATIENT))
            assert await tale.calendar() == (0, 1)
            assert await tale.told() == [OVERDUE]

    run(story())


def test_seul_le_calendrier_suit_une_annonce(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            record = await tale.opened()
            await tale.attended("dr-martin")
            entry = await tale.deposited("dr-faye", "Biopsie", restrictions=HIDDEN)
            tale.later(days=15)
            request = FollowAnnouncement(document=entry.document_id, within=record.record_id)
            for key in (PATIENT, "dr-martin", "dr-faye", "hopital", "agent-guichet"):
                act = perform(tale.house, follow_announcement, request, caller_of(key))
                assert await refused(act) is Reason.ACT_NOT_ALLOWED, key

    run(story())
