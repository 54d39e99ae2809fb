"""Ce qu’une mineure fait pour elle-même : son journal le lui dit, et ne le dit pas à ses parents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

from dmp.acts.arranging.arrange_documents import ArrangeDocuments, Doing, arrange_documents
from dmp.acts.briefly.open_share import OpenShare, held_digest, open_share
from dmp.acts.briefly.share_briefly import EndShare, ShareBriefly, end_share, share_briefly
from dmp.acts.documents.mask_documents import MaskDocuments, mask_documents
from dmp.acts.perform import perform
from dmp.acts.person.read_traces import ReadTraces, read_traces
from dmp.acts.synthesis.read_synthesis import ReadSynthesis, read_shared_summary
from dmp.domain.documents.visibility import Restriction
from dmp.domain.errors import Reason
from dmp.domain.identity.caller import Caller, CodeBearer, Door, Strength
from dmp.domain.journal.event import Trace
from dmp.domain.record.relations import Shared
from dmp.remote.simulated.directory import caller_of
from tests.scenarios.telling import Story, refused, telling
from tests.storage.opened import run

CHILD, MOTHER = "lea-moreau", "sandrine-moreau"
SOMEBODY = Caller(
    who=CodeBearer(share_id=UUID(int=0)), strength=Strength.STRUCTURE, door=Door.WEB, means="code"
)
SECRET = frozenset({Restriction.HIDDEN_FROM_REPRESENTATIVES})


async def _opened(tale: Story) -> None:
    await tale.opened(CHILD, by="dr-martin", born=date(2010, 5, 17))
    await tale.represented(MOTHER, of=CHILD)


async def _journal(tale: Story, reader: Caller) -> Sequence[Trace]:
    tale.later(minutes=1)  # a journal tells of what is past
    asked = ReadTraces(record_id=(await tale.known(CHILD)).record_id)
    return (await perform(tale.house, read_traces, asked, reader)).traces


async def _acts(tale: Story, reader: Caller) -> list[str]:
    return [trace.act for trace in await _journal(tale, reader)]


def _mother() -> Caller:
    return caller_of(MOTHER, representing=True)


def test_ce_qu_elle_partage_elle_meme_ne_se_lit_pas_dans_le_journal_de_ses_parents(
    database: str, data_dir: Path
) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            await _opened(tale)
            record_id = (await tale.known(CHILD)).record_id
            share = ShareBriefly(
                record_id=record_id, shared=Shared.SUMMARY, given_to="Une amie",
                lasts=timedelta(hours=2),
            )  # fmt: skip
            given = await perform(tale.house, share_briefly, share, caller_of(CHILD))
            opened = await perform(tale.house, open_share, OpenShare(code=given.code), SOMEBODY)
            again = perform(tale.house, open_share, OpenShare(code=given.code), SOMEBODY)
            assert await refused(again) is Reason.SHARE_USED
            held = CodeBearer(share_id=given.share.share_id, reader_digest=held_digest(opened.held))
            asked = ReadSynthesis(of=record_id)
            await perform(tale.house, read_shared_summary, asked, replace(SOMEBODY, who=held))
            ending = EndShare(record_id=record_id, share_id=given.share.share_id)
            await perform(tale.house, end_share, ending, caller_of(CHILD))

            told = ["end-share", "read-shared-summary", "open-share", "open-share", "share-briefly"]
            assert [act for act in await _acts(tale, caller_of(CHILD)) if act in told] == told
            assert not {*told} & {*await _acts(tale, _mother())}

    run(story())


def test_ce_que_sa_mere_partage_se_lit_dans_les_deux_journaux(
    database: str, data_dir: Path
) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            await _opened(tale)
            share = ShareBriefly(
                record_id=(await tale.known(CHILD)).record_id, shared=Shared.SUMMARY,
                given_to="La colonie", lasts=timedelta(hours=2),
            )  # fmt: skip
            given = await perform(tale.house, share_briefly, share, _mother())
            await perform(tale.house, open_share, OpenShare(code=given.code), SOMEBODY)
            for reader in (caller_of(CHILD), _mother()):
                assert (await _acts(tale, reader)).count("open-share") == 1
                assert (await _acts(tale, reader)).count("share-briefly") == 1

    run(story())


def test_ce_qu_elle_range_dans_ses_dossiers_ne_se_dit_qu_a_elle(
    database: str, data_dir: Path
) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            await _opened(tale)
            asked = ArrangeDocuments(
                record_id=(await tale.known(CHILD)).record_id, doing=Doing.CREATE, name="À moi"
            )
            await perform(tale.house, arrange_documents, asked, caller_of(CHILD))
            assert "arrange-documents" in await _acts(tale, caller_of(CHILD))
            assert "arrange-documents" not in await _acts(tale, _mother())
            await perform(tale.house, arrange_documents, asked, _mother())
            assert (await _acts(tale, _mother())).count("arrange-documents") == 1

    run(story())


def test_masquer_une_categorie_se_dit_de_meme_qu_elle_cache_un_document_ou_non(
    database: str, data_dir: Path
) -> None:
    """Sans quoi le choix se verrait, et l’acte non : il y aurait là quelque chose de caché."""

    async def story() -> None:
        async with telling(database, data_dir) as tale:
            await _opened(tale)
            await tale.deposited("dr-martin", "Secret", of=CHILD, restrictions=SECRET)
            asked = MaskDocuments(
                record_id=(await tale.known(CHILD)).record_id, category="CPT_REND", future=True
            )
            done = await perform(tale.house, mask_documents, asked, caller_of(CHILD))
            assert [entry.title for entry in done.changed] == ["Secret"]
            trace = (await _journal(tale, _mother()))[0]
            assert (trace.act, trace.detail) == ("mask-documents", "mask CPT_REND")
            assert (trace.document_id, trace.document_ids) == ("", ())

    run(story())
