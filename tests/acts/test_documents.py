"""Documents through the corridor: provided, repeated, replaced, changed, read; and who may not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from dmp.acts.documents.find_documents import FindDocuments, find_documents
from dmp.acts.documents.preview_visibility import PreviewVisibility, preview_visibility
from dmp.acts.documents.provide_documents import Receipt, provide_documents
from dmp.acts.documents.retrieve_document import RetrieveDocument, retrieve_document
from dmp.acts.documents.update_metadata import Change, UpdateMetadata, update_metadata
from dmp.acts.perform import perform
from dmp.domain.documents.entry import DocumentEntry, Status
from dmp.domain.documents.query import DocumentQuery
from dmp.domain.documents.submission import ClaimedDocument, Submission
from dmp.domain.documents.visibility import Restriction, Visibility
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import UniqueId
from dmp.domain.identity.caller import Caller, Strength
from dmp.domain.record.health_record import HealthRecord
from dmp.formats.cda.documents import consultation_note
from dmp.formats.cda.write import write
from tests.acts.standing import Standing, standing, traces_of, with_consent
from tests.builders import NOW, a_caller, a_doctor, a_holder, a_system
from tests.formats.cda.samples import FRAME
from tests.storage.opened import kept_record, run

AUTHOR = a_caller()
COLLEAGUE = a_caller(a_doctor(id_nat="810100000025", name="Dr Paul Ferrand"))
STRANGER = a_caller(
    a_doctor(
        id_nat="810100000033",
        name="Dr Zoé Maurin",
        structure=replace(a_doctor().structure, id_nat="1750000024", name="Cabinet du Port"),
    )
)


async def _record(house: Standing) -> HealthRecord:
    return await kept_record(house.store, ins=FRAME.patient.ins, traits=FRAME.patient.traits)


def _note(number: int = 1, *, replaces: int | None = None, text: str = "Rien.") -> bytes:
    frame = replace(
        FRAME,
        unique_id=UniqueId(f"1.2.250.1.999.3.{number}"),
        replaces=() if replaces is None else (UniqueId(f"1.2.250.1.999.3.{replaces}"),),
        author=replace(FRAME.author, id="810100000017", structure_id="1750000016"),
        written_at=NOW,
    )
    return write(consultation_note(frame, reason="Suivi", conclusion=text))


async def _provide(
    house: Standing, content: bytes, caller: Caller = AUTHOR, **claims: object
) -> Receipt:
    claimed = ClaimedDocument(content=content, content_type="text/xml", **claims)  # type: ignore[arg-type] # any field of the claim
    submission = Submission(ins=FRAME.patient.ins, documents=(claimed,), simplified=True)
    return await perform(house, provide_documents, submission, caller)


async def _one(
    house: Standing, content: bytes, caller: Caller = AUTHOR, **claims: object
) -> DocumentEntry:
    return (await _provide(house, content, caller, **claims)).documents[0].entry


async def _seen(house: Standing, record: HealthRecord, caller: Caller) -> set[str]:
    page = await perform(house, find_documents, FindDocuments(of=record.ins), caller)
    assert page.total == len(page.entries)
    return {entry.unique_id.value for entry in page.entries}


async def _refusal(
    house: Standing, content: bytes, caller: Caller = AUTHOR, **claims: object
) -> Reason:
    with pytest.raises(Refused) as refusal:
        await _provide(house, content, caller, **claims)
    return refusal.value.reason


def test_a_deposit_is_read_back_octet_for_octet(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with standing(database, data_dir) as house:
            record = await _record(house)
            content = _note()
            entry = await _one(house, content)
            assert (entry.type_code.code, entry.class_code.code) == ("11488-4", "10")
            assert entry.entry_uuid == entry.document_id
            got = await perform(
                house,
                retrieve_document,
                RetrieveDocument(document=entry.document_id),
                a_caller(a_holder(ins=record.ins)),
            )
            assert got.content == content

    run(story())


def test_a_document_sent_twice_is_the_same_document(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with standing(database, data_dir) as house:
            record = await _record(house)
            first = await _provide(house, _note())
            again = await _provide(house, _note())
            assert again.documents[0].was_known
            assert again.documents[0].entry.document_id == first.documents[0].entry.document_id
            assert again.submission.submission_id == first.submission.submission_id
            assert await _refusal(house, _note(text="Autre.")) is Reason.UNIQUE_ID_TAKEN
            assert len(await _seen(house, record, a_caller(a_holder(ins=record.ins)))) == 1

    run(story())


@pytest.mark.parametrize("claimed", [True, False], ids=["in the metadata", "in the CDA alone"])
def test_a_new_version_supersedes_the_old(database: str, data_dir: Path, claimed: bool) -> None:
    async def story() -> None:
        async with standing(database, data_dir) as house:
            record = await _record(house)
            old = await _one(house, _note(1))
            claims: dict[str, object] = {"replaces": old.unique_id} if claimed else {}
            new = await _provide(house, _note(2, replaces=1), AUTHOR, **claims)
            replaced = new.documents[0].replaced
            assert replaced is not None
            assert replaced.status is Status.DEPRECATED
            holder = a_caller(a_holder(ins=record.ins))
            assert await _seen(house, record, holder) == {"1.2.250.1.999.3.2"}
            both = DocumentQuery(statuses=(Status.APPROVED, Status.DEPRECATED))
            page = await perform(
                house, find_documents, FindDocuments(of=record.ins, query=both), holder
            )
            assert page.total == 2

    run(story())


def test_only_the_author_replaces(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with standing(database, data_dir) as house:
            record = await _record(house)
            old = await _one(house, _note(1))
            new = _note(2)
            unseen = await _refusal(house, new, STRANGER, replaces=old.unique_id)
            assert unseen is Reason.REPLACED_NOT_FOUND
            await with_consent(house, record, STRANGER)
            assert await _refusal(house, new, STRANGER, replaces=old.unique_id) is Reason.NOT_AUTHOR
            colleague = await _one(house, new, COLLEAGUE, replaces=old.unique_id)
            assert colleague.replaces == old.document_id

    run(story())


def test_masking_passes_to_the_new_version(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with standing(database, data_dir) as house:
            record = await _record(house)
            old = await _one(house, _note(1))
            await _change(house, old, Change.MASK, a_caller(a_holder(ins=record.ins)))
            new = await _one(house, _note(2), replaces=old.unique_id)
            assert new.visibility.masked

    run(story())


async def _change(
    house: Standing, entry: DocumentEntry, change: Change, caller: Caller
) -> DocumentEntry:
    request = UpdateMetadata(document=entry.document_id, changes=(change,))
    return await perform(house, update_metadata, request, caller)


def test_a_masked_document_exists_for_its_author_and_the_holder_only(
    database: str, data_dir: Path
) -> None:
    async def story() -> None:
        async with standing(database, data_dir) as house:
            record = await _record(house)
            holder = a_caller(a_holder(ins=record.ins))
            entry = await _one(house, _note(1))
            for professional in (AUTHOR, STRANGER):
                await with_consent(house, record, professional)
            masked = await _change(house, entry, Change.MASK, holder)
            assert masked.version == 2
            assert masked.entry_uuid != entry.entry_uuid
            assert len(await _seen(house, record, holder)) == 1
            assert len(await _seen(house, record, AUTHOR)) == 1
            assert await _seen(house, record, STRANGER) == set()
            for identifier in (entry.entry_uuid, masked.entry_uuid):
                with pytest.raises(Refused) as refusal:
                    await perform(
                        house, retrieve_document, RetrieveDocument(document=identifier), STRANGER
                    )
                assert refusal.value.reason is Reason.DOCUMENT_NOT_FOUND
            await _change(house, entry, Change.UNMASK, holder)
            assert len(await _seen(house, record, STRANGER)) == 1

    run(story())


def test_only_the_author_deletes_and_nobody_sees_it_again(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with standing(database, data_dir) as house:
            record = await _record(house)
            holder = a_caller(a_holder(ins=record.ins))
            entry = await _one(house, _note(1))
            await with_consent(house, record, STRANGER)
            for other in (holder, STRANGER):
                with pytest.raises(Refused) as refusal:
                    await _change(house, entry, Change.DELETE, other)
                assert refusal.value.reason is Reason.NOT_AUTHOR
            await _change(house, entry, Change.DELETE, AUTHOR)
            for reader in (holder, AUTHOR, STRANGER):
                with pytest.raises(Refused) as refusal:
                    await perform(
                        house,
                        retrieve_document,
                        RetrieveDocument(document=entry.document_id),
                        reader,
                    )
                assert refusal.value.reason in (
                    Reason.DOCUMENT_NOT_FOUND,
                    Reason.ACCESS_NOT_AUTHORISED,
                )
            assert await _seen(house, record, holder) == set()

    run(story())


def test_a_structure_deposits_and_never_reads(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with standing(database, data_dir) as house:
            record = await _record(house)
            system = a_caller(a_system(), strength=Strength.STRUCTURE)
            entry = await _one(house, _note(1), system)
            with pytest.raises(Refused) as refusal:
                await perform(house, find_documents, FindDocuments(of=record.ins), system)
            assert refusal.value.reason is Reason.INDIVIDUAL_AUTHENTICATION_REQUIRED
            own = DocumentQuery(identifiers=(entry.unique_id.value,))
            page = await perform(
                house, find_documents, FindDocuments(of=record.ins, query=own), system
            )
            assert [found.document_id for found in page.entries] == [entry.document_id]
            with pytest.raises(Refused):
                await perform(
                    house, retrieve_document, RetrieveDocument(document=entry.document_id), system
                )

    run(story())


def test_not_yet_announced_hides_from_the_patient_until_shown(
    database: str, data_dir: Path
) -> None:
    async def story() -> None:
        async with standing(database, data_dir) as house:
            record = await _record(house)
            holder = a_caller(a_holder(ins=record.ins))
            hidden = frozenset({Restriction.HIDDEN_FROM_PATIENT})
            entry = await _one(house, _note(1), restrictions=hidden)
            assert await _seen(house, record, holder) == set()
            with pytest.raises(Refused) as refusal:
                await _change(house, entry, Change.MASK, holder)
            assert refusal.value.reason is Reason.DOCUMENT_NOT_FOUND
            with pytest.raises(Refused) as conflict:
                await _change(house, entry, Change.MASK, AUTHOR)
            assert conflict.value.reason is Reason.VISIBILITY_CONFLICT
            await _change(house, entry, Change.SHOW_TO_PATIENT, AUTHOR)
            assert len(await _seen(house, record, holder)) == 1
            with pytest.raises(Refused) as taken_back:
                await _change(house, entry, Change.HIDE_FROM_PATIENT, AUTHOR)
            assert taken_back.value.reason is Reason.CHANGE_NOT_ALLOWED

    run(story())


def test_a_submission_is_registered_whole_or_not_at_all(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with standing(database, data_dir) as house:
            record = await _record(house)
            good = ClaimedDocument(content=_note(1), content_type="text/xml")
            bad = ClaimedDocument(content=_note(2), content_type="text/xml", size=3)
            submission = Submission(ins=record.ins, documents=(good, bad))
            with pytest.raises(Refused) as refusal:
                await perform(house, provide_documents, submission, AUTHOR)
            assert refusal.value.reason is Reason.SIZE_MISMATCH
            assert await _seen(house, record, a_caller(a_holder(ins=record.ins))) == set()
            whole = Submission(ins=record.ins, documents=(good, replace(bad, size=None)))
            receipt = await perform(house, provide_documents, whole, AUTHOR)
            assert len(receipt.submission.document_ids) == 2
            (trace, *_) = [
                t for t in await traces_of(house, record) if t.act == "provide-documents"
            ]
            assert len(trace.document_ids) == 2

    run(story())


def test_the_preview_tells_what_the_list_does(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with standing(database, data_dir) as house:
            record = await _record(house)
            entry = await _one(house, _note(1))
            shown = await perform(
                house,
                preview_visibility,
                PreviewVisibility(
                    document=entry.document_id,
                    within=record.record_id,
                    considered=Visibility(masked=True),
                ),
                a_caller(a_holder(ins=record.ins)),
            )
            rows = {row.profession: row for row in shown.rows if row.profession}
            assert rows["60"].today.seen
            assert not rows["60"].after.seen

    run(story())
