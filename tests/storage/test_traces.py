"""What of the traces is told to whom: filtered before the limit, of their documents only those that exist."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from dmp.acts.keepers import TraceView
from dmp.domain.access.filter import Scope
from dmp.domain.documents.entry import DocumentEntry, Status
from dmp.domain.documents.visibility import Visibility
from dmp.domain.identifiers import RecordId
from dmp.domain.journal.event import Trace
from dmp.storage.store import Store
from tests.builders import a_trace
from tests.storage.opened import deposited, kept_record, opened, run, working

HERS, HIS = "ins:2700", "810100000099"
READER = TraceView(reader=HERS, scope=Scope())


async def _committed(store: Store, traces: list[Trace]) -> None:
    async with working(store) as unit:
        await unit.commit(traces)


def _about(record_id: RecordId, *documents: DocumentEntry, by: str = HIS, **more: Any) -> Trace:
    one = documents[0] if len(documents) == 1 else None
    trace = a_trace(
        record_id,
        document_ids=tuple(str(d.document_id) for d in documents),
        document_id=str(one.document_id) if one else "",
        document_type=one.type_code.code if one else "",
        document_title=one.title if one else "",
        **more,
    )
    return replace(trace, caller=replace(trace.caller, id=by))


async def _told(
    store: Store, record_id: RecordId, view: TraceView, limit: int = 100
) -> list[Trace]:
    """Every trace told, page by page."""
    told: list[Trace] = []
    after = None
    async with working(store) as unit:
        while True:
            page = await unit.traces.of_record(record_id, limit, after, view)
            assert len(page.traces) <= limit
            assert page.next is None or (
                len(page.traces) == limit and page.next == page.traces[-1].trace_id
            )
            told += page.traces
            after = page.next
            if after is None:
                return told


def test_a_trace_is_told_when_one_of_its_documents_exists(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with opened(database, data_dir) as store:
            record = await kept_record(store)
            seen = await deposited(store, record, traces=[])
            also = await deposited(store, record, traces=[])
            masked = await deposited(store, record, traces=[], visibility=Visibility(masked=True))
            gone = await deposited(store, record, traces=[], status=Status.DELETED)
            of = record.record_id
            none = _about(of)
            one = _about(of, seen)
            several = _about(of, also, masked, seen, gone)
            unseen = [_about(of, masked), _about(of, gone), _about(of, masked, gone)]
            own = _about(of, masked, by=HERS, detail="hers")
            traces = [none, one, several, *unseen, own]
            await _committed(store, traces)
            told = await _told(store, of, READER)
            kept = (str(also.document_id), str(seen.document_id))
            bare = replace(
                own, document_id="", document_type="", document_title="", document_ids=()
            )
            assert told[:-1] == [bare, replace(several, document_ids=kept), one, none]
            wide = Scope(sees_masked=True, even_deleted=True)
            assert (await _told(store, of, replace(READER, scope=wide)))[:-1] == traces[::-1]
            assert (await _told(store, of, replace(READER, scope=None)))[:-1] == traces[::-1]
            deleted = await _told(store, of, replace(READER, scope=Scope(even_deleted=True)))
            assert _about_only(unseen[1]) in map(_about_only, deleted)
            assert _about_only(unseen[0]) not in map(_about_only, deleted)

    run(story())


def _about_only(trace: Trace) -> object:
    return trace.trace_id


def test_filtering_comes_before_the_limit(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with opened(database, data_dir) as store:
            record = await kept_record(store)
            seen = await deposited(store, record, traces=[])
            masked = await deposited(store, record, traces=[], visibility=Visibility(masked=True))
            told = [_about(record.record_id, seen) for _ in range(7)]
            hidden = [_about(record.record_id, masked) for _ in range(60)]
            # The last told one is followed by hidden ones alone: there is no next page.
            order = hidden[:20] + told[:3] + hidden[20:40] + told[3:] + hidden[40:]
            renumbered = [
                replace(trace, trace_id=a_trace().trace_id, detail=str(rank))
                for rank, trace in enumerate(order)
            ]
            await _committed(store, renumbered)
            with psycopg.connect(database) as connection:  # the opening of the record, told to all
                connection.execute('DELETE FROM trace WHERE body LIKE \'%"detail":""%\'')
            wanted = [t for t in reversed(renumbered) if str(seen.document_id) in t.document_ids]
            for limit in (1, 2, 3, 6, 7, 8):
                assert await _told(store, record.record_id, READER, limit) == wanted

    run(story())


def test_own_traces_alone_and_secrets_apart(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with opened(database, data_dir) as store:
            of = RecordId(uuid4())
            mine, theirs = _about(of, by=HERS), _about(of)
            secret, own_secret = _about(of, secret=True), _about(of, by=HERS, secret=True)
            nobodys = _about(of, by="")
            await _committed(store, [mine, theirs, secret, own_secret, nobodys])
            everything = [nobodys, own_secret, secret, theirs, mine]
            for view, wanted in (
                (TraceView(), everything),
                (TraceView(secrets=False), [nobodys, theirs, mine]),
                (TraceView(reader=HERS, own_only=True), [own_secret, mine]),
                (TraceView(reader=HERS, own_only=True, secrets=False), [mine]),
                (TraceView(reader=HERS, own_only=True, scope=Scope()), [own_secret, mine]),
                (TraceView(reader="", own_only=True), []),
                (TraceView(reader="' OR true --", own_only=True), []),
            ):
                assert await _told(store, of, view, 2) == wanted
            async with working(store) as unit:
                assert list((await unit.traces.of_record(of, 9)).traces) == everything

    run(story())


def test_a_document_of_another_record_opens_no_trace(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with opened(database, data_dir) as store:
            record = await kept_record(store)
            seen = await deposited(store, record)
            of = RecordId(uuid4())
            await _committed(store, [_about(of, seen)])
            assert await _told(store, of, READER) == []

    run(story())


def test_traces_of_the_first_form_are_filtered_by_their_document(
    database: str, data_dir: Path
) -> None:
    async def story() -> None:
        async with opened(database, data_dir) as store:
            record = await kept_record(store)
            seen = await deposited(store, record, traces=[])
            masked = await deposited(store, record, traces=[], visibility=Visibility(masked=True))
            old = [
                replace(_about(record.record_id, document), document_ids=(), form=1)
                for document in (seen, masked)
            ]
            await _committed(store, old)
            assert (await _told(store, record.record_id, READER))[:-1] == [old[0]]

    run(story())


@pytest.mark.parametrize(
    "damage",
    [
        "caller_id = 'somebody'",
        "secret = NOT secret",
        "document_ids = document_ids || gen_random_uuid()",
        "document_ids = '{}'",
        "at = at + interval '1 second'",
    ],
)
@pytest.mark.parametrize("form", [1, 2])
def test_a_column_that_readers_go_by_and_that_was_altered_is_seen(
    database: str, data_dir: Path, damage: str, form: int
) -> None:
    async def story() -> None:
        async with opened(database, data_dir) as store:
            trace = a_trace(form=form, document_id=str(uuid4()))
            await _committed(store, [trace])
        async with opened(database, data_dir) as store:
            assert (await store.verify_journal()).sound
            with psycopg.connect(database) as connection:
                connection.execute(f"UPDATE trace SET {damage}".encode())  # noqa: S608 - of this file
            assert not (await store.verify_journal()).sound

    run(story())
