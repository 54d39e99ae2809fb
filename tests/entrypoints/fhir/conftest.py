"""One served door for the tests of a module: records do not meet, so neither do tests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo

from tests.entrypoints.fhir.served import Served, serving


@pytest.fixture(scope="module")
def served(embedded: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The FHIR door of a real house."""
    with _house(embedded, tmp_path_factory) as door:
        yield door


@pytest.fixture
def served_anew(embedded: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The same with an empty house for one test."""
    with _house(embedded, tmp_path_factory) as door:
        yield door


@contextmanager
def _house(embedded: str, folders: pytest.TempPathFactory) -> Iterator[Served]:
    name = f"fhir_{uuid4().hex}"
    admin = make_conninfo(embedded, dbname="postgres")
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE dmp").format(sql.Identifier(name)))
        with serving(make_conninfo(embedded, dbname=name), folders.mktemp("data")) as door:
            yield door
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
