"""Les traces : une par acte, une par refus, lues par le titulaire."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from dmp.acts.perform import perform
from dmp.acts.person.read_traces import ReadTraces, read_traces
from dmp.domain.errors import Reason
from dmp.domain.identifiers import NO_RECORD
from dmp.domain.identity.caller import Purpose
from dmp.domain.journal.event import Outcome
from dmp.remote.simulated.directory import caller_of, person_of
from tests.scenarios.telling import PATIENT, refused, telling
from tests.storage.opened import run, working


def test_chaque_acte_et_chaque_refus_laisse_une_trace_et_une_seule(
    database: str, data_dir: Path
) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            await tale.opened()
            entry = await tale.deposited("dr-martin", "Note")
            await refused(tale.titles("dr-garnier"))
            await tale.consented("dr-garnier")
            await tale.titles("dr-garnier")
            await tale.content("dr-garnier", entry)
            await tale.blocked("dr-garnier")
            await refused(tale.titles("dr-garnier"))
            await refused(tale.content("dr-garnier", entry))
            found = [(t.act, t.outcome, t.rule, t.reason) for t in reversed(await tale.traces())]
            done, no = Outcome.DONE, Outcome.REFUSED
            assert [(act, outcome) for act, outcome, _, _ in found] == [
                ("open-record", done),
                ("provide-documents", done),
                ("find-documents", no),
                ("grant-consent", done),
                ("find-documents", done),
                ("retrieve-document", done),
                ("block-professional", done),
                ("find-documents", no),
                ("retrieve-document", no),
            ]
            assert found[2][2:] == ("authorisation_is_missing", "access-not-authorised")
            assert found[7][2:] == ("professional_is_blocked", "access-blocked")

    run(story())


def test_une_trace_dit_qui_pour_quelle_structure_comment_sur_quoi(
    database: str, data_dir: Path
) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            await tale.opened()
            entry = await tale.deposited("dr-garnier", "Cardiologie")
            reader = caller_of(
                "dr-benoit", purpose=Purpose.BREAK_GLASS, purpose_reason="Arrêt cardiaque"
            )
            await tale.content(reader, entry)
            trace = (await tale.traces())[0]
            assert (trace.caller.kind, trace.caller.id) == ("professional", reader.id)
            assert trace.caller.name == "Dr Thomas BENOIT"
            assert trace.caller.profession == "10"
            assert trace.caller.structure_name == "Centre hospitalier du Val d'Orme"
            assert (trace.purpose, trace.purpose_reason) == ("bris_de_glace", "Arrêt cardiaque")
            assert (trace.means, trace.strength, trace.door) == ("jwt:iua", 2, "fhir")
            assert trace.document_id == str(entry.document_id)
            assert (trace.document_type, trace.document_title) == ("11488-4", "Cardiologie")
            assert trace.rule == "emergency_access"
            assert trace.matrix_version
            assert trace.at == tale.house.at

    run(story())


def test_un_dossier_inconnu_laisse_aussi_sa_trace(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            assert await refused(tale.titles("dr-martin")) is Reason.RECORD_NOT_FOUND
            async with working(tale.house.store) as unit:
                (trace,) = (await unit.traces.of_record(NO_RECORD, 10)).traces
            assert (trace.outcome, trace.rule) == (Outcome.REFUSED, "record_is_unknown")

    run(story())


def test_le_titulaire_lit_qui_a_consulte_et_sa_lecture_laisse_sa_trace(
    database: str, data_dir: Path
) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            record = await tale.opened()
            await tale.attended("dr-martin")
            await tale.consented("dr-garnier")
            await tale.titles("dr-garnier")
            tale.later(seconds=1)
            request = ReadTraces(record_id=record.record_id)
            page = await perform(tale.house, read_traces, request, caller_of(PATIENT))
            seen = Counter(trace.act for trace in page.traces)
            assert seen["find-documents"] == 1
            assert (await tale.traces())[0].act == "read-traces"
            tale.later(seconds=1)
            seen_by_doctor = await perform(tale.house, read_traces, request, caller_of("dr-martin"))
            assert len(seen_by_doctor.traces) == 5
            for key in ("dr-garnier", "dr-petit"):
                reading = perform(tale.house, read_traces, request, caller_of(key))
                assert await refused(reading) in (
                    Reason.ACT_NOT_ALLOWED, Reason.ACCESS_NOT_AUTHORISED,
                )  # fmt: skip

    run(story())


def test_aucune_trace_ne_porte_de_contenu_ni_de_matricule_d_autrui(
    database: str, data_dir: Path
) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            await tale.opened()
            await tale.deposited("dr-rousseau", "Consultation")
            await refused(tale.titles("dr-garnier"))
            matricule = person_of(PATIENT).ins.matricule
            for trace in await tale.traces():
                said = f"{trace.detail} {trace.reason} {trace.purpose_reason} {trace.rule}"
                assert "stable" not in said
                assert matricule not in said

    run(story())


def test_le_journal_se_verifie_a_la_fin_de_l_histoire(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            await tale.opened()
            for number in range(5):
                await tale.deposited("dr-martin", f"Note {number}")
            found = await tale.house.store.verify_journal()
            assert not found.findings
            assert not await tale.house.store.check()

    run(story())
