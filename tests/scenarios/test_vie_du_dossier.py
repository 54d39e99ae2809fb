"""La vie d'un dossier : ouvert, refusé, fermé, réactivé, détruit."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from dmp.acts.life.close_record import CloseRecord, close_record
from dmp.acts.life.erase_record import EraseRecord, ask_record_erasure, cancel_record_erasure
from dmp.acts.life.inform_person import InformPerson, inform_person
from dmp.acts.life.move_due_records import move_due_records
from dmp.acts.life.open_record import OpenRecord, open_record
from dmp.acts.life.refuse_record import RefuseRecord, refuse_record
from dmp.acts.life.reopen_record import ReopenRecord, reopen_record
from dmp.acts.perform import perform
from dmp.domain.errors import Reason
from dmp.domain.record.calendar import months_after, years_after
from dmp.domain.record.health_record import Channel, ClosingMotive, State
from dmp.remote.simulated.directory import caller_of, person_of
from dmp.remote.simulated.territory.professionals import INSURANCE
from tests.scenarios.telling import PATIENT, Story, refused, telling
from tests.storage.opened import run, working


@pytest.mark.parametrize(
    ("by", "channel"),
    [
        (PATIENT, Channel.ONLINE),
        ("agent-guichet", Channel.DESK),
        ("sophie-caron", Channel.PHARMACY),
        ("dr-petit", Channel.PROFESSIONAL),
        ("lucie-perrin", Channel.PROFESSIONAL),
    ],
)
def test_le_dossier_s_ouvre_par_chaque_voie_avec_le_consentement_et_son_auteur(
    database: str, data_dir: Path, by: str, channel: Channel
) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            await tale.opened(by=by)
            record = await tale.known()
            (step,) = record.steps
            assert record.state is State.OPEN
            assert (step.channel, step.by) == (channel, caller_of(by).id)
            assert step.consent == "oral, au cabinet"
            assert step.at == tale.house.at
            (trace,) = await tale.traces()
            assert (trace.act, trace.caller.id) == ("open-record", caller_of(by).id)
            assert await tale.titles(PATIENT) == set()
            assert await refused(tale.opened(by="agent-guichet")) is Reason.RECORD_ALREADY_OPEN

    run(story())


@pytest.mark.parametrize("by", ["hopital", "yves-cordier"])
def test_ni_un_logiciel_seul_ni_une_autre_personne_n_ouvre_un_dossier(
    database: str, data_dir: Path, by: str
) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            assert await refused(tale.opened(by=by)) in (
                Reason.ACT_NOT_ALLOWED,
                Reason.RECORD_NOT_FOUND,
            )
            assert await tale.record() is None

    run(story())


def test_sans_consentement_exprime_rien_ne_s_ouvre(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            person = person_of(PATIENT)
            request = OpenRecord(ins=person.ins, traits=person.traits, consent="  ")
            act = perform(tale.house, open_record, request, caller_of("sophie-caron"))
            assert await refused(act) is Reason.CONSENT_MISSING
            assert await tale.record() is None

    run(story())


async def _informed(tale: Story) -> None:
    person = person_of(PATIENT)
    request = InformPerson(ins=person.ins, traits=person.traits)
    await perform(tale.house, inform_person, request, INSURANCE)


def test_six_semaines_apres_l_information_le_dossier_s_ouvre_de_lui_meme(
    database: str, data_dir: Path
) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            await _informed(tale)
            assert await refused(tale.deposited("dr-martin", "Trop tôt")) is Reason.RECORD_NOT_OPEN
            tale.later(days=42, seconds=-1)
            assert await move_due_records(tale.house) == 0
            tale.later(seconds=1)
            assert await move_due_records(tale.house) == 1
            record = await tale.known()
            assert record.state is State.OPEN
            assert record.steps[-1].channel is Channel.AUTOMATIC
            assert await move_due_records(tale.house) == 0

    run(story())


def test_qui_s_oppose_pendant_les_six_semaines_n_a_pas_de_dossier(
    database: str, data_dir: Path
) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            await _informed(tale)
            tale.later(days=30)
            person = person_of(PATIENT)
            refusal = RefuseRecord(ins=person.ins, traits=person.traits)
            await perform(tale.house, refuse_record, refusal, caller_of("agent-guichet"))
            tale.later(days=400)
            assert await move_due_records(tale.house) == 0
            assert await refused(tale.deposited("dr-martin", "Note")) is Reason.RECORD_REFUSED
            await tale.opened(by="agent-guichet")
            assert (await tale.known()).state is State.OPEN

    run(story())


def test_ferme_le_dossier_ne_prend_ni_ne_montre_rien_et_reactive_tout_y_est(
    database: str, data_dir: Path
) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            record = await tale.opened()
            await tale.attended("dr-martin")
            await tale.consented("dr-garnier")
            entry = await tale.deposited("dr-garnier", "Avant la fermeture")
            octets = await tale.content("dr-martin", entry)
            request = CloseRecord(record_id=record.record_id, reason="Je n'en veux plus.")
            await perform(tale.house, close_record, request, caller_of(PATIENT))
            for reader in (PATIENT, "dr-martin", "dr-garnier"):
                assert await refused(tale.titles(reader)) is Reason.RECORD_CLOSED, reader
                assert await refused(tale.content(reader, entry)) is Reason.RECORD_CLOSED, reader
            assert await refused(tale.deposited("dr-garnier", "Après")) is Reason.RECORD_CLOSED
            assert await refused(tale.opened(by="sophie-caron")) is Reason.TRANSITION_NOT_POSSIBLE
            tale.later(days=200)
            reopening = ReopenRecord(record_id=record.record_id, consent="électronique")
            await perform(tale.house, reopen_record, reopening, caller_of(PATIENT))
            for reader in (PATIENT, "dr-martin", "dr-garnier"):
                assert await tale.titles(reader) == {"Avant la fermeture"}
            assert await tale.content("dr-garnier", entry) == octets

    run(story())


def test_dix_ans_apres_la_fermeture_le_dossier_est_detruit(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            record = await tale.opened()
            entry = await tale.deposited("dr-martin", "Vieille note")
            request = CloseRecord(record_id=record.record_id, motive=ClosingMotive.DEATH)
            await perform(tale.house, close_record, request, caller_of("agent-guichet"))
            end = years_after(tale.house.at, 10)
            tale.house.at = end - timedelta(seconds=1)
            assert await move_due_records(tale.house) == 0
            tale.house.at = end
            assert await move_due_records(tale.house) == 1
            assert await tale.record() is None
            assert await refused(tale.content(PATIENT, entry)) is Reason.RECORD_NOT_FOUND
            async with working(tale.house.store) as unit:
                assert await unit.documents.by_id(entry.document_id) is None
                traces = (await unit.traces.of_record(record.record_id, 100)).traces
            assert [trace.act for trace in traces] == [
                "retrieve-document", "destroy-record", "close-record", "provide-documents",
                "open-record",
            ]  # fmt: skip
            assert not await tale.house.store.check()
            again = await tale.opened()
            assert again.record_id != record.record_id
            assert await tale.titles(PATIENT) == set()

    run(story())


def test_la_destruction_demandee_s_annule_ou_vient_au_bout_de_trois_mois(
    database: str, data_dir: Path
) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            record = await tale.opened()
            await tale.deposited("dr-martin", "Note")
            erasing = EraseRecord(record_id=record.record_id)
            await perform(tale.house, ask_record_erasure, erasing, caller_of(PATIENT))
            assert await refused(tale.titles(PATIENT)) is Reason.RECORD_CLOSED
            tale.later(days=60)
            await perform(tale.house, cancel_record_erasure, erasing, caller_of(PATIENT))
            assert (await tale.known()).state is State.CLOSED
            await perform(tale.house, ask_record_erasure, erasing, caller_of(PATIENT))
            tale.house.at = months_after(tale.house.at, 3)
            assert await move_due_records(tale.house) == 1
            assert await tale.record() is None

    run(story())


def test_seul_le_titulaire_demande_la_destruction(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            record = await tale.opened()
            await tale.attended("dr-martin")
            erasing = EraseRecord(record_id=record.record_id)
            for key in ("dr-martin", "agent-guichet", "hopital"):
                act = perform(tale.house, ask_record_erasure, erasing, caller_of(key))
                assert await refused(act) is Reason.ACT_NOT_ALLOWED, key
            act = perform(tale.house, ask_record_erasure, erasing, caller_of("yves-cordier"))
            assert await refused(act) is Reason.RECORD_NOT_FOUND
            assert (await tale.known()).state is State.OPEN

    run(story())
