"""Connections to PostgreSQL: a pool for reads, one connection per commit lane, clear failures."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg_pool import AsyncConnectionPool, PoolClosed, PoolTimeout, TooManyRequests

from dmp.domain.errors import Reason, Refused

Connection = psycopg.AsyncConnection[tuple[object, ...]]
Cursor = psycopg.AsyncCursor[tuple[object, ...]]
Pool = AsyncConnectionPool[psycopg.AsyncConnection[tuple[object, ...]]]

_READ_SETTINGS = (
    # Every statement names its record: the generic plan is the right one, and planning is saved.
    "SET plan_cache_mode = 'force_generic_plan'",
    "SET statement_timeout = '30s'",
    "SET jit = off",
)
_WRITE_SETTINGS = (
    "SET plan_cache_mode = 'force_generic_plan'",
    "SET synchronous_commit = 'on'",
    "SET lock_timeout = '10s'",
    "SET statement_timeout = '60s'",
    "SET idle_in_transaction_session_timeout = '60s'",
    "SET jit = off",
)


def read_pool(dsn: str, size: int) -> Pool:
    """A pool of `size` connections for reads, not open yet."""
    return AsyncConnectionPool(
        dsn,
        min_size=min(2, size),
        max_size=size,
        timeout=10.0,
        open=False,
        configure=_configure_reader,
        kwargs={"autocommit": True, "prepare_threshold": 1},
    )


async def _configure_reader(connection: psycopg.AsyncConnection[tuple[object, ...]]) -> None:
    for setting in _READ_SETTINGS:
        await connection.execute(setting)


async def write_connection(dsn: str) -> Connection:
    """A connection for one commit lane."""
    connection = await psycopg.AsyncConnection.connect(
        dsn, autocommit=True, prepare_threshold=1, connect_timeout=5
    )
    for setting in _WRITE_SETTINGS:
        await connection.execute(setting)
    return connection


@contextmanager
def refused_when_unavailable() -> Iterator[None]:
    """A lost or overloaded database is a refusal that says so; its own words stay inside.

    Raises:
        Refused: UNAVAILABLE.
    """
    try:
        yield
    except (PoolTimeout, PoolClosed, TooManyRequests):
        raise Refused(Reason.UNAVAILABLE) from None
    except (psycopg.OperationalError, psycopg.InterfaceError):
        raise Refused(Reason.UNAVAILABLE) from None
