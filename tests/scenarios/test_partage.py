"""Avec qui le dossier se partage : consentements, blocages, médecin traitant, équipe."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from dmp.acts.perform import perform
from dmp.acts.sharing.block_professional import UnblockProfessional, unblock_professional
from dmp.acts.sharing.set_preferences import SetPreferences, set_preferences
from dmp.acts.sharing.withdraw_consent import WithdrawConsent, withdraw_consent
from dmp.domain.errors import Reason
from dmp.domain.identity.caller import Purpose
from dmp.domain.record.preferences import EmergencySwitches
from dmp.remote.simulated.directory import caller_of
from dmp.remote.simulated.territory.professionals import BY_KEY
from tests.scenarios.telling import PATIENT, Story, refused, telling
from tests.storage.opened import run


def test_le_premier_acces_demande_le_consentement(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            await tale.opened()
            entry = await tale.deposited("dr-martin", "Note")
            for reader in ("dr-garnier", "sophie-caron", "nora-salmi"):
                assert await refused(tale.titles(reader)) is Reason.ACCESS_NOT_AUTHORISED
                assert await refused(tale.content(reader, entry)) is Reason.ACCESS_NOT_AUTHORISED
            await tale.consented("dr-garnier")
            assert await tale.titles("dr-garnier") == {"Note"}
            assert await refused(tale.titles("sophie-caron")) is Reason.ACCESS_NOT_AUTHORISED

    run(story())


def test_un_consentement_dure_un_an_jour_pour_jour(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            await tale.opened()
            await tale.deposited("dr-martin", "Note")
            await tale.consented("dr-garnier")
            tale.later(days=365, seconds=-1)
            assert await tale.titles("dr-garnier") == {"Note"}
            tale.later(seconds=1)
            assert await refused(tale.titles("dr-garnier")) is Reason.ACCESS_NOT_AUTHORISED
            await tale.consented("dr-garnier")
            assert await tale.titles("dr-garnier") == {"Note"}

    run(story())


def test_le_titulaire_reprend_un_consentement(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            record = await tale.opened()
            await tale.consented("dr-garnier")
            tale.later(days=1)
            request = WithdrawConsent(
                record_id=record.record_id, grantee_id=BY_KEY["dr-garnier"].id_nat
            )
            stranger = perform(tale.house, withdraw_consent, request, caller_of("dr-petit"))
            assert await refused(stranger) is Reason.ACT_NOT_ALLOWED
            await perform(tale.house, withdraw_consent, request, caller_of(PATIENT))
            assert await refused(tale.titles("dr-garnier")) is Reason.ACCESS_NOT_AUTHORISED

    run(story())


def test_le_consentement_a_l_equipe_vaut_pour_la_structure_et_pour_elle_seule(
    database: str, data_dir: Path
) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            await tale.opened()
            await tale.deposited("dr-garnier", "Note")
            await tale.consented("dr-benoit", to_team=True)
            for reader in ("dr-benoit", "nora-salmi", "dr-klein"):
                assert await tale.titles(reader) == {"Note"}, reader
            assert await tale.titles(caller_of("dr-martin", place=1)) == {"Note"}
            assert await refused(tale.titles("dr-martin")) is Reason.ACCESS_NOT_AUTHORISED
            system = refused(tale.titles("hopital"))
            assert await system is Reason.INDIVIDUAL_AUTHENTICATION_REQUIRED

    run(story())


def test_un_professionnel_bloque_depose_encore_et_ne_lit_plus(
    database: str, data_dir: Path
) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            record = await tale.opened()
            await tale.consented("dr-petit")
            await tale.deposited("dr-garnier", "Note")
            assert await tale.titles("dr-petit") == {"Note"}
            await tale.blocked("dr-petit")
            assert await refused(tale.titles("dr-petit")) is Reason.ACCESS_BLOCKED
            own = await tale.deposited("dr-petit", "Garde")
            assert await refused(tale.titles("dr-petit")) is Reason.ACCESS_BLOCKED
            assert await refused(tale.content("dr-petit", own)) is Reason.ACCESS_BLOCKED
            assert await refused(tale.consented("dr-petit")) is Reason.ACCESS_BLOCKED
            urgent = caller_of(
                "dr-petit", purpose=Purpose.BREAK_GLASS, purpose_reason="Malaise au cabinet"
            )
            assert await refused(tale.titles(urgent)) is Reason.ACCESS_BLOCKED
            assert await tale.titles(PATIENT) == {"Note", "Garde"}
            unblock = UnblockProfessional(
                record_id=record.record_id, person_id=BY_KEY["dr-petit"].id_nat
            )
            tale.later(days=1)
            await perform(tale.house, unblock_professional, unblock, caller_of(PATIENT))
            assert await refused(tale.titles("dr-petit")) is Reason.ACCESS_NOT_AUTHORISED
            await tale.consented("dr-petit")
            assert await tale.titles("dr-petit") == {"Note", "Garde"}

    run(story())


def test_le_medecin_traitant_voit_tout_et_son_successeur_a_sa_place(
    database: str, data_dir: Path
) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            await tale.opened()
            await tale.attended("dr-martin")
            await _choose(tale, mask_new=True)
            await tale.deposited("dr-rousseau", "Psychiatrie")
            assert await tale.titles("dr-martin") == {"Psychiatrie"}
            await tale.consented("dr-petit")
            assert await tale.titles("dr-petit") == set()
            await tale.attended("dr-petit")
            assert await tale.titles("dr-petit") == {"Psychiatrie"}
            assert await refused(tale.titles("dr-martin")) is Reason.ACCESS_NOT_AUTHORISED

    run(story())


async def _choose(
    tale: Story, emergency: EmergencySwitches | None = None, *, mask_new: bool = False
) -> None:
    request = SetPreferences(
        record_id=(await tale.known()).record_id,
        mask_new_documents=mask_new,
        emergency=emergency or EmergencySwitches(),
    )
    await perform(tale.house, set_preferences, request, caller_of(PATIENT))


_SEES = {"Normal"}


@pytest.mark.parametrize(
    ("switches", "regulator", "hospital"),
    [
        (EmergencySwitches(), _SEES, _SEES),
        (EmergencySwitches(masked_documents=True), {"Normal", "Masqué"}, {"Normal", "Masqué"}),
        (EmergencySwitches(regulation=False), Reason.EMERGENCY_OPPOSED, _SEES),
        (EmergencySwitches(break_glass=False), _SEES, Reason.EMERGENCY_OPPOSED),
    ],
)
def test_en_urgence_le_titulaire_a_decide_d_avance(
    database: str,
    data_dir: Path,
    switches: EmergencySwitches,
    regulator: set[str] | Reason,
    hospital: set[str] | Reason,
) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            await tale.opened()
            await tale.deposited("dr-garnier", "Normal")
            await _choose(tale, mask_new=True)
            await tale.deposited("dr-garnier", "Masqué")
            await _choose(tale, switches)
            callers = {
                "dr-morvan": (caller_of("dr-morvan", purpose=Purpose.REGULATION), regulator),
                "dr-benoit": (
                    caller_of(
                        "dr-benoit",
                        purpose=Purpose.BREAK_GLASS,
                        purpose_reason="Coma hypoglycémique",
                    ),
                    hospital,
                ),
            }
            for caller, expected in callers.values():
                if isinstance(expected, Reason):
                    assert await refused(tale.titles(caller)) is expected
                else:
                    assert await tale.titles(caller) == expected

    run(story())


def test_l_urgence_demande_un_motif_et_la_regulation_un_regulateur(
    database: str, data_dir: Path
) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            await tale.opened()
            silent = caller_of("dr-benoit", purpose=Purpose.BREAK_GLASS, purpose_reason=" ")
            assert await refused(tale.titles(silent)) is Reason.EMERGENCY_REASON_MISSING
            usurper = caller_of("dr-benoit", purpose=Purpose.REGULATION)
            assert await refused(tale.titles(usurper)) is Reason.ACT_NOT_ALLOWED

    run(story())


def test_deux_professionnels_consentent_en_meme_temps_et_rien_ne_se_perd(
    database: str, data_dir: Path
) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            await tale.opened()
            tale.later(minutes=1)
            for key in ("dr-garnier", "sophie-caron", "dr-petit", "nora-salmi"):
                await tale.consented(key)
                tale.later(seconds=1)
            record = await tale.known()
            assert len(record.relations.consents) == 4
            ends = {consent.end - consent.start for consent in record.relations.consents}
            assert ends == {timedelta(days=365)}

    run(story())
