"""L’administrateur choisi par le titulaire, et les blocages : par qui, contre qui, et ce qui en reste."""

from __future__ import annotations

from pathlib import Path

import pytest

from dmp.acts.perform import perform
from dmp.acts.person.read_traces import ReadTraces, read_own_traces, read_traces
from dmp.acts.sharing.appoint_administrator import (
    AppointAdministrator,
    DismissAdministrator,
    appoint_administrator,
    dismiss_administrator,
)
from dmp.acts.sharing.block_professional import (
    BlockProfessional,
    UnblockProfessional,
    block_professional,
    unblock_professional,
)
from dmp.acts.sharing.check_access import CheckAccess, check_access
from dmp.acts.sharing.withdraw_consent import WithdrawConsent, withdraw_consent
from dmp.domain.documents.visibility import Restriction
from dmp.domain.errors import Reason
from dmp.domain.identity.caller import Caller
from dmp.domain.record.relations import Authorisation
from dmp.remote.simulated.directory import caller_of, person_of
from dmp.remote.simulated.territory.professionals import BY_KEY
from tests.scenarios.telling import PATIENT, Story, refused, telling
from tests.storage.opened import run

NURSE, DOCTOR = "lucie-perrin", "dr-garnier"
MASKED = frozenset({Restriction.MASKED})


async def _appointed(tale: Story, whom: str, *, by: str = PATIENT, days: int | None = None) -> None:
    worker = BY_KEY[whom]
    request = AppointAdministrator(
        record_id=(await tale.known()).record_id, person_id=worker.id_nat, name=worker.name,
        days=days,
    )  # fmt: skip
    await perform(tale.house, appoint_administrator, request, caller_of(by))


async def _block(tale: Story, whom: str, by: str | Caller) -> None:
    worker = BY_KEY[whom]
    request = BlockProfessional(
        record_id=(await tale.known()).record_id, person_id=worker.id_nat, name=worker.name
    )
    caller = caller_of(by) if isinstance(by, str) else by
    await perform(tale.house, block_professional, request, caller)


async def _status(tale: Story, key: str) -> Authorisation | None:
    request = CheckAccess(ins=person_of(PATIENT).ins)
    return (await perform(tale.house, check_access, request, caller_of(key))).authorisation


def test_l_administrateur_voit_les_documents_masques_de_sa_profession_bloque_et_lit_les_traces(
    database: str, data_dir: Path
) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            record = await tale.opened()
            await tale.deposited("dr-rousseau", "Consultation", restrictions=MASKED)
            await tale.deposited(
                "dr-rousseau", "Synthèse", type_code="68599-0", restrictions=MASKED
            )
            traces = ReadTraces(record_id=record.record_id)
            await tale.consented(NURSE)
            assert await tale.titles(NURSE) == set()
            reading = perform(tale.house, read_traces, traces, caller_of(NURSE))
            assert await refused(reading) is Reason.ACT_NOT_ALLOWED
            await _appointed(tale, NURSE)
            # An administrator sees by the matrix of her own profession, as ever.
            assert await tale.titles(NURSE) == {"Consultation"}
            tale.later(seconds=1)
            assert (await perform(tale.house, read_traces, traces, caller_of(NURSE))).traces
            await _block(tale, "dr-petit", NURSE)
            assert await _status(tale, "dr-petit") is Authorisation.FORBIDDEN
            request = DismissAdministrator(
                record_id=record.record_id, person_id=BY_KEY[NURSE].id_nat
            )
            await perform(tale.house, dismiss_administrator, request, caller_of(PATIENT))
            assert await tale.titles(NURSE) == set()
            again = perform(tale.house, dismiss_administrator, request, caller_of(PATIENT))
            assert await refused(again) is Reason.RELATION_NOT_POSSIBLE

    run(story())


