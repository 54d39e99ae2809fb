"""Identifiers with valid keys, in the test roots."""

from __future__ import annotations

import itertools
import os
import time
from uuid import UUID

from dmp.domain.identifiers import Ins, InsRoot, nir_key

_rank = itertools.count()


def an_ins(rank: int = 1, *, root: InsRoot = InsRoot.NIR_TEST) -> Ins:
    """A test INS, another one for each rank below 10 million, with its key."""
    first13 = f"2{70 + rank % 30:02}{1 + rank % 12:02}75{rank // 1000 % 1000:03}{rank % 1000:03}"
    if rank >= 1_000_000:
        first13 = "1" + first13[1:]
    return Ins.parse(f"{first13}{nir_key(first13):02}", root.value, test_mode=True)


def uuid7() -> UUID:
    """A new UUID of version 7, always greater than the ones before in this process."""
    millis = time.time_ns() // 1_000_000
    rank = next(_rank) & 0xFFF
    tail = int.from_bytes(os.urandom(8)) & ((1 << 62) - 1)
    return UUID(int=millis << 80 | 7 << 76 | rank << 64 | 2 << 62 | tail)
