"""One served door for the tests of a module: records do not meet, so neither do tests."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo

from tests.entrypoints.fhir.served import Served, serving


@pytest.fixture(scope="module")
def served(embedded: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The FHIR door of a real house."""
    name = f"fhir_{uuid4().hex}"
    admin = make_conninfo(embedded, dbname="postgres")
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE dmp").format(sql.Identifier(name)))
        with serving(make_conninfo(embedded, dbname=name), tmp_path_factory.mktemp("data")) as door:
            yield door
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