def test_n_est_administrateur_que_qui_a_un_acces_en_cours(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            await tale.opened()
            assert await refused(_appointed(tale, DOCTOR)) is Reason.RELATION_NOT_POSSIBLE
            await tale.consented("dr-benoit", to_team=True)
            assert await refused(_appointed(tale, "nora-salmi")) is Reason.RELATION_NOT_POSSIBLE
            await tale.consented(DOCTOR)
            await tale.blocked(DOCTOR)
            assert await refused(_appointed(tale, DOCTOR)) is Reason.RELATION_NOT_POSSIBLE
            assert (await tale.known()).relations.administrators == ()

    run(story())


@pytest.mark.parametrize("by", [DOCTOR, "dr-martin", "agent-guichet", "hopital"])
def test_nul_autre_que_le_titulaire_ne_designe_un_administrateur(
    database: str, data_dir: Path, by: str
) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            await tale.opened()
            await tale.attended("dr-martin")
            await tale.consented(DOCTOR)
            assert await refused(_appointed(tale, DOCTOR, by=by)) is Reason.ACT_NOT_ALLOWED

    run(story())


def test_un_administrateur_l_est_pour_un_temps_et_jamais_sans_accord_en_cours(
    database: str, data_dir: Path
) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            record = await tale.opened()
            await tale.deposited("dr-rousseau", "Consultation", restrictions=MASKED)
            await tale.consented(DOCTOR)
            for days in (0, 366):
                assert await refused(_appointed(tale, DOCTOR, days=days)) is (
                    Reason.PARAMETER_INVALID
                )
            await _appointed(tale, DOCTOR, days=10)
            tale.later(days=10, seconds=-1)
            assert await tale.titles(DOCTOR) == {"Consultation"}
            tale.later(seconds=1)
            assert await tale.titles(DOCTOR) == set()
            await _appointed(tale, DOCTOR)
            request = WithdrawConsent(record_id=record.record_id, grantee_id=BY_KEY[DOCTOR].id_nat)
            await perform(tale.house, withdraw_consent, request, caller_of(PATIENT))
            assert await refused(tale.titles(DOCTOR)) is Reason.ACCESS_NOT_AUTHORISED
            await tale.consented(DOCTOR)
            assert await tale.titles(DOCTOR) == set()

    run(story())


def test_le_statut_passe_de_valide_a_interdit_puis_expire_et_l_acces_est_a_redemander(
    database: str, data_dir: Path
) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            record = await tale.opened()
            assert await _status(tale, DOCTOR) is Authorisation.NONE
            await tale.consented(DOCTOR)
            assert await _status(tale, DOCTOR) is Authorisation.VALID
            await _appointed(tale, DOCTOR)
            tale.later(minutes=1)
            await tale.blocked(DOCTOR)
            assert await _status(tale, DOCTOR) is Authorisation.FORBIDDEN
            assert await refused(tale.titles(DOCTOR)) is Reason.ACCESS_BLOCKED
            assert await refused(tale.consented(DOCTOR)) is Reason.ACCESS_BLOCKED
            await tale.deposited(DOCTOR, "Elle alimente toujours")
            tale.later(minutes=1)
            request = UnblockProfessional(
                record_id=record.record_id, person_id=BY_KEY[DOCTOR].id_nat
            )
            await perform(tale.house, unblock_professional, request, caller_of(PATIENT))
            assert await _status(tale, DOCTOR) is Authorisation.EXPIRED
            assert await refused(tale.titles(DOCTOR)) is Reason.ACCESS_NOT_AUTHORISED
            assert not (await tale.known()).relations.is_administrator(
                BY_KEY[DOCTOR].id_nat, tale.house.at
            )
            await tale.consented(DOCTOR)
            assert await _status(tale, DOCTOR) is Authorisation.VALID

    run(story())


def test_le_medecin_traitant_bloque_mais_ni_lui_meme_ni_n_est_bloque_par_un_confrere(
    database: str, data_dir: Path
) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            record = await tale.opened()
            await tale.attended("dr-martin")
            await tale.consented(DOCTOR)
            await _appointed(tale, DOCTOR)
            await _block(tale, "dr-petit", "dr-martin")
            assert await _status(tale, "dr-petit") is Authorisation.FORBIDDEN
            for whom, by in (("dr-martin", "dr-martin"), ("dr-martin", DOCTOR), (DOCTOR, DOCTOR)):
                assert await refused(_block(tale, whom, by)) is Reason.RELATION_NOT_POSSIBLE
            unblock = UnblockProfessional(
                record_id=record.record_id, person_id=BY_KEY["dr-petit"].id_nat
            )
            for key in ("dr-martin", DOCTOR, "dr-petit"):
                act = perform(tale.house, unblock_professional, unblock, caller_of(key))
                assert await refused(act) is Reason.ACT_NOT_ALLOWED, key
            assert await _status(tale, "dr-petit") is Authorisation.FORBIDDEN
            await _block(tale, "dr-martin", PATIENT)
            assert await refused(tale.titles("dr-martin")) is Reason.ACCESS_BLOCKED

    run(story())


@pytest.mark.parametrize(
    ("by", "reason"),
    [
        (NURSE, Reason.ACT_NOT_ALLOWED),  # she has the patient's agreement
        (DOCTOR, Reason.ACCESS_NOT_AUTHORISED),
        ("agent-guichet", Reason.ACT_NOT_ALLOWED),
        ("hopital", Reason.ACT_NOT_ALLOWED),
        ("paul-durand", Reason.RECORD_NOT_FOUND),
    ],
)
def test_personne_d_autre_ne_bloque(database: str, data_dir: Path, by: str, reason: Reason) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            await tale.opened()
            await tale.consented(NURSE)
            assert await refused(_block(tale, "dr-petit", by)) is reason
            assert (await tale.known()).preferences.blocks == ()

    run(story())


def test_chacun_relit_ses_propres_traces_et_elles_seules(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            record = await tale.opened()
            await tale.consented(DOCTOR)
            tale.later(minutes=1)
            await tale.titles(DOCTOR)
            await tale.deposited("dr-rousseau", "Autre")
            tale.later(seconds=1)
            request = ReadTraces(record_id=record.record_id)
            page = await perform(tale.house, read_own_traces, request, caller_of(DOCTOR))
            assert {trace.caller.id for trace in page.traces} == {BY_KEY[DOCTOR].id_nat}
            assert {"grant-consent", "find-documents"} <= {trace.act for trace in page.traces}
            tale.later(days=400)
            # His agreement is over: what he did himself he still reads.
            page = await perform(tale.house, read_own_traces, request, caller_of(DOCTOR))
            assert {trace.caller.id for trace in page.traces} == {BY_KEY[DOCTOR].id_nat}
            never = await perform(tale.house, read_own_traces, request, caller_of("dr-petit"))
            assert {trace.act for trace in never.traces} <= {"read-own-traces"}
            own = perform(tale.house, read_own_traces, request, caller_of("agent-guichet"))
            assert await refused(own) is Reason.ACT_NOT_ALLOWED

    run(story())
