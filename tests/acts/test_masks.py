"""Masks through the corridor: several documents, categories, some readers; and who may not."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from dmp.acts.perform import perform
from dmp.acts.person.read_traces import ReadTraces, read_traces
from dmp.acts.sharing.read_choices import ReadChoices, read_choices
from dmp.domain.documents.visibility import Restriction
from dmp.domain.errors import Reason
from dmp.domain.identifiers import DocumentId
from dmp.domain.identity.caller import Caller
from dmp.domain.record.preferences import Audience, Covered
from dmp.domain.record.relations import (
    Administration,
    AttendingDoctor,
    Relations,
)
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
from tests.acts.standing import with_consent
from tests.builders import NOW


def test_several_documents_are_masked_in_one_trace(database: str, data_dir: Path) -> None:
    async def story(case: Case) -> None:
        one, two, other = [await case.provide() for _ in range(3)]
        done = await case.mask(documents=(one.document_id, two.document_id))
        assert {e.document_id for e in done.changed} == {one.document_id, two.document_id}
        assert done.left == ()
        assert await case.seen(DOCTOR) == {other.document_id}
        assert len(await case.seen(HOLDER)) == 3
        again = await case.mask(documents=(one.document_id,))
        assert again.changed == ()
        case.house.at += timedelta(seconds=1)
        page = await perform(case.house, read_traces, ReadTraces(record_id=case.id), HOLDER)
        masks = [t for t in page.traces if t.act == "mask-documents" and t.document_ids]
        assert set(masks[-1].document_ids) == {str(one.document_id), str(two.document_id)}
        shown = await case.mask(documents=(two.document_id,), masked=False)
        assert [e.visibility.masked for e in shown.changed] == [False]
        assert await case.seen(DOCTOR) == {two.document_id, other.document_id}

    told(database, data_dir, story)


def test_a_category_is_masked_now_and_in_future(database: str, data_dir: Path) -> None:
    async def story(case: Case) -> None:
        note, results = await case.provide(NOTE), await case.provide(RESULTS)
        await case.mask(category="BIOLOGIE", future=True)
        assert await case.seen(DOCTOR) == {note.document_id}
        later = await case.provide(RESULTS)
        assert later.visibility.masked
        another = await case.provide(NOTE)
        assert await case.seen(DOCTOR) == {note.document_id, another.document_id}
        await case.mask(category="BIOLOGIE", masked=False, future=True)
        assert not (await case.provide(RESULTS)).visibility.masked
        assert await case.seen(DOCTOR) >= {results.document_id, later.document_id}

    told(database, data_dir, story)


@pytest.mark.parametrize("caller", [DOCTOR, AUTHOR], ids=["doctor", "author"])
def test_professionals_do_not_mask_whole_categories(
    database: str, data_dir: Path, caller: Caller
) -> None:
    async def story(case: Case) -> None:
        await with_consent(case.house, case.record, AUTHOR)
        note = await case.provide()
        doing = case.mask(caller, documents=(note.document_id,))
        assert await refusal(doing) is Reason.ACT_NOT_ALLOWED
        assert note.document_id in await case.seen(NURSE)

    told(database, data_dir, story)


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        ({}, Reason.PARAMETER_MISSING),
        ({"category": "NOTHING"}, Reason.MASK_NOT_POSSIBLE),
        ({"documents": (uuid4(),)}, Reason.DOCUMENT_NOT_FOUND),
        ({"documents": (uuid4(),) * 501}, Reason.MASK_NOT_POSSIBLE),
    ],
)
def test_a_wrong_mask_changes_nothing(
    database: str, data_dir: Path, asked: dict[str, object], reason: Reason
) -> None:
    async def story(case: Case) -> None:
        note = await case.provide()
        with_one = asked | {"documents": (note.document_id, *asked.get("documents", ()))}  # type: ignore[misc] # a tuple
        if asked:
            assert await refusal(case.mask(HOLDER, **with_one)) is reason
        else:
            assert await refusal(case.mask()) is reason
        future = case.mask(documents=(note.document_id,), future=True)
        assert await refusal(future) is Reason.MASK_NOT_POSSIBLE
        assert note.document_id in await case.seen(DOCTOR)

    told(database, data_dir, story)


def test_a_parent_never_touches_what_is_hidden_from_him(database: str, data_dir: Path) -> None:
    async def story(case: Case) -> None:
        secret = frozenset({Restriction.HIDDEN_FROM_REPRESENTATIVES})
        hidden = await case.provide(RESULTS, restrictions=secret)
        plain = await case.provide(RESULTS)
        done = await case.mask(PARENT, category="BIOLOGIE")
        assert [e.document_id for e in done.changed] == [plain.document_id]
        assert await case.seen(DOCTOR) == {hidden.document_id}
        for target in (hidden.document_id, uuid4()):
            doing = case.mask(PARENT, documents=(target,))
            assert await refusal(doing) is Reason.DOCUMENT_NOT_FOUND
            keeping = case.keep(Covered.DOCUMENT, str(target), caller=PARENT)
            assert await refusal(keeping) is Reason.MASK_NOT_POSSIBLE

    told(database, data_dir, story, **CHILD)


def test_what_is_kept_from_some_is_kept_in_its_next_version(database: str, data_dir: Path) -> None:
    async def story(case: Case) -> None:
        first = await case.provide()
        await case.keep(Covered.DOCUMENT, str(first.document_id))
        await case.keep(
            Covered.DOCUMENT, str(first.document_id), audience=Audience.PROFESSION, whom="10"
        )
        second = await case.provide(replaces=first.document_id)
        assert await case.seen(NURSE) == set()
        assert await case.seen(DOCTOR) == set()
        await case.show(Covered.DOCUMENT, str(second.document_id), "10")
        assert await case.seen(DOCTOR) == {first.document_id, second.document_id}
        assert await case.seen(NURSE) == set()

    told(database, data_dir, story)


@pytest.mark.parametrize(
    ("covered", "target", "left"),
    [
        (Covered.CATEGORY, "BIOLOGIE", {NOTE}),
        (Covered.EVERYTHING, "", set()),
    ],
)
@pytest.mark.parametrize("whom", ["60", "810000000025"])
def test_masks_to_some_keep_the_future_too(
    database: str, data_dir: Path, covered: Covered, target: str, left: set[str], whom: str
) -> None:
    async def story(case: Case) -> None:
        kinds = {(await case.provide(kind)).document_id: kind for kind in (NOTE, RESULTS)}
        audience = Audience.PROFESSION if whom == "60" else Audience.PROFESSIONAL
        await case.keep(covered, target, audience=audience, whom=whom)
        later = await case.provide(RESULTS)
        kinds[later.document_id] = RESULTS
        assert {kinds[d] for d in map(DocumentId, await case.seen(NURSE))} == left
        assert len(await case.seen(DOCTOR)) == 3
        assert len(await case.seen(HOLDER)) == 3
        await case.show(covered, target, whom)
        assert len(await case.seen(NURSE)) == 3

    told(database, data_dir, story)


def test_several_documents_are_kept_from_somebody_at_once(database: str, data_dir: Path) -> None:
    async def story(case: Case) -> None:
        one, two, other = [await case.provide() for _ in range(3)]
        await case.keep(Covered.DOCUMENT, str(one.document_id), also=(str(two.document_id),))
        assert await case.seen(NURSE) == {other.document_id}
        wrong = case.keep(Covered.DOCUMENT, str(other.document_id), also=(str(uuid4()),))
        assert await refusal(wrong) is Reason.MASK_NOT_POSSIBLE
        assert await case.seen(NURSE) == {other.document_id}

    told(database, data_dir, story)


IMPOSSIBLE: dict[str, dict[str, object]] = {
    "unknown profession": {"audience": Audience.PROFESSION, "whom": "99"},
    "no identifier": {"whom": "Noé"},
    "the attending doctor": {"whom": "810000000033"},
    "an administrator": {"whom": "810000000041"},
    "unknown category": {"covered": Covered.CATEGORY, "target": "NOTHING"},
    "everything of something": {"covered": Covered.EVERYTHING, "target": "BIOLOGIE"},
    "no document": {"covered": Covered.DOCUMENT, "target": "x"},
    "an unknown document": {"covered": Covered.DOCUMENT, "target": str(uuid4())},
    "categories together": {"covered": Covered.CATEGORY, "target": "BIOLOGIE", "also": ("VDP",)},
}


@pytest.mark.parametrize("asked", IMPOSSIBLE.values(), ids=IMPOSSIBLE)
def test_a_mask_that_is_not_possible_is_refused(
    database: str, data_dir: Path, asked: dict[str, object]
) -> None:
    async def story(case: Case) -> None:
        assert await refusal(case.keep(**asked)) is Reason.MASK_NOT_POSSIBLE  # type: ignore[arg-type] # one thing changed
        choices = await perform(case.house, read_choices, ReadChoices(of=case.id), HOLDER)
        assert choices.preferences.masks == ()
        for caller in (DOCTOR, AUTHOR):
            assert await refusal(case.keep(caller=caller)) is Reason.ACT_NOT_ALLOWED

    governed = Relations(
        attending_doctor=AttendingDoctor(person_id="810000000033", name="MT", start=NOW),
        administrators=(Administration(person_id="810000000041", name="A", start=NOW),),
    )
    told(database, data_dir, story, relations=governed)


def test_who_deposited_a_document_keeps_it(database: str, data_dir: Path) -> None:
    async def story(case: Case) -> None:
        mine = await case.provide(caller=NURSE)
        keeping = case.keep(Covered.DOCUMENT, str(mine.document_id))
        assert await refusal(keeping) is Reason.MASK_NOT_POSSIBLE

    told(database, data_dir, story)
