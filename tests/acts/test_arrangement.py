"""Folders and pins through the corridor: who arranges, who only reads, and what folders never tell."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from dmp.acts.arranging.arrange_documents import (
    Arranged,
    ArrangeDocuments,
    Doing,
    ReadArrangement,
    arrange_documents,
    read_arrangement,
)
from dmp.acts.documents.update_metadata import Change
from dmp.acts.perform import perform
from dmp.domain.access.policy import Policy
from dmp.domain.arranging.arrangement import MAX_FOLDERS, MAX_NAME, MAX_PINS
from dmp.domain.documents.visibility import Restriction
from dmp.domain.errors import Reason
from dmp.domain.identity.caller import Caller, Carer
from dmp.domain.record.relations import CarerLevel, Invitation, Relations
from tests.acts.cases import AUTHOR, CHILD, DOCTOR, HOLDER, NURSE, PARENT, Case, refusal, told
from tests.builders import a_caller, an_ins
from tests.builders.records import a_caring

HELPER_INS = an_ins(78)
HELPER = a_caller(Carer(ins=HELPER_INS, name="GIRARD Paul"))


async def arrange(case: Case, doing: Doing, caller: Caller = HOLDER, **asked: object) -> Arranged:
    request = ArrangeDocuments(record_id=case.id, doing=doing, **asked)  # type: ignore[arg-type] # fields of the request
    return await perform(case.house, arrange_documents, request, caller)


async def arranged(case: Case, caller: Caller = HOLDER) -> Arranged:
    return await perform(case.house, read_arrangement, ReadArrangement(record_id=case.id), caller)


def names(shown: Arranged) -> dict[str, list[UUID]]:
    return {one.name: [entry.document_id for entry in one.entries] for one in shown.folders}


def test_folders_are_made_named_filled_and_ended(database: str, data_dir: Path) -> None:
    async def story(case: Case) -> None:
        one, two = await case.provide(), await case.provide()
        made = await arrange(case, Doing.CREATE, name="  Genou   droit ")
        folder = made.folder_id
        await arrange(case, Doing.PUT, folder=folder, documents=(one.document_id,))
        await arrange(case, Doing.PUT, folder=folder, documents=(two.document_id,))
        assert names(await arranged(case)) == {"Genou droit": [two.document_id, one.document_id]}
        await arrange(case, Doing.RENAME, folder=folder, name="Genou")
        await arrange(case, Doing.TAKE_OUT, folder=folder, documents=(two.document_id,))
        assert names(await arranged(case)) == {"Genou": [one.document_id]}
        await arrange(case, Doing.PUT, name="Autre", documents=(two.document_id,))
        assert list(names(await arranged(case))) == ["Autre", "Genou"]
        await arrange(case, Doing.DELETE, folder=folder)
        assert list(names(await arranged(case))) == ["Autre"]
        assert len(await case.seen(HOLDER)) == 2

    told(database, data_dir, story)


def test_a_name_is_checked(database: str, data_dir: Path) -> None:
    async def story(case: Case) -> None:
        folder = (await arrange(case, Doing.CREATE, name="Été")).folder_id
        taken = await refusal(arrange(case, Doing.CREATE, name="ÉTÉ"))
        assert taken is Reason.FOLDER_NAME_TAKEN
        for name in ("", "   ", "x" * (MAX_NAME + 1), "a\u202eb"):
            made = await refusal(arrange(case, Doing.CREATE, name=name))
            assert made is Reason.FOLDER_NOT_POSSIBLE, name
        await arrange(case, Doing.RENAME, folder=folder, name="été")
        for number in range(MAX_FOLDERS - 1):
            await arrange(case, Doing.CREATE, name=f"Dossier {number}")
        assert await refusal(arrange(case, Doing.CREATE, name="Trop")) is Reason.FOLDER_NOT_POSSIBLE
        unknown = await refusal(arrange(case, Doing.RENAME, folder=uuid4(), name="x"))
        assert unknown is Reason.FOLDER_NOT_FOUND
        assert await refusal(arrange(case, Doing.DELETE)) is Reason.FOLDER_NOT_FOUND

    told(database, data_dir, story)


def test_pins_stand_on_top_newest_first(database: str, data_dir: Path) -> None:
    async def story(case: Case) -> None:
        entries = [await case.provide() for _ in range(MAX_PINS + 1)]
        for entry in entries:
            await arrange(case, Doing.PIN, documents=(entry.document_id,))
        pins = [entry.document_id for entry in (await arranged(case)).pins]
        assert pins == [entry.document_id for entry in reversed(entries[1:])]
        await arrange(case, Doing.UNPIN, documents=(entries[-1].document_id,))
        assert len((await arranged(case)).pins) == MAX_PINS - 1

    told(database, data_dir, story)


def test_a_new_version_stands_where_the_old_one_was_put(database: str, data_dir: Path) -> None:
    async def story(case: Case) -> None:
        old = await case.provide()
        await arrange(case, Doing.PUT, name="Suivi", documents=(old.document_id,))
        await arrange(case, Doing.PIN, documents=(old.document_id,))
        new = await case.provide(replaces=old.unique_id)
        shown = await arranged(case)
        assert names(shown) == {"Suivi": [new.document_id]}
        assert [entry.document_id for entry in shown.pins] == [new.document_id]
        folder = shown.folders[0].folder_id
        await arrange(case, Doing.TAKE_OUT, folder=folder, documents=(new.document_id,))
        await arrange(case, Doing.UNPIN, documents=(new.document_id,))
        assert names(await arranged(case)) == {"Suivi": []}
        assert (await arranged(case)).pins == ()

    told(database, data_dir, story)


def test_what_does_not_exist_for_the_reader_is_not_put_away(database: str, data_dir: Path) -> None:
    async def story(case: Case) -> None:
        hidden = frozenset({Restriction.HIDDEN_FROM_PATIENT})
        waiting = await case.provide(restrictions=hidden)
        for document in (waiting.document_id, uuid4()):
            for doing in (Doing.PUT, Doing.PIN):
                asked = arrange(case, doing, name="Suivi", documents=(document,))
                assert await refusal(asked) is Reason.DOCUMENT_NOT_FOUND
        assert names(await arranged(case)) == {}

    told(database, data_dir, story)


def test_a_deleted_document_leaves_its_folder(database: str, data_dir: Path) -> None:
    async def story(case: Case) -> None:
        entry = await case.provide()
        await arrange(case, Doing.PUT, name="Suivi", documents=(entry.document_id,))
        await arrange(case, Doing.PIN, documents=(entry.document_id,))
        await case.change(entry, Change.DELETE, AUTHOR)
        shown = await arranged(case)
        assert names(shown) == {"Suivi": []} and shown.pins == ()

    told(database, data_dir, story)


def test_a_minors_folders_are_hers_and_her_parents_theirs(database: str, data_dir: Path) -> None:
    async def story(case: Case) -> None:
        secret = await case.provide(
            restrictions=frozenset({Restriction.HIDDEN_FROM_REPRESENTATIVES})
        )
        plain = await case.provide()
        both = (secret.document_id, plain.document_id)
        await arrange(case, Doing.PUT, name="Contraception", documents=both)
        await arrange(case, Doing.PIN, documents=(secret.document_id,))
        assert await arranged(case, PARENT) == Arranged()
        # Neither a name nor a document tells that she has one.
        await arrange(case, Doing.PUT, PARENT, name="Contraception", documents=(plain.document_id,))
        put = arrange(case, Doing.PUT, PARENT, name="Autre", documents=(secret.document_id,))
        assert await refusal(put) is Reason.DOCUMENT_NOT_FOUND
        assert names(await arranged(case, PARENT)) == {"Contraception": [plain.document_id]}
        assert names(await arranged(case)) == {"Contraception": list(both)}
        await case.change(plain, Change.HIDE_FROM_REPRESENTATIVES, HOLDER)
        assert names(await arranged(case, PARENT)) == {"Contraception": []}

    told(database, data_dir, story, **CHILD)


def test_a_carer_reads_the_folders_that_hold_something_for_him(
    database: str, data_dir: Path
) -> None:
    async def story(case: Case) -> None:
        case.house.policy = Policy(carers=True)
        plain = await case.provide()
        secret = await case.provide(
            restrictions=frozenset({Restriction.HIDDEN_FROM_REPRESENTATIVES})
        )
        await arrange(case, Doing.PUT, name="Secret", documents=(secret.document_id,))
        await arrange(
            case, Doing.PUT, name="Genou", documents=(plain.document_id, secret.document_id)
        )
        assert names(await arranged(case, HELPER)) == {"Genou": [plain.document_id]}
        assert (
            await refusal(arrange(case, Doing.CREATE, HELPER, name="x")) is Reason.ACT_NOT_ALLOWED
        )

    relation = a_caring(
        matricule=HELPER_INS.matricule,
        level=CarerLevel.MANAGE,
        invitation=Invitation.ACCEPTED,
    )
    told(database, data_dir, story, relations=Relations(carers=(relation,)))


@pytest.mark.parametrize("caller", [DOCTOR, NURSE, AUTHOR], ids=["doctor", "nurse", "author"])
def test_professionals_know_no_folders(database: str, data_dir: Path, caller: Caller) -> None:
    async def story(case: Case) -> None:
        assert await refusal(arranged(case, caller)) is Reason.ACT_NOT_ALLOWED
        assert (
            await refusal(arrange(case, Doing.CREATE, caller, name="x")) is Reason.ACT_NOT_ALLOWED
        )

    told(database, data_dir, story)


def test_somebody_elses_record_has_no_folders(database: str, data_dir: Path) -> None:
    async def story(case: Case) -> None:
        who = replace(HOLDER.who, ins=an_ins(91))  # type: ignore[arg-type] # a holder
        other = replace(HOLDER, who=who)
        await arrange(case, Doing.CREATE, name="Genou")
        assert await refusal(arranged(case, other)) is Reason.RECORD_NOT_FOUND
        case.house.at += timedelta(days=1)
        assert await refusal(arranged(case, PARENT)) is Reason.RECORD_NOT_FOUND

    told(database, data_dir, story)
