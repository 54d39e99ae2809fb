"""Texts of documents at rest: sealed with their record's key, read within a scope, gone with the record."""

from __future__ import annotations

import asyncio
from pathlib import Path

import psycopg
import pytest

from dmp.acts.documents.search_documents import SearchDocuments, search_documents
from dmp.acts.perform import perform
from dmp.domain.access.filter import Scope
from dmp.domain.documents.entry import DocumentEntry, Status
from dmp.domain.documents.query import DocumentQuery
from dmp.domain.documents.text.readable import DocumentText
from dmp.domain.documents.visibility import Visibility
from dmp.domain.errors import Refused
from dmp.domain.record.health_record import HealthRecord
from dmp.formats.pdf import write_pdf
from dmp.storage.postgres.reader import Reader
from dmp.storage.store import Store
from tests.acts.cases import HOLDER, NOTE, Case, told
from tests.builders import a_trace, an_ins
from tests.storage.opened import deposited, kept_record, opened, run, working

WORD = "Thrombocytopénie"
PROFESSIONAL = Scope(sees_hidden_from_patient=True, sees_hidden_from_representatives=True)
EVERYTHING = PROFESSIONAL._replace(sees_masked=True)


async def _with_text(
    store: Store, record: HealthRecord, text: str, **changes: object
) -> DocumentEntry:
    entry = await deposited(store, record, **changes)  # type: ignore[arg-type] # fields of the entry
    async with working(store) as unit:
        await unit.records.by_id(record.record_id)
        unit.texts.keep(entry, DocumentText(text))
        await unit.commit([a_trace(record.record_id)])
    return entry


async def _texts(
    store: Store,
    record: HealthRecord,
    scope: Scope = PROFESSIONAL,
    query: DocumentQuery | None = None,
) -> list[str]:
    async with working(store) as unit:
        found = await unit.texts.in_scope(record.record_id, query or DocumentQuery(), scope)
        return sorted(one.text() for one in found)


