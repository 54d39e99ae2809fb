"""The baseline of `deposit`: a bare group-committed write of the same bytes.

Compressed, sealed, appended to a pack with one sync per batch, then the rows of the batch in one
transaction. No checks, no rights, no trace. It runs without HTTP, in a process of its own.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
import uvloop
import zstandard
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

TABLES = """
CREATE TABLE IF NOT EXISTS bare_document (
    record_id uuid NOT NULL,
    document_id uuid NOT NULL,
    fhir text NOT NULL,
    entry text NOT NULL,
    pack_offset bigint NOT NULL,
    pack_length bigint NOT NULL,
    PRIMARY KEY (record_id, document_id)
);
CREATE TABLE IF NOT EXISTS bare_key (
    id uuid NOT NULL,
    record_id uuid NOT NULL,
    document_id uuid NOT NULL,
    PRIMARY KEY (id)
);
"""
_DOCUMENTS = """
INSERT INTO bare_document SELECT * FROM
unnest(%s::uuid[], %s::uuid[], %s::text[], %s::text[], %s::bigint[], %s::bigint[])
"""
_KEYS = "INSERT INTO bare_key SELECT * FROM unnest(%s::uuid[], %s::uuid[], %s::uuid[])"


@dataclass
class Waiting:
    """One write on its way."""

    document_id: UUID
    sealed: bytes
    done: asyncio.Future[None]


@dataclass
class BareStore:
    """The group commit: whoever comes while a batch is written makes the next one."""

    connection: psycopg.AsyncConnection[tuple[object, ...]]
    pack: int
    fhir: str
    entry: str
    record_id: UUID = field(default_factory=uuid4)
    key: AESGCM = field(default_factory=lambda: AESGCM(os.urandom(32)))
    waiting: list[Waiting] = field(default_factory=list)
    writing: bool = False
    end: int = 0

    async def write(self, content: bytes) -> None:
        document_id, nonce = uuid4(), os.urandom(12)
        packed = zstandard.ZstdCompressor(level=3).compress(content)
        sealed = nonce + self.key.encrypt(nonce, packed, document_id.bytes)
        done = asyncio.get_running_loop().create_future()
        self.waiting.append(Waiting(document_id, sealed, done))
        if not self.writing:
            self.writing = True
            asyncio.get_running_loop().call_soon(lambda: asyncio.ensure_future(self._drain()))
        await done

    async def _drain(self) -> None:
        while self.waiting:
            batch, self.waiting = self.waiting, []
            await asyncio.to_thread(self._append, b"".join(item.sealed for item in batch))
            await self._rows(batch)
            for item in batch:
                item.done.set_result(None)
        self.writing = False

    def _append(self, octets: bytes) -> None:
        os.pwrite(self.pack, octets, self.end)
        os.fdatasync(self.pack)

    async def _rows(self, batch: list[Waiting]) -> None:
        offsets, lengths = [], [len(item.sealed) for item in batch]
        for length in lengths:
            offsets.append(self.end)
            self.end += length
        documents = [item.document_id for item in batch]
        records = [self.record_id] * len(batch)
        values = (
            records,
            documents,
            [self.fhir] * len(batch),
            [self.entry] * len(batch),
            offsets,
            lengths,
        )
        async with self.connection.transaction(), self.connection.pipeline():
            await self.connection.execute(_DOCUMENTS, values)
            await self.connection.execute(_KEYS, (documents, records, documents))


async def burst(plan: dict[str, str | int], contents: list[bytes]) -> dict[str, float]:
    """So many writes, so many at once; the documents are taken in turn."""
    at_once, total = int(plan["at_once"]), int(plan["answers"])
    connection = await psycopg.AsyncConnection.connect(
        str(plan["dsn"]), autocommit=True, prepare_threshold=1
    )
    async with connection:
        await connection.execute(TABLES.encode())
        pack = os.open(str(plan["pack"]), os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
        store = BareStore(connection, pack, str(plan["fhir"]), str(plan["entry"]))
        left = iter(range(total))

        async def writer() -> None:
            for number in left:
                await store.write(contents[number % len(contents)])

        began = time.perf_counter()
        await asyncio.gather(*(writer() for _ in range(at_once)))
        seconds = time.perf_counter() - began
        os.close(pack)
    return {"answers": total, "rate": total / seconds}


def main() -> None:
    for line in sys.stdin:
        plan = json.loads(line)
        contents = [path.read_bytes() for path in sorted(Path(plan["folder"]).iterdir())]
        print(json.dumps(uvloop.run(burst(plan, contents))), flush=True)


if __name__ == "__main__":
    main()
