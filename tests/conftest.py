"""For all tests: no network beyond this machine, and one embedded PostgreSQL per test process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo
from pytest_socket import socket_allow_hosts

from dmp.storage.embedded import start
from dmp.storage.postgres.migrate import migrate


def pytest_runtest_setup() -> None:
    """A test that calls out fails."""
    socket_allow_hosts(["127.0.0.1", "::1"], allow_unix_socket=True)


@pytest.fixture(scope="session")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The connection string of a server of our own, its database `dmp` migrated: the model of all."""
    server = start(tmp_path_factory.mktemp("server"))
    try:
        migrate(server.dsn)
        yield server.dsn
    finally:
        server.stop()


@pytest.fixture
def database(embedded: str) -> Iterator[str]:
    """The connection string of an empty, migrated database for one test."""
    name = f"test_{uuid4().hex}"
    admin = make_conninfo(embedded, dbname="postgres")
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE dmp").format(sql.Identifier(name)))
        yield make_conninfo(embedded, dbname=name)
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """An empty data folder for one test."""
    folder = tmp_path / "data"
    folder.mkdir()
    return folder
