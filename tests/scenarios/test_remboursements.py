"""L'historique des remboursements : alimenté, masqué, alimenté de nouveau, et ce qu'en voit chacun."""

from __future__ import annotations

from pathlib import Path

from dmp.acts.claims.publish_due import Publication
from dmp.acts.claims.read_history import ReadHistory, read_history
from dmp.acts.documents.mask_documents import MaskDocuments, mask_documents
from dmp.acts.documents.update_metadata import Change
from dmp.acts.life.close_record import CloseRecord, close_record
from dmp.acts.life.reopen_record import ReopenRecord, reopen_record
from dmp.acts.perform import perform
from dmp.acts.sharing.keep_from import KeepFrom, keep_from
from dmp.domain.access.filter import Scope
from dmp.domain.claims.reimbursement import Reimbursement
from dmp.domain.documents.entry import DocumentEntry, Status
from dmp.domain.documents.query import DocumentQuery
from dmp.domain.errors import Reason
from dmp.domain.record.health_record import ClosingMotive
from dmp.domain.record.notice import NoticeKind
from dmp.domain.record.preferences import Audience, Covered
from dmp.remote.simulated.directory import caller_of, person_of
from dmp.remote.simulated.territory.professionals import BY_KEY
from tests.acts.fed import fed
from tests.builders.claims import a_line, an_act
from tests.scenarios.telling import PATIENT, Story, refused, telling
from tests.storage.opened import run

TITLE = "Données de remboursement"


async def _fed(tale: Story, *lines: Reimbursement, of: str = PATIENT) -> int:
    """L'Assurance Maladie alimente, puis la maison publie ; rend le nombre de dossiers publiés."""
    record = await tale.known(of)
    await fed(tale.house.store, record.record_id, lines, tale.house.at)
    return await Publication(tale.house, share=1).turn()


async def _read(tale: Story, reader: str, of: str = PATIENT) -> int:
    """Le nombre de lignes qui existent pour ce lecteur."""
    request = ReadHistory(of=person_of(of).ins)
    return len((await perform(tale.house, read_history, request, caller_of(reader))).entries)


async def _document(tale: Story) -> DocumentEntry:
    """Le document en cours, tel qu'il est rangé."""
    unit = tale.house.store.unit()
    try:
        record = await tale.known()
        query = DocumentQuery(types=("REMB",))
        page = await unit.documents.find(record.record_id, query, Scope(sees_masked=True))
        return page.entries[0]
    finally:
        await unit.close()


def test_alimente_puis_masque_puis_alimente_de_nouveau_l_historique_reste_masque(
    database: str, data_dir: Path
) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            await tale.opened()
            await tale.attended("dr-martin")
            await tale.consented("dr-garnier")
            assert await _fed(tale, a_line()) == 1
            for reader in (PATIENT, "dr-martin", "dr-garnier"):
                assert await tale.titles(reader) == {TITLE}, reader
                assert await _read(tale, reader) == 1, reader

            await tale.changed(PATIENT, await _document(tale), Change.MASK)
            assert await tale.titles("dr-garnier") == set()
            assert await _read(tale, "dr-garnier") == 0

            tale.later(days=30)
            assert await _fed(tale, an_act()) == 1
            document = await _document(tale)
            assert document.visibility.masked
            assert document.replaces is not None
            assert await tale.titles("dr-garnier", statuses=tuple(Status)) == set()
            assert await _read(tale, "dr-garnier") == 0
            # Le titulaire et son médecin traitant voient tout.
            for reader in (PATIENT, "dr-martin"):
                assert await _read(tale, reader) == 2, reader

            await tale.changed(PATIENT, document, Change.UNMASK)
            assert await _read(tale, "dr-garnier") == 2

    run(story())


