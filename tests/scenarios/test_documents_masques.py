"""Qui voit un document : masqué, en attente d'annonce, caché aux représentants, remplacé, supprimé."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from dmp.acts.documents.update_metadata import Change
from dmp.acts.perform import perform
from dmp.acts.relatives.declare_representative import DeclareRepresentative, declare_representative
from dmp.domain.documents.entry import Status
from dmp.domain.documents.visibility import Restriction
from dmp.domain.errors import Reason
from dmp.domain.record.calendar import LOCAL, years_after
from dmp.remote.simulated.directory import caller_of, person_of
from dmp.remote.simulated.territory.professionals import INSURANCE
from tests.scenarios.telling import PATIENT, Story, refused, telling
from tests.storage.opened import run

CHILD, MOTHER = "lea-moreau", "sandrine-moreau"
SECOND = timedelta(seconds=1)


def test_masque_le_document_reste_au_titulaire_au_medecin_traitant_et_a_son_auteur(
    database: str, data_dir: Path
) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            await tale.opened()
            await tale.attended("dr-martin")
            for key in ("dr-rousseau", "dr-garnier", "dr-petit", "sophie-caron"):
                await tale.consented(key)
            entry = await tale.deposited("dr-rousseau", "Psychiatrie")
            assert await tale.titles("dr-garnier") == {"Psychiatrie"}
            await tale.changed(PATIENT, entry, Change.MASK)
            for reader in (PATIENT, "dr-martin", "dr-rousseau"):
                assert await tale.titles(reader) == {"Psychiatrie"}, reader
                assert await tale.content(reader, entry)
            for reader in ("dr-garnier", "dr-petit", "sophie-caron"):
                assert await tale.titles(reader) == set(), reader
                assert await refused(tale.content(reader, entry)) is Reason.DOCUMENT_NOT_FOUND
            await tale.changed(PATIENT, entry, Change.UNMASK)
            assert await tale.titles("dr-garnier") == {"Psychiatrie"}

    run(story())


def test_l_auteur_gere_son_depot_sans_consentement_et_ne_voit_que_lui(
    database: str, data_dir: Path
) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            await tale.opened()
            await tale.deposited("dr-garnier", "D'une autre")
            own = await tale.deposited("dr-rousseau", "Le sien")
            assert await refused(tale.titles("dr-rousseau")) is Reason.ACCESS_NOT_AUTHORISED
            sought = (str(own.unique_id.value),)
            assert await tale.titles("dr-rousseau", identifiers=sought) == {"Le sien"}
            masked = await tale.changed("dr-rousseau", own, Change.MASK)
            assert masked.visibility.masked
            assert masked.document_id == own.document_id
            assert masked.entry_uuid != own.entry_uuid
            await tale.changed("dr-rousseau", own, Change.DELETE)
            assert await tale.titles(PATIENT) == {"D'une autre"}

    run(story())


def test_un_autre_que_l_auteur_ne_supprime_pas(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            await tale.opened()
            await tale.attended("dr-martin")
            await tale.consented("dr-garnier")
            entry = await tale.deposited("dr-rousseau", "Note")
            for key in ("dr-martin", "dr-garnier", PATIENT):
                act = tale.changed(key, entry, Change.DELETE)
                assert await refused(act) is Reason.NOT_AUTHOR, key
            assert await tale.titles(PATIENT) == {"Note"}

    run(story())


def test_un_resultat_attend_son_annonce(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            await tale.opened()
            await tale.attended("dr-martin")
            hidden = frozenset({Restriction.HIDDEN_FROM_PATIENT})
            entry = await tale.deposited("dr-faye", "Biopsie", restrictions=hidden)
            assert await tale.titles(PATIENT) == set()
            assert await refused(tale.content(PATIENT, entry)) is Reason.DOCUMENT_NOT_FOUND
            act = tale.changed(PATIENT, entry, Change.MASK)
            assert await refused(act) is Reason.DOCUMENT_NOT_FOUND
            assert await tale.titles("dr-martin") == {"Biopsie"}
            await tale.changed("dr-martin", entry, Change.SHOW_TO_PATIENT)
            assert await tale.titles(PATIENT) == {"Biopsie"}
            act = tale.changed("dr-martin", entry, Change.HIDE_FROM_PATIENT)
            assert await refused(act) is Reason.CHANGE_NOT_ALLOWED

    run(story())


def test_masque_et_invisible_au_patient_s_excluent(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            await tale.opened()
            both = frozenset({Restriction.MASKED, Restriction.HIDDEN_FROM_PATIENT})
            act = tale.deposited("dr-faye", "Biopsie", restrictions=both)
            assert await refused(act) is Reason.VISIBILITY_CONFLICT
            assert await tale.titles(PATIENT) == set()

    run(story())


async def _represented(tale: Story) -> None:
    record = await tale.opened(CHILD, by="dr-martin")
    mother, child = person_of(MOTHER), person_of(CHILD)
    born = datetime.combine(child.traits.birth_date, datetime.min.time(), UTC)
    request = DeclareRepresentative(
        record_id=record.record_id, representative=mother.ins, name=mother.name,
        end=years_after(born, 18),
    )  # fmt: skip
    await perform(tale.house, declare_representative, request, INSURANCE)


def test_une_mere_voit_le_dossier_sauf_ce_qui_lui_est_cache_et_jusqu_a_la_majorite(
    database: str, data_dir: Path
) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            await _represented(tale)
            mother = caller_of(MOTHER, representing=True)
            hidden = frozenset({Restriction.HIDDEN_FROM_REPRESENTATIVES})
            await tale.deposited("dr-martin", "Angine", of=CHILD)
            secret = await tale.deposited(
                "agnes-leduc", "Contraception", of=CHILD, restrictions=hidden
            )
            assert await tale.titles(mother, CHILD) == {"Angine"}
            assert await refused(tale.content(mother, secret)) is Reason.DOCUMENT_NOT_FOUND
            assert await tale.titles(CHILD, CHILD) == {"Angine", "Contraception"}
            as_herself = refused(tale.titles(MOTHER, CHILD))
            assert await as_herself is Reason.RECORD_NOT_FOUND
            stranger = refused(tale.titles(caller_of("paul-durand", representing=True), CHILD))
            assert await stranger is Reason.RECORD_NOT_FOUND
            # Majority is at 00:00 in Paris, whatever end was written down.
            tale.house.at = datetime(2028, 5, 17, tzinfo=LOCAL).astimezone(UTC) - SECOND
            assert await tale.titles(mother, CHILD) == {"Angine"}
            tale.house.at += SECOND
            assert await refused(tale.titles(mother, CHILD)) is Reason.RECORD_NOT_FOUND
            assert await tale.titles(CHILD, CHILD) == {"Angine", "Contraception"}

    run(story())


@pytest.mark.parametrize(
    ("by", "reason"),
    [
        (MOTHER, Reason.ACT_NOT_ALLOWED),
        ("dr-martin", Reason.ACT_NOT_ALLOWED),
        ("agent-guichet", Reason.RELATION_NOT_POSSIBLE),  # an agent may, on papers that he names
    ],
)
def test_nul_ne_se_declare_representant_lui_meme(
    database: str, data_dir: Path, by: str, reason: Reason
) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            record = await tale.opened(CHILD, by="dr-martin")
            mother = person_of(MOTHER)
            request = DeclareRepresentative(
                record_id=record.record_id, representative=mother.ins, name=mother.name
            )
            caller = caller_of(by, representing=by == MOTHER)
            act = perform(tale.house, declare_representative, request, caller)
            assert await refused(act) is reason
            assert (await tale.known(CHILD)).relations.representatives == ()

    run(story())


def test_la_version_corrigee_remplace_la_premiere(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            await tale.opened()
            first = await tale.deposited("dr-faye", "Scanner v1")
            tale.later(days=1)
            stranger = tale.deposited("dr-garnier", "Scanner faux", replaces="Scanner v1")
            assert await refused(stranger) in (Reason.NOT_AUTHOR, Reason.REPLACED_NOT_FOUND)
            second = await tale.deposited("dr-faye", "Scanner v2", replaces="Scanner v1")
            assert second.replaces == first.document_id
            assert await tale.titles(PATIENT) == {"Scanner v2"}
            older = await tale.titles(PATIENT, statuses=(Status.DEPRECATED,))
            assert older == {"Scanner v1"}
            again = tale.deposited("dr-faye", "Scanner v3", replaces="Scanner v1")
            assert await refused(again) is Reason.REPLACED_NOT_CURRENT

    run(story())


@pytest.mark.parametrize(
    ("type_code", "readers", "shut_out"),
    [
        ("11488-4", ("dr-garnier", "sophie-caron", "nora-salmi", "dr-delorme"), ()),
        ("68599-0", ("dr-garnier",), ("nora-salmi", "dr-delorme", "sophie-caron", "paul-vidal")),
        ("83901-9", ("dr-garnier",), ("nora-salmi", "dr-delorme")),
        ("11502-2", ("dr-garnier", "sophie-caron"), ("paul-vidal",)),
    ],
)
def test_la_matrice_ouvre_et_ferme_les_types(
    database: str,
    data_dir: Path,
    type_code: str,
    readers: tuple[str, ...],
    shut_out: tuple[str, ...],
) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            await tale.opened()
            entry = await tale.deposited("dr-rousseau", "Document", type_code=type_code)
            for reader in (*readers, *shut_out):
                await tale.consented(reader)
            for reader in readers:
                assert await tale.titles(reader) == {"Document"}, reader
            for reader in shut_out:
                assert await tale.titles(reader) == set(), reader
                assert await refused(tale.content(reader, entry)) is Reason.DOCUMENT_NOT_FOUND

    run(story())


def test_le_logiciel_de_l_hopital_depose_et_ne_lit_jamais(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            await tale.opened()
            system = caller_of("hopital")
            entry = await tale.deposited("dr-benoit", "Admission", caller=system)
            required = Reason.INDIVIDUAL_AUTHENTICATION_REQUIRED
            assert await refused(tale.titles(system)) is required
            assert await refused(tale.content(system, entry)) is required
            assert await tale.titles(PATIENT) == {"Admission"}

    run(story())
