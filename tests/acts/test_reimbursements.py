"""Publishing and reading the history of reimbursements: versions, names, who may, and what is traced."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from lxml import etree

from dmp.acts.claims.insurer import PUBLISHER
from dmp.acts.claims.publish_due import Publication
from dmp.acts.claims.publish_reimbursements import PublishReimbursements, publish_reimbursements
from dmp.acts.claims.read_history import ReadableHistory, ReadHistory, read_history
from dmp.acts.documents.find_documents import FindDocuments, find_documents
from dmp.acts.documents.retrieve_document import RetrieveDocument, retrieve_document
from dmp.acts.perform import perform
from dmp.acts.person.read_notices import ReadNotices, read_notices
from dmp.domain.claims.readable import Heading
from dmp.domain.claims.reimbursement import Reimbursement
from dmp.domain.documents.entry import AuthorKind, DocumentEntry, Status
from dmp.domain.documents.query import DocumentQuery
from dmp.domain.errors import Reason, Refused
from dmp.domain.identity.caller import Caller
from dmp.domain.record.health_record import HealthRecord, State
from dmp.domain.record.notice import NoticeKind
from tests.acts.cases import HOLDER
from tests.acts.fed import fed, listed
from tests.acts.standing import Standing, standing, traces_of, with_consent
from tests.builders import HOLDER_INS, a_caller, a_system
from tests.builders.claims import (
    AMOXICILLIN,
    NAMES,
    PHARMACY,
    a_line,
    an_act,
    one_of_each,
    some_knowledge,
)
from tests.formats.cda.reimbursements.checks import CHECKS
from tests.storage.opened import kept_record, run

DOCTOR = a_caller()


async def _publish(
    house: Standing, record: HealthRecord, caller: Caller = PUBLISHER
) -> DocumentEntry | None:
    request = PublishReimbursements(record_id=record.record_id, changed_at=house.at)
    return await perform(house, publish_reimbursements, request, caller)


async def _fed(house: Standing, record: HealthRecord, *lines: Reimbursement) -> None:
    await fed(house.store, record.record_id, lines, house.at)


async def _versions(house: Standing, record: HealthRecord) -> Sequence[DocumentEntry]:
    query = DocumentQuery(types=("REMB",), statuses=())
    page = await perform(house, find_documents, FindDocuments(of=record.ins, query=query), HOLDER)
    return page.entries


async def _history(
    house: Standing, record: HealthRecord, caller: Caller = HOLDER, **asked: object
) -> ReadableHistory:
    request = ReadHistory(of=record.record_id, **asked)  # type: ignore[arg-type] # fields of the request
    return await perform(house, read_history, request, caller)


def test_the_document_is_registered_as_the_insurers_and_holds_against_every_requirement(
    database: str, data_dir: Path
) -> None:
    async def story() -> None:
        async with standing(database, data_dir) as house:
            house.knowledge = some_knowledge()
            record = await kept_record(house.store, ins=HOLDER_INS)
            await listed(house.store, NAMES)
            await _fed(house, record, *one_of_each())
            entry = await _publish(house, record)
            assert entry is not None
            assert (entry.type_code.code, entry.class_code.code) == ("REMB", "60")
            assert entry.format_code.code == "urn:asip:ci-sis:hr:2019"
            assert (entry.facility_type.code, entry.practice_setting.code) == ("SA24", "AMO")
            author = entry.authors[0]
            assert author.kind is AuthorKind.DEVICE
            assert author.role is not None
            assert author.role.code == "ALIM_AM"
            assert entry.title == "Données de remboursement"
            assert entry.service_stop is not None
            assert entry.service_stop - entry.service_start > timedelta(days=729)
            asked = RetrieveDocument(document=entry.document_id, within=record.record_id)
            retrieved = await perform(house, retrieve_document, asked, HOLDER)
            root = etree.fromstring(retrieved.content)
            assert [name for name, holds in CHECKS.items() if not holds(root)] == []
            assert "Pharmacie des Lilas" in retrieved.content.decode()

    run(story())


def test_each_feeding_makes_the_next_version_of_the_same_set(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with standing(database, data_dir) as house:
            record = await kept_record(house.store, ins=HOLDER_INS)
            await _fed(house, record, a_line())
            first = await _publish(house, record)
            house.at += timedelta(days=30)
            await _fed(house, record, an_act())
            second = await _publish(house, record)
            assert first is not None
            assert second is not None
            assert second.set_id == first.set_id
            assert second.replaces == first.document_id
            assert second.unique_id != first.unique_id
            versions = await _versions(house, record)
            assert [one.status for one in versions] == [Status.APPROVED, Status.DEPRECATED]
            content = await _content(house, second)
            assert b'versionNumber value="2"' in content
            assert first.unique_id.value.encode() in content

    run(story())


async def _content(house: Standing, entry: DocumentEntry) -> bytes:
    asked = RetrieveDocument(document=entry.document_id, within=entry.record_id)
    return (await perform(house, retrieve_document, asked, HOLDER)).content


def test_nothing_new_to_say_makes_no_version(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with standing(database, data_dir) as house:
            record = await kept_record(house.store, ins=HOLDER_INS)
            line = a_line()
            await _fed(house, record, line)
            assert await _publish(house, record) is not None
            house.at += timedelta(days=1)
            # The same line again; then a line and what cancels it.
            await _fed(house, record, line)
            assert await _publish(house, record) is None
            await _fed(house, record, an_act(), an_act(quantity=-1))
            assert await _publish(house, record) is None
            assert len(await _versions(house, record)) == 1
            # What was said before may be said again: it is a version of its own.
            await _fed(house, record, a_line(quantity=-1))
            empty = await _publish(house, record)
            await _fed(house, record, a_line())
            again = await _publish(house, record)
            assert empty is not None
            assert again is not None
            assert len(await _versions(house, record)) == 3

    run(story())


def test_a_feed_without_lines_that_stand_gives_the_empty_document(
    database: str, data_dir: Path
) -> None:
    async def story() -> None:
        async with standing(database, data_dir) as house:
            record = await kept_record(house.store, ins=HOLDER_INS)
            await _fed(house, record)
            entry = await _publish(house, record)
            assert entry is not None
            content = (await _content(house, entry)).decode()
            assert content.count("Aucune donnée de remboursement connue dans la période") == 7

    run(story())


def test_lines_older_than_the_months_in_view_are_left_out(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with standing(database, data_dir) as house:
            record = await kept_record(house.store, ins=HOLDER_INS)
            old = a_line(start=date(2024, 3, 1))
            await _fed(house, record, old, a_line(start=date(2024, 3, 2)))
            assert await _publish(house, record) is not None
            assert [entry.on for entry in (await _history(house, record)).entries] == [
                date(2024, 3, 2)
            ]
            house.rules = replace(house.rules, claims_months=25)
            assert len((await _history(house, record)).entries) == 2

    run(story())


def test_nobody_else_publishes(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with standing(database, data_dir) as house:
            record = await kept_record(house.store, ins=HOLDER_INS)
            await with_consent(house, record, DOCTOR)
            await _fed(house, record, a_line())
            for caller in (a_caller(a_system()), DOCTOR, HOLDER):
                with pytest.raises(Refused) as refused:
                    await _publish(house, record, caller)
                assert refused.value.reason is Reason.ACT_NOT_ALLOWED
            assert await _versions(house, record) == ()

    run(story())


@pytest.mark.parametrize("state", [State.CLOSED, State.REFUSED, State.SUSPENDED, State.INFORMED])
def test_a_record_that_is_not_open_takes_nothing(
    database: str, data_dir: Path, state: State
) -> None:
    async def story() -> None:
        async with standing(database, data_dir) as house:
            record = await kept_record(house.store, ins=HOLDER_INS, state=state)
            await _fed(house, record, a_line())
            assert await Publication(house, share=1).turn() == 0
            with pytest.raises(Refused) as refused:
                await _publish(house, record)
            assert refused.value.reason.value.startswith("record-")

    run(story())


def test_the_holder_is_told_once(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with standing(database, data_dir) as house:
            record = await kept_record(house.store, ins=HOLDER_INS)
            for quantity in (1, 2, 3):
                await _fed(house, record, a_line(code=AMOXICILLIN, quantity=quantity))
                await _publish(house, record)
            asked = ReadNotices(record_id=record.record_id)
            told = await perform(house, read_notices, asked, HOLDER)
            assert [notice.kind for notice in told] == [NoticeKind.FIRST_FEEDING]
            assert told[0].by == told[0].place == ""

    run(story())


def test_the_job_publishes_what_waits_and_nothing_twice(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with standing(database, data_dir) as house:
            record = await kept_record(house.store, ins=HOLDER_INS)
            await _fed(house, record, a_line())
            publication = Publication(house, share=1)
            assert await publication.turn() == 1
            assert await publication.turn() == 0
            house.at += timedelta(days=1)
            await _fed(house, record, an_act())
            assert await publication.turn() == 1
            assert len(await _versions(house, record)) == 2
            traces = await traces_of(house, record)
            published = [trace for trace in traces if trace.act == "publish-reimbursements"]
            assert [trace.document_type for trace in published] == ["REMB", "REMB"]
            assert {trace.caller.kind for trace in published} == {"insurer"}

    run(story())


def test_two_jobs_at_once_make_one_document(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with standing(database, data_dir) as house:
            record = await kept_record(house.store, ins=HOLDER_INS)
            await _fed(house, record, a_line())
            await asyncio.gather(*(_publish(house, record) for _ in range(3)))
            assert len(await _versions(house, record)) == 1

    run(story())


def test_a_record_that_cannot_be_published_does_not_stop_the_others(
    database: str, data_dir: Path
) -> None:
    async def story() -> None:
        async with standing(database, data_dir) as house:
            record = await kept_record(house.store, ins=HOLDER_INS)
            await _fed(house, record, a_line())
            house.rules = replace(house.rules, max_document_octets=10)
            publication = Publication(house, share=1)
            assert await publication.turn() == 0
            house.rules = replace(house.rules, max_document_octets=10_000_000)
            assert await publication.turn() == 0  # it waits for its next change
            house.at += timedelta(seconds=1)
            await _fed(house, record, an_act())
            assert await publication.turn() == 1

    run(story())


def test_a_reader_finds_the_lines_in_words_by_heading_and_period(
    database: str, data_dir: Path
) -> None:
    async def story() -> None:
        async with standing(database, data_dir) as house:
            house.knowledge = some_knowledge()
            record = await kept_record(house.store, ins=HOLDER_INS)
            await listed(house.store, NAMES)
            await _fed(house, record, *one_of_each(), a_line(code="3400999999999"))
            await _publish(house, record)
            whole = await _history(house, record)
            assert {entry.heading for entry in whole.entries} == set(Heading)
            assert whole.counts[Heading.MEDICINE] == 2
            unknown = next(entry for entry in whole.entries if entry.code == "3400999999999")
            assert unknown.label == "libellé inconnu"
            only = await _history(house, record, heading=Heading.BIOLOGY)
            assert [(entry.code, entry.place) for entry in only.entries] == [
                ("552", "Laboratoire du Quai")
            ]
            assert only.counts == whole.counts
            january = await _history(house, record, start=date(2026, 1, 1), end=date(2026, 1, 31))
            # The long-term condition lasts; the stay began there.
            assert {entry.heading for entry in january.entries} == {
                Heading.DEVICE, Heading.CARE, Heading.IMAGING, Heading.STAY,
            }  # fmt: skip
            assert next(e for e in whole.entries if e.heading is Heading.MEDICINE).place in (
                NAMES[PHARMACY], "",
            )  # fmt: skip

    run(story())


def test_lines_exist_for_a_reader_when_the_document_does(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with standing(database, data_dir) as house:
            record = await kept_record(house.store, ins=HOLDER_INS)
            await _fed(house, record, a_line())
            # Fed, not published yet: nothing exists.
            assert (await _history(house, record)).document is None
            await _publish(house, record)
            assert len((await _history(house, record)).entries) == 1
            with pytest.raises(Refused) as refused:
                await _history(house, record, DOCTOR)
            assert refused.value.reason is Reason.ACCESS_NOT_AUTHORISED
            await with_consent(house, record, DOCTOR)
            assert len((await _history(house, record, DOCTOR)).entries) == 1
            with pytest.raises(Refused):
                await _history(house, record, PUBLISHER)  # the insurer reads nothing

    run(story())