def test_un_document_de_remboursement_depose_par_un_autre_n_ouvre_pas_l_historique(
    database: str, data_dir: Path
) -> None:
    """Les lignes suivent le document : avec le sien, chacun les verrait toutes."""

    async def story() -> None:
        async with telling(database, data_dir) as tale:
            await tale.opened()
            await tale.consented("dr-garnier")
            await _fed(tale, a_line())
            await tale.changed(PATIENT, await _document(tale), Change.MASK)
            deposit = tale.deposited("dr-garnier", "Remboursements", type_code="REMB")
            assert await refused(deposit) is Reason.ACT_NOT_ALLOWED
            assert await _read(tale, "dr-garnier") == 0

    run(story())


def test_masque_d_avance_il_nait_masque(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            record = await tale.opened()
            await tale.consented("dr-garnier")
            asked = MaskDocuments(record_id=record.record_id, category="REMB", future=True)
            await perform(tale.house, mask_documents, asked, caller_of(PATIENT))
            await _fed(tale, a_line())
            assert (await _document(tale)).visibility.masked
            assert await _read(tale, "dr-garnier") == 0
            assert await _read(tale, PATIENT) == 1

    run(story())


def test_cache_a_un_professionnel_il_le_reste_d_une_version_a_l_autre(
    database: str, data_dir: Path
) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            record = await tale.opened()
            for key in ("dr-garnier", "dr-petit"):
                await tale.consented(key)
            await _fed(tale, a_line())
            doctor = BY_KEY["dr-garnier"]
            asked = KeepFrom(
                record_id=record.record_id,
                audience=Audience.PROFESSIONAL,
                audience_id=doctor.id_nat,
                name=doctor.name,
                covered=Covered.DOCUMENT,
                target=str((await _document(tale)).document_id),
            )
            await perform(tale.house, keep_from, asked, caller_of(PATIENT))
            tale.later(days=30)
            await _fed(tale, an_act())
            assert await _read(tale, "dr-garnier") == 0
            assert await _read(tale, "dr-petit") == 2

    run(story())


def test_un_dossier_ferme_ne_recoit_rien_puis_rattrape_a_sa_reouverture(
    database: str, data_dir: Path
) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            record = await tale.opened()
            holder = caller_of(PATIENT)
            closing = CloseRecord(record_id=record.record_id, motive=ClosingMotive.HOLDER_REQUEST)
            await perform(tale.house, close_record, closing, holder)
            assert await _fed(tale, a_line()) == 0
            tale.later(days=1)
            reopening = ReopenRecord(record_id=record.record_id, consent="en ligne")
            await perform(tale.house, reopen_record, reopening, holder)
            assert await tale.titles(PATIENT) == set()
            assert await Publication(tale.house, share=1).turn() == 1
            assert await tale.titles(PATIENT) == {TITLE}

    run(story())


def test_la_premiere_alimentation_est_annoncee_une_fois_sans_rien_dire_de_la_sante(
    database: str, data_dir: Path
) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            await tale.opened()
            await _fed(tale, a_line())
            tale.later(days=30)
            await _fed(tale, an_act())
            assert await tale.told() == [NoticeKind.FIRST_FEEDING]

    run(story())


def test_un_soin_annule_disparait_de_l_historique(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            await tale.opened()
            await _fed(tale, a_line(), an_act())
            tale.later(days=30)
            await _fed(tale, an_act(quantity=-1))
            assert await _read(tale, PATIENT) == 1
            content = (await tale.content(PATIENT, await _document(tale))).decode()
            assert 'code="G"' not in content

    run(story())


def test_un_remplacement_sans_rien_de_neuf_ne_laisse_pas_voir_qu_il_est_masque(
    database: str, data_dir: Path
) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            await tale.opened()
            line = a_line()
            await _fed(tale, line)
            tale.later(days=30)
            await _fed(tale, line)  # la même : pas de nouvelle version
            traces = [t for t in await tale.traces() if t.act == "publish-reimbursements"]
            # Chaque trace nomme le document : elle n'existe que pour qui le voit.
            assert [t.document_type for t in traces] == ["REMB", "REMB"]
            assert all(t.document_ids for t in traces)

    run(story())
