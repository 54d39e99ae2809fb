"""The sealer numbers every trace; `verify_journal` accepts what is sound and sees each alteration."""

from __future__ import annotations

import asyncio
from pathlib import Path

import psycopg
import pytest

from dmp.domain.journal.checkpoint import parse_note
from dmp.domain.journal.verify import Fault, Verification
from dmp.storage.postgres.commits.group_commit import GroupCommit
from dmp.storage.store import Store
from tests.builders import a_trace
from tests.storage.opened import opened, run, working


async def _traced(store: Store, number: int) -> None:
    async def one() -> None:
        async with working(store) as unit:
            await unit.commit([a_trace(), a_trace(detail="second of one act")])

    await asyncio.gather(*(one() for _ in range(number)))


def _execute(database: str, statement: str) -> None:
    with psycopg.connect(database) as connection:
        tenth = "trace_id = (SELECT trace_id FROM trace ORDER BY trace_id OFFSET 9 LIMIT 1)"
        connection.execute(statement.replace("ONE", tenth).encode())


def _verified(database: str, data_dir: Path, damage: str = "") -> Verification:
    async def story() -> Verification:
        for _ in range(3):  # three runs of the server, one tree
            async with opened(database, data_dir) as store:
                await _traced(store, 7)
        if damage:
            _execute(database, damage)
        async with opened(database, data_dir) as store:
            return await store.verify_journal()

    return run(story())


def test_every_trace_is_sealed_when_the_store_closes(database: str, data_dir: Path) -> None:
    seen = _verified(database, data_dir)
    assert (seen.traces, seen.not_covered, seen.findings) == (42, 0, ())
    assert seen.checkpoints >= 3


def test_traces_are_sealed_while_the_store_works(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with opened(database, data_dir, seal_interval=0.02) as store:
            await _traced(store, 3)
            for _ in range(200):
                if (await store.verify_journal()).traces == 6:
                    return
                await asyncio.sleep(0.02)
            raise AssertionError("nothing was sealed")

    run(story())


def test_two_processes_seal_one_tree(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with (
            opened(database, data_dir, seal_interval=0.01) as one,
            opened(database, data_dir, seal_interval=0.01) as other,
        ):
            for _ in range(10):
                await asyncio.gather(_traced(one, 3), _traced(other, 3))
        async with opened(database, data_dir) as store:
            seen = await store.verify_journal()
            assert (seen.traces, seen.not_covered, seen.findings) == (120, 0, ())

    run(story())


ALTERATIONS = {
    "UPDATE trace SET body = replace(body, 'Vasseur', 'Martin') WHERE ONE": Fault.TRACE_ALTERED,
    "UPDATE trace SET record_id = gen_random_uuid() WHERE ONE": Fault.TRACE_ALTERED,
    "UPDATE trace SET salt = decode(repeat('00', 16), 'hex') WHERE ONE": Fault.TRACE_ALTERED,
    "DELETE FROM trace WHERE ONE": Fault.NUMBER_MISSING,
    "DELETE FROM journal_batch WHERE first_number = 0": Fault.NUMBER_MISSING,
    "DELETE FROM journal_batch WHERE first_number >= 28": Fault.TREE_TRUNCATED,
    "UPDATE journal_checkpoint SET note = replace(note, 'dmp/journal', 'xmp/journal')": (
        Fault.SIGNATURE_WRONG
    ),
}


@pytest.mark.parametrize("damage", ALTERATIONS)
def test_each_alteration_is_seen(database: str, data_dir: Path, damage: str) -> None:
    seen = _verified(database, data_dir, damage)
    assert ALTERATIONS[damage] in {finding.fault for finding in seen.findings}


def test_a_checkpoint_signed_by_another_key_is_seen(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with opened(database, data_dir) as store:
            await _traced(store, 1)
        (data_dir / "keys" / "journal.key").unlink()
        async with opened(database, data_dir) as store:
            seen = await store.verify_journal()
            assert {finding.fault for finding in seen.findings} == {Fault.SIGNATURE_WRONG}

    run(story())


def test_checkpoints_are_published_in_a_form_that_others_read(
    database: str, data_dir: Path
) -> None:
    _verified(database, data_dir)
    with psycopg.connect(database) as connection:
        rows = connection.execute("SELECT size, note FROM journal_checkpoint ORDER BY size")
        for size, note in rows:
            assert parse_note(note).checkpoint.size == size


def test_the_queue_is_the_only_way_in(database: str, data_dir: Path) -> None:
    """A commit without traces leaves no batch, so that numbers have no gap."""

    async def story() -> None:
        async with opened(database, data_dir) as store:
            async with working(store) as unit:
                await unit.commit([])
            group: GroupCommit = store._cellar.group
            await group.commit(None, [a_trace()])
        async with opened(database, data_dir) as store:
            assert (await store.verify_journal()).traces == 1

    run(story())
