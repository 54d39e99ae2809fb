"""A process killed at any moment: everything it acknowledged is found, and nothing is half there."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from hashlib import sha256
from pathlib import Path
from uuid import UUID

import pytest

from dmp.domain.identifiers import RecordId
from tests.storage.opened import opened, run, working

WRITER = """
import asyncio, sys
from hashlib import sha256
from pathlib import Path
from tests.builders import a_content, an_ins
from tests.storage.opened import deposited, kept_record, opened

async def main(dsn, folder, seed):
    async with opened(dsn, Path(folder)) as store:
        record = await kept_record(store, ins=an_ins(seed))
        print("record", record.record_id, flush=True)

        async def deposit(lane):
            for rank in range(10_000):
                content = a_content(1500 + rank * 37 % 9000, f"{lane}/{rank}")
                entry = await deposited(store, record, content)
                print("document", entry.document_id, sha256(content).hexdigest(), flush=True)

        await asyncio.gather(*map(deposit, range(8)))

asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
"""


def _written_until_killed(dsn: str, data_dir: Path, seed: int) -> list[list[str]]:
    """What a writing process acknowledged before it was killed, some moments after its first word."""
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, dsn, str(data_dir), str(seed)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    with process:
        assert process.stdout is not None
        lines = [process.stdout.readline()]
        time.sleep(random.Random(seed).uniform(0.0, 0.4))  # noqa: S311 - when to kill, reproducibly
        process.kill()
        lines += process.stdout.readlines()
    return [line.split() for line in lines if line.endswith("\n")]


@pytest.mark.slow
def test_what_was_acknowledged_is_found_after_kill_9(database: str, data_dir: Path) -> None:
    acknowledged = [_written_until_killed(database, data_dir, seed) for seed in range(1, 7)]

    async def story() -> None:
        async with opened(database, data_dir) as store:
            assert list(await store.check()) == []
            documents = 0
            for lines in acknowledged:
                record_id = RecordId(UUID(lines[0][1]))
                async with working(store) as unit:
                    assert await unit.records.by_id(record_id) is not None
                    for _, document_id, digest in lines[1:]:
                        entry = await unit.documents.by_id(UUID(document_id))
                        assert entry is not None and entry.record_id == record_id
                        content = await unit.documents.content(entry)
                        assert sha256(content).hexdigest() == digest
                        documents += 1
            assert documents > 20
        async with opened(database, data_dir) as store:
            seen = await store.verify_journal()
            assert seen.findings == ()
            assert seen.not_covered == 0
            assert seen.traces >= documents

    run(story())
