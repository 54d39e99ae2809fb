"""« Ceci est faux » through the corridor: who may ask, who must answer, what each is shown of the record."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from dmp.acts.corrections.answer_correction import (
    AnswerCorrection,
    ReadOwed,
    answer_correction,
    read_owed_correction,
)
from dmp.acts.corrections.ask_correction import AskCorrection, ask_correction
from dmp.acts.corrections.list_corrections import (
    ListCorrections,
    ListOwed,
    Owed,
    list_corrections,
    list_owed_corrections,
)
from dmp.acts.documents.update_metadata import Change
from dmp.acts.perform import perform
from dmp.acts.person.read_notices import ReadInbox, ReadNotices, read_inbox, read_notices
from dmp.acts.person.read_traces import ReadTraces, read_traces
from dmp.acts.sharing.block_professional import BlockProfessional, block_professional
from dmp.domain.arranging.correction import Answer, CorrectionRequest
from dmp.domain.documents.entry import Author, AuthorKind, DocumentEntry
from dmp.domain.documents.types import document_types
from dmp.domain.documents.visibility import Restriction
from dmp.domain.errors import Reason
from dmp.domain.identity.caller import Caller, Door, Operator, Strength
from dmp.domain.record.notice import NoticeKind
from tests.acts.cases import AUTHOR, CHILD, DOCTOR, HOLDER, NURSE, PARENT, Case, refusal, told
from tests.acts.standing import traces_of

OPERATOR = Caller(
    who=Operator(id="op", name="Exploitation"), strength=Strength.INDIVIDUAL, door=Door.CLI
)
TEXT = "Je n’ai jamais pris ce médicament."


async def asked(
    case: Case, entry: DocumentEntry, caller: Caller = HOLDER, text: str = TEXT
) -> CorrectionRequest:
    request = AskCorrection(record_id=case.id, document=entry.document_id, text=text)
    return await perform(case.house, ask_correction, request, caller)


async def answered(
    case: Case,
    request: CorrectionRequest,
    answer: Answer = Answer.REFUSED,
    text: str = "Le dosage a été vérifié.",
    caller: Caller = AUTHOR,
) -> CorrectionRequest:
    doing = AnswerCorrection(
        record_id=case.id, request_id=request.slip_id, answer=answer, text=text
    )
    return await perform(case.house, answer_correction, doing, caller)


async def owed(case: Case, caller: Caller = AUTHOR) -> tuple[Owed, ...]:
    return await perform(case.house, list_owed_corrections, ListOwed(), caller)


async def followed(case: Case, caller: Caller = HOLDER) -> tuple[CorrectionRequest, ...]:
    request = ListCorrections(record_id=case.id)
    return await perform(case.house, list_corrections, request, caller)


async def told_of(case: Case, caller: Caller) -> list[NoticeKind]:
    request = ReadNotices(record_id=case.id)
    return [one.kind for one in await perform(case.house, read_notices, request, caller)]


def test_a_request_goes_to_the_author_and_comes_back_answered(
    database: str, data_dir: Path
) -> None:
    async def story(case: Case) -> None:
        entry = await case.provide(title="Ordonnance")
        request = await asked(case, entry)
        assert request.addressee == AUTHOR.id
        inbox = await perform(case.house, read_inbox, ReadInbox(), AUTHOR)
        assert [one.kind for one in inbox] == [NoticeKind.CORRECTION_ASKED]
        assert inbox[0].by == ""
        (waiting,) = await owed(case)
        assert (waiting.request.title, waiting.request.text) == ("Ordonnance", TEXT)
        case.house.at += timedelta(days=1)
        await answered(case, waiting.request)
        await answered(case, waiting.request, Answer.CORRECTED, "")
        (done,) = await followed(case)
        assert [one.answer for one in done.answers] == [Answer.REFUSED, Answer.CORRECTED]
        assert done.answers[0].text == "Le dosage a été vérifié."
        assert done.text == TEXT
        answers = [k for k in await told_of(case, HOLDER) if k is NoticeKind.CORRECTION_ANSWERED]
        assert len(answers) == 2
        (kept,) = await owed(case)
        assert kept.request.is_answered

    told(database, data_dir, story)


@pytest.mark.parametrize("caller", [DOCTOR, NURSE, OPERATOR, HOLDER], ids=lambda c: c.id)
def test_nobody_else_reads_or_answers(database: str, data_dir: Path, caller: Caller) -> None:
    async def story(case: Case) -> None:
        request = await asked(case, await case.provide())
        expected = (Reason.CORRECTION_NOT_FOUND, Reason.ACT_NOT_ALLOWED)
        assert await refusal(answered(case, request, caller=caller)) in expected
        reading = ReadOwed(record_id=case.id, request_id=request.slip_id)
        read = perform(case.house, read_owed_correction, reading, caller)
        assert await refusal(read) in expected
        if caller is not HOLDER:
            assert await owed(case, caller) == ()
        (untouched,) = await followed(case)
        assert untouched.answers == ()

    told(database, data_dir, story)


def test_what_is_not_there_is_not_answered(database: str, data_dir: Path) -> None:
    async def story(case: Case) -> None:
        request = await asked(case, await case.provide())
        for record_id, slip_id in ((case.id, uuid4()), (uuid4(), request.slip_id)):
            doing = AnswerCorrection(
                record_id=record_id,  # type: ignore[arg-type] # an identifier of no record
                request_id=slip_id,
                answer=Answer.CORRECTED,
            )
            answer = perform(case.house, answer_correction, doing, AUTHOR)
            assert await refusal(answer) is Reason.CORRECTION_NOT_FOUND

    told(database, data_dir, story)


def test_an_author_who_was_blocked_answers_still(database: str, data_dir: Path) -> None:
    async def story(case: Case) -> None:
        request = await asked(case, await case.provide(title="Ordonnance"))
        await case.provide(caller=DOCTOR, title="Autre document")
        blocking = BlockProfessional(record_id=case.id, person_id=AUTHOR.id, name="Dr")
        await perform(case.house, block_professional, blocking, HOLDER)
        (waiting,) = await owed(case)
        assert waiting.request.title == "Ordonnance"
        done = await answered(case, request)
        assert done.is_answered

    told(database, data_dir, story)


def test_a_refusal_and_a_note_say_why(database: str, data_dir: Path) -> None:
    async def story(case: Case) -> None:
        request = await asked(case, await case.provide())
        for answer in (Answer.REFUSED, Answer.NOTED):
            for text in ("", "  ", "x" * 2001):
                reason = await refusal(answered(case, request, answer, text))
                assert reason is Reason.CORRECTION_NOT_POSSIBLE
        assert (await answered(case, request, Answer.CORRECTED, " ")).answers[0].text == ""

    told(database, data_dir, story)


def test_what_may_not_be_asked(database: str, data_dir: Path) -> None:
    async def story(case: Case) -> None:
        entry = await case.provide()
        for text in ("", " a ", "x" * 2001):
            assert await refusal(asked(case, entry, text=text)) is Reason.CORRECTION_NOT_POSSIBLE
        await asked(case, entry)
        assert await refusal(asked(case, entry)) is Reason.CORRECTION_NOT_POSSIBLE
        for caller in (DOCTOR, AUTHOR, OPERATOR):
            assert await refusal(asked(case, entry, caller)) is Reason.ACT_NOT_ALLOWED
        hidden = frozenset({Restriction.HIDDEN_FROM_PATIENT})
        waiting = await case.provide(restrictions=hidden)
        assert await refusal(asked(case, waiting)) is Reason.DOCUMENT_NOT_FOUND
        unknown = replace(entry, document_id=uuid4())  # type: ignore[arg-type] # an identifier of no document
        assert await refusal(asked(case, unknown)) is Reason.DOCUMENT_NOT_FOUND

    told(database, data_dir, story)


def test_what_the_holder_wrote_is_his_to_change(database: str, data_dir: Path) -> None:
    async def story(case: Case) -> None:
        kind = document_types()["EXPPAT_2"].code
        own = await case.provide(caller=HOLDER, type_code=kind)
        assert await refusal(asked(case, own)) is Reason.CORRECTION_NOT_POSSIBLE

    told(database, data_dir, story)


def test_a_structure_or_a_device_is_answered_for_by_the_operator(
    database: str, data_dir: Path
) -> None:
    async def story(case: Case) -> None:
        author = Author(
            kind=AuthorKind.ORGANISATION,
            structure_id="1750000024",
            structure_root="1.2.250.1.71.4.2.2",
            structure_name="Cabinet du Port",
        )
        entry = await case.provide(authors=(author,))
        request = await asked(case, entry)
        assert request.author == "Cabinet du Port"
        assert await owed(case) == ()
        (waiting,) = await owed(case, OPERATOR)
        assert waiting.request.slip_id == request.slip_id
        done = await answered(case, request, Answer.NOTED, "Transmis au cabinet.", OPERATOR)
        assert done.answers[0].by == "Exploitation"

    told(database, data_dir, story)


def test_a_minors_request_on_her_secret_is_hers_alone(database: str, data_dir: Path) -> None:
    async def story(case: Case) -> None:
        secret = await case.provide(
            title="Contraception",
            restrictions=frozenset({Restriction.HIDDEN_FROM_REPRESENTATIVES}),
        )
        plain = await case.provide(title="Vaccination")
        request = await asked(case, secret)
        by_parent = await asked(case, plain, PARENT)
        assert by_parent.for_holder
        assert await refusal(asked(case, secret, PARENT)) is Reason.DOCUMENT_NOT_FOUND
        assert [one.title for one in await followed(case, PARENT)] == ["Vaccination"]
        assert len(await followed(case)) == 2
        await answered(case, request)
        assert NoticeKind.CORRECTION_ANSWERED not in await told_of(case, PARENT)
        assert NoticeKind.CORRECTION_ANSWERED in await told_of(case, HOLDER)
        case.house.at += timedelta(seconds=1)
        page = await perform(case.house, read_traces, ReadTraces(record_id=case.id), PARENT)
        assert [t.act for t in page.traces if t.act == "answer-correction"] == []
        assert "Contraception" not in {t.document_title for t in page.traces}

    told(database, data_dir, story, **CHILD)


def test_the_history_outlives_the_document(database: str, data_dir: Path) -> None:
    async def story(case: Case) -> None:
        entry = await case.provide()
        request = await asked(case, entry)
        await case.change(entry, Change.DELETE, AUTHOR)
        await answered(case, request, Answer.CORRECTED, "Document supprimé.")
        (done,) = await followed(case)
        assert done.answers[0].text == "Document supprimé."

    told(database, data_dir, story)


def test_every_step_is_traced_in_the_record(database: str, data_dir: Path) -> None:
    async def story(case: Case) -> None:
        entry = await case.provide(title="Ordonnance")
        request = await asked(case, entry)
        await answered(case, request)
        traces = {t.act: t for t in await traces_of(case.house, case.record)}
        for act in ("ask-correction", "answer-correction"):
            assert traces[act].document_title == "Ordonnance"
            assert TEXT not in traces[act].detail
        assert traces["answer-correction"].caller.id == AUTHOR.id

    told(database, data_dir, story)
