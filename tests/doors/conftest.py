"""For the comparisons: two empty databases; each story has a family of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo


@pytest.fixture(scope="module")
def two_databases(embedded: str) -> Iterator[tuple[str, str]]:
    """Where two worlds stand side by side."""
    names = [f"worlds_{side}" for side in "ab"]
    admin = make_conninfo(embedded, dbname="postgres")
    with psycopg.connect(admin, autocommit=True) as connection:
        for name in names:
            made = sql.SQL("CREATE DATABASE {} TEMPLATE dmp").format(sql.Identifier(name))
            connection.execute(made)
        yield make_conninfo(embedded, dbname=names[0]), make_conninfo(embedded, dbname=names[1])
        for name in names:
            gone = sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name))
            connection.execute(gone)


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of their keys and packs, which stay those of the databases."""
    return tmp_path_factory.mktemp("worlds")
