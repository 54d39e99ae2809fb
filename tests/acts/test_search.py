"""Searching inside documents through the corridor: what exists for the reader is found, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import psycopg
import pytest

from dmp.acts.documents.search_documents import SearchAnswer, SearchDocuments, search_documents
from dmp.acts.documents.update_metadata import Change
from dmp.acts.perform import perform
from dmp.acts.synthesis.derive_findings import derive_due
from dmp.domain.access.rules import Duty
from dmp.domain.documents.entry import DocumentEntry
from dmp.domain.documents.query import DocumentQuery, Period
from dmp.domain.documents.text.excerpts import Excerpt
from dmp.domain.documents.visibility import Restriction
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import UniqueId
from dmp.domain.identity.caller import Caller
from dmp.domain.record.preferences import Covered
from dmp.formats.cda.documents import consultation_note
from dmp.formats.cda.write import write
from dmp.formats.pdf import write_pdf
from tests.acts.cases import (
    AUTHOR,
    CHILD,
    DOCTOR,
    HOLDER,
    NOTE,
    NURSE,
    PARENT,
    RESULTS,
    Case,
    refusal,
    told,
)
from tests.acts.standing import traces_of, with_consent
from tests.builders import HOLDER_INS, a_caller, a_doctor, some_traits
from tests.formats.cda.samples import FRAME


def _pdf(*lines: str) -> bytes:
    return write_pdf("Document", lines)


async def _note(case: Case, number: int, conclusion: str, **claims: object) -> DocumentEntry:
    """A CDA note about the holder."""
    frame = replace(
        FRAME,
        unique_id=UniqueId(f"1.2.250.1.999.5.{number}"),
        patient=replace(FRAME.patient, ins=HOLDER_INS, traits=some_traits()),
        author=replace(FRAME.author, id="810100000017", structure_id="1750000016"),
        written_at=case.house.at - timedelta(hours=1),
    )
    content = write(consultation_note(frame, reason="Suivi", conclusion=conclusion))
    values: dict[str, object] = {"content": content, "content_type": "text/xml", "title": None}
    return await case.provide(NOTE, AUTHOR, **(values | claims))


async def _search(case: Case, words: str, caller: Caller = HOLDER, **asked: object) -> SearchAnswer:
    request = SearchDocuments(of=case.record.ins, words=words, **asked)  # type: ignore[arg-type] # fields of the request
    return await perform(case.house, search_documents, request, caller)


async def _found(case: Case, words: str, caller: Caller = HOLDER, **asked: object) -> list[UUID]:
    answer = await _search(case, words, caller, **asked)
    assert answer.total >= len(answer.documents)
    return [one.entry.document_id for one in answer.documents]


def _written(excerpts: tuple[Excerpt, ...]) -> str:
    """Excerpts as text, what was found between brackets."""
    return " / ".join(
        "".join(f"[{part.text}]" if part.is_hit else part.text for part in excerpt.parts)
        for excerpt in excerpts
    )


def test_words_inside_a_cda_and_a_pdf_are_found(database: str, data_dir: Path) -> None:
    async def story(case: Case) -> None:
        note = await _note(case, 1, "Anémie par carence, ferritine à 8 µg/L.")
        pdf = await case.provide(RESULTS, content=_pdf("Ferritine : 45 µg/L", "Le 12/03/2024"))
        await case.provide(RESULTS, content=_pdf("Glycémie : 5,1 mmol/L"))
        answer = await _search(case, "ferritine")
        assert {one.entry.document_id for one in answer.documents} == {
            note.document_id,
            pdf.document_id,
        }
        assert answer.total == 2
        assert answer.types == {NOTE: 1, RESULTS: 1}
        assert answer.others == ("fer sérique", "ferritinémie")
        shown = {one.entry.document_id: _written(one.excerpts) for one in answer.documents}
        assert "[ferritine] à 8 µg/L." in shown[note.document_id]
        assert "[Ferritine] : 45 µg/L" in shown[pdf.document_id]
        assert await _found(case, '"glycemie 5,1"') != []
        assert await _found(case, "ferritine glycémie") == []

    told(database, data_dir, story)


def test_a_word_misspelt_is_found_as_it_was_meant(database: str, data_dir: Path) -> None:
    async def story(case: Case) -> None:
        pdf = await case.provide(RESULTS, content=_pdf("Ferritine : 45 µg/L"))
        answer = await _search(case, "feritine")
        assert [one.entry.document_id for one in answer.documents] == [pdf.document_id]
        assert [(one.typed, one.tried) for one in answer.corrections] == [
            ("feritine", ("ferritine",))
        ]
        assert "[Ferritine] : 45 µg/L" in _written(answer.documents[0].excerpts)

    told(database, data_dir, story)


def test_what_a_reader_may_not_see_is_not_looked_into(database: str, data_dir: Path) -> None:
    """The same answer with a masked document as without it, misspelt words included."""

    async def story(case: Case) -> None:
        open_to_all = await case.provide(RESULTS, content=_pdf("Glycémie : 5,1 mmol/L"))
        before = [await _search(case, words, DOCTOR) for words in ("ferritine", "ferrytine")]
        masked = frozenset({Restriction.MASKED})
        secret = await case.provide(
            RESULTS, content=_pdf("Ferritine et ferritine : glycémie"), restrictions=masked
        )
        after = [await _search(case, words, DOCTOR) for words in ("ferritine", "ferrytine")]
        assert before == after
        assert await _found(case, "glycémie", DOCTOR) == [open_to_all.document_id]
        assert await _found(case, "ferritine") == [secret.document_id]
        assert await _found(case, "ferrytine") == [secret.document_id]

    told(database, data_dir, story)


def test_what_is_kept_from_one_reader_is_found_by_the_others(database: str, data_dir: Path) -> None:
    async def story(case: Case) -> None:
        note = await _note(case, 1, "Syndrome dépressif.")
        await case.keep(Covered.DOCUMENT, str(note.document_id))
        assert await _found(case, "dépressif", NURSE) == []
        assert await _found(case, "dépressif", DOCTOR) == [note.document_id]

    told(database, data_dir, story)


def test_a_parent_does_not_find_what_his_child_hides(database: str, data_dir: Path) -> None:
    async def story(case: Case) -> None:
        hidden = frozenset({Restriction.HIDDEN_FROM_REPRESENTATIVES})
        await case.provide(RESULTS, content=_pdf("Test de grossesse"), restrictions=hidden)
        assert await _found(case, "grossesse", PARENT) == []
        answer = await _search(case, "grossesse", DOCTOR)
        assert answer.documents[0].duties == (Duty.WARN_HIDDEN_FROM_REPRESENTATIVES,)

    told(database, data_dir, story, **CHILD)


def test_the_reader_is_warned_before_any_word_of_the_content(database: str, data_dir: Path) -> None:
    async def story(case: Case) -> None:
        await with_consent(case.house, case.record, AUTHOR)
        hidden = frozenset({Restriction.HIDDEN_FROM_PATIENT})
        await case.provide(RESULTS, content=_pdf("Cellules atypiques"), restrictions=hidden)
        assert await _found(case, "atypiques") == []
        answer = await _search(case, "atypiques", AUTHOR)
        [one] = answer.documents
        assert one.duties == (Duty.WARN_NOT_ANNOUNCED,)
        assert one.excerpts == ()

    told(database, data_dir, story)


def test_a_new_version_stands_for_the_old_and_a_deleted_document_is_gone(
    database: str, data_dir: Path
) -> None:
    async def story(case: Case) -> None:
        old = await _note(case, 1, "Fracture du radius.")
        new = await _note(case, 2, "Entorse du poignet.", replaces=old.unique_id)
        assert await _found(case, "radius") == []
        assert await _found(case, "entorse") == [new.document_id]
        await case.change(new, Change.DELETE, AUTHOR)
        assert await _found(case, "entorse") == []

    told(database, data_dir, story)


def test_authors_types_and_periods_narrow(database: str, data_dir: Path) -> None:
    async def story(case: Case) -> None:
        note = await _note(case, 1, "Ferritine basse.")
        results = await case.provide(RESULTS, content=_pdf("Ferritine : 45"))
        by_type = DocumentQuery(types=(RESULTS,))
        assert await _found(case, "ferritine", query=by_type) == [results.document_id]
        by_author = DocumentQuery(authors=("Ostermann",))
        assert await _found(case, "ferritine", query=by_author) == [note.document_id]
        past = DocumentQuery(period=(Period(end=case.house.at - timedelta(days=30)),))
        assert await _found(case, "ferritine", query=past) == []

    told(database, data_dir, story)


def test_titles_come_first_and_pages_are_bounded(database: str, data_dir: Path) -> None:
    async def story(case: Case) -> None:
        often = await case.provide(RESULTS, content=_pdf("Ferritine, ferritine, ferritine"))
        titled = await case.provide(RESULTS, content=_pdf("Rien"), title="Dosage de ferritine")
        once = await case.provide(RESULTS, content=_pdf("Ferritine"))
        order = [titled.document_id, often.document_id, once.document_id]
        assert await _found(case, "ferritine") == order
        assert await _found(case, "ferritine", first=1, count=1) == order[1:2]
        assert await _found(case, "ferritine", first=3) == []
        assert await _found(case, "ferritine", count=-1) == []

    told(database, data_dir, story)


def test_nothing_looked_for_finds_nothing(database: str, data_dir: Path) -> None:
    async def story(case: Case) -> None:
        await case.provide()
        for words in ("", '""', "«»", "!?"):
            assert await _found(case, words) == []

    told(database, data_dir, story)


@pytest.mark.parametrize(
    "caller",
    [
        a_caller(a_doctor(id_nat="810000000033", name="Dr Paul Serre")),
        PARENT,
    ],
    ids=["without consent", "not his parent"],
)
def test_who_may_not_read_may_not_search(database: str, data_dir: Path, caller: Caller) -> None:
    async def story(case: Case) -> None:
        await _note(case, 1, "Ferritine basse.")
        with pytest.raises(Refused):
            await _search(case, "ferritine", caller)
        traces = await traces_of(case.house, case.record)
        assert [t.outcome.value for t in traces if t.act == "search-documents"] == ["refused"]

    told(database, data_dir, story)


def test_the_trace_tells_that_one_searched_and_never_for_what(
    database: str, data_dir: Path
) -> None:
    async def story(case: Case) -> None:
        await _note(case, 1, "Ferritine basse.")
        await _found(case, "ferritine psychiatrie", DOCTOR)
        with psycopg.connect(database) as connection:
            [body] = connection.execute(
                "SELECT body FROM trace WHERE body LIKE '%search-documents%'"
            ).fetchall()
        assert '"outcome":"done"' in body[0]
        for word in ("ferritine", "psychiatrie"):
            assert word not in body[0].lower()

    told(database, data_dir, story)


def test_documents_of_before_are_read_by_the_house_itself(database: str, data_dir: Path) -> None:
    async def story(case: Case) -> None:
        note = await _note(case, 1, "Ferritine basse.")
        pdf = await case.provide(RESULTS, content=_pdf("Ferritine : 45"))
        with psycopg.connect(database) as connection:
            connection.execute("DELETE FROM document_text")
        assert await _found(case, "ferritine") == []
        assert await derive_due(case.house) == 2
        assert set(await _found(case, "ferritine")) == {note.document_id, pdf.document_id}
        assert await derive_due(case.house) == 0

    told(database, data_dir, story)


def test_a_closed_record_is_not_searched_by_professionals(database: str, data_dir: Path) -> None:
    async def story(case: Case) -> None:
        unknown = SearchDocuments(of=PARENT.who.ins, words="ferritine")  # type: ignore[union-attr] # a representative
        doing = perform(case.house, search_documents, unknown, DOCTOR)
        assert await refusal(doing) is Reason.RECORD_NOT_FOUND

    told(database, data_dir, story)
