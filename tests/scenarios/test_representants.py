"""Les représentants : parents jusqu’à la majorité, tuteur nommé par le juge, et personne d’autre."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from dmp.acts.life.close_record import CloseRecord, close_record
from dmp.acts.life.reach_majority import ReachMajority, reach_majority
from dmp.acts.perform import perform
from dmp.acts.relatives.list_profiles import ListProfiles, list_profiles
from dmp.acts.sharing.appoint_administrator import AppointAdministrator, appoint_administrator
from dmp.acts.sharing.read_choices import ReadChoices, read_choices
from dmp.domain.documents.visibility import Restriction
from dmp.domain.errors import Reason
from dmp.domain.record.notice import NoticeKind
from dmp.domain.record.relations import RepresentationKind
from dmp.remote.simulated.directory import caller_of
from dmp.remote.simulated.territory.professionals import BY_KEY
from tests.scenarios.telling import PATIENT, Story, refused, telling
from tests.storage.opened import run

CHILD, MOTHER = "lea-moreau", "sandrine-moreau"
SECOND = timedelta(seconds=1)
MAJORITY = datetime(2028, 5, 16, 22, tzinfo=UTC)  # 17 May in Paris
GUARDIAN = RepresentationKind.GUARDIAN


@pytest.mark.parametrize(
    ("born", "majority"),
    [
        (date(2010, 5, 17), MAJORITY),
        (date(2012, 2, 29), datetime(2030, 2, 28, 23, tzinfo=UTC)),  # 1 March 2030 in Paris
        (date(2009, 3, 28), datetime(2027, 3, 27, 23, tzinfo=UTC)),  # the clock changes that night
        (date(2009, 3, 29), datetime(2027, 3, 28, 22, tzinfo=UTC)),
        (date(2009, 10, 31), datetime(2027, 10, 30, 22, tzinfo=UTC)),  # and back that night
        (date(2009, 11, 1), datetime(2027, 10, 31, 23, tzinfo=UTC)),
    ],
)
def test_un_parent_represente_son_enfant_jusqu_a_minuit_heure_de_paris(
    database: str, data_dir: Path, born: date, majority: datetime
) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            await tale.opened(CHILD, by="dr-martin", born=born)
            await tale.represented(MOTHER, of=CHILD)
            mother = caller_of(MOTHER, representing=True)
            tale.house.at = majority - SECOND
            assert await tale.titles(mother, CHILD) == set()
            tale.house.at = majority
            assert await refused(tale.titles(mother, CHILD)) is Reason.RECORD_NOT_FOUND
            assert await tale.titles(CHILD, CHILD) == set()

    run(story())


def test_un_tuteur_represente_un_majeur_par_decision_du_juge_et_jusqu_a_son_terme(
    database: str, data_dir: Path
) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            await tale.opened()
            hidden = frozenset({Restriction.HIDDEN_FROM_REPRESENTATIVES})
            await tale.deposited("dr-martin", "Visite")
            await tale.deposited("dr-martin", "Confidence", restrictions=hidden)
            end = tale.house.at + timedelta(days=365)
            without = tale.represented(
                "yves-cordier", of=PATIENT, kind=GUARDIAN, end=end, proof=" "
            )
            assert await refused(without) is Reason.RELATION_NOT_POSSIBLE
            assert (await tale.known()).relations.representatives == ()
            await tale.represented(
                "yves-cordier", of=PATIENT, kind=GUARDIAN, end=end, proof="Jugement du 2 mars 2026"
            )
            guardian = caller_of("yves-cordier", representing=True)
            assert await tale.titles(guardian) == {"Visite"}
            tale.house.at = end
            assert await refused(tale.titles(guardian)) is Reason.RECORD_NOT_FOUND

    run(story())


def test_une_representation_impossible_est_refusee_et_ne_change_rien(
    database: str, data_dir: Path
) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            await tale.opened()
            await tale.opened(CHILD, by="dr-martin")
            of_age = tale.represented(MOTHER, of=PATIENT)
            himself = tale.represented(CHILD, of=CHILD)
            over = tale.represented(MOTHER, of=CHILD, end=tale.house.at)
            assert await refused(of_age) is Reason.RELATION_NOT_POSSIBLE
            assert await refused(himself) is Reason.RELATION_NOT_POSSIBLE
            assert await refused(over) is Reason.RELATION_ENDS_BEFORE_START
            assert (await tale.known()).relations.representatives == ()
            assert (await tale.known(CHILD)).relations.representatives == ()

    run(story())


@pytest.mark.parametrize("key", ["paul-durand", "hugo-moreau", MOTHER])
def test_ni_un_proche_ni_un_inconnu_ne_represente_sans_y_etre_designe(
    database: str, data_dir: Path, key: str
) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            await tale.opened(CHILD, by="dr-martin")
            stranger = caller_of(key, representing=True)
            assert await refused(tale.titles(stranger, CHILD)) is Reason.RECORD_NOT_FOUND
            assert await refused(tale.told(stranger, CHILD)) is Reason.RECORD_NOT_FOUND
            assert await refused(tale.titles(caller_of(key), CHILD)) is Reason.RECORD_NOT_FOUND

    run(story())


async def _profiles(tale: Story, key: str) -> list[tuple[str, str]]:
    found = await perform(tale.house, list_profiles, ListProfiles(), caller_of(key))
    return [(one.relation, one.name) for one in found]


def test_un_parent_trouve_les_dossiers_ouverts_de_ses_enfants_mineurs(
    database: str, data_dir: Path
) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            for child in (CHILD, "hugo-moreau"):
                await tale.opened(child, by="dr-martin")
                await tale.represented(MOTHER, of=child)
            found = await _profiles(tale, MOTHER)
            assert [relation for relation, _ in found] == ["representative", "representative"]
            assert await _profiles(tale, "paul-durand") == []
            brother = CloseRecord(record_id=(await tale.known("hugo-moreau")).record_id)
            await perform(tale.house, close_record, brother, caller_of(MOTHER, representing=True))
            assert len(await _profiles(tale, MOTHER)) == 1
            tale.house.at = MAJORITY
            assert await _profiles(tale, MOTHER) == []

    run(story())


def test_a_la_majorite_les_accords_sont_redemandes_et_le_titulaire_est_averti_une_fois(
    database: str, data_dir: Path
) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            record = await tale.opened(CHILD, by="dr-martin")
            await tale.represented(MOTHER, of=CHILD)
            tale.house.at = MAJORITY - timedelta(days=30)
            mother = caller_of(MOTHER, representing=True)
            await tale.consented("dr-garnier", of=CHILD)
            doctor = BY_KEY["dr-garnier"]
            request = AppointAdministrator(
                record_id=record.record_id, person_id=doctor.id_nat, name=doctor.name
            )
            await perform(tale.house, appoint_administrator, request, mother)
            await tale.deposited("dr-martin", "Angine", of=CHILD)
            assert await tale.titles("dr-garnier", CHILD) == {"Angine"}
            tale.house.at = MAJORITY - SECOND
            assert await tale.calendar() == (0, 0)
            assert NoticeKind.MAJORITY not in await tale.told(CHILD, CHILD)
            tale.house.at = MAJORITY
            # The rights end at the very instant, whether the calendar has come by or not.
            assert await refused(tale.titles("dr-garnier", CHILD)) is Reason.ACCESS_NOT_AUTHORISED
            assert await tale.calendar() == (1, 0)
            assert (await tale.told(CHILD, CHILD)).count(NoticeKind.MAJORITY) == 1
            relations = (await tale.known(CHILD)).relations
            assert [r.end for r in relations.representatives] == [MAJORITY]
            assert [a.end for a in relations.administrators] == [MAJORITY]
            tale.later(hours=1)
            assert await tale.calendar() == (0, 0)
            assert (await tale.told(CHILD, CHILD)).count(NoticeKind.MAJORITY) == 1
            await tale.consented("dr-garnier", of=CHILD)
            assert await tale.titles("dr-garnier", CHILD) == {"Angine"}

    run(story())


def test_seul_le_calendrier_constate_la_majorite(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            record = await tale.opened(CHILD, by="dr-martin")
            request = ReachMajority(record_id=record.record_id)
            for key in (CHILD, "dr-martin", "agent-guichet"):
                act = perform(tale.house, reach_majority, request, caller_of(key))
                assert await refused(act) is Reason.ACT_NOT_ALLOWED, key

    run(story())


def test_un_accord_donne_en_secret_ne_se_dit_pas_aux_parents(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            await tale.opened(CHILD, by="dr-martin")
            await tale.represented(MOTHER, of=CHILD)
            mother = caller_of(MOTHER, representing=True)
            request = ReadChoices(of=(await tale.known(CHILD)).record_id)
            before = await perform(tale.house, read_choices, request, mother)
            notices = await tale.told(mother, CHILD)
            secret = replace(caller_of("agnes-leduc"), secret=True)
            await tale.consented(secret, of=CHILD)
            assert await perform(tale.house, read_choices, request, mother) == before
            assert await tale.told(mother, CHILD) == notices
            assert await tale.told(CHILD, CHILD) == [NoticeKind.FIRST_ACCESS, *notices]

    run(story())


def test_les_avis_du_dossier_ne_sont_lus_que_par_le_titulaire_et_ses_representants(
    database: str, data_dir: Path
) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            await tale.opened(CHILD, by="dr-martin")
            await tale.represented(MOTHER, of=CHILD)
            await tale.consented("dr-garnier", of=CHILD)
            mother = caller_of(MOTHER, representing=True)
            assert await tale.told(CHILD, CHILD) == [NoticeKind.FIRST_ACCESS]
            assert await tale.told(mother, CHILD) == [NoticeKind.FIRST_ACCESS]
            for key in ("dr-garnier", "dr-martin", "agent-guichet", "hopital"):
                assert await refused(tale.told(key, CHILD)) is Reason.ACT_NOT_ALLOWED, key

    run(story())
