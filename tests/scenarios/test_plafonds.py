"""Les plafonds : combien de dossiers différents s’ouvrent dans l’heure et la journée, hors urgence."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from dmp.domain.access.policy import Ceilings
from dmp.domain.errors import Reason
from dmp.domain.identity.caller import Caller, Door, Motive, Operator, Purpose, Strength
from dmp.domain.record.notice import NoticeKind
from dmp.remote.simulated.directory import caller_of
from tests.scenarios.telling import PATIENT, Story, refused, telling
from tests.storage.opened import run

DOCTOR = "dr-benoit"
PATIENTS = (PATIENT, "paul-durand", "nadia-benali", "bernard-leroy")
OPERATOR = Caller(
    who=Operator(id="exploitant", name="exploitant"), strength=Strength.INDIVIDUAL, door=Door.CLI
)
PASSED = NoticeKind.CEILING_PASSED


async def _practice(tale: Story, **ceilings: object) -> None:
    """Four patients whose team at the hospital has their agreement, and ceilings."""
    for key in PATIENTS:
        await tale.opened(key)
        await tale.consented(DOCTOR, of=key, to_team=True)
    tale.house.policy = replace(
        tale.house.policy,
        ceilings=Ceilings(**ceilings),  # type: ignore[arg-type]
    )


@pytest.mark.parametrize(
    ("ceiling", "pause"),
    [("professional_hour", timedelta(hours=1)), ("professional_day", timedelta(days=1))],
)
def test_au_dela_du_plafond_du_professionnel_aucun_autre_dossier_ne_s_ouvre(
    database: str, data_dir: Path, ceiling: str, pause: timedelta
) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            await _practice(tale, **{ceiling: 2})
            for key in PATIENTS[:2]:
                assert await tale.titles(DOCTOR, key) == set()
            assert await refused(tale.titles(DOCTOR, PATIENTS[2])) is Reason.CEILING_REACHED
            # What is open stays open, and colleagues of the same place are counted for themselves.
            assert await tale.titles(DOCTOR, PATIENTS[0]) == set()
            assert await tale.titles("nora-salmi", PATIENTS[2]) == set()
            tale.later(seconds=pause.total_seconds() - 1)
            assert await refused(tale.titles(DOCTOR, PATIENTS[2])) is Reason.CEILING_REACHED
            tale.later(seconds=1)
            assert await tale.titles(DOCTOR, PATIENTS[2]) == set()

    run(story())


@pytest.mark.parametrize(
    ("ceiling", "pause"),
    [("structure_hour", timedelta(hours=1)), ("structure_day", timedelta(days=1))],
)
def test_le_plafond_de_la_structure_compte_tous_ses_professionnels(
    database: str, data_dir: Path, ceiling: str, pause: timedelta
) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            await _practice(tale, **{ceiling: 2})
            await tale.titles(DOCTOR, PATIENTS[0])
            await tale.titles("nora-salmi", PATIENTS[1])
            assert await refused(tale.titles("dr-klein", PATIENTS[2])) is Reason.CEILING_REACHED
            await tale.consented("dr-garnier", of=PATIENTS[2])
            assert await tale.titles("dr-garnier", PATIENTS[2]) == set()
            tale.later(seconds=pause.total_seconds())
            assert await tale.titles("dr-klein", PATIENTS[2]) == set()

    run(story())


def test_l_exploitant_est_averti_une_fois_par_heure(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            await _practice(tale, professional_day=1)
            await tale.titles(DOCTOR, PATIENTS[0])
            assert await tale.inbox(OPERATOR) == []
            for key in (PATIENTS[1], PATIENTS[2], PATIENTS[1]):
                assert await refused(tale.titles(DOCTOR, key)) is Reason.CEILING_REACHED
            assert await tale.inbox(OPERATOR) == [PASSED]
            tale.later(hours=1)
            assert await refused(tale.titles(DOCTOR, PATIENTS[1])) is Reason.CEILING_REACHED
            assert await tale.inbox(OPERATOR) == [PASSED, PASSED]
            # The patients are not told, nor are the professionals.
            assert PASSED not in await tale.told(PATIENTS[1], PATIENTS[1])
            assert await tale.inbox(DOCTOR) == []

    run(story())


def test_sans_refus_le_depassement_est_seulement_signale(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            await _practice(tale, professional_hour=1, refuses=False)
            assert await tale.titles(DOCTOR, PATIENTS[0]) == set()
            assert await tale.inbox(OPERATOR) == []
            assert await tale.titles(DOCTOR, PATIENTS[1]) == set()
            assert await tale.titles(DOCTOR, PATIENTS[2]) == set()
            assert await tale.inbox(OPERATOR) == [PASSED]

    run(story())


def test_l_urgence_n_est_pas_plafonnee_et_ne_compte_pas(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            await _practice(tale, professional_hour=1)
            urgent = replace(
                caller_of(DOCTOR, purpose=Purpose.BREAK_GLASS),
                motive=Motive.LIFE_AT_RISK,
                purpose_since=tale.house.at,
            )
            for key in PATIENTS[:3]:
                assert await tale.titles(urgent, key) == set()
            assert await tale.titles(DOCTOR, PATIENTS[3]) == set()
            assert await refused(tale.titles(DOCTOR, PATIENTS[0])) is Reason.CEILING_REACHED
            assert await tale.titles(urgent, PATIENTS[0]) == set()

    run(story())


def test_un_acces_refuse_ne_compte_pas_et_deposer_non_plus(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            await _practice(tale, professional_hour=1)
            await tale.blocked(DOCTOR, of=PATIENTS[1])
            assert await refused(tale.titles(DOCTOR, PATIENTS[1])) is Reason.ACCESS_BLOCKED
            await tale.deposited(DOCTOR, "Lettre", of=PATIENTS[2])
            assert await tale.titles(DOCTOR, PATIENTS[0]) == set()

    run(story())


@pytest.mark.parametrize("key", ["dr-garnier", PATIENT, "agent-guichet", "hopital"])
def test_les_avis_a_l_exploitant_ne_sont_lus_par_personne_d_autre(
    database: str, data_dir: Path, key: str
) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            await _practice(tale, professional_day=1)
            await tale.titles(DOCTOR, PATIENTS[0])
            await refused(tale.titles(DOCTOR, PATIENTS[1]))
            if key in ("agent-guichet", "hopital"):
                assert await refused(tale.inbox(key)) is Reason.ACT_NOT_ALLOWED
            else:
                assert await tale.inbox(key) == []

    run(story())