def test_texts_are_read_within_the_scope_and_the_query(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with opened(database, data_dir) as store:
            record, other = await kept_record(store), await kept_record(store, ins=an_ins(9))
            await _with_text(store, record, "vu")
            await _with_text(store, record, "masqué", visibility=Visibility(masked=True))
            await _with_text(store, record, "ancien", status=Status.DEPRECATED)
            await _with_text(store, other, "d'un autre")
            await deposited(store, record)
            assert await _texts(store, record) == ["", "vu"]
            assert await _texts(store, record, EVERYTHING) == ["", "masqué", "vu"]
            old = DocumentQuery(statuses=(Status.DEPRECATED,))
            assert await _texts(store, record, query=old) == ["ancien"]
            nothing = DocumentQuery(types=("11502-2",))
            assert await _texts(store, record, query=nothing) == []

    run(story())


def test_a_text_is_kept_in_place_of_the_one_before(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with opened(database, data_dir) as store:
            record = await kept_record(store)
            entry = await _with_text(store, record, "avant")
            async with working(store) as unit:
                await unit.records.by_id(record.record_id)
                unit.texts.keep(entry, DocumentText("pendant"))
                unit.texts.keep(entry, DocumentText("après"))
                await unit.commit([a_trace(record.record_id)])
            assert await _texts(store, record) == ["après"]

    run(story())


def test_a_text_opens_for_its_own_document_and_record_only(
    database: str, data_dir: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Rows exchanged by somebody who writes in the database: no text passes for another."""

    async def story() -> None:
        async with opened(database, data_dir) as store:
            record = await kept_record(store)
            one = await _with_text(store, record, "un")
            two = await _with_text(store, record, "deux")
            with psycopg.connect(database) as connection:
                connection.execute(
                    "UPDATE document_text SET sealed = (SELECT sealed FROM document_text"
                    " WHERE document_id = %s) WHERE document_id = %s",
                    (one.document_id, two.document_id),
                )
            assert await _texts(store, record) == ["", "un"]
            assert str(two.document_id) in caplog.text

    run(story())


def _rows(database: str) -> bytes:
    """Every value of every row of every table, as octets."""
    found = bytearray()
    with psycopg.connect(database) as connection:
        tables = connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        ).fetchall()
        for (table,) in tables:
            for row in connection.cursor(binary=True).execute(f"SELECT * FROM {table}"):  # noqa: S608
                for value in row:
                    found += value if isinstance(value, bytes) else repr(value).encode()
    return bytes(found)


def _octets(data_dir: Path) -> bytes:
    """Every file of the data folder, the database's own left out."""
    return b"".join(path.read_bytes() for path in sorted(data_dir.rglob("*")) if path.is_file())


def test_nothing_of_a_text_is_readable_at_rest(database: str, data_dir: Path) -> None:
    """Neither in the rows nor in the packs, in any of the forms in which it could stand there."""

    async def story(case: Case) -> None:
        content = write_pdf("Bilan", [f"{WORD} sévère", "Prescription de Zolpimarine"])
        entry = await case.provide(NOTE, content=content, title="Bilan")
        request = SearchDocuments(of=case.record.ins, words=f"{WORD} zolpimarine")
        answer = await perform(case.house, search_documents, request, HOLDER)
        assert [one.entry.document_id for one in answer.documents] == [entry.document_id]
        kept = (await asyncio.to_thread(_rows, database)) + _octets(data_dir)
        assert entry.document_id.bytes in kept or str(entry.document_id).encode() in kept
        for word in (WORD, "thrombocytopenie", "Zolpimarine", "zolpimarine", "sévère"):
            for encoding in ("utf-8", "latin-1", "utf-16-le"):
                assert word.encode(encoding) not in kept, word
                assert word.upper().encode(encoding) not in kept, word
        with psycopg.connect(database) as connection:
            rows = connection.execute("SELECT count(*) FROM document_text").fetchone()
        assert rows == (1,)

    told(database, data_dir, story)


def test_what_a_search_sends_to_the_database_holds_no_word_of_it(
    database: str, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story(case: Case) -> None:
        await case.provide(NOTE, content=write_pdf("Bilan", [WORD]))
        sent: list[str] = []
        plain = Reader.all

        async def heard(self: Reader, statement: str, parameters: object) -> object:
            sent.append(f"{statement} {parameters!r}")
            return await plain(self, statement, parameters)  # type: ignore[arg-type] # as it came

        monkeypatch.setattr(Reader, "all", heard)
        request = SearchDocuments(of=case.record.ins, words=WORD)
        assert (await perform(case.house, search_documents, request, HOLDER)).total == 1
        found = len(sent)
        missing = SearchDocuments(of=case.record.ins, words="introuvable")
        assert (await perform(case.house, search_documents, missing, HOLDER)).total == 0
        assert len(sent) == 2 * found
        assert not any(WORD.lower() in one.lower() or "introuvable" in one for one in sent)

    told(database, data_dir, story)


def test_texts_end_with_their_record(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with opened(database, data_dir) as store:
            record, other = await kept_record(store), await kept_record(store, ins=an_ins(9))
            await _with_text(store, record, "à détruire")
            await _with_text(store, other, "à garder")
            async with working(store) as unit:
                known = await unit.records.by_id(record.record_id)
                assert known is not None
                unit.records.destroy(known)
                await unit.commit([a_trace(record.record_id)])
            with psycopg.connect(database) as connection:
                left = connection.execute("SELECT record_id FROM document_text").fetchall()
            assert left == [(other.record_id,)]

    run(story())


def test_a_deposit_that_is_refused_leaves_no_text(database: str, data_dir: Path) -> None:
    async def story(case: Case) -> None:
        first = await case.provide(NOTE, content=write_pdf("Bilan", ["Un"]))
        with pytest.raises(Refused):
            await case.provide(NOTE, content=write_pdf("B", [WORD]), unique_id=first.unique_id)
        with psycopg.connect(database) as connection:
            assert connection.execute("SELECT count(*) FROM document_text").fetchone() == (1,)

    told(database, data_dir, story)
